"""Deeds that leave the bytes of a file as they were, and are none the less done. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from burnless.audit.disk import DiskView
from burnless.audit.shell_writes import rewrites, sets_mode
from burnless.core.evidence import Claim, FileChange
from burnless.core.session import Session

_IDEMPOTENT = re.compile(
    r"\b(?:re-?)?(?:formatted|generated|built|compiled|synced|sorted|linted|normali[sz]ed|touched)\b",
    re.IGNORECASE,
)
_ONLY_THERE = re.compile(r"\bexists\b|\blives?\b|\bin\s+place\b", re.IGNORECASE)
_WRITTEN_AGAIN = re.compile(
    r"\b(?:re-?wrote|rewritten|overwr\w+|wrote|written|saved|identical|same\s+(?:content|bytes|text))\b"
    r"|\bunchanged\s+content",
    re.IGNORECASE,
)


def may_change_nothing(claim: Claim, path: str, session: Session, disk: DiskView) -> bool:
    """A formatter or generator that ran may have found nothing to change; a mode was set; the same
    bytes were written again, and the words say no more; it is only said to be there."""
    lines = [entry.outcome.command for entry in session.commands]
    if (lines and _IDEMPOTENT.search(claim.quote)) or _ONLY_THERE.search(claim.quote):
        return True
    if any(sets_mode(line, path) for line in lines):
        return True
    again = _written_same(path, session, disk) or any(rewrites(line, path) for line in lines)
    return again and (not claim.quote or bool(_WRITTEN_AGAIN.search(claim.quote)))


def mode_left(changes: Iterable[FileChange]) -> str:
    """What the mode changes of one file came to; "" where they took each other back."""
    modes = [change.mode for change in changes if change.mode]
    return modes[-1] if modes and modes[0] == modes[-1] else ""


def _written_same(path: str, session: Session, disk: DiskView) -> bool:
    """A file tool was given what the file held already: it changed nothing, and said so."""
    turn = session.turn
    called = turn.signatures if turn is not None else ()
    given = (_path_given(each.arguments) for each in called if each.tool == "write")
    return any(named and disk.locate(named) == path for named in given)


def _path_given(arguments: str) -> str:
    try:
        read = json.loads(arguments)
    except (ValueError, RecursionError):
        return ""
    named = read.get("path") if isinstance(read, dict) else None
    return named if isinstance(named, str) else ""
