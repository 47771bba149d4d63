"""Money at the model's boundary: reserve, call, charge, whatever happens in between."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import KeyProblem, ModelProblem
from burnless.core.messages import (
    Delta,
    Message,
    ModelRequest,
    ReasoningDelta,
    Reply,
    Role,
    TextDelta,
    ToolCallDelta,
)
from burnless.core.models import ModelCard
from burnless.core.protocols import Ledger, Model
from burnless.core.usage import Usage, cost_of
from burnless.policy.tokens import BYTES_PER_TOKEN, TokenFactor, estimate_message
from burnless.providers.prefix_watch import TAIL, PrefixWatch
from burnless.providers.wire import SoFar

UNLEARNED = TokenFactor(1.3)
"""Before the first reply: newer tokenizers make about 30% more of a text than bytes over four."""


def _new_call_id() -> str:
    return uuid.uuid4().hex[:16]


@dataclass(frozen=True, slots=True)
class _Cached:
    """What a conversation's last reply left in the provider's cache: all up to its last layer
    but the tail, the tail's first message, and how many tokens the provider said it were.
    """

    head: tuple[ev.LayerHash, ...]
    first: Message | None
    tokens: int


class MeteredModel:
    """Books every call with the ledger, and settles each exactly once.

    watch:  hashes the layers; one for a session, so that roles are told apart there
    so_far: what is known of the last call, also where it failed
    """

    def __init__(
        self,
        model: Model,
        ledger: Ledger,
        watch: PrefixWatch,
        so_far: Callable[[], SoFar] = SoFar,
        new_call_id: Callable[[], str] = _new_call_id,
    ) -> None:
        self._model = model
        self._ledger = ledger
        self._watch = watch
        self._so_far = so_far
        self._new_call_id = new_call_id
        self._factor = UNLEARNED
        self._cached: dict[tuple[Role, str], _Cached] = {}

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
            self._ledger.settle(self._failed(started, request, error, written))
            raise
        if reply.usage is not None:
            self._factor = self._factor.learn(estimated, reply.usage.input)
            self._cached[request.role, request.purpose] = _cached(
                started, request, reply.usage.input - reply.usage.fresh
            )
        self._ledger.settle(self._replied(started, reply))
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

    def _replied(self, started: ev.CallStarted, reply: Reply) -> ev.CallReplied:
        usage = reply.usage
        if usage is None:
            output = estimate_message(reply.message)
            usage = Usage(fresh=started.input_estimate, output=output)
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
        self,
        started: ev.CallStarted,
        request: ModelRequest,
        error: BaseException,
        written: _Written,
    ) -> ev.CallFailed:
        """What the provider may have billed: what it said, and what was seen to be written."""
        so_far = self._so_far()
        billed = written.characters > 0 or _may_be_billed(error, so_far)
        usage: Usage | None = None
        cost: int | None = 0
        if billed:
            usage = so_far.usage or self._expected(started, request)
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

    def _expected(self, started: ev.CallStarted, request: ModelRequest) -> Usage:
        """The input of a call nothing was said of: what it shares with the last reply's is read
        from the cache, as long as that is warm.
        """
        known = self._cached.get((request.role, request.purpose))
        if known is None or known != _cached(started, request, known.tokens):
            return Usage(fresh=started.input_estimate)
        read = min(known.tokens, started.input_estimate)
        return Usage(fresh=started.input_estimate - read, cache_read=read)


def _cached(started: ev.CallStarted, request: ModelRequest, tokens: int) -> _Cached:
    head = tuple(layer for layer in started.layers if layer.layer != TAIL)
    first = request.tail[0] if request.tail else None
    return _Cached(head, first, tokens)


def _may_be_billed(error: BaseException, so_far: SoFar) -> bool:
    match error:
        case _ if so_far.usage is not None:
            return True
        case ModelProblem():
            return error.billed
        case KeyProblem():
            return False
        case _:  # broken off from here: the provider reads on, and bills what it reads
            return so_far.sent


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
