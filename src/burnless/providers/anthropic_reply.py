"""Anthropic Messages: the stream folded into one reply.

Usage: `input_tokens` is the uncached rest; the cached classes stand beside it. What compactions and
fallbacks cost stands in `usage.iterations` and is added. A stream without `message_stop` was cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from burnless.core.encoding import Json, JsonObject, canonical
from burnless.core.messages import (
    Block,
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
from burnless.providers.problems import Endpoint, cut_stream, from_event
from burnless.providers.wire import Folded, child, children, number, text

_STOPS = {
    "end_turn": StopReason.END,
    "stop_sequence": StopReason.END,
    "tool_use": StopReason.TOOL_CALLS,
    "max_tokens": StopReason.MAX_TOKENS,
    "model_context_window_exceeded": StopReason.CONTEXT,
    "refusal": StopReason.REFUSAL,
    "pause_turn": StopReason.PAUSE,
}
_TOP_LEVEL = {"message", "fallback_message"}
"""Iterations whose tokens the top fields hold already."""


@dataclass(slots=True)
class _OpenBlock:
    """A block while it is written: what opened it, and the pieces that followed."""

    opening: JsonObject
    pieces: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)


class AnthropicReply:
    """See `wire.ReplyBuilder`."""

    def __init__(self, endpoint: Endpoint, family: str) -> None:
        self._endpoint = endpoint
        self._family = family
        self._blocks: dict[int, _OpenBlock] = {}
        self._usage: JsonObject = {}
        self._served: str | None = None
        self._id = ""
        self._stop = ""
        self._whole = False

    @property
    def usage_so_far(self) -> Usage | None:
        return usage_of(self._usage) if self._usage else None

    def feed(self, event: JsonObject) -> list[Delta]:
        match event.get("type"):
            case "content_block_delta":
                return self._delta(number(event.get("index")), child(event, "delta"))
            case "content_block_start":
                return self._start(number(event.get("index")), child(event, "content_block"))
            case "message_start":
                message = child(event, "message")
                self._id = text(message.get("id"))
                self._served = text(message.get("model")) or None
                self._usage.update(child(message, "usage"))
            case "message_delta":
                self._stop = text(child(event, "delta").get("stop_reason")) or self._stop
                said = child(event, "usage")
                self._usage.update({key: n for key, n in said.items() if n is not None})
            case "message_stop":
                self._whole = True
            case "error":
                raise from_event(event, self._endpoint, billed=bool(self._blocks))
            case _:
                pass
        return []

    def finish(self) -> Folded:
        if not (self._whole and self._stop):
            raise cut_stream(self._endpoint, billed=bool(self._blocks))
        return Folded(
            tuple(_block(self._blocks[at], self._family) for at in sorted(self._blocks)),
            _STOPS.get(self._stop, StopReason.OTHER),
            self._stop,
            self.usage_so_far,
            self._served,
            self._id,
        )

    def _start(self, index: int, opening: JsonObject) -> list[Delta]:
        block = self._blocks[index] = _OpenBlock(opening)
        if opening.get("type") == "tool_use":
            return [ToolCallDelta(text(opening.get("name")), 0)]
        start = text(opening.get("text")) or text(opening.get("thinking"))
        if not start:
            return []
        block.add(start)
        return [TextDelta(start) if opening.get("type") == "text" else ReasoningDelta(start)]

    def _delta(self, index: int, delta: JsonObject) -> list[Delta]:
        block = self._blocks.setdefault(index, _OpenBlock({"type": "text"}))
        match delta.get("type"):
            case "text_delta":
                block.add(text(delta.get("text")))
                return [TextDelta(text(delta.get("text")))]
            case "thinking_delta":
                block.add(text(delta.get("thinking")))
                return [ReasoningDelta(text(delta.get("thinking")))]
            case "input_json_delta":
                block.add(text(delta.get("partial_json")))
                return [ToolCallDelta(text(block.opening.get("name")), block.length)]
            case "signature_delta":
                block.signature.append(text(delta.get("signature")))
            case _:
                pass
        return []


def usage_of(said: JsonObject) -> Usage:
    """Disjoint classes from Anthropic's fields, extra iterations included."""
    top = _classes(said)
    extra = (
        _classes(iteration)
        for iteration in children(said, "iterations")
        if iteration.get("type") not in _TOP_LEVEL
    )
    return sum(extra, top)


def _classes(said: JsonObject) -> Usage:
    by_ttl = child(said, "cache_creation")
    written = number(said.get("cache_creation_input_tokens"))
    hour = min(number(by_ttl.get("ephemeral_1h_input_tokens")), written)
    details = child(said, "output_tokens_details")
    return Usage(
        fresh=number(said.get("input_tokens")),
        cache_read=number(said.get("cache_read_input_tokens")),
        cache_write_5m=written - hour,
        cache_write_1h=hour,
        output=number(said.get("output_tokens")),
        reasoning=number(details.get("thinking_tokens") or details.get("reasoning_tokens")),
    )


def _block(block: _OpenBlock, family: str) -> Block:
    written = "".join(block.pieces)
    opening = block.opening
    match opening.get("type"):
        case "tool_use":
            start = opening.get("input")
            arguments = written or (canonical(start) if start else "{}")
            return ToolCall(text(opening.get("id")), text(opening.get("name")), arguments)
        case "text":
            return Text(written)
        case "thinking":
            signature: Json = "".join(block.signature) or opening.get("signature") or ""
            item = {"type": "thinking", "thinking": written, "signature": signature}
            return Reasoning(family, canonical(item), written)
        case _:  # redacted thinking, and what is not known yet: back as it came
            return Reasoning(family, canonical(opening))
