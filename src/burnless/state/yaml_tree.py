"""A tree of values that knows its lines. Scalars stay text: the schema says what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Scalar:
    """`is_null` for nothing, `~` or `null`, unquoted. `line` counts from 1; 0 = no file."""

    text: str
    line: int = 0
    is_null: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Node, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    line: int
    value: Node


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping in the order it was written; keys are unique."""

    entries: tuple[Entry, ...]
    line: int = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


Node: TypeAlias = Scalar | Listing | Table


def node_of(value: object) -> Node:
    """A value from a flag or the environment, to be read by the same rules as YAML."""
    match value:
        case None:
            return Scalar("", is_null=True)
        case bool():
            return Scalar("true" if value else "false")
        case list() | tuple():
            return Listing(tuple(node_of(item) for item in value))
        case Mapping():
            return Table(tuple(Entry(str(key), 0, node_of(item)) for key, item in value.items()))
        case _:
            return Scalar(str(value))
