"""What the harness tells the executor: appended at safe points, never edited in."""

from __future__ import annotations

import queue

from burnless.core import events as ev
from burnless.core.protocols import Recorder
from burnless.core.settings import PermissionMode


class Notices:
    """`post` from any thread; `deliver` and `tell` only at safe points, on the engine's thread."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._posted: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._told: set[str] = set()

    def post(self, kind: str, text: str) -> None:
        """For another thread: it is delivered at the next safe point."""
        self._posted.put((kind, text))

    def deliver(self) -> None:
        while not self._posted.empty():
            kind, text = self._posted.get()
            self.tell(kind, text)

    def tell_mode(self, mode: PermissionMode) -> None:
        """Where it is not the one the model knows of, whoever changed it and when."""
        told = self._recorder.session.told_mode
        if told not in {"", mode.value}:
            only = " Nothing may be changed in it: read, and say what you would do."
            text = f"The permission mode is now {mode.value}."
            text += only if mode is PermissionMode.PLAN else ""
            self._recorder.record(ev.NoticeGiven(text, "mode", mode.value))

    def tell(self, kind: str, text: str) -> None:
        self._recorder.record(ev.NoticeGiven(text, kind))

    def first_time(self, kind: str) -> bool:
        """True the first time a turn it is asked for this kind."""
        if kind in self._told:
            return False
        self._told.add(kind)
        return True

    def new_turn(self) -> None:
        self._told.clear()
