from __future__ import annotations

from dataclasses import replace

import pytest

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import WrongModelServed
from burnless.core.messages import Reply, UserMessage
from burnless.core.models import ModelCard
from burnless.providers.catalog import same_model
from burnless.providers.pinned import PinnedModel
from tests.providers.cases import ANTHROPIC, ROUTED, request
from tests.providers.fakes import ScriptedModel, reply

ELSEWHERE = replace(ANTHROPIC, first_party=False)


class Pins:
    """A session's pins, fed by its events."""

    def __init__(self) -> None:
        self.events: list[ev.ModelPinned] = []

    def of(self, model: str) -> str | None:
        return next((e.served for e in reversed(self.events) if e.model == model), None)


def ask_all(card: ModelCard, served: list[str | None], pins: Pins) -> list[Reply]:
    model = PinnedModel(
        ScriptedModel([reply(served=name) for name in served], card),
        pins.of,
        pins.events.append,
        same_model,
    )
    return [
        model.complete(request(UserMessage("go")), lambda delta: None, CancelToken())
        for _ in served
    ]


@pytest.mark.parametrize("served", ["claude-sonnet-5-5", "claude-sonnet-5-5-20260901"])
def test_a_providers_own_endpoint_may_answer_with_a_dated_name(served: str) -> None:
    pins = Pins()
    assert ask_all(ANTHROPIC, [served], pins) == [reply(served=served)]
    assert pins.events == []


def test_a_providers_own_endpoint_that_names_another_model_stops() -> None:
    with pytest.raises(WrongModelServed) as caught:
        ask_all(ANTHROPIC, ["claude-haiku-5-5"], Pins())
    assert "claude-haiku-5-5" in str(caught.value)
    assert "claude-sonnet-5-5" in str(caught.value)


def test_elsewhere_the_first_name_is_pinned_once() -> None:
    pins = Pins()
    ask_all(ROUTED, ["vendor/claude-x", "vendor/claude-x"], pins)
    assert pins.events == [ev.ModelPinned(ROUTED.id, "vendor/claude-x")]


def test_elsewhere_a_later_change_stops() -> None:
    with pytest.raises(WrongModelServed, match="in this session so far"):
        ask_all(ELSEWHERE, ["a-model", "another-model"], Pins())


def test_a_pin_from_an_earlier_run_holds() -> None:
    pins = Pins()
    pins.events.append(ev.ModelPinned(ELSEWHERE.id, "a-model"))
    with pytest.raises(WrongModelServed):
        ask_all(ELSEWHERE, ["another-model"], pins)


@pytest.mark.parametrize("card", [ANTHROPIC, ELSEWHERE])
def test_no_name_is_unproved_and_fine(card: ModelCard) -> None:
    pins = Pins()
    assert ask_all(card, [None], pins) == [reply(served=None)]
    assert pins.events == []
