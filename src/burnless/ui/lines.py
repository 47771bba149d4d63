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


def wrap(text: str, columns: int) -> list[str]:
    """One line as rows of at most `columns`, broken between words; what follows is indented.

    A word that is wider than a row stays whole: the terminal breaks it.
    """
    if columns <= 0 or cells(text) <= columns:
        return [text]
    indent = text[: len(text) - len(text.lstrip(" "))]
    rows, row = [], indent
    for word in text[len(indent) :].split(" "):
        begun = row.strip()
        if begun and cells(f"{row} {word}") > columns:
            rows.append(row.rstrip())
            row = f"{indent}  {word}"
        else:
            row = f"{row} {word}" if begun else row + word
    return [*rows, row]


_AS_IT_IS = {Style.ADDED, Style.REMOVED, Style.HUNK}
"""Lines of a file: where they break is a part of what they say."""


def plain_text(lines: Iterable[Line], columns: int = 0) -> str:
    """Without colours. `columns`: broken between words where that is too narrow; 0 = never."""
    return "".join(f"{row.rstrip()}\n" for each in lines for row in _rows(each, columns))


def _rows(each: Line, columns: int) -> list[str]:
    from_a_file = any(span.style in _AS_IT_IS for span in each.spans)
    return [each.text] if from_a_file else wrap(each.text, columns)


_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reorder text so that it reads as something else than it is."""


def _is_surrogate(character: str) -> bool:
    """A lone half of a pair: it cannot be written as UTF-8."""
    return "\ud800" <= character <= "\udfff"


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
