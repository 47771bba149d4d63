"""Tool schemas in a few words, and examples of what fits them: what a model is told."""

from __future__ import annotations

import json

from burnless.core.encoding import Json, JsonObject

_QUOTED = 60
"""Characters of a wrong value that are shown back."""


def shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def fields_of(wanted: JsonObject) -> str:
    required = strings_in(wanted.get("required"))
    return ", ".join(
        f"{name}{'' if name in required else '?'}: {shape_of(inner)}"
        for name, inner in properties_of(wanted).items()
    )


def shape_of(wanted: JsonObject) -> str:
    """A schema in a few words: `[{old: string, new: string}]`, `"a" | "b"`, `integer`."""
    if "anyOf" in wanted:
        return " | ".join(shape_of(option) for option in objects_in(wanted["anyOf"]))
    allowed = wanted.get("enum")
    if isinstance(allowed, list):
        return " | ".join(json.dumps(entry, ensure_ascii=False) for entry in allowed)
    kinds = kinds_of(wanted)
    if kinds == ("array",):
        items = wanted.get("items")
        return f"[{shape_of(items) if isinstance(items, dict) else 'any'}, …]"
    if kinds == ("object",) and properties_of(wanted):
        return "{" + fields_of(wanted) + "}"
    return " | ".join(kinds) or "any"


def kinds_of(wanted: JsonObject) -> tuple[str, ...]:
    kind = wanted.get("type")
    return (kind,) if isinstance(kind, str) else strings_in(kind)


def strings_in(value: Json) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, list) else ()


def objects_in(value: Json) -> list[JsonObject]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def properties_of(wanted: JsonObject) -> dict[str, JsonObject]:
    found = wanted.get("properties")
    if not isinstance(found, dict):
        return {}
    return {key: entry for key, entry in found.items() if isinstance(entry, dict)}


def inner_properties(properties: dict[str, JsonObject], key: str) -> set[str]:
    """The names in the object that stands under `key`, in a list or not."""
    wanted = properties.get(key, {})
    items = wanted.get("items")
    return set(properties_of(items if isinstance(items, dict) else wanted))


def example_of(wanted: JsonObject, sent: Json) -> Json:
    """A value of this shape, with what was sent where it is short and belongs there."""
    allowed = wanted.get("enum")
    if isinstance(allowed, list):
        return allowed[0]
    match kinds_of(wanted):
        case ("string", *_):
            return sent if isinstance(sent, str) and 0 < len(sent) <= _QUOTED else "…"
        case ("array", *_):
            items = wanted.get("items")
            return [example_of(items, sent)] if isinstance(items, dict) else []
        case ("object", *_):
            known = sent if isinstance(sent, dict) else {}
            properties = properties_of(wanted)
            return {
                key: example_of(properties.get(key, {}), known.get(key))
                for key in strings_in(wanted.get("required"))
            }
        case ("boolean", *_):
            return True
        case ("integer" | "number", *_):
            return 1
        case _:
            return "…"
