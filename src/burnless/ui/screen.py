"""The terminal: append-only scrollback and one live line below it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from burnless.ui.lines import Line, Style, clip, safe

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
            self._console.print(text, overflow="fold")

    def say(self, text: str) -> None:
        """A report that was laid out already: printed as it is."""
        self.finish_row()
        self._clear_live()
        self._out.write(safe(text).rstrip("\n") + "\n")
        self._out.flush()

    def stream(self, text: str) -> None:
        """A piece of running text, shown at once; it may end in the middle of a row."""
        shown = safe(text)
        if not shown:
            return
        self._clear_live()
        self._out.write(shown)
        self._out.flush()
        self._open_row = not shown.endswith("\n")

    def finish_row(self) -> None:
        """Running text that stopped in the middle of a row: what follows starts on its own."""
        if self._open_row:
            self._out.write("\n")
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

    def _clear_live(self) -> None:
        if self._live:
            self._out.write("\r\x1b[2K")
            self._live = ""
