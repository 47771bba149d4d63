"""Is the executor going in circles? Seen from its calls and their results alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from enum import StrEnum

from burnless.core.turn import ToolSignature


class LoopAction(StrEnum):
    """What repetition calls for, by how often it was seen."""

    NONE = "none"
    TELL = "tell"
    PLANNER = "planner"
    STOP = "stop"


TOLD_AT, PLANNER_AT, STOP_AT = 3, 4, 5
LONGEST_CYCLE = 8
"""Calls in one round of a cycle: A-B-A-B has two."""

_EDITORS = frozenset({"edit", "write"})
_DURATION = re.compile(r"\b\d+\.\d+ ?(?:s|ms|sec|seconds)\b")
_NUMBER = re.compile(r"\d+")


def judge(signatures: Sequence[ToolSignature]) -> LoopAction:
    """What the newest calls of a turn come to.

    The same call with the same result, alone or in a cycle with others, counts each time it comes
    round; so does one edit that keeps failing with the same error. A result that changes is
    progress (waiting for a build, say), but for the seconds that a test run took.
    """
    if not signatures:
        return LoopAction.NONE
    rounds = max(_rounds(signatures), _failing_edits(signatures))
    if rounds >= STOP_AT:
        return LoopAction.STOP
    if rounds >= PLANNER_AT:
        return LoopAction.PLANNER
    return LoopAction.TELL if rounds >= TOLD_AT else LoopAction.NONE


def next_action(called_for: LoopAction, taken: LoopAction) -> LoopAction:
    """What to do about a loop in which `taken` was done so far: one level at a time.

    A reply may hold any number of equal calls: who repeats is told before being stopped for it.
    """
    if called_for is LoopAction.NONE:
        return LoopAction.NONE
    levels = list(LoopAction)
    return levels[min(levels.index(called_for), levels.index(taken) + 1)]


def _rounds(signatures: Sequence[ToolSignature]) -> int:
    """How often the newest call came round in the cycle that the newest calls form."""
    recent = signatures[-(LONGEST_CYCLE * STOP_AT) :]
    most = 1
    for length in range(1, LONGEST_CYCLE + 1):
        steady = length
        while steady < len(recent) and _are_alike(
            recent[-1 - steady], recent[-1 - steady + length]
        ):
            steady += 1
        if steady >= 2 * length:
            most = max(most, -(-steady // length))
    return most


def _are_alike(one: ToolSignature, other: ToolSignature) -> bool:
    """Results are looked into only where the calls are the same: most steps differ before."""
    if one.tool != other.tool or one.arguments != other.arguments:
        return False
    if one.result == other.result:
        return True
    return _DURATION.sub("#", one.result) == _DURATION.sub("#", other.result)


def _failing_edits(signatures: Sequence[ToolSignature]) -> int:
    """How often in a row the file that was just edited in vain refused with this same error."""
    newest = signatures[-1]
    if newest.tool not in _EDITORS or newest.outcome != "error":
        return 0
    path, error = _path(newest), _error(newest)
    times = 0
    for entry in reversed(signatures):
        if entry.tool not in _EDITORS or _path(entry) != path:
            continue
        if entry.outcome != "error" or _error(entry) != error:
            break
        times += 1
    return times


def _path(entry: ToolSignature) -> str:
    try:
        arguments = json.loads(entry.arguments)
    except (ValueError, RecursionError):
        return ""
    return str(arguments.get("path", "")) if isinstance(arguments, dict) else ""


def _error(entry: ToolSignature) -> str:
    """Its first line, whatever line numbers are in it."""
    return _NUMBER.sub("#", entry.result.strip().partition("\n")[0])
