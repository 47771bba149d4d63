"""Sessions made of events, without a log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from burnless.core import events as ev
from burnless.core.messages import AssistantMessage, Block, Role, StopReason, Text, ToolCall
from burnless.core.session import Session
from burnless.core.usage import Usage


def fold(events: Iterable[ev.Event]) -> Session:
    session = Session()
    for seq, event in enumerate(events, 1):
        session.apply(ev.Recorded(seq, float(seq), event))
    return session


def record(session: Session, *events: ev.Event) -> None:
    for event in events:
        session.apply(ev.Recorded(session.seq + 1, 0.0, event))


def reply(
    text: str = "",
    *calls: str,
    usage: Usage | None = None,
    role: Role = Role.EXECUTOR,
    purpose: str = "",
) -> ev.CallReplied:
    """A reply of the executor with text and one `read` for each call id."""
    blocks: list[Block] = [Text(text)] if text else []
    blocks += [ToolCall(call, "read", f'{{"path": "{call}"}}') for call in calls]
    return ev.CallReplied(
        call="c",
        role=role,
        tier="silver",
        model="test/model",
        served=None,
        message=AssistantMessage(tuple(blocks)),
        stop=StopReason.END,
        usage=usage,
        cost=0,
        purpose=purpose,
    )


def finished(call: str, text: str = "ok", **fields: Any) -> ev.ToolFinished:
    return ev.ToolFinished(call, "read", text, **fields)


def exchange(call: str, result: str, text: str = "") -> list[ev.Event]:
    return [reply(text, call), finished(call, result)]
