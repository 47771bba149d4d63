"""OpenAI Responses: the stream folded into one reply.

Usage: `input_tokens` is the total, with cached and written tokens inside. A stream without
`response.completed` or `response.incomplete` was cut.
"""

from __future__ import annotations

from burnless.core.encoding import JsonObject, canonical
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
from burnless.providers.responses_wire import PHASE
from burnless.providers.wire import Folded, child, children, number, text

_INCOMPLETE = {
    "max_output_tokens": StopReason.MAX_TOKENS,
    "max_tokens": StopReason.MAX_TOKENS,
    "content_filter": StopReason.REFUSAL,
}


class ResponsesReply:
    """See `wire.ReplyBuilder`."""

    def __init__(self, endpoint: Endpoint, family: str) -> None:
        self._endpoint = endpoint
        self._family = family
        self._items: dict[int, JsonObject] = {}
        self._calls: dict[int, tuple[str, int]] = {}
        self._began = False
        self._end: JsonObject | None = None

    @property
    def usage_so_far(self) -> Usage | None:
        said = child(self._end, "usage") if self._end else {}
        return usage_of(said) if said else None

    def feed(self, event: JsonObject) -> list[Delta]:
        match event.get("type"):
            case "response.output_text.delta" | "response.refusal.delta":
                self._began = True
                return [TextDelta(text(event.get("delta")))]
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                self._began = True
                return [ReasoningDelta(text(event.get("delta")))]
            case "response.function_call_arguments.delta":
                return self._arguments(number(event.get("output_index")), text(event.get("delta")))
            case "response.output_item.added":
                return self._added(number(event.get("output_index")), child(event, "item"))
            case "response.output_item.done":
                self._items[number(event.get("output_index"))] = child(event, "item")
            case "response.completed" | "response.incomplete":
                self._end = child(event, "response")
            case "response.failed":
                raise from_event(child(event, "response"), self._endpoint, billed=self._began)
            case "error":
                raise from_event(event, self._endpoint, billed=self._began)
            case _ if isinstance(event.get("error"), dict):
                raise from_event(event, self._endpoint, billed=self._began)
            case _:
                pass
        return []

    def finish(self) -> Folded:
        if self._end is None:
            raise cut_stream(self._endpoint, billed=self._began)
        items = [self._items[at] for at in sorted(self._items)] or children(self._end, "output")
        blocks = tuple(block for item in items for block in _blocks(item, self._family))
        stop, raw = _stop(self._end, blocks)
        return Folded(
            blocks,
            stop,
            raw,
            self.usage_so_far,
            text(self._end.get("model")) or None,
            text(self._end.get("id")),
        )

    def _added(self, index: int, item: JsonObject) -> list[Delta]:
        self._began = True
        if item.get("type") != "function_call":
            return []
        self._calls[index] = (text(item.get("name")), 0)
        return [ToolCallDelta(text(item.get("name")), 0)]

    def _arguments(self, index: int, piece: str) -> list[Delta]:
        name, length = self._calls.get(index, ("", 0))
        self._calls[index] = (name, length + len(piece))
        return [ToolCallDelta(name, length + len(piece))]


def usage_of(said: JsonObject) -> Usage:
    """Disjoint classes from a total with parts inside; the chat wire has other names for them."""
    details = child(said, "input_tokens_details") or child(said, "prompt_tokens_details")
    output = child(said, "output_tokens_details") or child(said, "completion_tokens_details")
    total = number(said.get("input_tokens") or said.get("prompt_tokens"))
    read = min(
        number(
            details.get("cached_tokens")
            or said.get("prompt_cache_hit_tokens")  # DeepSeek
            or said.get("cached_tokens")
        ),
        total,
    )
    written = min(number(details.get("cache_write_tokens")), total - read)
    # Writes of 30 minutes and of 12 hours cost the same 1.25x: one class.
    return Usage(
        fresh=total - read - written,
        cache_read=read,
        cache_write_5m=written,
        output=number(said.get("output_tokens") or said.get("completion_tokens")),
        reasoning=number(output.get("reasoning_tokens")),
    )


def _stop(response: JsonObject, blocks: tuple[Block, ...]) -> tuple[StopReason, str]:
    if response.get("status") == "incomplete":
        reason = text(child(response, "incomplete_details").get("reason"))
        return _INCOMPLETE.get(reason, StopReason.OTHER), reason or "incomplete"
    has_calls = any(isinstance(block, ToolCall) for block in blocks)
    return StopReason.TOOL_CALLS if has_calls else StopReason.END, text(response.get("status"))


def _blocks(item: JsonObject, family: str) -> list[Block]:
    match item.get("type"):
        case "message":
            said = "".join(
                text(part.get("text")) or text(part.get("refusal"))
                for part in children(item, "content")
            )
            phase = item.get(PHASE)
            label = [Reasoning(family, canonical({PHASE: phase}))] if phase else []
            return [*label, Text(said)] if said else []
        case "function_call":
            call_id = text(item.get("call_id")) or text(item.get("id"))
            arguments = text(item.get("arguments")) or "{}"
            return [ToolCall(call_id, text(item.get("name")), arguments)]
        case "reasoning":
            # `status` is the server's own note and is refused when it comes back.
            kept = {key: value for key, value in item.items() if key != "status"}
            parts = [*children(item, "summary"), *children(item, "content")]
            shown = "\n\n".join(text(part.get("text")) for part in parts)
            return [Reasoning(family, canonical(kept), shown)]
        case _:
            return []
