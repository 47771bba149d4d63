"""What a search found, and how the model is shown it: by file, with counts, never too much."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_ROWS = 150
_MOST_ROWS_A_FILE = 30
_MOST_BYTES = 20_000
_MOST_NAMES = 200
LONGEST_ROW = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of one file. `matches` False: it is shown as context."""

    path: str
    line: int
    text: str
    matches: bool = True


@dataclass(frozen=True, slots=True)
class Hits:
    """`problem`: why nothing could be searched, in words for the model.

    bad_pattern: what is wrong with the regex, where that is it
    """

    hits: tuple[Hit, ...] = ()
    problem: str = ""
    bad_pattern: str = ""


def render_hits(hits: Sequence[Hit]) -> str:
    """Grouped by file, in order of their names; what is left out is counted."""
    by_file: dict[str, list[Hit]] = {}
    for hit in hits:
        by_file.setdefault(hit.path, []).append(hit)
    total = sum(hit.matches for hit in hits)
    rows = [f"{_count(total, 'match', 'matches')} in {_count(len(by_file), 'file', 'files')}"]
    room, size, shown_files = _MOST_ROWS, _MOST_BYTES, 0
    most = _MOST_ROWS_A_FILE if len(by_file) > 1 else _MOST_ROWS
    for path in sorted(by_file):
        found = sorted(by_file[path], key=lambda hit: hit.line)
        shown = found[: min(most, room)]
        text = [f"{hit.line}{':' if hit.matches else '-'}{hit.text}" for hit in shown]
        size -= sum(len(row) for row in text)
        if not shown or size < 0:
            break
        room -= len(shown)
        shown_files += 1
        rest = sum(hit.matches for hit in found[len(shown) :])
        rows += [_on_one_line(path), *text, *([f"[{rest} more in this file]"] if rest else [])]
    left = len(by_file) - shown_files
    if left:
        rows.append(f"[{_count(left, 'more file', 'more files')}: narrow it with glob or path]")
    return "\n".join(rows)


def render_names(names: Sequence[str]) -> str:
    rows = [_count(len(names), "file", "files"), *map(_on_one_line, sorted(names)[:_MOST_NAMES])]
    if len(names) > _MOST_NAMES:
        rows.append(f"[{len(names) - _MOST_NAMES} more: narrow it with glob or path]")
    return "\n".join(rows)


def _on_one_line(name: str) -> str:
    """A name as it is; one with a line break in it as the JSON text a call would hold."""
    return json.dumps(name, ensure_ascii=False) if set(name) & set("\n\r") else name


def clip(row: str) -> str:
    extra = len(row) - LONGEST_ROW
    return f"{row[:LONGEST_ROW]}… [+{extra} characters]" if extra > 0 else row


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
