"""A token that another thread can pull to stop the work."""

from __future__ import annotations

import threading

from burnless.core.errors import Cancelled


class CancelToken:
    """`cancel()` from any thread; the work calls `check()` or waits with `wait()`."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

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
