"""The `read` tool: lines, symbols, outlines and folders, several in one call."""

from __future__ import annotations

import difflib
import re

from burnless.core.encoding import JsonObject
from burnless.core.evidence import FileSeen
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access, ReadPath
from burnless.core.protocols import ToolContext, ToolOutcome
from burnless.tools.arguments import list_of, text_of
from burnless.tools.folder_listing import list_folder
from burnless.tools.load_file import count, failed, load, numbered, rows_of
from burnless.tools.outline import find_symbol, outline_of, render
from burnless.tools.output_cap import OutputCap
from burnless.tools.paths import locate
from burnless.tools.schema import load_schema
from burnless.tools.text_file import BinaryFile

OUTLINE_ABOVE_LINES = 500
HEAD_LINES = 100
_LONGEST_ROW = 2_000
_MOST_SYMBOLS = 3
_MOST_NAMES = 30
_RANGE = re.compile(r"\s*L?(\d*)\s*(?:(-|:|,|\.\.)\s*L?(\d*))?\s*")


class ReadTool:
    reads_only = True
    may_write_anywhere = False

    def __init__(self, cap: OutputCap) -> None:
        self._cap = cap

    @property
    def schema(self) -> ToolSchema:
        return load_schema("read")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        targets = (locate(text_of(item, "path"), context.root) for item in _items(arguments))
        return tuple(ReadPath(name) for target in targets for name in target.accessed)

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return ", ".join(text_of(item, "path") for item in _items(arguments))

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        items = _items(arguments)
        if not items:
            return failed("paths is empty: give at least one {path}.")
        room = _Room(self._cap)
        parts: list[str] = []
        seen: dict[str, FileSeen] = {}
        problems = 0
        for item in items:
            context.cancel.check()
            text, file = _read(item, context, room)
            parts.append(text)
            problems += file is None and not text.startswith("==")
            if file is not None:
                seen[file.path] = file
        return ToolOutcome(
            "\n\n".join(parts), is_error=problems == len(items), seen=tuple(seen.values())
        )


class _Room:
    """What of the result's size is left for the files that follow."""

    def __init__(self, cap: OutputCap) -> None:
        self._lines, self._bytes = cap.lines, cap.bytes

    def take(self, rows: list[str]) -> list[str]:
        """As many of the rows as fit, each cut where it is too long to show."""
        taken: list[str] = []
        for row in rows[: self._lines]:
            extra = len(row) - _LONGEST_ROW
            shown = f"{row[:_LONGEST_ROW]}… [+{extra} characters]" if extra > 0 else row
            # Its number and the tab count too.
            self._bytes -= len(shown.encode("utf-8", "replace")) + 8
            if self._bytes < 0:
                break
            taken.append(shown)
        self._lines -= len(taken)
        return taken


def _items(arguments: JsonObject) -> list[JsonObject]:
    """A plain string is a path: what it means is clear."""
    items: list[JsonObject] = []
    for entry in list_of(arguments, "paths"):
        if isinstance(entry, str):
            items.append({"path": entry})
        elif isinstance(entry, dict):
            items.append(entry)
    return items


def _read(item: JsonObject, context: ToolContext, room: _Room) -> tuple[str, FileSeen | None]:
    target = locate(text_of(item, "path"), context.root)
    if target.real.is_dir():
        return list_folder(target), None
    loaded = load(target, context.root)
    if isinstance(loaded, str):
        return loaded, None
    seen = FileSeen(target.name, loaded.sha256)
    content = loaded.content
    if isinstance(content, BinaryFile):
        size = len(loaded.data)
        return f"== {target.name}: {content.kind}, {size} bytes, not shown as text ==", seen
    rows = rows_of(content.text)
    told = f"; {content.told}" if content.told else ""
    if not rows:
        return f"== {target.name} (empty{told}) ==", seen
    page = _Page(target.name, rows, told, room)
    if symbol := text_of(item, "symbol"):
        return page.symbol(symbol), seen
    if lines := text_of(item, "lines"):
        return page.lines(lines), seen
    return page.whole(), seen


class _Page:
    """One text file, shown as far as there is room."""

    def __init__(self, name: str, rows: list[str], told: str, room: _Room) -> None:
        self._name = name
        self._rows = rows
        self._told = told
        self._room = room

    def whole(self) -> str:
        total = len(self._rows)
        if total <= OUTLINE_ABOVE_LINES:
            return self._part(1, total)
        outline = render(outline_of(self._name, "\n".join(self._rows)))
        shown = f"Outline (lines, definition):\n{outline}\n" if outline else ""
        rest = 'symbol, or with lines "101-200"' if outline else 'lines "101-200"'
        return (
            f"{self._head(1, HEAD_LINES)}\n{shown}First {HEAD_LINES} lines:\n"
            f"{self._show(1, HEAD_LINES)}\n"
            f"[{total - HEAD_LINES} more lines: read only what you need, by {rest}]"
        )

    def lines(self, wanted: str) -> str:
        total = len(self._rows)
        found = _RANGE.fullmatch(wanted)
        if found is None or not (found[1] or found[3]):
            return f'{self._name}: lines {wanted!r} is not a range like "10-80".'
        first = max(1, int(found[1] or 1))
        last = int(found[3] or total) if found[2] else first
        first, last = min(first, last), max(first, last)
        if first > total:
            return f"{self._name}: has only {total} lines, so there is no line {first}."
        return self._part(first, min(last, total))

    def symbol(self, wanted: str) -> str:
        entries = outline_of(self._name, "\n".join(self._rows))
        found = find_symbol(entries, wanted)
        if found:
            parts = [self._part(entry.first, entry.last) for entry in found[:_MOST_SYMBOLS]]
            return "\n".join(parts)
        names = list(dict.fromkeys(entry.name for entry in entries))
        last_parts = [name.rsplit(".", 1)[-1] for name in names]
        close = difflib.get_close_matches(wanted.rsplit(".", 1)[-1], last_parts, _MOST_SYMBOLS)
        near = [name for name, last in zip(names, last_parts, strict=True) if last in close]
        known = (
            f"Nearest: {', '.join(near[:_MOST_SYMBOLS])}."
            if near
            else f"It has: {', '.join(names[:_MOST_NAMES])}."
        )
        return (
            f"{self._name}: no symbol {wanted!r} in its {count(len(self._rows), 'line')}. "
            f"{known if names else 'No definitions were recognised in it.'} "
            "Read it by lines, or search for the name."
        )

    def _part(self, first: int, last: int) -> str:
        return f"{self._head(first, last)}\n{self._show(first, last)}"

    def _head(self, first: int, last: int) -> str:
        total = len(self._rows)
        whole = first == 1 and last >= total
        where = count(total, "line") if whole else f"lines {first}-{min(last, total)} of {total}"
        return f"== {self._name} ({where}{self._told}) =="

    def _show(self, first: int, last: int) -> str:
        rows = self._room.take(self._rows[first - 1 : last])
        text = numbered(rows, first)
        after = first + len(rows)
        if after > last:
            return text
        note = f'[no room for lines {after}-{last}: read them with lines "{after}-{last}"]'
        return f"{text}\n{note}" if rows else note
