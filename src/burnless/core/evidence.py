"""What was done, what was claimed, and what the auditor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file a tool showed the model: workspace-relative path and sha256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after an effect: sha256 of the bytes, "" where there was no file.

    `preimage` is the blob that restores the file, "" where there was none to keep;
    `restorable` is False where the bytes before are gone (ignored or over the size limit).
    `mode` is "+x" or "-x" where the file became executable or ceased to be.
    """

    path: str
    before: str
    after: str
    size: int = 0
    preimage: str = ""
    restorable: bool = True
    mode: str = ""

    @property
    def kind(self) -> str:
        if not self.before:
            return "created"
        return "changed" if self.after else "deleted"


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """A command that ran to an end. `exit_code` is None where it was killed by its deadline."""

    command: str
    exit_code: int | None
    last_line: str = ""
    seconds: float = 0.0
    timed_out: bool = False


class ClaimKind(StrEnum):
    FILE_WRITTEN = "file_written"
    FILE_DELETED = "file_deleted"
    COMMAND_RUN = "command_run"
    COMMAND_PASSED = "command_passed"
    STEP_DONE = "step_done"
    SYMBOL_ADDED = "symbol_added"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the executor says it did. `source`: "finish" | "step" | "prose".

    subject: the path, command or step id, or "name in path" of a symbol
    size:    in bytes, where one was stated; `lines` likewise
    quote:   the words it was taken from, for the report.
    firm:    False where the words only suggest it ("fixed the bug in a.py")
    """

    kind: ClaimKind
    subject: str
    source: str
    size: int | None = None
    quote: str = ""
    firm: bool = True
    lines: int | None = None


class FindingKind(StrEnum):
    MISSING = "missing"
    UNCHANGED = "unchanged"
    STILL_THERE = "still_there"
    WRONG_SIZE = "wrong_size"
    NOT_RUN = "not_run"
    RUN_FAILED = "run_failed"
    STALE_RUN = "stale_run"
    UNDECLARED = "undeclared"
    OUT_OF_SCOPE = "out_of_scope"
    CHECK_FAILED = "check_failed"
    CHECK_REFUSED = "check_refused"


class Verdict(StrEnum):
    """`contradicted` beats `unproven` beats `proven`; `nothing` = nothing was claimed."""

    NOTHING = "nothing_claimed"
    PROVEN = "proven"
    UNPROVEN = "unproven"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim (or one check) held against journal and disk.

    `text` is what happened, in words a user and a model can act on.
    `evidence` names event ids ("e12"), hashes or exit codes.
    """

    verdict: Verdict
    text: str
    kind: FindingKind | None = None
    claim: Claim | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    findings: tuple[Finding, ...]
    verdict: Verdict

    @property
    def contradicted(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.verdict is Verdict.CONTRADICTED)


_ORDER = (Verdict.NOTHING, Verdict.PROVEN, Verdict.UNPROVEN, Verdict.CONTRADICTED)


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """The worst verdict among the findings; without findings nothing was claimed."""
    return max((f.verdict for f in findings), key=_ORDER.index, default=Verdict.NOTHING)


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One run of a check. `failures` are the names of failing tests where they can be read.

    `exit_code` is None where it was refused, or killed by its deadline. `looked`: it was a file
    predicate, and no command ran.
    """

    command: str
    exit_code: int | None
    failures: tuple[str, ...] = ()
    last_lines: str = ""
    refused: str = ""
    looked: bool = False

    @property
    def passed(self) -> bool:
        return self.exit_code == 0
