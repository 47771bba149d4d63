"""Sessions made of events, without a log."""

from collections.abc import Iterable

from burnless.core import events as ev
from burnless.core.messages import (
    AssistantMessage,
    Role,
    StopReason,
    Text,
    ToolCall,
)
from burnless.core.session import (
    Session,
)
from burnless.core.usage import Usage


def fold(log: Iterable[ev.Event]) -> Session:
    session = Session()
    for seq, event in enumerate(log, 1):
        session.apply(ev.Recorded(seq, float(seq), event))
    return session


def reply(
    *calls: str,
    text: str = "words",
    role: Role = Role.EXECUTOR,
    purpose: str = "",
    usage: Usage | None = None,
    cost: int | None = 0,
    included: bool = False,
    call: str = "c",
) -> ev.CallReplied:
    blocks = (Text(text), *(ToolCall(i, "read", "{}") for i in calls))
    return ev.CallReplied(
        call,
        role,
        "silver",
        "m",
        None,
        AssistantMessage(blocks),
        StopReason.END,
        usage,
        cost,
        purpose=purpose,
        included=included,
    )
