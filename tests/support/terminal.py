"""A program on a pty, seen as a user sees it: pexpect runs it, pyte draws it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
import pyte


class Terminal:
    """A context. Everything waits for text; nothing sleeps and hopes."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str] | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=2000, ratio=0.5)
        self._stream = pyte.ByteStream(self.screen)
        variables = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "", "LINES": ""}
        variables |= {"PYTHONPATH": str(Path(__file__).parents[2])}
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(cwd),
            env={**variables, **(environment or {})},
            dimensions=(rows, columns),
            timeout=30,
        )
        # Without an answer to its cursor query prompt-toolkit never draws its toolbar.
        self.screen.write_process_input = self.child.send

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_error: object) -> None:
        self.child.close(force=True)

    @property
    def text(self) -> str:
        """Scrollback and screen, without trailing blanks."""
        columns = self.screen.columns
        above = [
            "".join(row[column].data for column in range(columns))
            for row in self.screen.history.top
        ]
        return "\n".join(row.rstrip() for row in (*above, *self.screen.display)).rstrip()

    @property
    def display(self) -> str:
        """What is on the screen now."""
        return "\n".join(row.rstrip() for row in self.screen.display).rstrip()

    def wait_for(self, wanted: str, seconds: float = 30) -> str:
        """All text as soon as `wanted` is in it."""
        return self.wait_until(lambda: wanted in self.text, f"{wanted!r}", seconds)

    def wait_until(self, holds: object, what: str, seconds: float = 30) -> str:
        assert callable(holds)
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until or not self._read():
                raise AssertionError(f"{what} did not come. The screen:\n{self.text}")
        return self.text

    def send(self, keys: str) -> None:
        self.child.send(keys)

    def wait_exit(self, seconds: float = 30) -> int:
        """The exit code; a signal is 128 + its number."""
        until = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < until, f"it did not end. The screen:\n{self.text}"
        self.child.wait()
        if self.child.exitstatus is not None:
            return int(self.child.exitstatus)
        return 128 + int(self.child.signalstatus or 0)

    def _read(self) -> bool:
        """Take in what was printed; False once the program is gone."""
        try:
            self._stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
        except pexpect.TIMEOUT:
            return self.child.isalive() or self._rest()
        except pexpect.EOF:
            return False
        return True

    def _rest(self) -> bool:
        try:
            self._stream.feed(self.child.read_nonblocking(65536, timeout=0))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        return True
