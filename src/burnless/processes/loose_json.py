"""JSON that another program printed, where neither its place nor its shape is certain."""

from __future__ import annotations

import json

from burnless.core.encoding import Json, JsonObject

_DECODER = json.JSONDecoder()


def objects_in(printed: str) -> list[JsonObject]:
    """The JSON objects that begin at the start of a line, in order; a list counts as its items.

    One document, pretty-printed or not, and one object a line are both found; what stands around
    them, and what was broken off, is skipped.
    """
    found: list[JsonObject] = []
    position = 0
    while position < len(printed):
        if printed[position] in "{[":
            parsed, end = _decode(printed, position)
            items = parsed if isinstance(parsed, list) else [parsed]
            found += [item for item in items if isinstance(item, dict)]
            position = end
        newline = printed.find("\n", position)
        position = len(printed) if newline < 0 else newline + 1
    return found


def child(parent: JsonObject | None, key: str) -> JsonObject:
    """The object under `key`; empty where there is none."""
    value = parent.get(key) if parent else None
    return value if isinstance(value, dict) else {}


def text(parent: JsonObject | None, key: str) -> str:
    value = parent.get(key) if parent else None
    return value if isinstance(value, str) else ""


def count(parent: JsonObject, key: str) -> int:
    """A number of tokens; 0 for anything that cannot be one."""
    value = parent.get(key)
    return value if type(value) is int and value > 0 else 0


def number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _decode(printed: str, position: int) -> tuple[Json, int]:
    try:
        parsed, end = _DECODER.raw_decode(printed, position)
    except (ValueError, RecursionError):
        return None, position
    return parsed, end
