"""Applying edits to a text: pure, all or nothing, and wary.

The ladder for each edit: `old` as it is, exactly once → line numbers of a listing taken off it →
whole lines that differ in blanks only, where there is exactly one such place. Nothing is guessed
beyond that. Matching happens in LF space; the newlines of what is not touched stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from burnless.tools.blank_match import find_by_words, reindent

_NUMBERED = re.compile(r"[ \t]*(\d+)(?:\t|[ ]?[|→:][ ]?)")
_MOST_LINES_NAMED = 10
_TELLING_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `old` by `new`; with `all` wherever it stands."""

    old: str
    new: str
    all: bool = False


class Problem(Enum):
    EMPTY = "old is empty"
    NO_CHANGE = "old and new are equal"
    NOT_UNIQUE = "old stands in several places"
    NOT_FOUND = "old is not there"
    ALREADY_THERE = "old is not there, but new is"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was changed. `index` counts from 0; `lines` are where `old` (or `new`) begins.

    blanks: the places were found by ignoring blanks
    text:   what the edits before it made of the text, for showing candidates
    """

    index: int
    problem: Problem
    lines: tuple[int, ...] = ()
    blanks: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """The new text, and how each edit found its place where that was not exactly."""

    text: str
    notes: tuple[str, ...] = ()
    replaced: int = 0


def apply_edits(text: str, edits: Sequence[Edit]) -> Applied | Refused:
    """Each edit sees what the ones before it made. Any refusal refuses them all."""
    notes: list[str] = []
    replaced = 0
    for index, edit in enumerate(edits):
        outcome = _apply(_Source(text), edit)
        if isinstance(outcome, Refused):
            return Refused(index, outcome.problem, outcome.lines, outcome.blanks, text)
        text = outcome.text
        replaced += outcome.replaced
        notes += [f"edit {index + 1}: {note}" for note in outcome.notes]
    return Applied(text, tuple(notes), replaced)


class _Source:
    """A text, its LF form, and the way back from LF offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_crlf = "\r\n" in text
        self.lf = text.replace("\r\n", "\n") if self.has_crlf else text
        crlf = text.count("\r\n")
        self.newline = "\r\n" if crlf > text.count("\n") - crlf else "\n"

    def replace(self, spans: Sequence[tuple[int, int]], new: str) -> str:
        """`new` for each span of the LF form; every character outside stays as it is."""
        if self.newline == "\r\n":
            new = new.replace("\n", "\r\n")
        parts: list[str] = []
        after = 0
        for start, end in self._real(spans):
            parts += [self.text[after:start], new]
            after = end
        return "".join([*parts, self.text[after:]])

    def _real(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        if not self.has_crlf:
            return list(spans)
        # One walk over the line breaks: spans are in order and do not overlap.
        real: list[tuple[int, int]] = []
        lf_at = shift = 0
        breaks = re.finditer(r"\r?\n", self.text)
        pending = next(breaks, None)
        for start, end in spans:
            moved = []
            for lf_at in (start, end):
                while pending and pending.start() - shift < lf_at:
                    shift += len(pending.group()) - 1
                    pending = next(breaks, None)
                moved.append(lf_at + shift)
            real.append((moved[0], moved[1]))
        return real


def _apply(source: _Source, edit: Edit) -> Applied | Refused:
    old, new = _to_lf(edit.old), _to_lf(edit.new)
    if not old.strip("\n"):
        return Refused(0, Problem.EMPTY)
    if old == new:
        return Refused(0, Problem.NO_CHANGE)
    bare_old, bare_new = _without_numbers(old, new)
    for wanted, put, note in ((old, new, ""), (bare_old, bare_new, _NUMBERS_TAKEN_OFF)):
        spans = _find(source.lf, wanted) if wanted else []
        if len(spans) > 1 and not edit.all:
            return Refused(0, Problem.NOT_UNIQUE, _lines_of(source.lf, spans))
        if spans and wanted == put:
            return Refused(0, Problem.NO_CHANGE)
        if spans:
            return Applied(source.replace(spans, put), (note,) if note else (), len(spans))
    return _apply_by_words(source, bare_old or old, bare_new if bare_old else new)


_NUMBERS_TAKEN_OFF = "line numbers were taken off old (write it without them)"
_BLANKS_IGNORED = "old differed from the file in blanks only; the file's indentation was used"


def _apply_by_words(source: _Source, old: str, new: str) -> Applied | Refused:
    places = find_by_words(source.lf, old)
    if len(places) > 1:
        lines = tuple(place.line for place in places[:_MOST_LINES_NAMED])
        return Refused(0, Problem.NOT_UNIQUE, lines, blanks=True)
    if not places:
        return _not_found(source.lf, new)
    place = places[0]
    put = reindent(old, new, source.lf[place.start : place.end])
    if put is None:
        return _not_found(source.lf, new)
    changed = source.replace([(place.start, place.end)], put)
    if changed == source.text:
        return Refused(0, Problem.NO_CHANGE)
    return Applied(changed, (f"{_BLANKS_IGNORED} (line {place.line})",), 1)


def _not_found(lf: str, new: str) -> Refused:
    # Only whole lines of some length: a short word is somewhere in most files.
    there = find_by_words(lf, new) if len(new.strip()) >= _TELLING_LENGTH else []
    if there:
        lines = tuple(place.line for place in there[:_MOST_LINES_NAMED])
        return Refused(0, Problem.ALREADY_THERE, lines)
    return Refused(0, Problem.NOT_FOUND)


def _to_lf(text: str) -> str:
    return text.replace("\r\n", "\n")


def _find(text: str, wanted: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = text.find(wanted)
    while start >= 0:
        spans.append((start, start + len(wanted)))
        start = text.find(wanted, start + len(wanted))
    return spans


def _lines_of(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Line numbers of the first places."""
    lines: list[int] = []
    line, after = 1, 0
    for start, _ in spans[:_MOST_LINES_NAMED]:
        line += text.count("\n", after, start)
        after = start
        lines.append(line)
    return tuple(lines)


def _without_numbers(old: str, new: str) -> tuple[str, str]:
    """Both without the line numbers a listing puts in front; ("", "") where `old` has none."""
    bare_old = _take_numbers_off(old)
    if bare_old is None:
        return "", ""
    bare_new = _take_numbers_off(new)
    return bare_old, new if bare_new is None else bare_new


def _take_numbers_off(text: str) -> str | None:
    """Only where every line has one and they count up: numbers can also be the text itself."""
    rows = text.split("\n")
    last = rows.pop() if rows[-1] == "" and len(rows) > 1 else None
    found = [_NUMBERED.match(row) for row in rows]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) != len(rows) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    bare = [row[match.end() :] for row, match in zip(rows, found, strict=True) if match]
    return "\n".join(bare if last is None else [*bare, last])
