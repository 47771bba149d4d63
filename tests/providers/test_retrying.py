from __future__ import annotations

import pytest

from burnless.core.cancel import CancelToken
from burnless.core.errors import Cancelled, ContextExceeded, SpendLimit, Temporary
from burnless.core.messages import Reply, UserMessage
from burnless.core.settings import Limits
from burnless.providers.retrying import RetryingModel
from tests.providers.cases import request
from tests.providers.fakes import ScriptedModel, reply

ASK = request(UserMessage("go"))
NO_WAIT = Limits(max_attempts=4, retry_wait_most=0.0)


def ask(model: RetryingModel, cancel: CancelToken | None = None) -> Reply:
    return model.complete(ASK, lambda delta: None, cancel or CancelToken())


def test_what_is_temporary_is_tried_again_and_said() -> None:
    inner = ScriptedModel([Temporary("busy"), Temporary("busier"), reply("at last")])
    waits: list[tuple[str, float]] = []
    model = RetryingModel(inner, NO_WAIT, lambda why, s: waits.append((why, s)))
    assert ask(model) == reply("at last")
    assert waits == [("busy", 0.0), ("busier", 0.0)]
    assert inner.requests == [ASK] * 3
    assert model.card == inner.card


@pytest.mark.parametrize("problem", [ContextExceeded("long"), SpendLimit("broke"), Cancelled("no")])
def test_anything_else_is_not_tried_again(problem: Exception) -> None:
    inner = ScriptedModel([problem, reply()])
    with pytest.raises(type(problem)):
        ask(RetryingModel(inner, NO_WAIT, lambda why, s: None))
    assert len(inner.requests) == 1


def test_after_the_last_attempt_it_says_how_often_it_tried() -> None:
    inner = ScriptedModel([Temporary("busy", billed=True, retry_after=9.0)] * 4)
    with pytest.raises(Temporary, match=r"busy \(tried 4 times\)") as caught:
        ask(RetryingModel(inner, NO_WAIT, lambda why, s: None))
    assert (caught.value.billed, caught.value.retry_after) == (True, 9.0)
    assert "resume" in caught.value.hint


class Stopped(Exception):
    pass


@pytest.mark.parametrize(
    ("asked", "jitter", "most", "seconds"),
    [
        (None, 0.0, 60.0, 0.5),
        (None, 0.5, 60.0, 0.75),
        (7.0, 0.9, 60.0, 7.0),
        (300.0, 0.0, 60.0, 60.0),
        (None, 0.0, 0.25, 0.25),
    ],
)
def test_the_wait_is_what_was_asked_for_or_a_backoff_and_never_above_the_limit(
    asked: float | None, jitter: float, most: float, seconds: float
) -> None:
    limits = Limits(max_attempts=2, retry_wait_most=most)
    said: list[float] = []

    def on_wait(why: str, wait: float) -> None:
        said.append(wait)
        raise Stopped

    inner = ScriptedModel([Temporary("busy", retry_after=asked)])
    with pytest.raises(Stopped):
        ask(RetryingModel(inner, limits, on_wait, lambda: jitter))
    assert said == [seconds]


def test_the_backoff_doubles() -> None:
    limits = Limits(retry_wait_most=60.0)
    model = RetryingModel(ScriptedModel([]), limits, lambda why, s: None, lambda: 0.0)
    assert [model._wait_seconds(at, None) for at in (1, 2, 3, 9)] == [0.5, 1.0, 2.0, 60.0]


def test_a_cancel_ends_the_wait() -> None:
    cancel = CancelToken()
    inner = ScriptedModel([Temporary("busy", retry_after=60.0), reply()])
    model = RetryingModel(inner, Limits(), lambda why, s: cancel.cancel())
    with pytest.raises(Cancelled):
        ask(model, cancel)
    assert len(inner.requests) == 1
