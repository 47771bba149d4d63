"""Money at the model's boundary: reserve, call, charge, whatever happens in between."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import ModelProblem
from burnless.core.messages import (
    Delta,
    ModelRequest,
    ReasoningDelta,
    Reply,
    TextDelta,
    ToolCallDelta,
)
from burnless.core.models import ModelCard
from burnless.core.protocols import Ledger, Model
from burnless.core.usage import Usage, cost_of
from burnless.policy.tokens import BYTES_PER_TOKEN, TokenFactor, estimate_message
from burnless.providers.prefix_watch import PrefixWatch

UNLEARNED = TokenFactor(1.3)
"""Before the first reply: newer tokenizers make about 30% more of a text than bytes over four."""


def _new_call_id() -> str:
    return uuid.uuid4().hex[:16]


def _nothing_said() -> Usage | None:
    return None


class MeteredModel:
    """Books every call with the ledger, and settles each exactly once.

    usage_so_far: what the provider said of the last call's cost, also where it failed
    watch:        hashes the layers; one for a session, so that roles are told apart there
    """

    def __init__(
        self,
        model: Model,
        ledger: Ledger,
        watch: PrefixWatch,
        usage_so_far: Callable[[], Usage | None] = _nothing_said,
        new_call_id: Callable[[], str] = _new_call_id,
    ) -> None:
        self._model = model
        self._ledger = ledger
        self._watch = watch
        self._usage_so_far = usage_so_far
        self._new_call_id = new_call_id
        self._factor = UNLEARNED

    @property
    def card(self) -> ModelCard:
        return self._model.card

    def complete(
        self,
        request: ModelRequest,
        on_delta: Callable[[Delta], None],
        cancel: CancelToken,
    ) -> Reply:
        """Raises BudgetExceeded where the worst case does not fit; then nothing was sent."""
        layers = self._watch.observe(request)
        estimated = sum(layer.tokens for layer in layers)
        started = self._ledger.reserve(self._started(request, layers, estimated), self.card.price)
        if started.max_output < request.max_output_tokens:
            request = replace(request, max_output_tokens=started.max_output)
        written = _Written()

        def count(delta: Delta) -> None:
            written.add(delta)
            on_delta(delta)

        try:
            reply = self._model.complete(request, count, cancel)
        except BaseException as error:
            self._ledger.settle(self._failed(started, error, written))
            raise
        self._ledger.settle(self._replied(started, reply, estimated))
        return reply

    def _started(
        self, request: ModelRequest, layers: tuple[ev.LayerHash, ...], estimated: int
    ) -> ev.CallStarted:
        return ev.CallStarted(
            call=self._new_call_id(),
            role=request.role,
            tier=self.card.tier,
            model=self.card.id,
            reserved=None,
            input_estimate=self._factor.scale(estimated),
            max_output=request.max_output_tokens,
            layers=layers,
            purpose=request.purpose,
        )

    def _replied(self, started: ev.CallStarted, reply: Reply, estimated: int) -> ev.CallReplied:
        usage = reply.usage
        if usage is None:
            output = estimate_message(reply.message)
            usage = Usage(fresh=started.input_estimate, output=output)
        else:
            self._factor = self._factor.learn(estimated, usage.input)
        price = self.card.price
        return ev.CallReplied(
            call=started.call,
            role=started.role,
            tier=started.tier,
            model=started.model,
            served=reply.served_model,
            message=reply.message,
            stop=reply.stop,
            usage=usage,
            cost=cost_of(usage, price) if price else None,
            price_version=price.version if price else "",
            seconds=reply.seconds,
            first_token_seconds=reply.first_token_seconds,
            response_id=reply.response_id,
            raw_stop=reply.raw_stop,
            purpose=started.purpose,
            estimated=reply.usage is None,
            dropped_reasoning=reply.dropped_reasoning,
        )

    def _failed(
        self, started: ev.CallStarted, error: BaseException, written: _Written
    ) -> ev.CallFailed:
        """What the provider may have billed: what it said, and what was seen to be written."""
        said = self._usage_so_far()
        began = written.characters > 0 or said is not None
        billed = began or (isinstance(error, ModelProblem) and error.billed)
        usage: Usage | None = None
        cost: int | None = 0
        if billed:
            usage = said or Usage(fresh=started.input_estimate)
            output = max(usage.output, -(-written.characters // BYTES_PER_TOKEN))
            usage = replace(usage, output=output)
            price = self.card.price
            cost = cost_of(usage, price) if price else None
        return ev.CallFailed(
            call=started.call,
            role=started.role,
            tier=started.tier,
            model=started.model,
            error=f"{type(error).__name__}: {error}",
            usage=usage,
            cost=cost,
            estimated=billed,
            purpose=started.purpose,
        )


class _Written:
    """Characters of a reply as they went by."""

    def __init__(self) -> None:
        self.characters = 0
        self._call = 0

    def add(self, delta: Delta) -> None:
        match delta:
            case TextDelta(text) | ReasoningDelta(text):
                self.characters += len(text)
            case ToolCallDelta(characters=characters):
                # Counted from the start of each call: a smaller number is the next call.
                so_far = self._call if characters >= self._call else 0
                self.characters += characters - so_far
                self._call = characters
