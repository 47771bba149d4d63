"""The scripted provider, and what most tests need of it."""

from __future__ import annotations

from collections.abc import Callable

from burnless.cli.demo.loopback import (
    ECHO,
    CapturedRequest,
    ScriptedError,
    ScriptedReply,
    ScriptedServer,
    ScriptExhausted,
    Thinking,
)
from burnless.core.messages import Text, ToolCall

__all__ = [
    "ECHO",
    "CapturedRequest",
    "ScriptExhausted",
    "ScriptedError",
    "ScriptedReply",
    "ScriptedServer",
    "Thinking",
    "calls",
    "in_turn",
    "says",
]


def says(text: str) -> ScriptedReply:
    return ScriptedReply((Text(text),))


def calls(*wanted: tuple[str, str, str]) -> ScriptedReply:
    """A reply of tool calls: (id, name, arguments as JSON text) each."""
    return ScriptedReply(tuple(ToolCall(*call) for call in wanted))


def in_turn(*replies: ScriptedReply) -> Callable[[CapturedRequest], ScriptedReply]:
    """These replies in order, whichever model is asked."""
    left = list(reversed(replies))

    def route(request: CapturedRequest) -> ScriptedReply:
        if not left:
            raise ScriptExhausted(f"no reply left for request {request.number}")
        return left.pop()

    return route
