"""What the user types while a turn runs: Esc interrupts, Enter queues, Ctrl-D leaves after it."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
from types import TracebackType

_ESCAPE = "\x1b"
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\x1b\[O])")
"""An arrow or function key, or a key with Alt: they start like Esc, but come in one piece."""

_LEAVE = "\x04"
_ENTER = ("\r", "\n")
_ERASE = ("\x7f", "\b")
_LINE_MODE_AND_ECHO = termios.ICANON | termios.ECHO
_IFLAG, _LFLAG = 0, 3


class BusyKeys:
    """A context for a whole session: inside it keys are read without waiting and without echo,
    so that none is lost between a turn and the next prompt (which sets a mode of its own).

    `typed` is the line being written, `queued` the lines that were finished, `wants_to_leave`
    whether Ctrl-D was pressed. Without a terminal on stdin nothing is read.
    """

    def __init__(self) -> None:
        self.typed = ""
        self.queued: list[str] = []
        self.wants_to_leave = False
        self._stdin = sys.stdin.fileno()
        self._before: list[int | list[bytes | int]] | None = None

    def __enter__(self) -> BusyKeys:
        self.take_terminal()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_terminal()

    def take_terminal(self) -> None:
        if self._before is not None or not os.isatty(self._stdin):
            return
        self._before = termios.tcgetattr(self._stdin)
        quiet = termios.tcgetattr(self._stdin)
        quiet[_LFLAG] &= ~_LINE_MODE_AND_ECHO
        # Enter must reach the next prompt as Enter: as a newline it would not send.
        quiet[_IFLAG] &= ~termios.ICRNL
        termios.tcsetattr(self._stdin, termios.TCSADRAIN, quiet)

    def give_terminal(self) -> None:
        """As it was, for whoever draws next (a question, an editor, the prompt)."""
        if self._before is not None:
            termios.tcsetattr(self._stdin, termios.TCSADRAIN, self._before)
            self._before = None

    def wants_interrupt(self) -> bool:
        """Read what was typed since the last time; True when Esc was pressed alone."""
        if self._before is None or not select.select([self._stdin], [], [], 0)[0]:
            return False
        text = _SEQUENCE.sub("", os.read(self._stdin, 4096).decode("utf-8", "ignore"))
        self._take(text.replace(_ESCAPE, ""))
        return _ESCAPE in text

    def _take(self, text: str) -> None:
        for character in text:
            if character in _ENTER:
                if self.typed.strip():
                    self.queued.append(self.typed)
                self.typed = ""
            elif character == _LEAVE:
                self.wants_to_leave = True
            elif character in _ERASE:
                self.typed = self.typed[:-1]
            elif character.isprintable():
                self.typed += character
