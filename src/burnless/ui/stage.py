"""A turn on the screen: the engine works in its own thread, this one shows it and listens."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from burnless.core import events as ev
from burnless.core.errors import BurnlessError
from burnless.core.messages import Role, TextDelta
from burnless.core.protocols import Approver
from burnless.ui.busy_keys import BusyKeys
from burnless.ui.engine import Engine
from burnless.ui.exchange import AnyAsked, Asked, Exchange, Finished, Item, Passing, Shown
from burnless.ui.lines import Style, block, styled
from burnless.ui.prompt_line import leave_prompt
from burnless.ui.scene import Scene
from burnless.ui.screen import Screen
from burnless.ui.status import Activity

_T = TypeVar("_T")
_REDRAW_SECONDS = 0.1
_FORCED_AFTER = 2
"""The second Ctrl-C does not wait for the turn any more: what it runs is killed."""
_LAST_SECONDS = 1.0
"""How long a turn may take to close its books once everything it ran was killed."""
_SIGNALLED = 128


class Leave(Exception):
    """The user, or a signal, wants out. `code` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class Stage:
    """Everything is drawn from the thread that calls `work`; the engine only sends items."""

    def __init__(self, screen: Screen, answers: Approver, *, verbose: bool) -> None:
        self.screen = screen
        self.scene = Scene(bullet=screen.bullet, verbose=verbose)
        self.exchange = Exchange(answers)
        self.keys = BusyKeys()
        self._activity = Activity()
        self._streamed = False
        self._interrupts = 0
        self._ended_by = 0
        self._working = False

    def work(self, engine: Engine, work: Callable[[], _T]) -> _T | None:
        """Run `work` in its own thread and show what happens until it is over.

        None: it raised a BurnlessError, which was shown. Raises Leave.
        """
        self._activity, self._interrupts, self._working = Activity(), 0, True
        results: list[_T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as error:
                errors.append(error)
            finally:
                self.exchange.items.put(Finished())

        before = signal.signal(signal.SIGINT, self.on_signal)
        try:
            worker = threading.Thread(target=run, name="engine", daemon=True)
            worker.start()
            self._watch(engine, worker)
        finally:
            self._working = False
            signal.signal(signal.SIGINT, before)
            self.screen.quiet()
        if self._ended_by:
            raise Leave(_SIGNALLED + self._ended_by)
        for error in errors:
            if not isinstance(error, BurnlessError):
                raise error
            self.complain(error)
        return results[0] if results else None

    def show_waiting(self) -> None:
        """What was said before there was anything to watch."""
        while not self.exchange.items.empty():
            self._take(self.exchange.items.get())

    def complain(self, error: BurnlessError) -> None:
        what = "; ".join(part for part in (str(error), error.hint) if part)
        self.screen.show([styled(Style.BAD, what)])

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """While a turn runs it is only noted: `_watch` passes it on. Else it is time to leave."""
        del frame
        if self._working or number == signal.SIGINT:
            self._interrupts += 1
        if number == signal.SIGINT:
            return
        self._ended_by = number
        leave = Leave(_SIGNALLED + number)
        if not leave_prompt(KeyboardInterrupt() if self._working else leave) and not self._working:
            raise leave

    def _watch(self, engine: Engine, worker: threading.Thread) -> None:
        """Until the work is over. An interrupt is passed on again until it has its effect."""
        while True:
            if self._interrupts >= _FORCED_AFTER:
                engine.kill()
                worker.join(_LAST_SECONDS)
                raise Leave(_SIGNALLED + (self._ended_by or signal.SIGINT))
            if self._interrupts:
                engine.interrupt()
            try:
                item: Item | None = self.exchange.items.get(timeout=_REDRAW_SECONDS)
            except queue.Empty:
                self.screen.live(self._live_text())
                item = None
            if isinstance(item, Finished):
                return
            if item is not None:
                self._take(item)
            if self.keys.wants_interrupt():
                self._interrupts = max(self._interrupts, 1)

    def _live_text(self) -> str:
        if self._interrupts:
            return "interrupting; Ctrl-C once more leaves at once"
        return self._activity.text(self.keys.typed, len(self.keys.queued))

    def _take(self, item: Item) -> None:
        match item:
            case Shown():
                self._activity.note(item.event)
                self._show_event(item.event)
            case Passing():
                if item.role is Role.EXECUTOR and isinstance(item.signal, TextDelta):
                    self._streamed = True
                    self.screen.stream(item.signal.text)
                self._activity.signal(item.role, item.signal)
            case Asked():
                self._put(item)
            case Finished():
                pass

    def _show_event(self, event: ev.Event) -> None:
        if isinstance(event, ev.CallReplied) and event.role is Role.EXECUTOR:
            if not self._streamed and not event.purpose:
                self.screen.show(block(Style.PLAIN, event.message.text))
            self._streamed = False
        if isinstance(event, ev.CallFailed):
            self._streamed = False
        self.screen.show(self.scene.lines(event))

    def _put(self, asked: AnyAsked) -> None:
        """A question takes the terminal for itself; Ctrl-C in it interrupts the turn.

        A turn that is being interrupted asks nothing any more.
        """
        if self.keys.wants_interrupt():  # what was typed so far is for the next prompt
            self._interrupts = max(self._interrupts, 1)
        if self._interrupts:
            asked.decline()
            return
        self.keys.give_terminal()
        try:
            asked.put_to_the_user()
        except KeyboardInterrupt:
            self._interrupts = max(self._interrupts, 1)
        finally:
            self.keys.take_terminal()
