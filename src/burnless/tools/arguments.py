"""Typed access to a call's arguments, which were checked against the schema before."""

from __future__ import annotations

from burnless.core.encoding import Json, JsonObject


def text_of(arguments: JsonObject, key: str, default: str = "") -> str:
    value = arguments.get(key)
    return value if isinstance(value, str) else default


def number_of(arguments: JsonObject, key: str) -> float | None:
    value = arguments.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def list_of(arguments: JsonObject, key: str) -> list[Json]:
    value = arguments.get(key)
    return value if isinstance(value, list) else []


def texts_of(arguments: JsonObject, key: str) -> tuple[str, ...]:
    return tuple(item for item in list_of(arguments, key) if isinstance(item, str) and item)


def objects_of(arguments: JsonObject, key: str) -> tuple[JsonObject, ...]:
    return tuple(item for item in list_of(arguments, key) if isinstance(item, dict))
