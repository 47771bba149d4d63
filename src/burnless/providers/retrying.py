"""One retry loop for all providers, and it says what it waits for."""

from __future__ import annotations

import random
from collections.abc import Callable

from burnless.core.cancel import CancelToken
from burnless.core.errors import Temporary
from burnless.core.messages import Delta, ModelRequest, Reply
from burnless.core.models import ModelCard
from burnless.core.protocols import Model
from burnless.core.settings import Limits

FIRST_WAIT_SECONDS = 1.0


class RetryingModel:
    """Repeats what is Temporary, each attempt a call of its own to the model inside.

    on_wait: the reason, and how many seconds until the next attempt
    jitter:  a number in [0, 1): half of each backoff is left to it, so that parallel sessions
             do not come back all at once
    """

    def __init__(
        self,
        model: Model,
        limits: Limits,
        on_wait: Callable[[str, float], None],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._model = model
        self._limits = limits
        self._on_wait = on_wait
        self._jitter = jitter

    @property
    def card(self) -> ModelCard:
        return self._model.card

    def complete(
        self,
        request: ModelRequest,
        on_delta: Callable[[Delta], None],
        cancel: CancelToken,
    ) -> Reply:
        attempt = 1
        while True:
            try:
                return self._model.complete(request, on_delta, cancel)
            except Temporary as problem:
                if attempt >= self._limits.max_attempts:
                    raise _given_up(problem, attempt) from problem
                seconds = self._wait_seconds(attempt, problem.retry_after)
                self._on_wait(str(problem), seconds)
                cancel.wait(seconds)
            attempt += 1

    def _wait_seconds(self, attempt: int, asked: float | None) -> float:
        """What the provider asked for, or a backoff that doubles; never above the limit."""
        backoff = FIRST_WAIT_SECONDS * 2 ** (attempt - 1)
        own = backoff * (0.5 + self._jitter() / 2)
        return min(own if asked is None else asked, self._limits.retry_wait_most)


def _given_up(problem: Temporary, attempts: int) -> Temporary:
    tried = "once" if attempts == 1 else f"{attempts} times"
    return Temporary(
        f"{problem} (tried {tried})",
        hint="nothing is lost: resume the session when the provider answers again",
        billed=problem.billed,
        retry_after=problem.retry_after,
    )
