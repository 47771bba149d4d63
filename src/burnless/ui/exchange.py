"""Where the engine's thread and the screen's thread meet: facts go one way, answers the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.core.permissions import Answer, Question
from burnless.core.plan import Plan
from burnless.core.protocols import Approver, Signal

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shown:
    event: ev.Event


@dataclass(frozen=True, slots=True)
class Passing:
    role: Role
    signal: Signal


@dataclass(frozen=True, slots=True)
class Finished:
    """The work in the engine's thread is over."""


class Asked(Generic[_T]):
    """A question that waits for the screen's thread. `otherwise` where nobody answers it."""

    def __init__(self, ask: Callable[[], _T], otherwise: _T) -> None:
        self._ask = ask
        self._answer = otherwise
        self._answered = threading.Event()

    def put_to_the_user(self) -> None:
        """On the screen's thread. KeyboardInterrupt leaves `otherwise` as the answer."""
        try:
            self._answer = self._ask()
        finally:
            self._answered.set()

    def decline(self) -> None:
        """Nobody is going to answer: `otherwise` it is."""
        self._answered.set()

    def wait(self) -> _T:
        self._answered.wait()
        return self._answer


AnyAsked: TypeAlias = Asked[Answer] | Asked[str | None] | Asked[Plan | None]
Item: TypeAlias = Shown | Passing | Finished | AnyAsked


class Exchange:
    """An EventSink and an Approver for the engine; `items` is what the screen works through.

    `answers` puts questions to the user, on the thread this was made on. A question that comes
    from that thread itself (while a session is opened) is put at once.
    """

    interactive = True

    def __init__(self, answers: Approver) -> None:
        self.items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._answers = answers
        self._home = threading.get_ident()

    def show(self, recorded: ev.Recorded) -> None:
        self.items.put(Shown(recorded.event))

    def signal(self, role: Role, signal: Signal) -> None:
        self.items.put(Passing(role, signal))

    def approve(self, question: Question) -> Answer:
        asked = Asked(lambda: self._answers.approve(question), Answer("no"))
        self._hand_over(asked)
        return asked.wait()

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        asked: Asked[str | None] = Asked(lambda: self._answers.ask(question, options), None)
        self._hand_over(asked)
        return asked.wait()

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        asked: Asked[Plan | None] = Asked(lambda: self._answers.review_plan(plan, text), None)
        self._hand_over(asked)
        return asked.wait()

    def _hand_over(self, asked: AnyAsked) -> None:
        if threading.get_ident() == self._home:
            asked.put_to_the_user()
        else:
            self.items.put(asked)
