"""The one cap for what a tool tells: so many lines, so many bytes, head and tail kept."""

from __future__ import annotations

from dataclasses import dataclass

_HEAD_SHARE = 0.4
"""The end of an output says more than its start: errors and sums stand there."""


@dataclass(frozen=True, slots=True)
class OutputCap:
    """`lines` and `bytes` (UTF-8) that may be told at most; the rest goes to a blob."""

    lines: int = 2_000
    bytes: int = 50_000

    def fits(self, text: str) -> bool:
        if len(text) > self.bytes or text.count("\n") >= self.lines:
            return False
        return len(text) * 4 <= self.bytes or len(text.encode("utf-8", "replace")) <= self.bytes

    def cut(self, text: str, pointer: str) -> str:
        """Head and tail around a line that says how much is missing and where it is."""
        if self.fits(text):
            return text
        rows = text.split("\n")
        head = _take(rows, int(self.lines * _HEAD_SHARE), int(self.bytes * _HEAD_SHARE))
        rest = rows[len(head) :]
        tail = _take(
            rest[::-1],
            self.lines - len(head),
            self.bytes - sum(_size(row) for row in head),
        )[::-1]
        if not head and not tail:
            return self._cut_inside(text, pointer)
        dropped = rest[: len(rest) - len(tail)]
        size = sum(_size(row) for row in dropped)
        note = f"[{len(dropped)} lines ({size} bytes) left out here; {pointer}]"
        return "\n".join([*head, note, *tail])

    def _cut_inside(self, text: str, pointer: str) -> str:
        """Lines too long to keep even one of them are cut inside."""
        half = self.bytes // 2
        raw = text.encode("utf-8", "replace")
        head = raw[:half].decode("utf-8", "ignore")
        tail = raw[-half:].decode("utf-8", "ignore")
        note = f"[{len(raw) - 2 * half} bytes left out here; {pointer}]"
        return f"{head}\n{note}\n{tail}"


def _size(row: str) -> int:
    return len(row.encode("utf-8", "replace")) + 1


def _take(rows: list[str], lines: int, size: int) -> list[str]:
    """As many of the first rows as fit."""
    taken: list[str] = []
    for row in rows[: max(lines, 0)]:
        size -= _size(row)
        if size < 0:
            break
        taken.append(row)
    return taken
