"""Who really answered. A session stays on the model it began with."""

from __future__ import annotations

from collections.abc import Callable

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import WrongModelServed
from burnless.core.messages import Delta, ModelRequest, Reply
from burnless.core.models import ModelCard
from burnless.core.protocols import Model


class PinnedModel:
    """Checks the served name of each reply, after the reply was kept and paid for.

    A provider's own endpoint must name the model that was asked for. Anywhere else the first name
    is pinned for the session and may not change. No name at all is unproved, and fine.

    pin_of:     the served name this session accepts for a model id, None = none yet
    record:     takes the ModelPinned event
    same_model: whether two names are one model (dated names, aliases)
    """

    def __init__(
        self,
        model: Model,
        pin_of: Callable[[str], str | None],
        record: Callable[[ev.ModelPinned], object],
        same_model: Callable[[str, str], bool],
    ) -> None:
        self._model = model
        self._pin_of = pin_of
        self._record = record
        self._same_model = same_model

    @property
    def card(self) -> ModelCard:
        return self._model.card

    def complete(
        self,
        request: ModelRequest,
        on_delta: Callable[[Delta], None],
        cancel: CancelToken,
    ) -> Reply:
        reply = self._model.complete(request, on_delta, cancel)
        if reply.served_model is not None:
            self._check(reply.served_model)
        return reply

    def _check(self, served: str) -> None:
        card = self.card
        if card.first_party:
            if not self._same_model(card.name, served):
                raise _wrong_model(card, card.name, served, "was asked for")
            return
        pinned = self._pin_of(card.id)
        if pinned is None:
            self._record(ev.ModelPinned(card.id, served))
        elif not self._same_model(pinned, served):
            raise _wrong_model(card, pinned, served, "has answered in this session so far")


def _wrong_model(card: ModelCard, wanted: str, served: str, why: str) -> WrongModelServed:
    return WrongModelServed(
        f"{card.provider} answered with {served}, but {wanted} {why}; "
        "the reply is kept in the log and nothing was done with it",
        hint=f"name {served} in the tier if it is what you want, or start a new session",
        billed=True,
    )
