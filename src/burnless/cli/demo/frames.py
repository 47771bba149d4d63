"""The stream of each wire for one scripted reply: pure, a list of server-sent event frames."""

from __future__ import annotations

from collections.abc import Iterator

from burnless.cli.demo.script import (
    CapturedRequest,
    ScriptedReply,
    Thinking,
    text_of,
)
from burnless.core.encoding import Json, JsonObject
from burnless.core.messages import StopReason, Text, ToolCall
from burnless.core.settings import Wire
from burnless.core.usage import Usage

CREATED = 1_790_000_000
"""A fixed moment, so that the same script gives the same bytes."""

PIECE = 48
"""Characters of text in one delta."""

_ANTHROPIC_STOPS = {
    StopReason.END: "end_turn",
    StopReason.TOOL_CALLS: "tool_use",
    StopReason.MAX_TOKENS: "max_tokens",
    StopReason.CONTEXT: "model_context_window_exceeded",
    StopReason.REFUSAL: "refusal",
    StopReason.PAUSE: "pause_turn",
    StopReason.OTHER: "something_new",
}
_CHAT_STOPS = {
    StopReason.END: "stop",
    StopReason.TOOL_CALLS: "tool_calls",
    StopReason.MAX_TOKENS: "length",
    StopReason.CONTEXT: "length",
    StopReason.REFUSAL: "content_filter",
    StopReason.PAUSE: "stop",
    StopReason.OTHER: "something_new",
}


def frames_of(reply: ScriptedReply, request: CapturedRequest) -> list[bytes]:
    """All frames of the reply on the wire the request came in on."""
    match request.wire:
        case Wire.ANTHROPIC:
            return list(_anthropic(reply, request))
        case Wire.RESPONSES:
            return _responses(reply, request)
        case Wire.CHAT:
            return list(_chat(reply, request))


def error_frame(event: JsonObject, wire: Wire) -> bytes:
    if wire is Wire.CHAT:
        return _data(event)
    return _event(str(event.get("type", "error")), event)


def _event(name: str, data: JsonObject) -> bytes:
    return f"event: {name}\ndata: {text_of(data)}\n\n".encode("utf-8", "replace")


def _data(data: JsonObject) -> bytes:
    return f"data: {text_of(data)}\n\n".encode("utf-8", "replace")


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def _served(reply: ScriptedReply, request: CapturedRequest) -> JsonObject:
    """The `model` entry, or none at all."""
    return {} if reply.model is None else {"model": reply.model or request.model}


def _anthropic(reply: ScriptedReply, request: CapturedRequest) -> Iterator[bytes]:
    start: JsonObject = {
        "id": f"msg_{request.number:06d}",
        "type": "message",
        "role": "assistant",
        **_served(reply, request),
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }
    if reply.usage is not None:
        start["usage"] = {**_anthropic_input(reply.usage), "output_tokens": 1}
    yield _event("message_start", {"type": "message_start", "message": start})
    yield _event("ping", {"type": "ping"})
    for index, block in enumerate(reply.blocks):
        opening, deltas = _anthropic_block(block)
        yield _event(
            "content_block_start",
            {"type": "content_block_start", "index": index, "content_block": opening},
        )
        for delta in deltas:
            yield _event(
                "content_block_delta",
                {"type": "content_block_delta", "index": index, "delta": delta},
            )
        yield _event("content_block_stop", {"type": "content_block_stop", "index": index})
    ending: JsonObject = {
        "type": "message_delta",
        "delta": {"stop_reason": _ANTHROPIC_STOPS[reply.stop_reason], "stop_sequence": None},
    }
    if reply.usage is not None:
        ending["usage"] = {
            **_anthropic_input(reply.usage),
            "output_tokens": reply.usage.output,
            "output_tokens_details": {"thinking_tokens": reply.usage.reasoning},
        }
    yield _event("message_delta", ending)
    yield _event("message_stop", {"type": "message_stop"})


def _anthropic_input(usage: Usage) -> JsonObject:
    return {
        "input_tokens": usage.fresh,
        "cache_creation_input_tokens": usage.cache_write_5m + usage.cache_write_1h,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_5m,
            "ephemeral_1h_input_tokens": usage.cache_write_1h,
        },
        "service_tier": "standard",
    }


def _anthropic_block(block: Text | Thinking | ToolCall) -> tuple[JsonObject, list[JsonObject]]:
    """The block as it opens, and its deltas."""
    match block:
        case Text(text):
            return {"type": "text", "text": ""}, [
                {"type": "text_delta", "text": piece} for piece in _pieces(text)
            ]
        case Thinking(redacted=True, signature=data):
            return {"type": "redacted_thinking", "data": data}, []
        case Thinking(text, signature):
            thoughts: list[JsonObject] = [
                {"type": "thinking_delta", "thinking": piece} for piece in _pieces(text)
            ]
            signed: JsonObject = {"type": "signature_delta", "signature": signature}
            return {"type": "thinking", "thinking": "", "signature": ""}, [*thoughts, signed]
        case ToolCall(call_id, name, arguments):
            opening: JsonObject = {"type": "tool_use", "id": call_id, "name": name, "input": {}}
            parts = ["", *_pieces(arguments)]
            return opening, [{"type": "input_json_delta", "partial_json": part} for part in parts]


def _responses(reply: ScriptedReply, request: CapturedRequest) -> list[bytes]:
    shell: JsonObject = {
        "id": f"resp_{request.number:06d}",
        "object": "response",
        "created_at": CREATED,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        **_served(reply, request),
        "output": [],
        "usage": None,
    }
    events: list[JsonObject] = [
        {"type": "response.created", "response": shell},
        {"type": "response.in_progress", "response": shell},
    ]
    output: list[Json] = []
    for index, block in enumerate(reply.blocks):
        item_id = f"item_{request.number:06d}_{index}"
        item, between = _responses_item(block, item_id, index)
        opening = {**item, "status": "in_progress"}
        events += [
            {"type": "response.output_item.added", "output_index": index, "item": opening},
            *between,
            {"type": "response.output_item.done", "output_index": index, "item": item},
        ]
        output.append(item)
    events.append(_responses_end(reply, {**shell, "output": output}))
    return [
        _event(str(event["type"]), {**event, "sequence_number": number})
        for number, event in enumerate(events)
    ]


def _responses_end(reply: ScriptedReply, response: JsonObject) -> JsonObject:
    if reply.usage is not None:
        usage = reply.usage
        written = usage.cache_write_5m + usage.cache_write_1h
        response["usage"] = {
            "input_tokens": usage.input,
            "input_tokens_details": {
                "cached_tokens": usage.cache_read,
                "cache_write_tokens": written,
            },
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": usage.reasoning},
            "total_tokens": usage.total,
        }
    if reply.stop_reason in (StopReason.MAX_TOKENS, StopReason.REFUSAL):
        cut = reply.stop_reason is StopReason.MAX_TOKENS
        details: JsonObject = {"reason": "max_output_tokens" if cut else "content_filter"}
        ended: JsonObject = {**response, "status": "incomplete", "incomplete_details": details}
        return {"type": "response.incomplete", "response": ended}
    return {"type": "response.completed", "response": {**response, "status": "completed"}}


def _responses_item(
    block: Text | Thinking | ToolCall, item_id: str, index: int
) -> tuple[JsonObject, list[JsonObject]]:
    """The finished item, and the events between its opening and its end."""
    place: JsonObject = {"item_id": item_id, "output_index": index}
    match block:
        case Text(text):
            part: JsonObject = {"type": "output_text", "annotations": [], "logprobs": []}
            here: JsonObject = {**place, "content_index": 0}
            item: JsonObject = {
                "id": item_id,
                "type": "message",
                "status": "completed",
                "role": "assistant",
                "content": [{**part, "text": text}],
            }
            opened: JsonObject = {**part, "text": ""}
            finished: JsonObject = {**part, "text": text}
            return item, [
                {"type": "response.content_part.added", **here, "part": opened},
                *(
                    {"type": "response.output_text.delta", **here, "delta": piece}
                    for piece in _pieces(text)
                ),
                {"type": "response.output_text.done", **here, "text": text},
                {"type": "response.content_part.done", **here, "part": finished},
            ]
        case Thinking(text, signature):
            summary: list[Json] = [{"type": "summary_text", "text": text}] if text else []
            item = {
                "id": item_id,
                "type": "reasoning",
                "summary": summary,
                "encrypted_content": signature or "gAAAA-scripted",
            }
            return item, [
                {
                    "type": "response.reasoning_summary_text.delta",
                    **place,
                    "summary_index": 0,
                    "delta": piece,
                }
                for piece in _pieces(text)
            ]
        case ToolCall(call_id, name, arguments):
            item = {
                "id": item_id,
                "type": "function_call",
                "status": "completed",
                "arguments": arguments,
                "call_id": call_id,
                "name": name,
            }
            kind = "response.function_call_arguments"
            return item, [
                *({"type": f"{kind}.delta", **place, "delta": p} for p in _pieces(arguments)),
                {"type": f"{kind}.done", **place, "arguments": arguments},
            ]


def _chat(reply: ScriptedReply, request: CapturedRequest) -> Iterator[bytes]:
    head: JsonObject = {
        "id": f"chatcmpl-{request.number:06d}",
        "object": "chat.completion.chunk",
        "created": CREATED,
        **_served(reply, request),
    }

    def chunk(delta: JsonObject, finish: str | None = None) -> bytes:
        return _data({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield b": PROCESSING\n\n"
    yield chunk({"role": "assistant", "content": ""})
    calls = 0
    for block in reply.blocks:
        for delta in _chat_deltas(block, calls):
            yield chunk(delta)
        calls += isinstance(block, ToolCall)
    yield chunk({}, _CHAT_STOPS[reply.stop_reason])
    options = request.json.get("stream_options")
    asked = isinstance(options, dict) and options.get("include_usage") is True
    if reply.usage is not None and asked:
        usage = reply.usage
        yield _data(
            {
                **head,
                "choices": [],
                "usage": {
                    "prompt_tokens": usage.input,
                    "completion_tokens": usage.output,
                    "total_tokens": usage.total,
                    "prompt_tokens_details": {
                        "cached_tokens": usage.cache_read,
                        "cache_write_tokens": usage.cache_write_5m + usage.cache_write_1h,
                    },
                    "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
                },
            }
        )
    yield b"data: [DONE]\n\n"


def _chat_deltas(block: Text | Thinking | ToolCall, index: int) -> Iterator[JsonObject]:
    match block:
        case Text(text):
            for piece in _pieces(text):
                yield {"content": piece}
        case Thinking(text, ""):
            for piece in _pieces(text):
                yield {"reasoning_content": piece}
        case Thinking(text, signature):
            detail: JsonObject = {"type": "reasoning.text", "format": "scripted-v1", "index": 0}
            for piece in _pieces(text):
                yield {"reasoning": piece, "reasoning_details": [{**detail, "text": piece}]}
            yield {"reasoning_details": [{**detail, "signature": signature}]}
        case ToolCall(call_id, name, arguments):
            function: JsonObject = {"name": name, "arguments": ""}
            yield {
                "tool_calls": [
                    {"index": index, "id": call_id, "type": "function", "function": function}
                ]
            }
            for piece in _pieces(arguments):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
