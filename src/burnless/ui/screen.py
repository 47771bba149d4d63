"""The terminal: append-only scrollback and one live line below it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.text import Text

from burnless.ui.lines import Line, Style, cells, clip, safe, wrap

_LOOKS = {
    Style.PLAIN: "",
    Style.DIM: "dim",
    Style.STRONG: "bold",
    Style.GOOD: "green",
    Style.BAD: "bold red",
    Style.WARNING: "yellow",
    Style.ADDED: "green",
    Style.REMOVED: "red",
    Style.HUNK: "cyan",
    Style.ACCENT: "cyan",
}


_HANGING = 2
_LEAST_COLUMNS = 20
_LONGEST_HELD = 24
"""Cells. Text without blanks is shown as it comes all the same."""
_PARTS = re.compile(r"\n| +|[^ \n]+")


class RunningText:
    """Text that comes in pieces, broken into rows between its words."""

    def __init__(self, columns: Callable[[], int]) -> None:
        self._columns = columns
        self._column = 0
        self._word = ""
        self._blanks = ""

    def feed(self, text: str) -> str:
        """What can be written by now: all but the last word, which may go on."""
        parts = _PARTS.findall(self._word + text)
        held = bool(parts[-1].strip()) and cells(parts[-1]) < _LONGEST_HELD
        self._word = parts.pop() if held else ""
        return "".join(map(self._placed, parts))

    def rest(self) -> str:
        """The last word; the next piece starts a new row."""
        word, self._word = self._word, ""
        written = self._placed(word) if word else ""
        self._column, self._blanks = 0, ""
        return written

    def _placed(self, part: str) -> str:
        if part == "\n":
            self._column, self._blanks = 0, ""
            return part
        if not part.strip():
            self._blanks += part
            return ""
        blanks, self._blanks = self._blanks, ""
        width = cells(part)
        if self._column and self._column + len(blanks) + width > self._columns():
            self._column = self._after(width)
            return f"\n{part}"
        self._column = self._after(self._column + len(blanks) + width)
        return blanks + part

    def _after(self, written: int) -> int:
        """The column behind so many cells, of which the terminal may have made several rows."""
        return (written - 1) % self._columns() + 1 if written else 0


class Screen:
    """Written to from one thread. `plain`: no colour and no live line, as with TERM=dumb."""

    def __init__(self, *, plain: bool) -> None:
        dumb = os.environ.get("TERM", "") in {"", "dumb", "unknown"}
        self.plain = plain or dumb
        self._console = Console(
            highlight=False, markup=False, emoji=False, color_system=None if plain else "auto"
        )
        self._out = sys.stdout
        self._open_row = False
        self._live = ""
        self._running = RunningText(lambda: self.columns)

    @property
    def columns(self) -> int:
        return self._console.width

    @property
    def bullet(self) -> str:
        return "●" if "utf" in (self._out.encoding or "").lower() else "*"

    def show(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        self.finish_row()
        self._clear_live()
        for each in lines:
            text = Text.assemble(*((span.text, _LOOKS[span.style]) for span in each.spans))
            self._print(text)

    def say(self, text: str) -> None:
        """A report that was laid out already: printed as it is."""
        self.finish_row()
        self._clear_live()
        columns = 0 if self.plain else self.columns
        rows = (row for each in safe(text).rstrip("\n").split("\n") for row in wrap(each, columns))
        self._out.write("\n".join(rows) + "\n")
        self._out.flush()

    def stream(self, text: str) -> None:
        """A piece of running text, shown at once; it may end in the middle of a row.

        Rows are broken between words: the word that is still coming is shown with the next piece.
        """
        shown = safe(text)
        if not shown:
            return
        self._clear_live()
        self._out.write(shown if self.plain else self._running.feed(shown))
        self._out.flush()
        self._open_row = not shown.endswith("\n")

    def finish_row(self) -> None:
        """Running text that stopped in the middle of a row: what follows starts on its own."""
        if self._open_row:
            self._out.write(self._running.rest() + "\n")
            self._open_row = False

    def live(self, text: str) -> None:
        """Redraw the live line. Not while running text is in the middle of a row."""
        if self.plain or self._open_row:
            return
        shown = clip(text, self.columns - 1)
        if shown != self._live:
            self._out.write(f"\r\x1b[2K\x1b[2m{shown}\x1b[0m")
            self._out.flush()
            self._live = shown

    def quiet(self) -> None:
        """Before something else draws on the terminal."""
        self.finish_row()
        self._clear_live()
        self._out.flush()

    def _print(self, text: Text) -> None:
        """Rows that are too long go on below, indented like what they belong to."""
        indent = len(text.plain) - len(text.plain.lstrip(" "))
        if cells(text.plain) <= self.columns or self.columns <= indent + _LEAST_COLUMNS:
            self._console.print(text, overflow="fold")
            return
        width = self.columns - indent - _HANGING
        rows = text[indent:].wrap(self._console, width, overflow="fold")
        for number, row in enumerate(rows):
            row.rstrip()
            row.pad_left(indent + (_HANGING if number else 0))
            self._console.print(row, overflow="fold")

    def _clear_live(self) -> None:
        if self._live:
            self._out.write("\r\x1b[2K")
            self._live = ""
