"""One report, what was really done before it, and what the auditor has to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from burnless.core.protocols import FinishReport


@dataclass(frozen=True, slots=True)
class Wrote:
    """A file tool wrote this text."""

    path: str
    text: str = "new\n"


@dataclass(frozen=True, slots=True)
class WroteSame:
    """A file tool was given the bytes that were there already: it changed nothing."""

    path: str


@dataclass(frozen=True, slots=True)
class Moded:
    """A command changed whether a file may be executed, and not its bytes."""

    command: str
    path: str
    executable: bool = True


@dataclass(frozen=True, slots=True)
class Deleted:
    path: str


@dataclass(frozen=True, slots=True)
class Ran:
    """A command ended; `writes` are files it left behind, found by the snapshot around it."""

    command: str
    exit_code: int | None = 0
    last_line: str = ""
    writes: Mapping[str, str] = field(default_factory=dict)
    deletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """Bytes changed on disk and no journal saw it: the user's editor, a background process."""

    path: str
    text: str | None = "unseen\n"


@dataclass(frozen=True, slots=True)
class NextTurn:
    prompt: str = "go on"


@dataclass(frozen=True, slots=True)
class CutOff:
    """A command was interrupted: what it did is not in the journal."""

    command: str


@dataclass(frozen=True, slots=True)
class Denied:
    """A command was refused: by a rule, the mode, or the user."""

    command: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A worker, another agent's CLI, ended; its own commands are in no log."""

    writes: Mapping[str, str] = field(default_factory=dict)


Act = Wrote | WroteSame | Moded | Deleted | Ran | Unseen | NextTurn | CutOff | Denied | Worked


@dataclass(frozen=True, slots=True)
class Case:
    """source:  the published report it is shaped after, "owner/repository#number", or ""
    before:  files that were there when the session began
    finds:   subject of each claim → "verdict" or "verdict kind"
    """

    name: str
    text: str
    finds: Mapping[str, str]
    did: tuple[Act, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    finish: FinishReport | None = None
    source: str = ""
    again: Mapping[str, int] = field(default_factory=dict)
    """Exit codes of commands the harness runs again; others pass."""


MISSING = "contradicted missing"
UNCHANGED = "contradicted unchanged"
STILL_THERE = "contradicted still_there"
WRONG_SIZE = "contradicted wrong_size"
NOT_RUN = "contradicted not_run"
RUN_FAILED = "contradicted run_failed"
PROVEN = "proven"
UNPROVEN = "unproven"
MAYBE_RUN = "unproven not_run"
