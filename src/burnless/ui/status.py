"""The status line and what the engine is doing right now, as plain text."""

from __future__ import annotations

import time
from pathlib import Path

from burnless.core import events as ev
from burnless.core.messages import ReasoningDelta, Role, TextDelta, ToolCallDelta
from burnless.core.models import ModelCard
from burnless.core.protocols import CommandOutput, Signal, Waiting
from burnless.core.session import Session
from burnless.core.usage import dollars_text
from burnless.ui.cost_report import money
from burnless.ui.engine import Engine
from burnless.ui.lines import clip, one_line
from burnless.ui.tool_view import target_of

_SPINNER = "|/-\\"


def status_text(engine: Engine, branch: str, columns: int) -> str:
    """Role ▸ model served · mode · context used · cost / limit · git branch, cut to fit.

    What is most needed stands first, so that a narrow terminal still shows it.
    """
    session = engine.session
    parts = [
        _who(engine),
        engine.mode.value,
        _context(session, engine.cards.get(Role.EXECUTOR)),
        _cost(engine),
        branch,
    ]
    return clip(" · ".join(part for part in parts if part), columns)


def _who(engine: Engine) -> str:
    card = engine.cards.get(Role.EXECUTOR)
    if card is None:
        return ""
    if isinstance(card, str):
        return f"executor ▸ {one_line(card)}"
    return f"executor ▸ {engine.session.pins.get(card.id, card.name)}"


def _context(session: Session, card: ModelCard | str | None) -> str:
    if not isinstance(card, ModelCard) or not card.window:
        return ""
    return f"context {session.context_tokens / card.window:.0%}"


def _cost(engine: Engine) -> str:
    """Against the limit that is set: of the task, else of the session."""
    session, budget = engine.session, engine.settings.budget
    if budget.max_cost_per_task is not None:
        return f"{money(session.turn_spend)} / {dollars_text(budget.max_cost_per_task)} a task"
    spent = money(session.total_spend)
    if budget.max_cost_per_session is not None:
        return f"{spent} / {dollars_text(budget.max_cost_per_session)}"
    return spent


def git_branch(folder: Path) -> str:
    """The branch `folder` is on, a short hash when detached, "" outside git. No process."""
    for place in (folder, *folder.parents):
        head = _head_file(place / ".git")
        if head is None:
            continue
        try:
            text = head.read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""
        return one_line(
            text.removeprefix("ref: refs/heads/") if text.startswith("ref") else text[:8]
        )
    return ""


def _head_file(marker: Path) -> Path | None:
    """`.git` is a folder, or in a worktree a file that names it."""
    if marker.is_dir():
        return marker / "HEAD"
    if not marker.is_file():
        return None
    try:
        text = marker.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return marker.parent / text.removeprefix("gitdir:").strip() / "HEAD"


def waiting_text(waiting: Waiting) -> str:
    """A wait with its limit; without one it is only something to know."""
    if not waiting.seconds:
        return waiting.reason
    return f"waiting, {waiting.seconds:.0f}s at most: {waiting.reason}"


class Activity:
    """What is going on, for the one line that lives at the bottom while a turn runs."""

    def __init__(self) -> None:
        self._what = "starting"
        self._since = time.monotonic()
        self._ticks = 0

    def note(self, event: ev.Event) -> None:
        match event:
            case ev.CallStarted():
                self._now(f"{event.role} ▸ {event.model}")
            case ev.ToolStarted():
                self._now(f"{event.tool} {target_of(event.arguments)}")
            case ev.WorkerStarted():
                self._now(f"worker {event.command}")
            case ev.ToolFinished() | ev.CallReplied():
                self._now("working")
            case _:
                pass

    def signal(self, role: Role, signal: Signal) -> None:
        match signal:
            case Waiting():
                self._now(waiting_text(signal))
            case CommandOutput():
                rows = [row for row in signal.text.splitlines() if row.strip()]
                self._what = rows[-1] if rows else self._what
            case ToolCallDelta():
                self._what = f"{role} writes {signal.name} ({signal.characters:,} characters)"
            case ReasoningDelta():
                self._what = f"{role} is thinking"
            case TextDelta():
                self._what = f"{role} is writing"

    def text(self, typed: str, queued: int) -> str:
        """`typed` is what the user has written meanwhile, `queued` how many prompts wait."""
        self._ticks += 1
        spinner = _SPINNER[self._ticks % len(_SPINNER)]
        seconds = time.monotonic() - self._since
        text = f"{spinner} {one_line(self._what)} · {seconds:.0f}s"
        waiting = f" · {queued} queued" if queued else ""
        return f"{text}{waiting} > {typed}" if typed else f"{text}{waiting} · Esc interrupts"

    def _now(self, what: str) -> None:
        self._what = what
        self._since = time.monotonic()
