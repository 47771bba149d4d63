from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from burnless.core.permissions import Answer, Question, RunCommand
from burnless.core.plan import Plan
from burnless.ui.exchange import Asked, Exchange
from tests.ui.events import PLAN

T = TypeVar("T")
QUESTION = Question(RunCommand("make"), "asks", "Bash(make)")


class Interrupting:
    """A user who presses Ctrl-C at every question."""

    interactive = True

    def approve(self, question: Question) -> Answer:
        raise KeyboardInterrupt

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        raise KeyboardInterrupt

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        raise KeyboardInterrupt


class Agreeing:
    interactive = True

    def __init__(self) -> None:
        self.asked_on: list[int] = []

    def approve(self, question: Question) -> Answer:
        self.asked_on.append(threading.get_ident())
        return Answer("session", question.pattern)

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        return options[0]

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        return plan


def from_the_engine(exchange: Exchange, ask: Callable[[], T], *, interrupts: bool = False) -> T:
    """Ask on another thread, and be the screen's thread meanwhile."""
    answers: list[T] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    item = exchange.items.get(timeout=10)
    assert isinstance(item, Asked)
    if interrupts:
        with pytest.raises(KeyboardInterrupt):
            item.put_to_the_user()
    else:
        item.put_to_the_user()
    thread.join(timeout=10)
    return answers[0]


def test_a_question_is_put_on_the_screen_s_thread() -> None:
    user = Agreeing()
    exchange = Exchange(user)
    answer = from_the_engine(exchange, lambda: exchange.approve(QUESTION))
    assert answer == Answer("session", "Bash(make)")
    assert user.asked_on == [threading.get_ident()]
    assert from_the_engine(exchange, lambda: exchange.ask("which?", ["a", "b"])) == "a"
    assert from_the_engine(exchange, lambda: exchange.review_plan(PLAN, "")) is PLAN


def test_a_question_from_the_screen_s_own_thread_does_not_wait_for_itself() -> None:
    assert Exchange(Agreeing()).approve(QUESTION) == Answer("session", "Bash(make)")


def test_an_interrupted_question_is_a_no_and_the_engine_is_not_left_waiting() -> None:
    exchange = Exchange(Interrupting())
    refused = from_the_engine(exchange, lambda: exchange.approve(QUESTION), interrupts=True)
    assert refused == Answer("no")
    assert from_the_engine(exchange, lambda: exchange.ask("?", []), interrupts=True) is None
    reviewed = from_the_engine(exchange, lambda: exchange.review_plan(PLAN, ""), interrupts=True)
    assert reviewed is None
