"""Small unified diffs, for the model and for the screen."""

from __future__ import annotations

import difflib

_TOO_MANY_LINES = 4_000
"""Above this the changed middle is shown as one block: finding its parts would be quadratic."""


def unified_diff(path: str, before: str, after: str, *, context: int = 2) -> str:
    """A diff of two texts with a header; "" where they are equal. Linear outside the change."""
    old, new = _lines(before), _lines(after)
    if old == new:
        return ""
    start = _common(old, new, 0)
    end = _common(old[::-1], new[::-1], start)
    first = max(0, start - context)
    old_part = old[first : min(len(old), len(old) - end + context)]
    new_part = new[first : min(len(new), len(new) - end + context)]
    rows = [
        f"--- {path}" if before else "--- /dev/null",
        f"+++ {path}" if after else "+++ /dev/null",
    ]
    for hunk in _hunks(old_part, new_part, context):
        rows += _render(hunk, old_part, new_part, first)
    return "\n".join(rows)


def counts(diff: str) -> str:
    """How much a unified diff adds and removes, like "+3 -1"."""
    rows = diff.split("\n")[2:]
    added = sum(row.startswith("+") for row in rows)
    removed = sum(row.startswith("-") for row in rows)
    return f"+{added} -{removed}"


def capped(diff: str, lines: int, size: int) -> str:
    """The first lines of a diff, and how many more there are."""
    rows = diff.split("\n")
    kept: list[str] = []
    for row in rows[:lines]:
        size -= len(row) + 1
        if size < 0:
            break
        kept.append(row)
    if len(kept) == len(rows):
        return diff
    return "\n".join([*kept, f"[{len(rows) - len(kept)} more lines of the diff]"])


def _lines(text: str) -> list[str]:
    """Without line ends: a changed newline style alone is no change to show."""
    rows = text.replace("\r\n", "\n").split("\n")
    return rows[:-1] if rows[-1] == "" else rows


def _common(old: list[str], new: list[str], taken: int) -> int:
    """How many rows are equal from the start, leaving `taken` rows of the shorter one alone."""
    most = min(len(old), len(new)) - taken
    for index in range(most):
        if old[index] != new[index]:
            return index
    return max(most, 0)


_Opcode = tuple[str, int, int, int, int]


def _hunks(old: list[str], new: list[str], context: int) -> list[list[_Opcode]]:
    if len(old) + len(new) > _TOO_MANY_LINES:
        return [[("replace", 0, len(old), 0, len(new))]]
    matcher = difflib.SequenceMatcher(None, old, new)
    return [list(group) for group in matcher.get_grouped_opcodes(context)]


def _render(hunk: list[_Opcode], old: list[str], new: list[str], first: int) -> list[str]:
    _, old_start, _, new_start, _ = hunk[0]
    _, _, old_end, _, new_end = hunk[-1]
    old_span = _span(old_start + first, old_end - old_start)
    rows = [f"@@ -{old_span} +{_span(new_start + first, new_end - new_start)} @@"]
    for kind, i1, i2, j1, j2 in hunk:
        if kind == "equal":
            rows += [f" {row}" for row in old[i1:i2]]
            continue
        rows += [f"-{row}" for row in old[i1:i2]]
        rows += [f"+{row}" for row in new[j1:j2]]
    return rows


def _span(start: int, length: int) -> str:
    return f"{start + 1 if length else start},{length}"
