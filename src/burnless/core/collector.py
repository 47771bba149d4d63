"""A pause for the garbage collector while modules are imported."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Pauses:
    """How many pauses are open. The collector runs again when the last one ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._was_enabled = True

    def begin(self) -> None:
        with self._lock:
            if not self._open:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._open += 1

    def end(self) -> None:
        with self._lock:
            self._open -= 1
            if not self._open and self._was_enabled:
                gc.enable()


_PAUSES = _Pauses()


@contextmanager
def collector_paused(*, keep_for_good: bool = False) -> Iterator[None]:
    """What imports make stays: to look it through for garbage is a tenth of their time.

    Pauses may nest and overlap, in any threads.
    keep_for_good: what exists at the end is never looked through. For a process of our own only:
                   garbage that a host program happens to hold just then would stay, too.
    """
    _PAUSES.begin()
    try:
        yield
    finally:
        if keep_for_good:
            gc.freeze()
        _PAUSES.end()
