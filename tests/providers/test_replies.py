from __future__ import annotations

from typing import Any

import pytest

from burnless.cli.demo.frames import frames_of
from burnless.core.encoding import JsonObject
from burnless.core.errors import ContextExceeded, KeyProblem, ModelProblem, SpendLimit, Temporary
from burnless.core.messages import (
    Delta,
    Reasoning,
    ReasoningDelta,
    StopReason,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from burnless.core.usage import Usage
from burnless.providers import anthropic_reply, chat_reply, responses_reply
from burnless.providers.problems import Endpoint
from burnless.providers.sse import EventReader
from burnless.providers.wire import Folded, ReplyBuilder
from tests.support.scripted_server import CapturedRequest, ScriptedReply, Thinking

ENDPOINT = Endpoint("here", "a-model", "A_KEY")
PATHS = {"anthropic": "/v1/messages", "responses": "/v1/responses", "chat": "/chat/completions"}
WIRES = list(PATHS)
ASKED = b'{"model":"a-model","stream_options":{"include_usage":true}}'


def builder(wire: str) -> ReplyBuilder:
    match wire:
        case "anthropic":
            return anthropic_reply.AnthropicReply(ENDPOINT, "family")
        case "responses":
            return responses_reply.ResponsesReply(ENDPOINT, "family")
        case _:
            return chat_reply.ChatReply(ENDPOINT, "family")


def events_of(reply: ScriptedReply, wire: str) -> list[JsonObject]:
    request = CapturedRequest(7, PATHS[wire], {}, ASKED, 0.0)
    return EventReader().feed(b"".join(frames_of(reply, request)))


def fold(events: list[Any], wire: str) -> tuple[Folded, list[Delta]]:
    reply = builder(wire)
    deltas = [delta for event in events for delta in reply.feed(event)]
    return reply.finish(), deltas


FULL = ScriptedReply(
    (
        Thinking("I should look.", "c2ln"),
        Text("Looking at both, " * 10),
        ToolCall("call_1", "read", '{"path":"a.py","why":"' + "x" * 100 + '"}'),
        ToolCall("call_2", "read", '{"path":"b.py"}'),
    ),
    usage=Usage(100, 2_000, 300, 0, 50, 20),
)
PAYLOADS = {
    "anthropic": '{"type":"thinking","thinking":"I should look.","signature":"c2ln"}',
    "responses": '{"id":"item_000007_0","type":"reasoning","summary":[{"type":"summary_text",'
    '"text":"I should look."}],"encrypted_content":"c2ln"}',
    "chat": '{"reasoning_details":[{"type":"reasoning.text","format":"scripted-v1","index":0,'
    '"text":"I should look.","signature":"c2ln"}]}',
}
RAW_STOPS = {"anthropic": "tool_use", "responses": "completed", "chat": "tool_calls"}
IDS = {"anthropic": "msg_000007", "responses": "resp_000007", "chat": "chatcmpl-000007"}


@pytest.mark.parametrize("wire", WIRES)
def test_a_whole_stream_is_one_reply(wire: str) -> None:
    folded, deltas = fold(events_of(FULL, wire), wire)
    assert folded == Folded(
        blocks=(
            Reasoning("family", PAYLOADS[wire], "I should look."),
            Text("Looking at both, " * 10),
            ToolCall("call_1", "read", '{"path":"a.py","why":"' + "x" * 100 + '"}'),
            ToolCall("call_2", "read", '{"path":"b.py"}'),
        ),
        stop=StopReason.TOOL_CALLS,
        raw_stop=RAW_STOPS[wire],
        usage=Usage(100, 2_000, 300, 0, 50, 20),
        served_model="a-model",
        response_id=IDS[wire],
    )
    assert "".join(d.text for d in deltas if isinstance(d, TextDelta)) == "Looking at both, " * 10
    assert "".join(d.text for d in deltas if isinstance(d, ReasoningDelta)) == "I should look."
    assert deltas[-1] == ToolCallDelta("read", len('{"path":"b.py"}'))


@pytest.mark.parametrize("wire", WIRES)
def test_every_cut_of_a_stream_is_temporary_and_never_a_short_reply(wire: str) -> None:
    events = events_of(FULL, wire)
    # The chat wire's reply is whole with its finish reason and usage; [DONE] adds nothing.
    needed = len(events) - (wire == "chat")
    for length in range(needed):
        with pytest.raises(Temporary):
            fold(events[:length], wire)
    assert fold(events[:needed], wire) == fold(events, wire)


@pytest.mark.parametrize("wire", WIRES)
def test_what_a_server_does_not_say_is_none(wire: str) -> None:
    folded, _ = fold(events_of(ScriptedReply((Text("hi"),), model=None, usage=None), wire), wire)
    assert (folded.usage, folded.served_model) == (None, None)


@pytest.mark.parametrize("wire", WIRES)
def test_thinking_without_a_signature_comes_through(wire: str) -> None:
    folded, _ = fold(events_of(ScriptedReply((Thinking("hm"), Text("hi"))), wire), wire)
    assert [b.text for b in folded.blocks if isinstance(b, Reasoning)] == ["hm"]


STOPS = {
    "anthropic": {
        StopReason.END,
        StopReason.MAX_TOKENS,
        StopReason.CONTEXT,
        StopReason.REFUSAL,
        StopReason.PAUSE,
        StopReason.OTHER,
    },
    "responses": {StopReason.END, StopReason.MAX_TOKENS, StopReason.REFUSAL},
    "chat": {StopReason.END, StopReason.MAX_TOKENS, StopReason.REFUSAL, StopReason.OTHER},
}


@pytest.mark.parametrize(
    ("wire", "stop"), [(wire, stop) for wire in WIRES for stop in sorted(STOPS[wire])]
)
def test_each_stop_reason_has_its_word(wire: str, stop: StopReason) -> None:
    folded, _ = fold(events_of(ScriptedReply((Text("hi"),), stop=stop), wire), wire)
    assert folded.stop is stop


def test_redacted_thinking_goes_back_as_it_came() -> None:
    events = events_of(ScriptedReply((Thinking("", "b3BhcXVl", redacted=True),)), "anthropic")
    folded, _ = fold(events, "anthropic")
    assert folded.blocks == (Reasoning("family", '{"type":"redacted_thinking","data":"b3BhcXVl"}'),)


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        (
            {
                "input_tokens": 10,
                "cache_read_input_tokens": 20,
                "cache_creation_input_tokens": 70,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": 30,
                    "ephemeral_1h_input_tokens": 40,
                },
                "output_tokens": 5,
                "output_tokens_details": {"thinking_tokens": 2},
            },
            Usage(10, 20, 30, 40, 5, 2),
        ),
        (
            {"input_tokens": 10, "cache_creation_input_tokens": 30, "output_tokens": 5},
            Usage(10, 0, 30, 0, 5),
        ),
        (
            {
                "input_tokens": 10,
                "output_tokens": 5,
                "iterations": [
                    {"type": "message", "input_tokens": 10, "output_tokens": 5},
                    {"type": "compaction", "input_tokens": 1_000, "output_tokens": 200},
                    {"type": "advisor_message", "input_tokens": 7, "output_tokens": 3},
                ],
            },
            Usage(1_017, output=208),
        ),
    ],
)
def test_anthropic_usage_is_disjoint_and_adds_what_iterations_cost(
    said: JsonObject, usage: Usage
) -> None:
    assert anthropic_reply.usage_of(said) == usage


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        (
            {
                "input_tokens": 100,
                "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30},
                "output_tokens": 9,
                "output_tokens_details": {"reasoning_tokens": 4},
            },
            Usage(10, 60, 30, 0, 9, 4),
        ),
        ({"prompt_tokens": 100, "completion_tokens": 9}, Usage(100, output=9)),
        (
            {"prompt_tokens": 100, "prompt_cache_hit_tokens": 64, "completion_tokens": 9},
            Usage(36, 64, output=9),
        ),
        (
            {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}},
            Usage(0, 5),
        ),
        ({"prompt_tokens": None, "completion_tokens": None}, Usage()),
    ],
)
def test_openai_usage_is_a_total_taken_apart(said: JsonObject, usage: Usage) -> None:
    assert responses_reply.usage_of(said) == usage


def chunk(delta: JsonObject, finish: str | None = None, **more: Any) -> JsonObject:
    choice: JsonObject = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c-1", "model": "m", "choices": [choice], **more}


DONE: JsonObject = {"object": "[DONE]"}


def test_calls_of_a_server_that_numbers_none_are_told_apart_by_id() -> None:
    events = [
        chunk({"tool_calls": [{"id": "a", "function": {"name": "read", "arguments": "{}"}}]}),
        chunk({"tool_calls": [{"id": "b", "function": {"name": "read", "arguments": '{"x"'}}]}),
        chunk({"tool_calls": [{"function": {"arguments": ":1}"}}]}),
        chunk({}, "stop"),
        DONE,
    ]
    folded, _ = fold(events, "chat")
    assert folded.blocks == (ToolCall("a", "read", "{}"), ToolCall("b", "read", '{"x":1}'))
    assert folded.stop is StopReason.TOOL_CALLS


def test_thought_signatures_on_a_call_are_kept_and_go_back_with_it() -> None:
    extra = {"google": {"thought_signature": "c2ln"}}
    call = {"index": 0, "id": "a", "function": {"name": "read", "arguments": "{}"}}
    events = [chunk({"tool_calls": [{**call, "extra_content": extra}]}, "tool_calls"), DONE]
    folded, _ = fold(events, "chat")
    assert folded.blocks == (
        Reasoning("family", '{"extra_content":{"0":{"google":{"thought_signature":"c2ln"}}}}'),
        ToolCall("a", "read", "{}"),
    )


def test_a_finish_reason_without_usage_or_done_is_a_cut() -> None:
    with pytest.raises(Temporary):
        fold([chunk({"content": "hi"}, "stop")], "chat")
    usage = {"prompt_tokens": 1, "completion_tokens": 1}
    folded, _ = fold([chunk({"content": "hi"}, "stop", usage=usage)], "chat")
    assert folded.blocks == (Text("hi"),)


def test_the_phase_of_a_text_is_kept_as_a_label_before_it() -> None:
    item = {
        "type": "message",
        "phase": "commentary",
        "content": [{"type": "output_text", "text": "hi"}],
    }
    events: list[JsonObject] = [
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {"id": "r", "status": "completed"}},
    ]
    folded, _ = fold(events, "responses")
    assert folded.blocks == (Reasoning("family", '{"phase":"commentary"}'), Text("hi"))


ERRORS: list[tuple[str, JsonObject, type[Exception]]] = [
    (
        "anthropic",
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        Temporary,
    ),
    (
        "anthropic",
        {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}},
        ModelProblem,
    ),
    (
        "anthropic",
        {"type": "error", "error": {"type": "authentication_error", "message": "no"}},
        KeyProblem,
    ),
    (
        "responses",
        {"type": "error", "code": "server_error", "message": "Oops"},
        Temporary,
    ),
    (
        "responses",
        {
            "type": "response.failed",
            "response": {"error": {"code": "context_length_exceeded", "message": "too long"}},
        },
        ContextExceeded,
    ),
    (
        "responses",
        {
            "type": "response.failed",
            "response": {"error": {"code": "insufficient_quota", "message": "pay"}},
        },
        SpendLimit,
    ),
    ("chat", {"error": {"message": "upstream failed", "code": 502}}, Temporary),
    ("chat", {"error": "something odd"}, Temporary),
]


@pytest.mark.parametrize(("wire", "event", "kind"), ERRORS)
def test_an_error_event_means_what_its_type_says(
    wire: str, event: JsonObject, kind: type[Exception]
) -> None:
    reply = builder(wire)
    with pytest.raises(kind) as caught:
        reply.feed(event)
    assert type(caught.value) is kind


@pytest.mark.parametrize("wire", WIRES)
def test_unknown_events_are_passed_over(wire: str) -> None:
    events = events_of(FULL, wire)
    strange: JsonObject = {"type": "something.new", "object": "new", "value": [1, {}]}
    assert fold([strange, *events], wire) == fold(events, wire)
