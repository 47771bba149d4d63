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
SIGNALLED = 128


class Stopped(Exception):
    """A signal that could not, or did not want to, wait for the turn. `code` is the exit code."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = SIGNALLED + number


class Stopping:
    """A context that takes the signals over. Work runs in its own thread: a handler that
    interrupts must never meet a lock its own thread holds."""

    def __init__(self) -> None:
        self.signal = 0
        self._working = False
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

    def run(self, work: Callable[[], _T], interrupt: Callable[[], None]) -> _T:
        """The value of `work`, or what it raised; `interrupt` is called while a signal waits."""
        values: list[_T] = []
        errors: list[BaseException] = []

        def target() -> None:
            try:
                values.append(work())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=target, name="engine", daemon=True)
        self._working = True
        thread.start()
        try:
            self._wait(thread, interrupt)
        finally:
            self._working = False
        if errors:
            raise errors[0]
        return values[0]

    def _wait(self, thread: threading.Thread, interrupt: Callable[[], None]) -> None:
        """A signal may come before the turn can be interrupted, so it is passed on again."""
        while thread.is_alive():
            if self.signal:
                interrupt()
            thread.join(_AGAIN_SECONDS)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.signal or not self._working:
            raise Stopped(number)
        self.signal = number
