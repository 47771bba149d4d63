"""OpenAI Chat Completions and its kin: the stream folded into one reply.

Servers differ in where they put thinking: `reasoning_content` (DeepSeek, llama.cpp),
`reasoning` (vLLM, Ollama), `reasoning_details` (OpenRouter, signed, to be sent back as they came).
A stream without a finish reason was cut; so was one that had neither `[DONE]` nor usage after it.
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
from burnless.providers.chat_wire import EXTRA_CONTENT
from burnless.providers.problems import Endpoint, cut_stream, from_event
from burnless.providers.responses_reply import usage_of
from burnless.providers.sse import DONE
from burnless.providers.wire import Folded, child, children, number, text

_STOPS = {
    "stop": StopReason.END,
    "eos": StopReason.END,
    "tool_calls": StopReason.TOOL_CALLS,
    "function_call": StopReason.TOOL_CALLS,
    "length": StopReason.MAX_TOKENS,
    "content_filter": StopReason.REFUSAL,
}
_PLAIN_THINKING = ("reasoning_content", "reasoning")
_JOINED = ("text", "summary", "data")
"""Parts of a reasoning detail that arrive in pieces."""


@dataclass(slots=True)
class _OpenCall:
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    extra: Json = None


class ChatReply:
    """See `wire.ReplyBuilder`."""

    def __init__(self, endpoint: Endpoint, family: str) -> None:
        self._endpoint = endpoint
        self._family = family
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._thinking_key = ""
        self._details: list[JsonObject] = []
        self._calls: dict[int, _OpenCall] = {}
        self._usage: JsonObject = {}
        self._served: str | None = None
        self._id = ""
        self._stop = ""
        self._done = False

    @property
    def usage_so_far(self) -> Usage | None:
        return usage_of(self._usage) if self._usage else None

    def feed(self, event: JsonObject) -> list[Delta]:
        if event.get("object") == DONE:
            self._done = True
            return []
        if event.get("error"):
            raise from_event(event, self._endpoint, billed=self._began)
        self._id = self._id or text(event.get("id"))
        self._served = text(event.get("model")) or self._served
        self._usage = child(event, "usage") or self._usage
        deltas: list[Delta] = []
        for choice in children(event, "choices")[:1]:
            deltas += self._delta(child(choice, "delta"))
            self._usage = child(choice, "usage") or self._usage
            self._stop = text(choice.get("finish_reason")) or self._stop
        return deltas

    def finish(self) -> Folded:
        ended = self._done or bool(self._usage)
        if not (self._stop and ended):
            raise cut_stream(self._endpoint, billed=self._began)
        if self._stop == "error":
            raise from_event({"message": "error"}, self._endpoint, billed=self._began)
        calls = [
            ToolCall(call.id, call.name, "".join(call.pieces) or "{}")
            for _, call in sorted(self._calls.items())
        ]
        stop = _STOPS.get(self._stop, StopReason.OTHER)
        if calls and stop is StopReason.END:
            stop = StopReason.TOOL_CALLS
        said = "".join(self._text)
        blocks: list[Block] = [*self._reasoning(), *([Text(said)] if said else []), *calls]
        return Folded(tuple(blocks), stop, self._stop, self.usage_so_far, self._served, self._id)

    @property
    def _began(self) -> bool:
        return bool(self._text or self._thinking or self._details or self._calls)

    def _delta(self, delta: JsonObject) -> list[Delta]:
        deltas: list[Delta] = []
        self._details += children(delta, "reasoning_details")
        for key in _PLAIN_THINKING:
            thought = text(delta.get(key))
            if thought:
                self._thinking.append(thought)
                self._thinking_key = self._thinking_key or key
                deltas.append(ReasoningDelta(thought))
                break
        piece = text(delta.get("content")) or text(delta.get("refusal"))
        if piece:
            self._text.append(piece)
            deltas.append(TextDelta(piece))
        return deltas + [self._call(call) for call in children(delta, "tool_calls")]

    def _call(self, said: JsonObject) -> ToolCallDelta:
        call = self._calls.setdefault(self._index(said), _OpenCall())
        function = child(said, "function")
        call.id = call.id or text(said.get("id"))
        call.name = call.name or text(function.get("name"))
        call.extra = said.get(EXTRA_CONTENT) or call.extra
        arguments = function.get("arguments")
        piece = canonical(arguments) if isinstance(arguments, dict) else text(arguments)
        call.pieces.append(piece)
        call.length += len(piece)
        return ToolCallDelta(call.name, call.length)

    def _index(self, said: JsonObject) -> int:
        """Some servers give each whole call index 0, or none: a new id is a new call."""
        index = said.get("index")
        at = number(index) if index is not None else max(len(self._calls) - 1, 0)
        known = self._calls.get(at)
        new_id = text(said.get("id"))
        if known is None or not new_id or not known.id or known.id == new_id:
            return at
        same = [place for place, call in self._calls.items() if call.id == new_id]
        return same[0] if same else max(self._calls) + 1

    def _reasoning(self) -> list[Reasoning]:
        payload: JsonObject = {}
        shown = "".join(self._thinking)
        if self._details:
            merged = _merged(self._details)
            payload["reasoning_details"] = list(merged)
            shown = shown or "".join(text(d.get("text") or d.get("summary")) for d in merged)
        elif shown:
            payload[self._thinking_key] = shown
        # By the call's place: its id may have to be replaced by one that was not used before.
        places = enumerate(self._calls[at] for at in sorted(self._calls))
        extra: JsonObject = {str(place): call.extra for place, call in places if call.extra}
        if extra:
            payload[EXTRA_CONTENT] = extra
        return [Reasoning(self._family, canonical(payload), shown)] if payload else []


def _merged(details: list[JsonObject]) -> list[JsonObject]:
    """Pieces of one detail joined: neighbours of one index and type."""
    merged: list[JsonObject] = []
    for detail in details:
        last = merged[-1] if merged else {}
        joins = bool(last) and detail.get("index") is not None
        if joins and all(last.get(key) == detail.get(key) for key in ("index", "type")):
            for key, value in detail.items():
                if key in _JOINED and isinstance(value, str):
                    last[key] = text(last.get(key)) + value
                elif value is not None:
                    last[key] = value
        else:
            merged.append(dict(detail))
    return merged
