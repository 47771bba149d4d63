"""Frozen dataclasses to JSON and back, and the one canonical spelling of JSON."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Literal, TypeAlias, TypeVar, Union

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"

_T = TypeVar("_T")
_Kind: TypeAlias = Any  # a class or a typing form: typing has no name for "either"
_Decode = Callable[[Any], Any]


class EncodingError(ValueError):
    """Stored JSON does not have the shape of the type it is read as."""


def canonical(value: Any) -> str:
    """One line of compact JSON, key order kept: the bytes that are hashed and stored.

    Lone surrogates cannot be written as UTF-8, so they are replaced by U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _SURROGATE.sub("\ufffd", text) if _has_surrogate(text) else text


def to_json(value: Any) -> Any:
    """A dataclass, enum, tuple or mapping as plain JSON. A dataclass in a union is tagged `type`.

    Fields that hold their default are left out, so that adding a field keeps old bytes.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        encoded: dict[str, Any] = {}
        for name, default in _defaults(type(value)):
            item = getattr(value, name)
            if item is not default and item != default:
                encoded[name] = to_json(item)
        return encoded
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_tagged(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return value


def from_json(wanted: type[_T], value: Any) -> _T:
    """Read plain JSON as `wanted`. Raises EncodingError on any other shape."""
    try:
        kind: _Kind = wanted
        return typing.cast("_T", _decoder(kind)(value))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EncodingError(f"not a {wanted.__name__}: {error}") from error


_UNSET = object()
_SURROGATE = re.compile("[\ud800-\udfff]")


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _tagged(item: Any) -> Any:
    """Items of a tuple may be of several classes: say which."""
    encoded = to_json(item)
    if dataclasses.is_dataclass(item) and getattr(type(item), "TAGGED", False):
        return {"type": type(item).__name__, **encoded}
    return encoded


@functools.cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    pairs = []
    for field in dataclasses.fields(kind):
        default = field.default
        if default is dataclasses.MISSING and field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        pairs.append((field.name, _UNSET if default is dataclasses.MISSING else default))
    return tuple(pairs)


@functools.cache
def _decoder(kind: _Kind) -> _Decode:
    origin: _Kind = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union_decoder(typing.get_args(kind))
    if origin is tuple:
        return _tuple_decoder(typing.get_args(kind))
    if origin is Literal:
        return functools.partial(_literal, typing.get_args(kind))
    if origin in (dict, Mapping):
        item = _decoder(typing.get_args(kind)[1])
        return lambda value: {str(key): item(entry) for key, entry in value.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    return functools.partial(_plain, kind)


def _plain(kind: _Kind, value: Any) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind is Any or kind is object or type(value) is kind:
        return value
    raise EncodingError(f"{value!r} is not {getattr(kind, '__name__', kind)}")


def _literal(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise EncodingError(f"{value!r} is none of {allowed}")
    return value


def _tuple_decoder(arguments: tuple[Any, ...]) -> _Decode:
    if arguments[1:] == (Ellipsis,):
        item = _decoder(arguments[0])
        return lambda value: tuple(item(entry) for entry in value)
    items = tuple(_decoder(argument) for argument in arguments)
    return lambda value: tuple(decode(entry) for decode, entry in zip(items, value, strict=True))


def _union_decoder(members: tuple[Any, ...]) -> _Decode:
    classes: dict[str, _Kind] = {
        member.__name__: member
        for member in members
        if isinstance(member, type) and dataclasses.is_dataclass(member)
    }
    plain = [member for member in members if not dataclasses.is_dataclass(member)]

    def decode(value: Any) -> Any:
        if value is None and type(None) in plain:
            return None
        if isinstance(value, dict) and classes:
            if len(classes) == 1 and "type" not in value:
                return _decoder(next(iter(classes.values())))(value)
            rest = {key: entry for key, entry in value.items() if key != "type"}
            return _decoder(classes[value["type"]])(rest)
        for member in plain:
            try:
                return _decoder(member)(value)
            except (EncodingError, ValueError, TypeError):
                continue
        raise EncodingError(f"{value!r} fits none of {members}")

    return decode


def _dataclass_decoder(kind: _Kind) -> _Decode:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    decoders = {name: _decoder(hints[name]) for name in names}

    def decode(value: Any) -> Any:
        unknown = value.keys() - decoders.keys()
        if unknown:
            raise EncodingError(f"unknown fields {sorted(unknown)} for {kind.__name__}")
        return kind(**{name: decoders[name](entry) for name, entry in value.items()})

    return decode
