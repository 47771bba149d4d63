"""What a process that was stopped had paid for and not used yet, read back from the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from burnless.agent.kit import Kit
from burnless.core import events as ev
from burnless.core.messages import PLANNING, AssistantMessage, Reply, Role, ToolResult
from burnless.core.session import Session

MOST_EVENTS = 120
"""How far back is looked: further than what was paid for last, nothing is unfinished."""


@dataclass(frozen=True, slots=True)
class OpenPlanning:
    """The replies of a planning that came to no plan, in order, and the results of its reads."""

    replies: tuple[Reply, ...] = ()
    results: tuple[ToolResult, ...] = ()


def open_planning(kit: Kit, reason: str) -> OpenPlanning:
    """What is left of a planning for this reason; empty where none was stopped in its middle."""
    replies: list[Reply] = []
    results: list[ToolResult] = []
    for event in newest_first(kit):
        match event:
            case ev.PlanMade() | ev.PlanningFailed() | ev.Compacted():
                break
            case ev.PlanningStarted(reason=other) if other != reason:
                break
            case ev.CallReplied(purpose=purpose) if purpose == PLANNING:
                if not _is_trusted(kit.session, event):
                    return OpenPlanning()
                replies.append(_reply(event))
            case ev.ToolFinished(call, tool, text, outcome) if tool.startswith("planner."):
                results.append(ToolResult(call, text, outcome == "error"))
            case _:
                pass
    return OpenPlanning(tuple(reversed(replies)), tuple(reversed(results)))


def unused_advice(kit: Kit, purpose: str) -> str:
    """An advice that was paid for and never told to the executor."""
    for event in newest_first(kit):
        match event:
            case ev.Consulted() | ev.CallStarted(role=Role.EXECUTOR):
                return ""
            case ev.CallReplied(purpose=given) if given == purpose:
                return event.message.text if _is_trusted(kit.session, event) else ""
            case _:
                pass
    return ""


def unanswered_reply(kit: Kit) -> Reply | None:
    """The executor's last word, where the process ended before anything was made of it."""
    session = kit.session
    if not session.in_turn or not session.tail:
        return None
    last = session.tail[-1]
    if not isinstance(last.message, AssistantMessage) or last.message.calls:
        return None
    event = kit.store.read(last.seq).event
    if isinstance(event, ev.CallReplied) and _is_trusted(session, event):
        return _reply(event)
    return None


def stopped_worker(kit: Kit) -> ev.WorkerStarted | ev.WorkerFinished | None:
    """A worker's run that no step was marked after: stopped on the way, or not judged yet."""
    for event in newest_first(kit):
        match event:
            case ev.StepMarked() | ev.PlanMade():
                return None
            case ev.WorkerStarted() | ev.WorkerFinished():
                return event
            case _:
                pass
    return None


def newest_first(kit: Kit) -> Iterator[ev.Event]:
    """Back to the user's last words."""
    newest = kit.session.seq
    for seq in range(newest, max(newest - MOST_EVENTS, 0), -1):
        event = kit.store.read(seq).event
        if isinstance(event, ev.PromptReceived):
            return
        yield event


def _reply(event: ev.CallReplied) -> Reply:
    return Reply(event.message, event.stop, event.usage, event.served, event.raw_stop)


def _is_trusted(session: Session, event: ev.CallReplied) -> bool:
    """Not the reply of a model that took the place of the one asked for."""
    if event.served is None:
        return True
    pinned = session.pins.get(event.model)
    if pinned is not None:
        return event.served == pinned
    return event.served.startswith(event.model.rpartition("/")[2])
