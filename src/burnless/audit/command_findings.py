"""Claims about commands held against the log of what ran. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from burnless.audit.commands import (
    Part,
    Topic,
    chained_only,
    could_be_any,
    covers,
    is_opaque,
    parts_of,
)
from burnless.audit.file_findings import Ground
from burnless.core.evidence import Claim, CommandOutcome, Finding, FindingKind, Verdict
from burnless.core.journal import JournaledAttempt, JournaledCommand
from burnless.core.session import Session


class Result(Enum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Run:
    """A journaled command and the part of it that is the claimed one."""

    entry: JournaledCommand
    part: Part

    @property
    def evidence(self) -> str:
        code = self.entry.outcome.exit_code
        return f"e{self.entry.seq} exit {'none' if code is None else code}"

    @property
    def is_check(self) -> bool:
        """Its outcome depends on the files: an edit makes it old, and it may be run again."""
        return any(self.part.is_about(topic) for topic in Topic)

    @property
    def is_whole(self) -> bool:
        """No path narrows it down: it runs everything there is."""
        return not any("/" in word or "." in word or "::" in word for word in self.part.arguments)


_FAILED_LINE = re.compile(
    r"\b[1-9]\d*\s+(?:tests?\s+)?(?:failed|failures?|failing|errors?)\b|\bFAILED\b|^FAIL\b"
    r"|(?:failures|errors)=[1-9]|\bnot ok\b|\bFound\s+[1-9]\d*\s+errors?\b",
    re.IGNORECASE,
)
_PASSED_LINE = re.compile(
    r"\b\d+\s+(?:tests?\s+)?pass(?:ed|ing)\b|^OK\b|test result: ok|\b0\s+fail(?:ed|ures?)\b"
    r"|^PASS\b|All checks passed|no issues found|^ok\s",
    re.IGNORECASE,
)
_NOTHING_RAN = re.compile(
    r"\bRan 0 tests\b|\bno tests? (?:ran|found|to run|were run|executed)\b|\bno test files\b"
    r"|\bcollected 0 items\b|\b0 tests? (?:collected|run|found)\b|^\W*0 pass(?:ed|ing)\b"
    r"|\b0 passed; 0 failed\b",
    re.IGNORECASE,
)
_COUNT_IN_OUTPUT = re.compile(
    r"\b(\d+)\s+(?:tests?\s+)?pass(?:ed|ing)\b|\bRan (\d+) tests?\b", re.IGNORECASE
)
_COUNT_PASSED = re.compile(
    r"(?<![\w./])(\d[\d,]*)(?:\s*/\s*\d[\d,]*|\s+of\s+\d[\d,]*)?\s+(?:tests?\s+)?"
    r"(?:(?:are|all|now|have|still|do)\s+)*(?:pass(?:ed|es|ing)?|green)\b",
    re.IGNORECASE,
)
_TOPIC_NAMES = frozenset(topic.value for topic in Topic)
_DOCUMENTS = re.compile(
    r"(?:^|/)docs?/|\.(?:md|mdx|rst|txt|adoc)$|(?:^|/)(?:LICENSE|CHANGELOG|NOTICE|AUTHORS)[^/]*$",
    re.IGNORECASE,
)
_MANY_IN_ONE = frozenset(
    {"git", "gh", "docker", "kubectl", "helm", "pip", "npm", "yarn", "cargo", "go", "terraform"}
)
"""What these do is in the word behind their name."""
_HARMLESS = frozenset({"cat", "head", "tail", "grep", "egrep", "rg", "echo", "wc", "sort", "true"})
_ALL = re.compile(r"\b(?:all|full|entire|whole|every)\b|everything", re.IGNORECASE)


def judge_run(claim: Claim, ground: Ground) -> Finding:
    """Proven by a run in the log; contradicted only where nothing in the log could be it."""
    runs = find_runs(claim.subject, ground.session)
    if not runs:
        return _not_run(claim, ground)
    said = {part.arguments for part in parts_of(claim.subject)}
    if any(run.part.arguments in said for run in runs):
        text = f"claimed {_said(claim)}: it ran"
        return Finding(Verdict.PROVEN, text, None, claim, runs[-1].evidence)
    covering = runs[-1]
    text = f"claimed {_said(claim)}: `{_short(covering)}` ran, which covers it"
    if covering.entry.outcome.exit_code == 0:
        return Finding(Verdict.PROVEN, text, None, claim, covering.evidence)
    text += ", but it failed"
    return Finding(Verdict.UNPROVEN, text, FindingKind.RUN_FAILED, claim, covering.evidence)


def judge_passed(claim: Claim, ground: Ground) -> Finding:
    """The newest matching run decides; one that is stale or says nothing has to be run again."""
    runs = find_runs(claim.subject, ground.session)
    if not runs:
        return _not_run(claim, ground)
    latest = runs[-1]
    whole_red = _failed_whole_run(claim, runs)
    if whole_red is not None:
        text = f"claimed {_said(claim)}: the last whole run failed, and only a part was run since"
        return Finding(Verdict.UNPROVEN, text, FindingKind.STALE_RUN, claim, whole_red.evidence)
    result = result_of(latest.entry.outcome, latest.part)
    if result is Result.UNKNOWN:
        text = f"claimed {_said(claim)}: what `{_short(latest)}` ended with does not say"
        return Finding(Verdict.UNPROVEN, text, FindingKind.STALE_RUN, claim, latest.evidence)
    if latest.is_check and is_stale(latest.entry, ground.session):
        text = f"claimed {_said(claim)}: files changed after `{_short(latest)}` ran"
        return Finding(Verdict.UNPROVEN, text, FindingKind.STALE_RUN, claim, latest.evidence)
    if doubt := _doubt(claim, runs) if result is Result.PASSED else "":
        text = f"claimed {_said(claim)}: {doubt}"
        return Finding(Verdict.UNPROVEN, text, None, claim, latest.evidence)
    if result is Result.PASSED:
        text = f"claimed {_said(claim)}: `{_short(latest)}` passed"
        return Finding(Verdict.PROVEN, text, None, claim, latest.evidence)
    return _failed(claim, latest, ground.session)


def _doubt(claim: Claim, runs: list[Run]) -> str:
    """Why the newest run, which passed, does not show what is said: it ran less, or counted less.

    Two runs may be added up: one of each language, or of each package.
    """
    counted = _COUNT_PASSED.search(claim.quote)
    counts = {run.entry.outcome.command: _passed_in(run) for run in runs}
    ran = [count for count in counts.values() if count is not None]
    said = int(counted[1].replace(",", "")) if counted else None
    if said is not None and ran and said in {*ran, sum(ran)}:
        return ""
    if said is not None and _passed_in(runs[-1]) is not None:
        return f"`{_short(runs[-1])}` counted {_passed_in(runs[-1])} that passed, not {said}"
    says_all = _ALL.search(claim.quote) and claim.subject in _TOPIC_NAMES
    if says_all and all(run.part.is_narrow for run in runs):
        return f"only a part of them was run, `{_short(runs[-1])}`"
    return ""


def _passed_in(run: Run) -> int | None:
    found = _COUNT_IN_OUTPUT.search(run.entry.outcome.last_line)
    return int(found[1] or found[2]) if found else None


def run_to_repeat(claim: Claim, session: Session) -> str:
    """The command line the harness runs again for a stale claim; "" where there is none.

    Only a check, alone or piped into a reader: `pytest && git push` would push again.
    """
    runs = find_runs(claim.subject, session)
    if not runs:
        return ""
    run = _failed_whole_run(claim, runs) or runs[-1]
    command = run.entry.outcome.command
    others = (part for part in parts_of(command) if part.words != run.part.words)
    harmless = run.is_check and all(part.words[0] in _HARMLESS for part in others)
    return command if harmless else ""


def judge_repeated(claim: Claim, outcome: CommandOutcome, evidence: str) -> Finding:
    """After the harness ran it once more."""
    wanted = _wanted(claim.subject)
    parts = [part for part in parts_of(outcome.command) if _matches(part, wanted)]
    result = result_of(outcome, parts[-1] if parts else Part(("",)))
    text = f"claimed {_said(claim)}: run again now, `{outcome.command}`"
    match result:
        case Result.PASSED:
            return Finding(Verdict.PROVEN, f"{text} passed", None, claim, evidence)
        case Result.FAILED:
            tail = f": {outcome.last_line}" if outcome.last_line else ""
            return Finding(
                Verdict.CONTRADICTED if claim.firm else Verdict.UNPROVEN,
                f"{text} failed{tail}",
                FindingKind.RUN_FAILED,
                claim,
                evidence,
            )
        case Result.UNKNOWN:
            return Finding(
                Verdict.UNPROVEN, f"{text} does not say", FindingKind.STALE_RUN, claim, evidence
            )


def find_runs(subject: str, session: Session) -> list[Run]:
    """Commands of the whole session that are, or contain, what the claim names; oldest first."""
    wanted = _wanted(subject)
    runs = []
    for entry in session.commands:
        matching = [part for part in parts_of(entry.outcome.command) if _matches(part, wanted)]
        if matching:
            runs.append(Run(entry, matching[-1]))
    return runs


def is_stale(entry: JournaledCommand, session: Session) -> bool:
    """A file was left different after it ran, other than a document no test looks at."""
    later = session.changes[entry.edits_before :]
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for change in (journaled.change for journaled in later):
        first.setdefault(change.path, change.before)
        last[change.path] = change.after
    return any(first[path] != last[path] and not _DOCUMENTS.search(path) for path in last)


def result_of(outcome: CommandOutcome, part: Part) -> Result:
    """What the exit code, or failing that the last line, says of the claimed part.

    In `pytest | tail` or `pytest; echo done` the exit code is that of another program.
    """
    if outcome.exit_code is None or outcome.timed_out:
        return Result.UNKNOWN
    if outcome.exit_code == 0 and _NOTHING_RAN.search(outcome.last_line):
        return Result.UNKNOWN
    failed = bool(_FAILED_LINE.search(_without_zeros(outcome.last_line)))
    passed = not failed and bool(_PASSED_LINE.search(outcome.last_line))
    inverted = part.words[0] == "!"
    decisive = not inverted and (
        not part.masked or (outcome.exit_code == 0 and chained_only(outcome.command))
    )
    if not decisive:
        return Result.FAILED if failed else Result.PASSED if passed else Result.UNKNOWN
    if outcome.exit_code != 0:
        return Result.FAILED
    return Result.UNKNOWN if failed else Result.PASSED


_DONE_BY = {
    "git commit": "git revert; git cherry-pick; git merge; git am; hg commit; jj commit",
    "git push": "hg push; jj git push; gh pr create; gh repo sync",
    "git merge": "gh pr merge; git pull; git rebase; glab mr merge; hg merge",
    "git tag": "gh release create; npm version; hg tag",
}
"""Other commands that come to the same."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A topic ("tests", perhaps narrowed to a file) or the parts of a command line."""

    topic: Topic | None = None
    narrowed: str = ""
    parts: tuple[Part, ...] = ()


def _wanted(subject: str) -> _Wanted:
    name, _, narrowed = subject.partition(" in ")
    topic = next((topic for topic in Topic if topic.value == name), None)
    if topic is not None:
        return _Wanted(topic, narrowed)
    also = _DONE_BY.get(subject, "")
    return _Wanted(parts=(*parts_of(subject), *parts_of(also)))


def _matches(part: Part, wanted: _Wanted) -> bool:
    if wanted.topic is None:
        return any(covers(part, claimed) for claimed in wanted.parts)
    if not part.is_about(wanted.topic):
        return False
    narrow = Part((part.words[0], wanted.narrowed)) if wanted.narrowed else part
    return covers(part, narrow)


def _not_run(claim: Claim, ground: Ground) -> Finding:
    session, wanted = ground.session, _wanted(claim.subject)
    refused = _tried(wanted, session, "denied")
    text = f"claimed {_said(claim)}: no such run in the log"
    cut_off = [entry.command for entry in session.attempts if entry.outcome == "interrupted"]
    lines = [*(entry.outcome.command for entry in session.commands), *cut_off]
    ran = [part for line in lines for part in parts_of(line)]
    if _worker_in_turn(session):
        reason = "a worker's own commands are not in the log"
    elif _tried(wanted, session, "interrupted"):
        reason = "it was interrupted"
    elif _hides_commands(session):
        reason = "an interrupted effect hides what ran"
    elif not claim.firm:
        reason = ""
    elif refused and wanted.topic is None:
        return _refused(claim, refused)
    elif any(is_opaque(part) or (wanted.topic and could_be_any(part)) for part in ran):
        reason = "another command may have run it"
    elif refused:
        return _refused(claim, refused)
    elif any(_is_kin(part, wanted) for part in ran):
        reason = "it ran with other arguments"
    else:
        return Finding(Verdict.CONTRADICTED, text, FindingKind.NOT_RUN, claim)
    text = f"{text} ({reason})" if reason else text
    return Finding(Verdict.UNPROVEN, text, FindingKind.NOT_RUN, claim)


def _tried(wanted: _Wanted, session: Session, outcome: str) -> JournaledAttempt | None:
    """The newest command of that kind that came to no run."""
    for entry in reversed(session.attempts):
        if entry.outcome == outcome and any(
            _matches(part, wanted) for part in parts_of(entry.command)
        ):
            return entry
    return None


def _refused(claim: Claim, tried: JournaledAttempt) -> Finding:
    text = f"claimed {_said(claim)}: `{_one_line(tried.command)}` was refused, never ran"
    return Finding(Verdict.CONTRADICTED, text, FindingKind.NOT_RUN, claim, f"e{tried.seq}")


def _hides_commands(session: Session) -> bool:
    """An effect since the last audit was cut off, and no command line says what it was."""
    known = {entry.seq for entry in session.attempts}
    cut_off = (seq for seq in session.unseen_effects if seq > session.judged_through)
    return any(seq not in known for seq in cut_off)


def _worker_in_turn(session: Session) -> bool:
    return any(seq > session.judged_through for seq in session.worker_runs)


def _is_kin(part: Part, wanted: _Wanted) -> bool:
    if wanted.topic is not None:
        return part.is_about(wanted.topic)
    topics = [topic for topic in Topic if any(item.is_about(topic) for item in wanted.parts)]
    if part.only_looks and part.is_check:
        return False
    depth = 2 if part.words[0] in _MANY_IN_ONE else 1
    same = any(part.words[:depth] == item.words[:depth] for item in wanted.parts)
    return same or any(part.is_about(topic) for topic in topics)


def _failed_whole_run(claim: Claim, runs: list[Run]) -> Run | None:
    """The newest run of everything, where it failed and only narrower runs followed."""
    if not _ALL.search(claim.quote) or runs[-1].is_whole:
        return None
    whole = next((run for run in reversed(runs) if run.is_whole), None)
    if whole is None or result_of(whole.entry.outcome, whole.part) is not Result.FAILED:
        return None
    return whole


def _failed(claim: Claim, run: Run, session: Session) -> Finding:
    outcome = run.entry.outcome
    tail = f": {outcome.last_line}" if outcome.last_line else ""
    if not claim.firm:
        text = f"claimed {_said(claim)}: `{_short(run)}` failed{tail}"
        return Finding(Verdict.UNPROVEN, text, FindingKind.RUN_FAILED, claim, run.evidence)
    baseline = session.baseline.get(outcome.command)
    if baseline is not None and baseline.exit_code not in {0, None}:
        text = f"claimed {_said(claim)}: `{_short(run)}` fails, as it did before the work{tail}"
        return Finding(Verdict.UNPROVEN, text, FindingKind.RUN_FAILED, claim, run.evidence)
    text = f"claimed {_said(claim)}: the last run of `{_short(run)}` failed{tail}"
    return Finding(Verdict.CONTRADICTED, text, FindingKind.RUN_FAILED, claim, run.evidence)


def _without_zeros(line: str) -> str:
    return re.sub(r"\b0\s+(?:failed|failures?|failing|errors?)\b", "", line, flags=re.IGNORECASE)


def _said(claim: Claim) -> str:
    """How the claim is named: the command in code marks, a topic in words."""
    wanted = _wanted(claim.subject)
    passes = claim.kind.value == "command_passed"
    if wanted.topic is not None:
        name = f"the {claim.subject}"
        return f"{name} pass" if passes else f"{name} ran"
    return f"`{claim.subject}` passes" if passes else f"`{claim.subject}` ran"


_SHORT_MOST = 80


def _short(run: Run) -> str:
    return _one_line(run.entry.outcome.command)


def _one_line(command: str) -> str:
    line = " ".join(command.split())
    return line if len(line) <= _SHORT_MOST else f"{line[:_SHORT_MOST]}…"
