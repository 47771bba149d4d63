"""A scripted model and a ledger that keeps what it is told, for the wrappers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import BudgetExceeded
from burnless.core.messages import (
    AssistantMessage,
    Delta,
    ModelRequest,
    Reply,
    StopReason,
    Text,
    TextDelta,
)
from burnless.core.models import ModelCard
from burnless.core.usage import Price, Usage
from tests.providers.cases import ANTHROPIC


def reply(
    text: str = "done", served: str | None = ANTHROPIC.name, usage: Usage | None = None
) -> Reply:
    return Reply(
        AssistantMessage((Text(text),), ANTHROPIC.id, "anthropic"),
        StopReason.END,
        usage or Usage(100, output=10),
        served,
    )


@dataclass
class ScriptedModel:
    """Plays replies and raises errors, in order. `deltas` go out before each."""

    script: list[Reply | BaseException]
    card: ModelCard = ANTHROPIC
    deltas: Sequence[Delta] = ()
    requests: list[ModelRequest] = field(default_factory=list)

    def complete(
        self, request: ModelRequest, on_delta: Callable[[Delta], None], cancel: CancelToken
    ) -> Reply:
        self.requests.append(request)
        for delta in self.deltas:
            on_delta(delta)
        step = self.script.pop(0)
        if isinstance(step, BaseException):
            raise step
        return step


@dataclass
class KeepingLedger:
    """Reserves up to `most` output tokens; below 1 it refuses."""

    most: int = 1_000_000
    started: list[ev.CallStarted] = field(default_factory=list)
    prices: list[Price | None] = field(default_factory=list)
    settled: list[ev.CallReplied | ev.CallFailed] = field(default_factory=list)

    def reserve(self, call: ev.CallStarted, price: Price | None) -> ev.CallStarted:
        if self.most < 1:
            raise BudgetExceeded("no money left", hint="raise the limit")
        self.prices.append(price)
        granted = replace(call, max_output=min(call.max_output, self.most))
        self.started.append(granted)
        return granted

    def settle(self, outcome: ev.CallReplied | ev.CallFailed) -> None:
        self.settled.append(outcome)


SOME_TEXT = TextDelta("x" * 400)
