"""Applying edits to a text: pure, all or nothing, and wary.

The ladder for each edit: `old` as it is, exactly once → line numbers of a listing taken off it →
whole lines that differ in blanks only, where there is exactly one such place. Nothing is guessed
beyond that. What an edit would add a second time, because `new` stands around `old` already, is
not added. Matching happens in LF space; the newlines of what is not touched stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from burnless.tools.blank_match import find_by_words, reindent
from burnless.tools.line_numbers import copied_numbers, without_numbers

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
    ALREADY_AROUND = "new stands around old already"
    NUMBERED = "new has a listing's line numbers"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was changed. `index` counts from 0; `lines` are where `old` (or `new`) begins,
    for NUMBERED the numbers that stand in `new`.

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
    outcome = _apply_exactly(source, old, new, (), all_places=edit.all)
    bare = without_numbers(old, new) if outcome is None else None
    if bare is None or not bare.old.strip("\n"):
        outcome = outcome or _apply_by_words(source, old, new)
        numbers = copied_numbers(new, source.lf)
    else:
        note = (_NUMBERS_TAKEN_OFF,)
        outcome = _apply_exactly(source, bare.old, bare.new, note, all_places=edit.all)
        outcome = outcome or _apply_by_words(source, bare.old, bare.new)
        numbers = bare.left
    if isinstance(outcome, Applied) and numbers:
        return Refused(0, Problem.NUMBERED, numbers[:_MOST_LINES_NAMED])
    return outcome


_NUMBERS_TAKEN_OFF = "line numbers were taken off old (write it without them)"
_BLANKS_IGNORED = "old differed from the file in blanks only; the file's indentation was used"


def _apply_exactly(
    source: _Source, old: str, new: str, notes: tuple[str, ...], *, all_places: bool
) -> Applied | Refused | None:
    """None where `old` is not there."""
    spans = _find(source.lf, old)
    if not spans:
        return None
    if len(spans) > 1 and not all_places:
        return Refused(0, Problem.NOT_UNIQUE, _lines_of(source.lf, spans))
    if old == new:
        return Refused(0, Problem.NO_CHANGE)
    return _replaced(source, spans, new, notes)


def _replaced(
    source: _Source, spans: Sequence[tuple[int, int]], put: str, notes: tuple[str, ...]
) -> Applied | Refused:
    made = _made_already(source.lf, spans, put)
    if len(made) == len(spans):
        return Refused(0, Problem.ALREADY_AROUND, _lines_of(source.lf, spans))
    if made:
        where = ", ".join(map(str, _lines_of(source.lf, sorted(made))))
        notes = (*notes, f"new stood around old already (line {where}): that was left as it is")
    todo = [span for span in spans if span not in made]
    return Applied(source.replace(todo, put), notes, len(todo))


def _made_already(lf: str, spans: Sequence[tuple[int, int]], new: str) -> set[tuple[int, int]]:
    """The places where `new` stands around `old`: there the edit would add the same twice."""
    old = lf[slice(*spans[0])]
    if len(spans) == 1:
        # A bracket, an `end` or a number may well be wanted twice in a row; more than that is not.
        if len("".join(new.split())) - len("".join(old.split())) < _TELLING_LENGTH:
            return set()
        start, end = spans[0]
        if any(place.start <= start and end <= place.end + 1 for place in find_by_words(lf, new)):
            return {spans[0]}
    offsets = [at for at in range(len(new) - len(old) + 1) if new.startswith(old, at)]
    return {
        (start, end)
        for start, end in spans
        if any(at <= start and lf.startswith(new, start - at) for at in offsets)
    }


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
    if put == source.lf[place.start : place.end]:
        return Refused(0, Problem.NO_CHANGE)
    note = f"{_BLANKS_IGNORED} (line {place.line})"
    return _replaced(source, [(place.start, place.end)], put, (note,))


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
