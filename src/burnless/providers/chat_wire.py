"""OpenAI Chat Completions and all that is compatible with it: requests as plain JSON.

The strictest server sets the rules: one system message, at the start; user and assistant take
turns; a tool's result follows its call. So system and project are one message, the capsule and
notices stand in the neighbouring user message.
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
from burnless.providers.tail_memo import Group, TailMemo, UserSide
from burnless.providers.wire import Translated, child

PATH = "/chat/completions"
LONGEST_ID = 40
EXTRA_CONTENT = "extra_content"
"""What Gemini's endpoint hangs on a tool call (thought signatures) and wants back with it. It is
kept in a reply's reasoning, by the call's place among the calls."""

_CACHE_CONTROL: JsonObject = {"type": "ephemeral"}


def request_body(request: ModelRequest, card: ModelCard, cache: CacheSettings) -> JsonObject:
    """The body of one request, made from nothing."""
    return ChatTranslator(card, cache).translate(request).body


class ChatTranslator:
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
        is_openai = card.provider == "openai" and card.first_party
        longest = "max_completion_tokens" if is_openai else "max_tokens"
        body: JsonObject = {
            "model": card.name,
            longest: request.max_output_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        effort = request.effort or card.effort
        if effort:
            body["reasoning_effort"] = effort
        if is_openai:
            body["store"] = False
            if request.cache_key:
                body["prompt_cache_key"] = request.cache_key[:64]
        if request.tools:
            body["tools"] = self._tools[1]
        messages = _messages(request, groups)
        body["messages"] = _with_markers(messages) if self._marked else messages
        return Translated(body, sum(group.dropped for group in groups))

    def forget_reasoning(self, messages: Sequence[Message]) -> bool:
        return self._memo.forget_reasoning(messages)


def _tool(tool: ToolSchema) -> JsonObject:
    function: JsonObject = {
        "name": tool.name,
        "description": tool.description,
        "parameters": json.loads(tool.parameters),
    }
    return {"type": "function", "function": function}


def _messages(request: ModelRequest, groups: Sequence[Group]) -> list[Json]:
    head = "\n\n".join(text for text in (request.system, request.project) if text.strip())
    messages: list[Json] = [{"role": "system", "content": validity.clean(head)}] if head else []
    capsule = validity.clean(request.capsule) if request.capsule.strip() else ""
    user_was_last = False
    for at, group in enumerate(groups):
        items: Sequence[JsonObject] = group.items
        if not group.from_user_side and not user_was_last:
            messages.append(_user(capsule if capsule and not at else validity.CONTINUE))
        elif at == 0 and capsule:
            items = _after_capsule(capsule, items)
        messages.extend(items)
        user_was_last = group.from_user_side
    if not user_was_last:
        messages.append(_user(validity.CONTINUE if groups or not capsule else capsule))
    return messages


def _after_capsule(capsule: str, items: Sequence[JsonObject]) -> list[JsonObject]:
    """The capsule in the first user message, or before whatever else a tail starts with."""
    first = items[0]
    if first["role"] == "user":
        return [_user(f"{capsule}\n\n{first['content']}"), *items[1:]]
    return [_user(capsule), *items]


def _user(text: str) -> JsonObject:
    return {"role": "user", "content": text}


def _with_markers(messages: list[Json]) -> list[Json]:
    """Copies carry cache markers, where a router passes them on to a provider that wants them.

    The system message and the ends of the last two user sides.
    """
    marked = list(messages)
    ends = [
        at
        for at, message in enumerate(marked)
        if _role(message) in {"user", "tool"}
        and (at + 1 == len(marked) or _role(marked[at + 1]) == "assistant")
    ]
    head = [0] if marked and _role(marked[0]) == "system" else []
    for at in [*head, *ends[-2:]]:
        message = marked[at]
        if isinstance(message, dict):
            part: JsonObject = {"type": "text", "text": message["content"]}
            marked[at] = {**message, "content": [{**part, "cache_control": _CACHE_CONTROL}]}
    return marked


def _role(message: Json) -> Json:
    return message.get("role") if isinstance(message, dict) else None


def _user_side(messages: Sequence[UserSide]) -> list[JsonObject]:
    """Results first, each its own message; all that is said is one user message after them."""
    results: list[JsonObject] = []
    said: list[str] = []
    for message in messages:
        match message:
            case ToolResult(call_id, text):
                results.append(
                    {
                        "role": "tool",
                        "tool_call_id": validity.tool_id(call_id, LONGEST_ID),
                        "content": validity.text_or(text, validity.EMPTY_RESULT),
                    }
                )
            case Notice(text):
                said.append(f"<notice>{validity.clean(text)}</notice>")
            case UserMessage(text):
                said.append(validity.text_or(text, validity.EMPTY_PROMPT))
    return [*results, _user("\n\n".join(said))] if said else results


def _assistant(message: AssistantMessage, family: str) -> tuple[list[JsonObject], int]:
    texts: list[str] = []
    thoughts: JsonObject = {}
    dropped = 0
    for block in message.blocks:
        match block:
            case Reasoning(block_family, payload):
                if block_family == family:
                    thoughts.update(json.loads(payload))
                else:
                    dropped += 1
            case Text(text) if text.strip():
                texts.append(validity.clean(text))
            case Text():
                pass
            case ToolCall():
                pass
    extra = child(thoughts, EXTRA_CONTENT)
    thoughts.pop(EXTRA_CONTENT, None)
    calls: list[Json] = [
        _call(call, extra.get(str(place))) for place, call in enumerate(message.calls)
    ]
    content: Json = "\n\n".join(texts) or (None if calls else validity.NOTHING_VISIBLE)
    item: JsonObject = {"role": "assistant", "content": content, **thoughts}
    if calls:
        item["tool_calls"] = calls
    return [item], dropped


def _call(call: ToolCall, extra: Json) -> JsonObject:
    function: JsonObject = {
        "name": validity.tool_name(call.name),
        "arguments": validity.arguments_text(call.arguments),
    }
    item: JsonObject = {
        "id": validity.tool_id(call.id, LONGEST_ID),
        "type": "function",
        "function": function,
    }
    return {**item, EXTRA_CONTENT: extra} if extra else item
