"""Styled lines of text as values: what is shown is decided here, how it is coloured elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from burnless.core.terminal_text import plain_text as plain_text_of


class Style(StrEnum):
    """What a piece of text is, not how it looks."""

    PLAIN = ""
    DIM = "dim"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    ADDED = "added"
    REMOVED = "removed"
    HUNK = "hunk"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def line(*parts: Span | str) -> Line:
    """A line of spans; what comes from outside loses whatever could steer a terminal."""
    spans = (part if isinstance(part, Span) else Span(part) for part in parts)
    return Line(tuple(Span(one_line(span.text), span.style) for span in spans))


def styled(style: Style, text: str) -> Line:
    return line(Span(text, style))


def block(style: Style, text: str, indent: str = "") -> list[Line]:
    """One line of the same style for each line of a text."""
    return [line(Span(indent + each, style)) for each in safe(text).splitlines()]


def safe(text: str) -> str:
    """Without escape sequences and other controls; newlines stay, tabs become spaces."""
    if text.isprintable():
        return text
    text = plain_text_of(text).expandtabs(4)
    return "".join("\ufffd" if _is_surrogate(c) else c for c in text if c not in _REORDERING)


def one_line(text: str) -> str:
    return safe(text).replace("\n", " ")


def cells(text: str) -> int:
    """Columns a terminal needs for it: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def clip(text: str, columns: int) -> str:
    """At most `columns` wide; what is cut is marked by an ellipsis."""
    if columns <= 0:
        return ""
    if cells(text) <= columns:
        return text
    kept: list[str] = []
    room = columns - 1
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def plain_text(lines: Iterable[Line]) -> str:
    return "".join(f"{each.text.rstrip()}\n" for each in lines)


_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reorder text so that it reads as something else than it is."""


def _is_surrogate(character: str) -> bool:
    """A lone half of a pair: it cannot be written as UTF-8."""
    return "\ud800" <= character <= "\udfff"


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
