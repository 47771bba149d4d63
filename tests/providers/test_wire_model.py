from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from burnless.core.cancel import CancelToken
from burnless.core.messages import (
    AssistantMessage,
    Message,
    Reply,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.core.settings import CacheSettings
from burnless.providers.chat_reply import ChatReply
from burnless.providers.chat_wire import ChatTranslator
from burnless.providers.problems import Endpoint
from burnless.providers.wire_model import WireModel, Wiring
from tests.providers.cases import CHAT, request

SIGNED = {"google": {"thought_signature": "c2ln"}}


class RealClock:
    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class PlayedStream:
    events: list[dict[str, Any]]

    def chunks(self) -> Iterator[bytes]:
        for event in self.events:
            yield f"data: {json.dumps(event)}\n\n".encode()
        yield b"data: [DONE]\n\n"

    def abort(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class PlayedTransport:
    """Satisfies `Transport` with one stream after the other; keeps what was sent."""

    streams: list[PlayedStream]
    bodies: list[dict[str, Any]] = field(default_factory=list)
    sent: bool = True

    def warm(self) -> None: ...

    def open(self, body: bytes) -> PlayedStream:
        self.bodies.append(json.loads(body))
        return self.streams.pop(0)

    def abort_all(self) -> None: ...

    def close(self) -> None: ...


def called(*ids: str, response: str = "r") -> PlayedStream:
    """A reply of one call for each id, each with a signature of its own."""
    function = {"name": "read", "arguments": {"path": "a"}}
    calls = [
        {"index": at, "id": call_id, "function": function, "extra_content": {**SIGNED, "at": at}}
        for at, call_id in enumerate(ids)
    ]
    choice = {"delta": {"tool_calls": calls}, "finish_reason": "tool_calls"}
    return PlayedStream([{"id": response, "model": CHAT.name, "choices": [choice]}])


def played(*streams: PlayedStream) -> tuple[WireModel, PlayedTransport]:
    endpoint = Endpoint("deepseek", CHAT.name)
    transport = PlayedTransport(list(streams))
    translator = ChatTranslator(CHAT, CacheSettings())
    wiring = Wiring(translator, lambda: ChatReply(endpoint, CHAT.family), transport, str)
    return WireModel(CHAT, wiring, RealClock()), transport


def ask(model: WireModel, *tail: Message) -> Reply:
    return model.complete(request(UserMessage("go"), *tail), lambda delta: None, CancelToken())


def answered(message: AssistantMessage) -> list[Message]:
    return [message, *(ToolResult(call.id, "text") for call in message.calls)]


@pytest.mark.parametrize("ids", [("", ""), ("a", "a"), ("a", "", "a")])
def test_calls_without_an_id_or_with_one_id_get_one_of_their_own(ids: tuple[str, ...]) -> None:
    model, _ = played(called(*ids), called(*ids))
    first = ask(model).message.calls
    assert len({call.id for call in first}) == len(ids)
    assert all(call.id for call in first)
    assert [call.arguments for call in first] == ['{"path":"a"}'] * len(ids)
    assert ask(model).message.calls == first


def test_an_id_of_an_earlier_reply_is_replaced_and_its_signature_goes_back_with_it() -> None:
    model, transport = played(called("a", "b"), called("b", "c", response="r2"), called("z"))
    tail = answered(ask(model).message)
    tail += answered(ask(model, *tail).message)
    ask(model, *tail)
    calls = [call for m in transport.bodies[2]["messages"] for call in m.get("tool_calls", [])]
    results = [m["tool_call_id"] for m in transport.bodies[2]["messages"] if m["role"] == "tool"]
    ids = [call["id"] for call in calls]
    assert (ids[0], ids[1], ids[3]) == ("a", "b", "c")
    assert ids[2] not in {"a", "b", "c"}
    assert results == ids
    assert [call["extra_content"]["at"] for call in calls] == [0, 1, 0, 1]


def test_the_calls_of_a_reply_keep_their_order_and_names() -> None:
    model, _ = played(called("b", "a"))
    assert ask(model).message.calls == (
        ToolCall("b", "read", '{"path":"a"}'),
        ToolCall("a", "read", '{"path":"a"}'),
    )
