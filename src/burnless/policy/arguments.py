"""A model's tool arguments against the tool's schema: mended where safe, else explained."""

from __future__ import annotations

import difflib
import functools
import json
import re
from typing import cast

from burnless.core.encoding import Json, JsonObject
from burnless.core.errors import BurnlessError
from burnless.core.messages import ToolSchema
from burnless.policy.argument_shapes import (
    example_of,
    fields_of,
    inner_properties,
    kinds_of,
    objects_in,
    properties_of,
    shape_of,
    shown,
    strings_in,
)

DEEPEST = 100
"""Levels of nesting that are read; no tool takes more than four."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_DIGITS = 18
"""A longer number in a string is no line, count or size."""


class ArgumentProblem(BurnlessError):
    """Arguments a tool cannot run with; the text is for the model."""


class _Mismatch(Exception):
    """One value that does not fit. `where` is its path, `what` the problem with it; `example`
    is right arguments, where they are more than the mended value.
    """

    def __init__(self, where: str, what: str, example: Json = None) -> None:
        super().__init__(what)
        self.where = where
        self.what = what
        self.example = example


def check_arguments(schema: ToolSchema, raw: str) -> JsonObject:
    """The arguments as the tool's schema types them. Raises ArgumentProblem.

    Read: type, properties, required, enum, items, minimum, maximum, minItems, maxItems, anyOf,
    additionalProperties. Mended where only one reading is possible: "12" and 12.0 for an integer,
    "true" for a boolean, one string for a list of strings, a JSON text for a list or an object,
    null for an optional property. Arguments that are cut off are never completed.
    """
    wanted = _load(schema.parameters)
    try:
        return cast("JsonObject", _fit(_parse(raw), wanted, ""))
    except _Mismatch as mismatch:
        where = mismatch.where or "the arguments"
        problem = f"{schema.name}: {where} {mismatch.what}."
        expected = f"Expected: {schema.name}({fields_of(wanted)})"
        if mismatch.example is not None:
            example = json.dumps(mismatch.example, ensure_ascii=False)
            expected += f". For example: {schema.name}({example})"
        raise ArgumentProblem(
            f"{problem} {expected}", hint="call it again with the arguments mended"
        ) from None


@functools.lru_cache(maxsize=64)
def _load(parameters: str) -> JsonObject:
    return cast("JsonObject", json.loads(parameters))


def is_too_deep(raw: str, most: int = DEEPEST) -> bool:
    """Whether a JSON text is nested deeper than is read: reading that could exhaust the stack."""
    if raw.count("[") + raw.count("{") <= most:
        return False
    depth = 0
    for found in _BRACKETS.finditer(raw):
        sign = found.group()
        depth += (sign in "[{") - (sign in "]}")
        if depth > most:
            return True
    return False


def _parse(raw: str) -> JsonObject:
    """JSON, or none at all for a call without arguments."""
    if not raw.strip():
        return {}
    if is_too_deep(raw):
        raise _Mismatch("", f"are nested more than {DEEPEST} levels deep: write them flat")
    try:
        value = _loads(raw)
    except ValueError as error:
        cut = _is_cut(raw, error)
        advice = "they end too early, so the call was cut off: send it again, whole and shorter"
        raise _Mismatch("", f"are not valid JSON ({error}){': ' + advice if cut else ''}") from None
    inner = _decoded(value) if isinstance(value, str) else value
    if not isinstance(inner, dict):
        raise _Mismatch("", f"are {shown(value)}, not a JSON object")
    return inner


def _loads(raw: str) -> Json:
    return cast("Json", json.loads(raw, parse_constant=_refuse_constant, strict=False))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_cut(raw: str, error: Exception) -> bool:
    """Whether the text ended before the JSON did."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= len(raw.rstrip())


def _decoded(text: str) -> Json:
    """A list or an object that was sent as its JSON text; anything else is None."""
    if not text.lstrip().startswith(("[", "{")) or is_too_deep(text):
        return None
    try:
        return _loads(text)
    except ValueError:
        return None


def _fit(value: Json, wanted: JsonObject, where: str) -> Json:
    if "anyOf" in wanted:
        return _fit_any(value, objects_in(wanted["anyOf"]), where)
    kinds = kinds_of(wanted)
    if kinds:
        value = _of_kind(value, kinds, wanted, where)
    allowed = wanted.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        raise _Mismatch(where, _not_one_of(value, allowed))
    match value:
        case dict():
            return _fit_object(value, wanted, where)
        case list():
            return _fit_list(value, wanted, where)
        case int() | float() if not isinstance(value, bool):
            _check_range(value, wanted, where)
            return value
        case _:
            return value


def _fit_any(value: Json, options: list[JsonObject], where: str) -> Json:
    """An option that fits the value as it is goes before one that needs it mended."""
    for option in sorted(options, key=lambda option: not _is_exactly(value, kinds_of(option))):
        try:
            return _fit(value, option, where)
        except _Mismatch:
            continue
    shapes = " or ".join(shape_of(option) for option in options)
    raise _Mismatch(where, f"is {shown(value)}, which is neither {shapes}")


def _fit_object(value: JsonObject, wanted: JsonObject, where: str) -> JsonObject:
    properties = properties_of(wanted)
    required = strings_in(wanted.get("required"))
    fitted: JsonObject = {}
    for key, entry in value.items():
        inner = properties.get(key)
        if inner is None:
            _check_unknown(key, value, wanted, where)
            fitted[key] = entry
        elif entry is not None or key in required or "null" in kinds_of(inner):
            fitted[key] = _fit(entry, inner, f"{where}.{key}" if where else key)
    missing = [key for key in required if key not in fitted]
    if missing and where:
        raise _Mismatch(where, f"lacks {', '.join(missing)}")
    if missing:
        raise _missing(missing, value, wanted)
    return fitted


def _missing(missing: list[str], sent: JsonObject, wanted: JsonObject) -> _Mismatch:
    """What the call lacks. What was sent one level too high goes into it, in the example."""
    properties = properties_of(wanted)
    astray = {key: entry for key, entry in sent.items() if key not in properties}
    example: JsonObject = {}
    belongs: list[str] = []
    for key in strings_in(wanted.get("required")):
        inside = {name: astray[name] for name in inner_properties(properties, key) & astray.keys()}
        belongs += [name for name in astray if name in inside and key in missing]
        example[key] = example_of(properties.get(key, {}), inside if key in missing else sent[key])
    said = f"{'is' if len(missing) == 1 else 'are'} missing"
    if belongs:
        go = "goes" if len(belongs) == 1 else "go"
        said += f"; {', '.join(belongs)} {go} inside {'it' if len(missing) == 1 else 'them'}"
    return _Mismatch(", ".join(missing), said, example)


def _check_unknown(key: str, value: JsonObject, wanted: JsonObject, where: str) -> None:
    """A key that is not in the schema: a mistyped one, or one that the schema lets pass."""
    properties = properties_of(wanted)
    absent = [name for name in properties if name not in value]
    near = difflib.get_close_matches(key, absent, 1)
    missing_required = near and near[0] in strings_in(wanted.get("required"))
    if wanted.get("additionalProperties") is not False and not missing_required:
        return
    guess = f" (did you mean {near[0]!r}?)" if near else f"; known are {', '.join(properties)}"
    raise _Mismatch(where, f"{'has' if where else 'have'} an unknown key {key!r}{guess}")


def _fit_list(value: list[Json], wanted: JsonObject, where: str) -> list[Json]:
    least, most = wanted.get("minItems"), wanted.get("maxItems")
    if isinstance(least, int) and len(value) < least:
        raise _Mismatch(where, f"has {len(value)} entries; at least {least} are needed")
    if isinstance(most, int) and len(value) > most:
        raise _Mismatch(where, f"has {len(value)} entries; at most {most} are allowed")
    items = wanted.get("items")
    if not isinstance(items, dict):
        return value
    return [_fit(entry, items, f"{where}[{index}]") for index, entry in enumerate(value)]


def _check_range(value: float, wanted: JsonObject, where: str) -> None:
    least, most = wanted.get("minimum"), wanted.get("maximum")
    if isinstance(least, int | float) and value < least:
        raise _Mismatch(where, f"is {value}; the least is {least}")
    if isinstance(most, int | float) and value > most:
        raise _Mismatch(where, f"is {value}; the most is {most}")


def _of_kind(value: Json, kinds: tuple[str, ...], wanted: JsonObject, where: str) -> Json:
    """The value, or what it can only mean, as one of the kinds."""
    if _is_exactly(value, kinds):
        return value
    for kind in kinds:
        mended = _mended(value, kind, wanted)
        if mended is not None:
            return mended
    raise _Mismatch(where, f"is {shown(value)}, not {shape_of(wanted)}")


def _is_exactly(value: Json, kinds: tuple[str, ...]) -> bool:
    match value:
        case None:
            return "null" in kinds
        case bool():
            return "boolean" in kinds
        case int():
            return "integer" in kinds or "number" in kinds
        case float():
            return "number" in kinds
        case str():
            return "string" in kinds
        case list():
            return "array" in kinds
        case _:
            return "object" in kinds


def _mended(value: Json, kind: str, wanted: JsonObject) -> Json:
    match kind, value:
        case "integer", float() if value.is_integer():
            return int(value)
        case (("integer" | "number"), str()):
            return _number(value, kind)
        case "boolean", str():
            return {"true": True, "false": False}.get(value.strip().lower())
        case (("array" | "object"), str()):
            return _mended_text(value, kind, wanted)
        case _:
            return None


def _number(text: str, kind: str) -> Json:
    """The number a text spells the JSON way; "1e3", "0x10" and "1_000" are not taken."""
    body = text.strip().removeprefix("-")
    whole, point, fraction = body.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(body) > _DIGITS:
        return None
    if not point:
        return int(text) if kind == "integer" else float(text)
    if not (fraction.isascii() and fraction.isdigit()):
        return None
    number = float(text)
    if kind == "number":
        return number
    return int(number) if number.is_integer() else None


def _mended_text(text: str, kind: str, wanted: JsonObject) -> Json:
    inner = _decoded(text)
    if _is_exactly(inner, (kind,)):
        return inner
    items = wanted.get("items")
    takes_strings = isinstance(items, dict) and kinds_of(items) == ("string",)
    return [text] if kind == "array" and takes_strings else None


def _not_one_of(value: Json, allowed: list[Json]) -> str:
    known = ", ".join(json.dumps(entry, ensure_ascii=False) for entry in allowed)
    near = difflib.get_close_matches(str(value), [str(entry) for entry in allowed], 1)
    guess = f" (did you mean {near[0]!r}?)" if near else ""
    return f"is {shown(value)}, which is none of {known}{guess}"
