"""Anthropic Messages: requests as plain JSON, in cache order, with at most four breakpoints.

Cache order is tools, system, messages. Breakpoints: the system text (an hour where offered; where
it is too short, the project's), the capsule, the last user-side message and the one before it.
The provider looks back 20 blocks from a breakpoint; the one before the last stands exactly where
the last request's ended, so a hit never hangs on that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from burnless.core.encoding import Json, JsonObject
from burnless.core.messages import (
    AssistantMessage,
    Block,
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
from burnless.policy.tokens import estimate
from burnless.providers import validity
from burnless.providers.tail_memo import Group, TailMemo, UserSide
from burnless.providers.wire import Translated

PATH = "/v1/messages"
LONGEST_ID = 64

_CONTINUE: JsonObject = {"type": "text", "text": validity.CONTINUE}


def request_body(request: ModelRequest, card: ModelCard, cache: CacheSettings) -> JsonObject:
    """The body of one request, made from nothing."""
    return AnthropicTranslator(card, cache).translate(request).body


class AnthropicTranslator:
    """See `wire.Translator`. Not for two threads at once."""

    def __init__(self, card: ModelCard, cache: CacheSettings) -> None:
        self._card = card
        self._cache = cache
        self._memo = TailMemo(_user_side, _assistant, card.family)
        self._layers: _Layers | None = None

    def translate(self, request: ModelRequest) -> Translated:
        groups = self._memo.groups(request.tail)
        layers = self._layers
        if layers is None or not layers.hold_for(request):
            layers = self._layers = _Layers(request, self._card, self._cache)
        effort = request.effort or self._card.effort
        body: JsonObject = {
            "model": self._card.name,
            "max_tokens": request.max_output_tokens,
            "stream": True,
        }
        if self._card.reasoning:
            body["thinking"] = {"type": "adaptive"}
        if effort:
            body["output_config"] = {"effort": effort}
        if layers.tools:
            body["tools"] = layers.tools
        if layers.system:
            body["system"] = layers.system
        messages = _messages(groups, layers)
        body["messages"] = _with_markers(messages) if self._cache.prefix_cache else messages
        return Translated(body, sum(group.dropped for group in groups))

    def forget_reasoning(self, messages: Sequence[Message]) -> bool:
        return self._memo.forget_reasoning(messages)


class _Layers:
    """Tools, system blocks and the capsule's block, with the breakpoints they deserve.

    A layer that ends below the model's cacheable minimum gets none: the next one's covers it.
    """

    def __init__(self, request: ModelRequest, card: ModelCard, cache: CacheSettings) -> None:
        self._request = request
        self._least = card.min_cacheable
        self._marked = cache.prefix_cache
        self._first: tuple[JsonObject, JsonObject] | None = None
        ttl = "1h" if card.long_ttl and cache.ttl == "1h" else "5m"
        self._tokens = sum(
            estimate(tool.name) + estimate(tool.description) + estimate(tool.parameters)
            for tool in request.tools
        )
        self.tools: list[Json] = [_tool(tool) for tool in request.tools]
        self.system: list[Json] = []
        self.capsule: JsonObject | None = None
        if request.system.strip():
            self.system.append(self._block(request.system, ttl))
        if request.project.strip():
            # A system text that is too short for a breakpoint has it here: what follows is
            # rewritten by each compaction, and the prefix must not be rewritten with it.
            ends_the_head = not request.capsule.strip()
            own = "5m" if ends_the_head else ""
            self.system.append(self._block(request.project, own if self._is_marked else ttl))
        if request.capsule.strip():
            self.capsule = self._block(request.capsule, "5m")

    @property
    def _is_marked(self) -> bool:
        return any(isinstance(block, dict) and "cache_control" in block for block in self.system)

    def hold_for(self, request: ModelRequest) -> bool:
        mine = self._request
        return (mine.tools, mine.system, mine.project, mine.capsule) == (
            request.tools,
            request.system,
            request.project,
            request.capsule,
        )

    def before(self, item: JsonObject) -> JsonObject:
        """The first message with the capsule in front of it, made once."""
        if self.capsule is None:
            return item
        if self._first is None or self._first[0] is not item:
            self._first = (item, {**item, "content": [self.capsule, *_content(item)]})
        return self._first[1]

    def _block(self, text: str, ttl: str) -> JsonObject:
        self._tokens += estimate(text)
        block: JsonObject = {"type": "text", "text": validity.clean(text)}
        if ttl and self._marked and self._tokens >= self._least:
            block["cache_control"] = _marker(ttl)
        return block


def _marker(ttl: str) -> JsonObject:
    return {"type": "ephemeral", "ttl": ttl} if ttl == "1h" else {"type": "ephemeral"}


def _tool(tool: ToolSchema) -> JsonObject:
    return {
        "name": tool.name,
        "description": tool.description,
        "input_schema": json.loads(tool.parameters),
    }


def _messages(groups: Sequence[Group], layers: _Layers) -> list[Json]:
    """Alternating messages; the first and the last are the user's. Nothing kept is changed."""
    messages: list[Json] = []
    head: list[Json] = [layers.capsule] if layers.capsule is not None else [_CONTINUE]
    user_was_last = False
    for group in groups:
        if not group.from_user_side and not user_was_last:
            messages.append({"role": "user", "content": [_CONTINUE] if messages else head})
        item = group.items[0]
        messages.append(item if messages else layers.before(item))
        user_was_last = group.from_user_side
    if not user_was_last:
        messages.append({"role": "user", "content": [_CONTINUE] if messages else head})
    return messages


def _with_markers(messages: list[Json]) -> list[Json]:
    """Copies of the last two user messages carry the moving breakpoints."""
    marked = list(messages)
    ours = [at for at, m in enumerate(marked) if isinstance(m, dict) and m.get("role") == "user"]
    for at in ours[-2:]:
        marked[at] = _with_marker(marked[at])
    return marked


def _content(item: Json) -> list[Json]:
    content = item["content"] if isinstance(item, dict) else None
    return content if isinstance(content, list) else []


def _with_marker(message: Json) -> Json:
    content = list(_content(message))
    last = content[-1]
    if isinstance(message, dict) and isinstance(last, dict):
        content[-1] = {**last, "cache_control": _marker("5m")}
        return {**message, "content": content}
    return message


def _user_side(messages: Sequence[UserSide]) -> list[JsonObject]:
    """One message: results first, as the provider demands, then what is said."""
    results: list[Json] = []
    said: list[Json] = []
    for message in messages:
        match message:
            case ToolResult():
                results.append(_result(message))
            case Notice(text):
                said.append({"type": "text", "text": f"<notice>{validity.clean(text)}</notice>"})
            case UserMessage(text):
                shown = validity.text_or(text, validity.EMPTY_PROMPT)
                said.append({"type": "text", "text": shown})
    return [{"role": "user", "content": [*results, *said]}]


def _result(result: ToolResult) -> JsonObject:
    block: JsonObject = {
        "type": "tool_result",
        "tool_use_id": validity.tool_id(result.call_id, LONGEST_ID),
        "content": validity.text_or(result.text, validity.EMPTY_RESULT),
    }
    if result.is_error:
        block["is_error"] = True
    return block


def _assistant(message: AssistantMessage, family: str) -> tuple[list[JsonObject], int]:
    content: list[Json] = []
    dropped = 0
    ends_in_thinking = True
    for block in message.blocks:
        translated = _assistant_block(block, family)
        if translated is not None:
            content.append(translated)
            ends_in_thinking = isinstance(block, Reasoning)
        dropped += isinstance(block, Reasoning) and translated is None
    if ends_in_thinking:  # or is empty: neither is taken back
        content.append({"type": "text", "text": validity.NOTHING_VISIBLE})
    return [{"role": "assistant", "content": content}], dropped


def _assistant_block(block: Block, family: str) -> JsonObject | None:
    match block:
        case Text(text):
            return {"type": "text", "text": validity.clean(text)} if text.strip() else None
        case ToolCall(call_id, name, arguments):
            return {
                "type": "tool_use",
                "id": validity.tool_id(call_id, LONGEST_ID),
                "name": validity.tool_name(name),
                "input": validity.arguments_object(arguments),
            }
        case Reasoning(block_family, payload):
            if block_family != family:
                return None
            item: JsonObject = json.loads(payload)
            return item
