"""The line numbers a listing puts in front, where a model copied them into an edit."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERED = re.compile(r"[ \t]*(\d+)(\t|[ ]?[|→:][ ]?)")


@dataclass(frozen=True, slots=True)
class Bare:
    """An edit without its line numbers. `left`: numbers in `new` that may be its own text."""

    old: str
    new: str
    left: tuple[int, ...] = ()


def without_numbers(old: str, new: str) -> Bare | None:
    """None where `old` has no line numbers.

    It has them only where every line has one and they count up: numbers can also be the text
    itself. In `new`, lines copied from the listing, or counted on from it, stand beside lines
    without a number.
    """
    found = [_NUMBERED.match(row) for row in _rows(old)]
    numbers = [int(match[1]) for match in found if match]
    first = numbers[0] if numbers else 0
    if len(numbers) != len(found) or numbers != list(range(first, first + len(numbers))):
        return None
    signs = {"\t", *(match[2] for match in found if match)}
    rows = new.split("\n")
    of_listing = range(first, first + len(numbers) + len(rows))
    bare: list[str] = []
    left: list[int] = []
    for row in rows:
        match = _NUMBERED.match(row)
        taken_off = match is not None and match[2] in signs and int(match[1]) in of_listing
        bare.append(row[match.end() :] if match and taken_off else row)
        if match and match[2] in signs and not taken_off:
            left.append(int(match[1]))
    bare_old = "\n".join(match.string[match.end() :] for match in found if match)
    return Bare(bare_old + ("\n" if old.endswith("\n") else ""), "\n".join(bare), tuple(left))


def copied_numbers(new: str, text: str) -> tuple[int, ...]:
    """The numbers before lines of `new` that were copied from a listing of `text` with them.

    One line that is what the text has at that number gives the others away.
    """
    found = [match for row in new.split("\n") if (match := _NUMBERED.match(row))]
    found = [match for match in found if match[2] == "\t"]
    if not found:
        return ()
    there = text.split("\n")
    copied = any(_is_copy(match, there) for match in found)
    return tuple(int(match[1]) for match in found) if copied else ()


def _is_copy(match: re.Match[str], there: list[str]) -> bool:
    row = match.string[match.end() :]
    at = int(match[1]) - 1
    return bool(row.strip()) and 0 <= at < len(there) and there[at] == row


def _rows(text: str) -> list[str]:
    rows = text.split("\n")
    return rows[:-1] if rows[-1] == "" and len(rows) > 1 else rows
