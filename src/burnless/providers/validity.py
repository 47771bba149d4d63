"""What keeps a history sendable: a model may have written what no provider takes back.

Everything here depends on the value alone, so that a message is translated the same each time.
"""

from __future__ import annotations

import hashlib
import json
import re

from burnless.core.encoding import Json, JsonObject, canonical
from burnless.policy.arguments import is_too_deep

EMPTY_RESULT = "(no output)"
EMPTY_PROMPT = "(empty message)"
NOTHING_VISIBLE = "(no visible reply)"
CONTINUE = "(continue)"
"""Stands between two replies, or after the last: no wire takes two assistants in a row."""

UNPARSED = "unparsed_arguments"
"""The key under which arguments that are no JSON object go back to the model that wrote them."""

_ID = re.compile(r"[a-zA-Z0-9_-]+")
_BAD_NAME_CHARACTERS = re.compile(r"[^a-zA-Z0-9_-]")


def clean(text: str) -> str:
    """The text as it can be written in UTF-8: each lone surrogate becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text


def clean_json(value: Json) -> Json:
    """Plain JSON with every text in it cleaned."""
    match value:
        case str():
            return clean(value)
        case list():
            return [clean_json(item) for item in value]
        case dict():
            return {clean(key): clean_json(item) for key, item in value.items()}
        case _:
            return value


def text_or(text: str, instead: str) -> str:
    """The cleaned text, or `instead` where only white space is left: providers refuse that."""
    return clean(text) if text.strip() else instead


def tool_id(call_id: str, longest: int) -> str:
    """The id itself where every provider takes it, else one made from it, always the same.

    Anthropic allows letters, digits, "_" and "-"; OpenAI allows 64 characters in Responses and 40
    in Chat Completions.
    """
    if len(call_id) <= longest and _ID.fullmatch(call_id):
        return call_id
    return "call_" + hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def tool_name(name: str) -> str:
    """A name all providers take back: a model may have called a tool that cannot exist."""
    return _BAD_NAME_CHARACTERS.sub("_", name)[:64] or "unnamed"


def arguments_object(arguments: str) -> JsonObject:
    """Arguments as an object. What is none is wrapped, so that the model sees what it wrote."""
    value = _parsed(arguments)
    return {UNPARSED: clean(arguments)} if value is None else _cleaned(value)


def arguments_text(arguments: str) -> str:
    """Arguments as the text of an object: as the model wrote them where they are one."""
    value = _parsed(arguments)
    if value is None:
        return canonical({UNPARSED: clean(arguments)})
    if not value or _cleaned(value) is not value:
        return canonical(_cleaned(value))
    return clean(arguments)


def _parsed(arguments: str) -> JsonObject | None:
    """None for what no strict parser takes as an object; nothing at all is an empty one."""
    if is_too_deep(arguments):
        return None
    try:
        value = json.loads(arguments) if arguments.strip() else {}
        json.dumps(value, allow_nan=False)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _cleaned(value: JsonObject) -> JsonObject:
    """The same object where nothing in it had to be cleaned."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return {clean(key): clean_json(item) for key, item in value.items()}
    return value
