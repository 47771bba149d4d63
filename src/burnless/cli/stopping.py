"""Signals during a headless run: the turn ends first, with the processes it started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, TypeAlias, TypeVar

Handler: TypeAlias = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None

_T = TypeVar("_T")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_AGAIN_SECONDS = 0.25
_LAST_SECONDS = 2.0
"""How long a turn may take to close its books once everything it ran was killed."""
SIGNALLED = 128


class Stopped(Exception):
    """A signal that could not, or did not want to, wait for the turn. `code` is the exit code."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = SIGNALLED + number


class Stopping:
    """A context that takes the signals over. Work runs in its own thread: a handler that
    interrupts must never meet a lock its own thread holds.

    The first signal interrupts the work, the second kills what it runs. Before and after the
    work there is nothing to interrupt: before it a signal raises Stopped, after it (`finish`) one
    signal is noted and the next raises.
    """

    def __init__(self) -> None:
        self.signal = 0
        self._spared = 0
        self._seen = 0
        self._before: list[tuple[signal.Signals, Handler]] = []

    def __enter__(self) -> Stopping:
        for number in _SIGNALS:
            self._before.append((number, signal.signal(number, self._on_signal)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)

    def run(
        self, work: Callable[[], _T], interrupt: Callable[[], None], kill: Callable[[], None]
    ) -> _T:
        """The value of `work`, or what it raised; `interrupt` is called while a signal waits.

        Raises Stopped where the work does not end even after `kill`.
        """
        values: list[_T] = []
        errors: list[BaseException] = []

        def target() -> None:
            try:
                values.append(work())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=target, name="engine", daemon=True)
        self._spare(2)
        thread.start()
        self._wait(thread, interrupt, kill)
        if errors:
            raise errors[0]
        return values[0]

    def finish(self) -> int:
        """From here on a result is being written: that is not torn by one more signal.

        The value is the signal that came before, 0 where none did.
        """
        self._spare(1)
        return self.signal

    def _spare(self, signals: int) -> None:
        self._seen, self._spared = 0, signals

    def _wait(
        self, thread: threading.Thread, interrupt: Callable[[], None], kill: Callable[[], None]
    ) -> None:
        """A signal may come before the turn can be interrupted, so it is passed on again."""
        while thread.is_alive():
            if self._seen > 1:
                kill()
                interrupt()
                thread.join(_LAST_SECONDS)
                if thread.is_alive():
                    raise Stopped(self.signal)
                return
            if self._seen:
                interrupt()
            thread.join(_AGAIN_SECONDS)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._seen += 1
        self.signal = self.signal or number
        if self._seen > self._spared:
            raise Stopped(number)
