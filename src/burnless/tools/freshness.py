"""Whether a file is still as the model last saw it, and if not, who changed it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum

from burnless.core.journal import JournaledChange
from burnless.core.session import Session

_OWN_HAND = frozenset({"write", "edit"})
"""The model wrote these bytes itself: it need not read them again."""


class State(Enum):
    UNREAD = "unread"
    CURRENT = "current"
    JOURNALED = "changed by something in the journal"
    STALE = "changed by somebody unknown"


@dataclass(frozen=True, slots=True)
class Freshness:
    """`by` says who changed it, for JOURNALED and STALE."""

    state: State
    by: str = ""


def freshness(session: Session, name: str, sha256: str) -> Freshness:
    """`sha256` is what is on disk now; the session knows what the model was shown."""
    known = session.known_files.get(name)
    if known is None:
        return Freshness(State.UNREAD)
    if known != sha256:
        return Freshness(State.STALE, "by somebody outside this session's tools")
    change = _last_change(session, name)
    if change is None or change.tool in _OWN_HAND:
        return Freshness(State.CURRENT)
    return Freshness(State.JOURNALED, _who(session, change))


def _last_change(session: Session, name: str) -> JournaledChange | None:
    """The change that was the last this session heard of the file, if it was one."""
    events = session.file_events.get(name)
    if not events:
        return None
    start = bisect_left(session.changes, events[-1], key=lambda entry: entry.seq)
    for entry in session.changes[start:]:
        if entry.seq != events[-1]:
            break
        if entry.change.path == name:
            return entry
    return None


def _who(session: Session, change: JournaledChange) -> str:
    start = bisect_left(session.commands, change.seq, key=lambda entry: entry.seq)
    command = next((entry for entry in session.commands[start : start + 1]), None)
    if command is not None and command.seq == change.seq:
        return f"by `{command.outcome.command}` (e{change.seq})"
    return f"by {change.tool} (e{change.seq})"
