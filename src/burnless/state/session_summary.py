"""What a list of sessions shows of one, counted from raw lines and remembered beside the log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from burnless.core.encoding import EncodingError, canonical, from_json, to_json
from burnless.core.errors import SessionProblem
from burnless.state.durable import write_whole
from burnless.state.log_file import LOG_NAME, raw_lines
from burnless.state.log_lines import RawLine
from burnless.state.session_store import SUMMARY_NAME, is_in_use

_FIRST_WORDS = 80
_OPEN = {"pending", "failed"}


@dataclass(frozen=True, slots=True)
class DaySpend:
    """What was owed on one local day ("2026-11-22"), in picodollars."""

    day: str
    cost: int


@dataclass(frozen=True, slots=True)
class StepState:
    id: str
    status: str = "pending"


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session at a glance. Costs in picodollars, times in seconds since the epoch.

    status:   the last turn's, "running" (another process holds it), "interrupted", "empty" or
              "damaged" (then `problem` says why, and the counts end before the damage)
    unknown:  calls whose price nobody knew: `cost` does not hold them
    bytes, lines: how much of the log is counted
    """

    id: str
    name: str = ""
    workspace: str = ""
    first_words: str = ""
    started_at: float = 0.0
    updated_at: float = 0.0
    turns: int = 0
    calls: int = 0
    cost: int = 0
    included: int = 0
    unknown: int = 0
    status: str = "empty"
    steps: tuple[StepState, ...] = ()
    days: tuple[DaySpend, ...] = ()
    bytes: int = 0
    lines: int = 0
    problem: str = ""

    @property
    def steps_done(self) -> int:
        return sum(step.status not in _OPEN for step in self.steps)


def summarize(folder: Path) -> SessionSummary:
    """Count what was added since the summary was last written. Never raises for a damaged log."""
    remembered = _remembered(folder)
    try:
        counted = _counted(folder, remembered)
    except SessionProblem as error:
        return replace(remembered, status="damaged", problem=str(error))
    if counted != remembered:
        _remember(folder, counted)
    if counted.status == "interrupted" and is_in_use(folder):
        return replace(counted, status="running")
    return counted


def _counted(folder: Path, remembered: SessionSummary) -> SessionSummary:
    """A summary that ends inside a line was not written by us: the log itself is the truth."""
    try:
        return _count(folder, remembered)
    except SessionProblem:
        if not remembered.bytes:
            raise
        return _count(folder, SessionSummary(folder.name))


def _count(folder: Path, summary: SessionSummary) -> SessionSummary:
    path = folder / LOG_NAME
    try:
        size = path.stat().st_size
    except OSError as error:
        raise SessionProblem(f"session {folder.name} has no log: {error.strerror}") from error
    if not 0 <= summary.bytes <= size:
        summary = SessionSummary(folder.name)
    if size == summary.bytes:
        return summary
    lines = raw_lines(path, offset=summary.bytes, first=summary.lines + 1)
    for raw, end in lines:
        count = _COUNTS.get(raw.type)
        if count is not None:
            summary = count(summary, json.loads(raw.data), raw)
        summary = replace(summary, updated_at=raw.at, bytes=end, lines=raw.seq)
    return summary


def _remembered(folder: Path) -> SessionSummary:
    try:
        return from_json(SessionSummary, json.loads((folder / SUMMARY_NAME).read_bytes()))
    except (OSError, ValueError, EncodingError, RecursionError):
        return SessionSummary(folder.name)


def _remember(folder: Path, summary: SessionSummary) -> None:
    """Only saves time: a folder that cannot be written is counted again the next time."""
    try:
        text = canonical(to_json(summary))
        write_whole(folder / SUMMARY_NAME, text.encode(), sync=False)
    except OSError:
        return


_Data = dict[str, Any]


def _started(summary: SessionSummary, data: _Data, raw: RawLine) -> SessionSummary:
    return replace(
        summary, name=data.get("name", ""), workspace=data["workspace"], started_at=raw.at
    )


def _resumed(summary: SessionSummary, data: _Data, _raw: RawLine) -> SessionSummary:
    return replace(summary, workspace=data.get("workspace") or summary.workspace)


def _prompted(summary: SessionSummary, data: _Data, _raw: RawLine) -> SessionSummary:
    words = " ".join(data["text"][: 4 * _FIRST_WORDS].split())[:_FIRST_WORDS]
    return replace(
        summary,
        first_words=summary.first_words or words,
        turns=summary.turns + 1,
        status="interrupted",
    )


def _turn_finished(summary: SessionSummary, data: _Data, _raw: RawLine) -> SessionSummary:
    return replace(summary, status=data["status"])


def _planned(summary: SessionSummary, data: _Data, _raw: RawLine) -> SessionSummary:
    steps = data["plan"]["steps"]
    return replace(
        summary,
        steps=tuple(StepState(step["id"], step.get("status", "pending")) for step in steps),
    )


def _plan_refused(summary: SessionSummary, data: _Data, raw: RawLine) -> SessionSummary:
    """A field the log leaves out holds its default: no plan was there before."""
    kept = data.get("kept")
    return _planned(summary, {"plan": kept}, raw) if kept else replace(summary, steps=())


def _step_marked(summary: SessionSummary, data: _Data, _raw: RawLine) -> SessionSummary:
    steps = tuple(
        StepState(step.id, data["status"]) if step.id == data["step"] else step
        for step in summary.steps
    )
    return replace(summary, steps=steps)


def _charged(summary: SessionSummary, data: _Data, raw: RawLine) -> SessionSummary:
    """A field the log leaves out holds its default: a failed call cost 0 then."""
    cost = data.get("cost", 0)
    summary = replace(summary, calls=summary.calls + 1)
    if cost is None:
        return replace(summary, unknown=summary.unknown + 1)
    if data.get("included", False):
        return replace(summary, included=summary.included + cost)
    # A forked session begins with older, copied events: their days are counted at their own.
    own = raw.at >= summary.started_at
    days = _add(summary.days, raw.at, cost) if own else summary.days
    return replace(summary, cost=summary.cost + cost, days=days)


def _add(days: tuple[DaySpend, ...], at: float, cost: int) -> tuple[DaySpend, ...]:
    day = local_day(at)
    if days and days[-1].day == day:
        return (*days[:-1], DaySpend(day, days[-1].cost + cost))
    return (*days, DaySpend(day, cost))


def local_day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(at))


_COUNTS: dict[str, Callable[[SessionSummary, _Data, RawLine], SessionSummary]] = {
    "SessionStarted": _started,
    "SessionResumed": _resumed,
    "PromptReceived": _prompted,
    "TurnFinished": _turn_finished,
    "PlanMade": _planned,
    "PlanRefused": _plan_refused,
    "StepMarked": _step_marked,
    "CallReplied": _charged,
    "CallFailed": _charged,
}
