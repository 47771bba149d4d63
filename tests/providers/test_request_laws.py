from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burnless.core.messages import (
    AssistantMessage,
    Message,
    ModelRequest,
    Notice,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.providers.body_encoder import BodyEncoder
from tests.providers.cases import CARDS, THOUGHTS, request
from tests.providers.test_requests import translator

TEXTS = st.text(st.characters(), max_size=12)
ARGUMENTS = st.one_of(
    st.dictionaries(st.text(max_size=3), st.one_of(st.integers(), st.text(max_size=3))).map(
        json.dumps
    ),
    st.text(max_size=8),
)
BLOCKS = st.one_of(
    TEXTS.map(Text),
    st.sampled_from(list(THOUGHTS.values())),
)


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    """A session's tail as it may stand: each call is answered before anything else is said."""
    tail: list[Message] = []
    if draw(st.booleans()):
        tail.append(UserMessage(draw(TEXTS)))
    for turn in range(draw(st.integers(1, 4))):
        blocks: list[Text | Reasoning | ToolCall] = draw(st.lists(BLOCKS, max_size=3))
        calls = [
            ToolCall(f"{draw(st.sampled_from(['call_', 'f.', 'x' * 60]))}{turn}{at}", name, args)
            for at, (name, args) in enumerate(
                draw(
                    st.lists(st.tuples(st.sampled_from(["read", "a.b", ""]), ARGUMENTS), max_size=3)
                )
            )
        ]
        tail.append(AssistantMessage((*blocks, *calls)))
        tail.extend(ToolResult(call.id, draw(TEXTS), draw(st.booleans())) for call in calls)
        said = draw(
            st.lists(st.tuples(st.booleans(), TEXTS), min_size=0 if calls else 1, max_size=2)
        )
        tail.extend(Notice(text) if notice else UserMessage(text) for notice, text in said)
    return tail


def requests_of(tail: list[Message], capsule: str) -> list[ModelRequest]:
    """All requests a session with this tail may have sent, in order."""
    open_calls: set[str] = set()
    sent: list[ModelRequest] = []
    for at, message in enumerate(tail):
        if isinstance(message, AssistantMessage):
            open_calls = {call.id for call in message.calls}
            continue
        if isinstance(message, ToolResult):
            open_calls.discard(message.call_id)
        if not open_calls:
            sent.append(request(*tail[: at + 1], capsule=capsule))
    return sent


def cached_text(body: dict[str, Any]) -> str:
    """What a provider caches, in its order, without markers: an extension is a longer text."""
    pieces = [spelled(body.get("tools")), spelled(body.get("instructions"))]
    pieces += [spelled(block) for block in body.get("system", [])]
    for message in body.get("messages", body.get("input", [])):
        rest = {key: value for key, value in message.items() if key != "content"}
        pieces += [f"\n{spelled(rest)}: ", *content_texts(message.get("content"), body)]
    return "".join(pieces)


def content_texts(content: Any, body: dict[str, Any]) -> list[str]:
    """A chat text is spelled alike whether it is marked or not."""
    if isinstance(content, str):
        return [content]
    parts = content or []
    is_chat = "stream_options" in body
    return [part["text"] if is_chat else spelled(part) for part in parts]


def spelled(value: Any) -> str:
    return json.dumps(unmarked(value))


def unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        markers = {"cache_control", "prompt_cache_breakpoint"}
        return {key: unmarked(item) for key, item in value.items() if key not in markers}
    return [unmarked(item) for item in value] if isinstance(value, list) else value


def markers_in(value: Any) -> int:
    if isinstance(value, dict):
        own = sum(key in {"cache_control", "prompt_cache_breakpoint"} for key in value)
        return own + sum(markers_in(item) for item in value.values())
    return sum(markers_in(item) for item in value) if isinstance(value, list) else 0


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        mine = [value["text"]] if value.get("type") == "text" else []
        return mine + [text for item in value.values() for text in texts_in(item)]
    return [text for item in value for text in texts_in(item)] if isinstance(value, list) else []


LAW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


@pytest.mark.parametrize("card", CARDS)
@LAW
@given(tail=conversations(), capsule=st.sampled_from(["", "# Capsule " * 12]))
def test_each_request_extends_the_one_before(card: str, tail: list[Message], capsule: str) -> None:
    wire = translator(CARDS[card])
    before = ""
    for request_now in requests_of(tail, capsule):
        now = cached_text(dict(wire.translate(request_now).body))
        assert now.startswith(before)
        before = now


@pytest.mark.parametrize("card", CARDS)
@LAW
@given(tail=conversations(), capsule=st.sampled_from(["", "# Capsule " * 12]))
def test_a_kept_translation_is_the_one_made_from_nothing(
    card: str, tail: list[Message], capsule: str
) -> None:
    wire = translator(CARDS[card])
    encoder = BodyEncoder()
    for request_now in requests_of(tail, capsule):
        kept = wire.translate(request_now)
        assert kept == translator(CARDS[card]).translate(request_now)
        assert json.loads(encoder.encode(kept.body)) == kept.body


@pytest.mark.parametrize("card", CARDS)
@LAW
@given(tail=conversations(), capsule=st.sampled_from(["", "# Capsule " * 12]))
def test_at_most_four_markers_and_no_blank_text_is_sent(
    card: str, tail: list[Message], capsule: str
) -> None:
    for request_now in requests_of(tail, capsule):
        body = translator(CARDS[card]).translate(request_now).body
        assert markers_in(body) <= 4
        assert all(text.strip() for text in texts_in(body))
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("card", ["anthropic", "chat", "routed"])
@LAW
@given(tail=conversations(), capsule=st.sampled_from(["", "# Capsule " * 12]))
def test_user_and_assistant_take_turns(card: str, tail: list[Message], capsule: str) -> None:
    for request_now in requests_of(tail, capsule):
        body: dict[str, Any] = dict(translator(CARDS[card]).translate(request_now).body)
        roles = [message["role"] for message in body["messages"]]
        if card != "anthropic":
            assert roles.pop(0) == "system"
            assert "system" not in roles
        told = [role for role in roles if role != "tool"]
        assert told[0] == "user"
        assert not any(one == two == "user" for one, two in itertools.pairwise(roles))
        assert not any(one == two == "assistant" for one, two in itertools.pairwise(roles))
        assert roles[-1] in {"user", "tool"}


@LAW
@given(tail=conversations())
def test_every_call_is_answered_in_the_very_next_message(tail: list[Message]) -> None:
    last = requests_of(tail, "")[-1:]
    for request_now in last:
        body: dict[str, Any] = dict(translator(CARDS["anthropic"]).translate(request_now).body)
        messages = body["messages"]
        for message, answer in itertools.pairwise(messages):
            asked = [b["id"] for b in message["content"] if b["type"] == "tool_use"]
            results = [b for b in answer["content"] if b["type"] == "tool_result"]
            assert sorted(asked) == sorted(b["tool_use_id"] for b in results)
            assert answer["content"][: len(results)] == results


def test_a_step_translates_only_what_is_new() -> None:
    tail: list[Message] = [UserMessage("go")]
    wire = translator(CARDS["anthropic"])
    for step in range(30):
        call = ToolCall(f"c{step}", "read", "{}")
        tail += [AssistantMessage((call,)), ToolResult(call.id, "text")]
    first: dict[str, Any] = dict(wire.translate(request(*tail)).body)
    tail += [AssistantMessage((Text("done"),)), UserMessage("more")]
    second: dict[str, Any] = dict(wire.translate(request(*tail)).body)
    kept = [one is two for one, two in zip(first["messages"], second["messages"], strict=False)]
    # All but the two that carried the moving markers are the same objects.
    assert kept.count(False) == 2
    assert len(kept) == len(first["messages"])


def test_a_changed_message_is_translated_anew() -> None:
    wire = translator(CARDS["chat"])
    wire.translate(request(UserMessage("one"), AssistantMessage((Text("a"),)), UserMessage("b")))
    other = request(UserMessage("two"), AssistantMessage((Text("a"),)), UserMessage("b"))
    assert wire.translate(other) == translator(CARDS["chat"]).translate(other)


def test_a_layer_below_the_cacheable_minimum_shares_the_next_breakpoint() -> None:
    big = request(UserMessage("go"), capsule="capsule " * 4000, project="project " * 10)
    card = replace(CARDS["anthropic"], min_cacheable=4096)
    body: dict[str, Any] = dict(translator(card).translate(big).body)
    assert [("cache_control" in block) for block in body["system"]] == [False, False]
    assert "cache_control" in body["messages"][0]["content"][0]
