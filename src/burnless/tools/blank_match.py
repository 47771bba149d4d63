"""Finding lines that differ in blanks only, and giving new lines the indentation found there."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Whole lines of a text: offsets without the last line break, and the first line's number."""

    start: int
    end: int
    line: int


def find_by_words(text: str, wanted: str) -> list[Place]:
    """Where lines of `text` have the words of `wanted`, whatever the blanks between them."""
    keys = [_key(row) for row in wanted.strip("\n").split("\n")]
    while keys and not keys[0]:
        keys.pop(0)
    while keys and not keys[-1]:
        keys.pop()
    if not keys or not re.search(r"\w", "".join(keys)):
        return []
    rows = text.split("\n")
    found = [_key(row) for row in rows]
    offsets = [0]
    for row in rows:
        offsets.append(offsets[-1] + len(row) + 1)
    return [
        Place(offsets[first], offsets[first + len(keys)] - 1, first + 1)
        for first in range(len(rows) - len(keys) + 1)
        if found[first] == keys[0] and found[first : first + len(keys)] == keys
    ]


def _key(row: str) -> str:
    return " ".join(row.split())


def reindent(old: str, new: str, found: str) -> str | None:
    """`new` with the indentation of `found` wherever `old` shows which belongs to which.

    None where it does not show it: one indentation of `old` stands for several of `found`.
    """
    old_rows = [row for row in old.split("\n") if row.strip()]
    found_rows = [row for row in found.split("\n") if row.strip()]
    pairs: dict[str, str] = {}
    for before, after in zip(old_rows, found_rows, strict=False):
        if pairs.setdefault(_indent(before), _indent(after)) != _indent(after):
            return None
    ratio = _spaces_a_tab(pairs)
    rows = new.strip("\n").split("\n")
    return "\n".join(_row(row, pairs, ratio) if row.strip() else "" for row in rows)


def _row(row: str, pairs: dict[str, str], ratio: int) -> str:
    indent = _indent(row)
    body = row[len(indent) :]
    if indent in pairs:
        return pairs[indent] + body
    if ratio and not indent.strip(" "):
        return "\t" * (len(indent) // ratio) + " " * (len(indent) % ratio) + body
    known = max((one for one in pairs if indent.startswith(one)), key=len, default=None)
    if known is not None:
        return pairs[known] + indent[len(known) :] + body
    # Shallower than all that `old` shows: take off as much as there is too much.
    nearest = min(pairs, key=len, default="")
    surplus = len(nearest) - len(indent)
    kept = pairs.get(nearest, "")
    return kept[: max(0, len(kept) - surplus)] + body


def _indent(row: str) -> str:
    return row[: len(row) - len(row.lstrip(" \t"))]


def _spaces_a_tab(pairs: dict[str, str]) -> int:
    """How many spaces of the edit one tab of the file stands for; 0 where it is not so."""
    ratios = {
        len(before) / len(after)
        for before, after in pairs.items()
        if before and after and not before.strip(" ") and not after.strip("\t")
    }
    deep = sum(1 for before, after in pairs.items() if before or after)
    if len(ratios) != 1 or deep != sum(1 for before, after in pairs.items() if before and after):
        return 0
    ratio = ratios.pop()
    return int(ratio) if ratio == int(ratio) and ratio > 1 else 0
