"""A token that another thread can pull to stop the work."""

from __future__ import annotations

import threading
from collections.abc import Callable

from burnless.core.errors import Cancelled


class CancelToken:
    """`cancel()` from any thread; the work calls `check()` or waits with `wait()`."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._listeners: list[Callable[[], None]] = []

    def cancel(self) -> None:
        self._event.set()
        for listener in list(self._listeners):
            listener()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called by the thread that cancels, once or twice; it must not raise.

        Gives back what takes it off again. A token pulled before calls it at once.
        """
        self._listeners.append(listener)
        if self._event.is_set():
            listener()
        return lambda: self._listeners.remove(listener)

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        """Raises Cancelled when the token was pulled."""
        if self._event.is_set():
            raise Cancelled("interrupted", hint="resume to go on where it stopped")

    def wait(self, seconds: float) -> None:
        """Sleep that a cancel ends at once, raising Cancelled."""
        self._event.wait(seconds)
        self.check()
