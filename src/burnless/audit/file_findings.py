"""Claims about files held against the journal and the disk. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from burnless.audit.disk import DiskView, are_alike
from burnless.audit.named_paths import could_be, could_have
from burnless.audit.same_bytes import may_change_nothing, mode_left
from burnless.audit.shell_writes import may_have_passed
from burnless.core.evidence import Claim, ClaimKind, FileChange, Finding, FindingKind, Verdict
from burnless.core.journal import JournaledChange
from burnless.core.session import Session

_GLOB_LETTERS = frozenset("*?[")
_NEAR_MOST = 3


@dataclass(frozen=True, slots=True)
class Ground:
    """What a claim is held against.

    takes_back: the report itself says that something was undone or only temporary
    deleted, written: all paths the same report claims, as the journal spells them
    passing: those of which it says "and removed it"
    """

    session: Session
    disk: DiskView
    takes_back: bool = False
    deleted: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()

    @property
    def command_lines(self) -> list[str]:
        return [entry.outcome.command for entry in self.session.commands]

    @property
    def has_gap(self) -> bool:
        """An effect was cut off: what it changed is not in the journal."""
        return bool(self.session.unseen_effects)

    def changes_of(self, path: str) -> list[JournaledChange]:
        return [entry for entry in self.session.changes if entry.change.path == path]


def judge_written(claim: Claim, ground: Ground) -> Finding:
    """Proven by a journaled change that is still there; contradicted where both show otherwise."""
    if _GLOB_LETTERS & set(claim.subject):
        return _judge_glob(claim, ground)
    path = find_path(claim.subject, ground)
    if path.endswith("/") or ground.disk.is_folder(path):
        return _judge_folder(claim, path.rstrip("/"), ground)
    entries = ground.changes_of(path)
    if not ground.disk.exists(path):
        return _judge_missing(claim, path, entries, ground)
    if claim.size is not None and not could_be(ground.disk.size(path), claim.size, claim.quote):
        return _wrong_size(claim, path, ground)
    if claim.lines is not None and (wrong := _wrong_lines(claim, path, entries, ground)):
        return wrong
    if entries:
        return _judge_changed(claim, path, entries, ground)
    return _judge_unseen(claim, path, ground)


def judge_deleted(claim: Claim, ground: Ground) -> Finding:
    path = find_path(claim.subject, ground).rstrip("/")
    entries = ground.changes_of(path)
    gone = [entry for entry in entries if not entry.change.after]
    below = [entry for entry in ground.session.changes if _lies_in(entry.change.path, path)]
    text = f"claimed {claim.subject} deleted"
    if not ground.disk.exists(path):
        if gone or any(not entry.change.after for entry in below):
            return _finding(Verdict.PROVEN, f"{text}: gone", claim, evidence=_event(gone or below))
        return _finding(
            Verdict.UNPROVEN, f"{text}: it is not there, and the journal never saw it go", claim
        )
    emptied = any(not entry.change.after for entry in below) and not ground.disk.find_below(path)
    if emptied and ground.disk.is_folder(path):
        return _finding(
            Verdict.PROVEN, f"{text}: its files are gone", claim, evidence=_event(below)
        )
    if gone or path in ground.written or not claim.firm or _may_be_another(claim, path, ground):
        return _finding(
            Verdict.UNPROVEN,
            f"{text}: there is a {'folder' if ground.disk.is_folder(path) else 'file'} of that "
            "name now",
            claim,
            FindingKind.STILL_THERE,
            _event(gone),
        )
    return _finding(Verdict.CONTRADICTED, f"{text}: still there", claim, FindingKind.STILL_THERE)


def is_folder(word: str, session: Session, disk: DiskView) -> bool:
    """A folder of that name is there, or files in it were seen to change."""
    path = disk.locate(word).rstrip("/")
    known = disk.is_folder(path) and path not in {"", "."}
    return known or any(_lies_in(f"/{entry.change.path}", f"/{path}") for entry in session.changes)


def find_path(named: str, ground: Ground) -> str:
    """The path a report means. What the journal changed comes first, then what is on disk.

    A part of a path ("a.py", "api/a.py") stands for the one file that ends like it; a path of
    another machine or mount ("/workspace/src/a.py") for the one whose end is its end.
    """
    path = ground.disk.locate(named)
    spelled = f"{path}/" if named.endswith("/") else path
    if ground.changes_of(path):
        return spelled
    changed = list(dict.fromkeys(entry.change.path for entry in reversed(ground.session.changes)))
    tail = path.lstrip("/")
    for candidates in (changed, () if ground.disk.exists(path) else ground.disk.find(tail)):
        ending = [other for other in candidates if other.endswith(f"/{tail}")]
        if ending:
            return ending[0]
    if ground.disk.exists(path):
        return spelled
    folders = [_folder_ending(tail, other) for other in changed]
    if found := next(filter(None, folders), ""):
        return f"{found}/"
    for alike in (
        [other for other in changed if are_alike(other, tail)],
        ground.disk.find_alike(tail),
    ):
        if len(alike) == 1:
            return alike[0]
    if path.startswith("/") or ":" in path[:3]:
        longer = [other for other in changed if f"/{tail}".endswith(f"/{other}") and "/" in other]
        return longer[0] if longer else path
    first, _, rest = path.partition("/")
    if rest and rest in changed and not ground.disk.exists(first):
        return rest
    return spelled


def has_gap(session: Session) -> bool:
    """Of an effect since the last audit nobody knows what it changed."""
    return any(seq > session.judged_through for seq in session.unseen_effects)


def _folder_ending(tail: str, path: str) -> str:
    """The folder of `path` that a part of its name ("components/") stands for."""
    wanted = f"/{tail.rstrip('/')}/"
    at = f"/{path}".find(wanted)
    return path[: at + len(wanted) - 2] if at >= 0 else ""


def undeclared(ground: Ground) -> Finding | None:
    """What was changed since the last audit and is not named: a note, for no claim is wrong."""
    silent = [
        change.path
        for change in net_changes(ground.session)
        if change.path not in ground.written | ground.deleted
        and not any(_lies_in(change.path, path) for path in ground.written | ground.deleted)
    ]
    if not silent:
        return None
    return Finding(
        Verdict.NOTHING,
        f"changed and not named in the report: {_listing(silent)}",
        FindingKind.UNDECLARED,
    )


def out_of_scope(session: Session) -> list[Finding]:
    """What the plan says not to touch, and was touched. Shown, never contradicted: no claim is."""
    if session.plan is None:
        return []
    found = []
    for entry in session.plan.do_not_touch:
        pattern = entry.strip().strip("`").removeprefix("./").rstrip("/")
        if not pattern or " " in pattern:
            continue
        touched = [
            change.path
            for change in net_changes(session)
            if fnmatchcase(change.path, pattern) or _lies_in(change.path, pattern)
        ]
        if touched:
            text = f"the plan says not to touch {entry}, but this was changed: {_listing(touched)}"
            found.append(Finding(Verdict.UNPROVEN, text, FindingKind.OUT_OF_SCOPE))
    return found


def net_changes(session: Session) -> list[FileChange]:
    """One change a path since the last audit: from before the first to after the last of this
    turn and of those before it that were stopped; nothing where the two are equal."""
    first: dict[str, FileChange] = {}
    last: dict[str, FileChange] = {}
    modes: dict[str, list[FileChange]] = {}
    for entry in session.changes:
        if entry.seq > session.judged_through:
            first.setdefault(entry.change.path, entry.change)
            last[entry.change.path] = entry.change
            modes.setdefault(entry.change.path, []).append(entry.change)
    return [
        last[path]
        for path in last
        if first[path].before != last[path].after or mode_left(modes[path])
    ]


def _judge_glob(claim: Claim, ground: Ground) -> Finding:
    pattern = ground.disk.locate(claim.subject)
    hits = [
        entry
        for entry in ground.session.changes
        if fnmatchcase(entry.change.path, pattern) or fnmatchcase(entry.change.path, f"*/{pattern}")
    ]
    if hits:
        text = (
            f"claimed {claim.subject}: {len({hit.change.path for hit in hits})} such files changed"
        )
        return _finding(Verdict.PROVEN, text, claim, evidence=_event(hits))
    text = f"claimed {claim.subject}: no file of that pattern was seen to change"
    return _finding(Verdict.UNPROVEN, text, claim, FindingKind.UNCHANGED)


def _judge_folder(claim: Claim, path: str, ground: Ground) -> Finding:
    """Folders are in no journal: an empty one leaves no trace."""
    below = [entry for entry in ground.session.changes if _lies_in(entry.change.path, path)]
    if below:
        text = f"claimed {claim.subject}: files below it changed"
        return _finding(Verdict.PROVEN, text, claim, evidence=_event(below))
    if ground.disk.exists(path):
        text = f"claimed {claim.subject}: the folder is there, and nothing in it was seen to change"
        return _finding(Verdict.UNPROVEN, text, claim)
    return _missing(claim, path, ground)


def _judge_missing(
    claim: Claim, path: str, entries: list[JournaledChange], ground: Ground
) -> Finding:
    if path in ground.deleted | ground.passing or (entries and ground.takes_back):
        text = f"claimed {claim.subject}: written and deleted again"
        return _finding(
            Verdict.PROVEN if entries else Verdict.UNPROVEN, text, claim, evidence=_event(entries)
        )
    renamed = _renamed_to(entries, ground)
    if renamed:
        text = f"claimed {claim.subject}: it was renamed to {renamed}"
        return _finding(Verdict.UNPROVEN, text, claim, evidence=_event(entries[-1:]))
    if entries:
        how = "deleted again" if not entries[-1].change.after else "written, but it is gone now"
        text = f"claimed {claim.subject}: not found ({how})"
        return _finding(
            Verdict.CONTRADICTED, text, claim, FindingKind.MISSING, _event(entries[-1:])
        )
    return _missing(claim, path, ground)


def _renamed_to(entries: list[JournaledChange], ground: Ground) -> str:
    """Where the bytes of a deleted file are now; "" where nobody moved them."""
    gone = entries[-1] if entries and not entries[-1].change.after else None
    if gone is None:
        return ""
    moved = (
        entry.change.path
        for entry in ground.session.changes
        if entry.seq == gone.seq and entry.change.after == gone.change.before
    )
    return next((path for path in moved if ground.disk.exists(path)), "")


def _missing(claim: Claim, path: str, ground: Ground) -> Finding:
    text = f"claimed {claim.subject}: not found"
    if any(may_have_passed(line, path) for line in ground.command_lines):
        text = f"{text}; a command names it, and may have removed it again"
        return _finding(Verdict.UNPROVEN, text, claim, FindingKind.MISSING)
    if not claim.firm:
        return _finding(Verdict.UNPROVEN, text, claim, FindingKind.MISSING)
    name = path.rstrip("/").rpartition("/")[2]
    near = list(
        dict.fromkeys(
            entry.change.path
            for entry in ground.session.changes
            if entry.change.after and entry.change.path.rpartition("/")[2] == name
        )
    )
    if near:
        text = f"{text}; what was written is {_listing(near)}"
    return _finding(Verdict.CONTRADICTED, text, claim, FindingKind.MISSING)


def _wrong_size(claim: Claim, path: str, ground: Ground) -> Finding:
    size = ground.disk.size(path)
    text = f"claimed {claim.subject} ({claim.size:,} bytes): it has {size:,} bytes"
    return _finding(Verdict.CONTRADICTED, text, claim, FindingKind.WRONG_SIZE, f"{size} bytes")


def _wrong_lines(
    claim: Claim, path: str, entries: list[JournaledChange], ground: Ground
) -> Finding | None:
    """Lines may be counted at any moment of the work: contradicted where there was only one."""
    content = ground.disk.text(path)
    lines = len(content.splitlines()) if content is not None else None
    if lines is None or claim.lines is None or could_have(lines, claim.lines, claim.quote):
        return None
    text = f"claimed {claim.subject} ({claim.lines:,} lines): it has {lines:,} lines"
    verdict = Verdict.CONTRADICTED if claim.firm and len(entries) == 1 else Verdict.UNPROVEN
    return _finding(verdict, text, claim, FindingKind.WRONG_SIZE, f"{lines} lines")


def _judge_changed(
    claim: Claim, path: str, entries: list[JournaledChange], ground: Ground
) -> Finding:
    """Any lasting difference of the session counts: the work may be from an earlier turn."""
    now = ground.disk.sha256(path)
    before = entries[0].change.before
    mode = mode_left(entry.change for entry in entries)
    if before and now == before and mode:
        text = f"claimed {claim.subject}: its mode changed ({mode})"
        return _finding(Verdict.PROVEN, text, claim, evidence=_event(entries[-1:]))
    if before and now == before:
        text = f"claimed {claim.subject}: its bytes are the same as before the session"
        recreated = any(not entry.change.after for entry in entries)
        soft = (
            ground.takes_back
            or not claim.firm
            or recreated
            or may_change_nothing(claim, path, ground.session, ground.disk)
        )
        verdict = Verdict.UNPROVEN if soft else Verdict.CONTRADICTED
        return _finding(verdict, text, claim, FindingKind.UNCHANGED, _event(entries))
    evidence = f"{_event(entries[-1:])} sha256 {now[:12]}"
    text = f"claimed {claim.subject}: {entries[-1].change.kind}"
    return _finding(Verdict.PROVEN, text, claim, evidence=evidence)


def _judge_unseen(claim: Claim, path: str, ground: Ground) -> Finding:
    """It is there and no journaled effect changed it."""
    if not ground.disk.watches(path):
        text = f"claimed {claim.subject}: it is there; changes of ignored files are not watched"
        return _finding(Verdict.UNPROVEN, text, claim)
    if ground.has_gap:
        text = (
            f"claimed {claim.subject}: it is there, but an interrupted effect hides who changed it"
        )
        return _finding(Verdict.UNPROVEN, text, claim, FindingKind.UNCHANGED)
    text = f"claimed {claim.subject}: not changed in this session"
    soft = not claim.firm and bool(ground.session.changes)
    if soft or may_change_nothing(claim, path, ground.session, ground.disk):
        return _finding(Verdict.UNPROVEN, text, claim, FindingKind.UNCHANGED)
    return _finding(
        Verdict.CONTRADICTED,
        text,
        claim,
        FindingKind.UNCHANGED,
        f"sha256 {ground.disk.sha256(path)[:12]}",
    )


def _may_be_another(claim: Claim, path: str, ground: Ground) -> bool:
    """Only part of a path was given and several files end like it, or a command made it anew.

    What is ignored (build output, caches) comes back with the next run, and no journal sees it.
    """
    partly = ground.disk.locate(claim.subject) != path
    watched = ground.disk.watches(path) or (
        ground.disk.is_folder(path) and bool(ground.disk.find_below(path))
    )
    again = not watched and bool(ground.session.commands)
    return again or (partly and len(ground.disk.find(claim.subject)) > 1)


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(f"{folder.rstrip('/')}/")


def _event(entries: list[JournaledChange]) -> str:
    return f"e{entries[-1].seq}" if entries else ""


def _listing(paths: list[str]) -> str:
    shown = ", ".join(paths[:_NEAR_MOST])
    more = len(paths) - _NEAR_MOST
    return f"{shown} and {more} more" if more > 0 else shown


def _finding(
    verdict: Verdict,
    text: str,
    claim: Claim,
    kind: FindingKind | None = None,
    evidence: str = "",
) -> Finding:
    return Finding(verdict, text, kind, claim, evidence)


def claimed_paths(claims: Iterable[Claim], kind: ClaimKind, ground: Ground) -> frozenset[str]:
    """All paths of one kind of claim, spelled as the journal does."""
    return frozenset(
        find_path(claim.subject, ground).rstrip("/") for claim in claims if claim.kind is kind
    )
