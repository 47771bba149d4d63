"""OpenAI Responses: requests as plain JSON. Nothing is stored with the provider.

Cache order is tools, instructions, input. The project layer is a developer message, the capsule a
user message, notices are developer messages. From gpt-5.6 on the cache matches at explicit
breakpoints: the capsule, and the last two user-side items (three, beside the implicit one).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from burnless.core.encoding import Json, JsonObject
from burnless.core.messages import (
    AssistantMessage,
    Message,
    ModelRequest,
    Notice,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    ToolSchema,
    UserMessage,
)
from burnless.core.models import ModelCard
from burnless.core.settings import CacheSettings
from burnless.providers import validity
from burnless.providers.tail_memo import TailMemo, UserSide
from burnless.providers.wire import Translated

PATH = "/responses"
LONGEST_ID = 64
PHASE = "phase"
"""A payload {"phase": ...} is no thought but a label of the text after it, which has to go back."""

_BREAKPOINT: JsonObject = {"mode": "explicit"}


def request_body(request: ModelRequest, card: ModelCard, cache: CacheSettings) -> JsonObject:
    """The body of one request, made from nothing."""
    return ResponsesTranslator(card, cache).translate(request).body


class ResponsesTranslator:
    """See `wire.Translator`. Not for two threads at once."""

    def __init__(self, card: ModelCard, cache: CacheSettings) -> None:
        self._card = card
        self._marked = card.breakpoints and cache.prefix_cache
        self._memo = TailMemo(_user_side, _assistant, card.family)
        self._tools: tuple[tuple[ToolSchema, ...], list[Json]] = ((), [])

    def translate(self, request: ModelRequest) -> Translated:
        card = self._card
        groups = self._memo.groups(request.tail)
        if self._tools[0] != request.tools:
            self._tools = (request.tools, [_tool(tool) for tool in request.tools])
        body: JsonObject = {
            "model": card.name,
            "max_output_tokens": request.max_output_tokens,
            "stream": True,
            "store": False,
        }
        if card.reasoning:
            effort = request.effort or card.effort
            thinking: JsonObject = {"effort": effort} if effort else {}
            body["reasoning"] = {**thinking, "summary": "auto"}
            body["include"] = ["reasoning.encrypted_content"]
        if request.cache_key and card.first_party:
            body["prompt_cache_key"] = request.cache_key[:64]
        if request.tools:
            body["tools"] = self._tools[1]
        if request.system.strip():
            body["instructions"] = validity.clean(request.system)
        tail: list[Json] = [item for group in groups for item in group.items]
        head = _head(request)
        body["input"] = self._with_breakpoints(head, tail) if self._marked else [*head, *tail]
        return Translated(body, sum(group.dropped for group in groups))

    def forget_reasoning(self, messages: Sequence[Message]) -> bool:
        return self._memo.forget_reasoning(messages)

    def _with_breakpoints(self, head: list[Json], tail: list[Json]) -> list[Json]:
        """Copies carry the markers: the end of the head, and the ends of the last two asides."""
        marked = [*head[:-1], *(_marked(item) for item in head[-1:]), *tail]
        ends = [
            at
            for at in range(len(head), len(marked))
            if _is_user_side(marked[at])
            and (at + 1 == len(marked) or not _is_user_side(marked[at + 1]))
        ]
        for at in ends[-2:]:
            marked[at] = _marked(marked[at])
        return marked


def _head(request: ModelRequest) -> list[Json]:
    head: list[Json] = []
    if request.project.strip():
        head.append(_said("developer", request.project))
    if request.capsule.strip():
        head.append(_said("user", request.capsule))
    return head


def _said(role: str, text: str) -> JsonObject:
    content: list[Json] = [{"type": "input_text", "text": validity.clean(text)}]
    return {"type": "message", "role": role, "content": content}


def _tool(tool: ToolSchema) -> JsonObject:
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": json.loads(tool.parameters),
        "strict": False,
    }


def _is_user_side(item: Json) -> bool:
    if not isinstance(item, dict):
        return False
    return item.get("type") == "function_call_output" or item.get("role") in {"user", "developer"}


def _marked(item: Json) -> Json:
    key = "output" if isinstance(item, dict) and "output" in item else "content"
    parts = item.get(key) if isinstance(item, dict) else None
    if isinstance(item, dict) and isinstance(parts, list) and isinstance(parts[-1], dict):
        last = {**parts[-1], "prompt_cache_breakpoint": _BREAKPOINT}
        return {**item, key: [*parts[:-1], last]}
    return item


def _user_side(messages: Sequence[UserSide]) -> list[JsonObject]:
    """Results first, so that each follows its call whatever came in between."""
    results: list[JsonObject] = []
    said: list[JsonObject] = []
    for message in messages:
        match message:
            case ToolResult(call_id, text):
                shown = validity.text_or(text, validity.EMPTY_RESULT)
                results.append(
                    {
                        "type": "function_call_output",
                        "call_id": validity.tool_id(call_id, LONGEST_ID),
                        "output": [{"type": "input_text", "text": shown}],
                    }
                )
            case Notice(text):
                said.append(_said("developer", text))
            case UserMessage(text):
                said.append(_said("user", validity.text_or(text, validity.EMPTY_PROMPT)))
    return [*results, *said]


def _assistant(message: AssistantMessage, family: str) -> tuple[list[JsonObject], int]:
    items: list[JsonObject] = []
    dropped = 0
    phase: JsonObject = {}
    visible = False
    for block in message.blocks:
        match block:
            case Reasoning(block_family, payload):
                item: JsonObject = json.loads(payload)
                if block_family != family:
                    dropped += PHASE not in item
                elif PHASE in item:
                    phase = item
                else:
                    items.append(item)
            case Text(text) if text.strip():
                items.append(_reply_text(text, phase))
                phase, visible = {}, True
            case Text():
                pass
            case ToolCall(call_id, name, arguments):
                visible = True
                items.append(
                    {
                        "type": "function_call",
                        "call_id": validity.tool_id(call_id, LONGEST_ID),
                        "name": validity.tool_name(name),
                        "arguments": validity.arguments_text(arguments),
                    }
                )
    if not visible:
        # Reasoning must be followed by what it led to.
        items.append(_reply_text(validity.NOTHING_VISIBLE, {}))
    return items, dropped


def _reply_text(text: str, phase: JsonObject) -> JsonObject:
    content: list[Json] = [{"type": "output_text", "text": validity.clean(text)}]
    return {"type": "message", "role": "assistant", **phase, "content": content}
