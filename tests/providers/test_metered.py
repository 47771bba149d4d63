from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import BudgetExceeded, Cancelled, KeyProblem, ModelProblem, Temporary
from burnless.core.messages import (
    Delta,
    ModelRequest,
    Reply,
    Role,
    StopReason,
    ToolCallDelta,
    UserMessage,
)
from burnless.core.usage import Usage, cost_of
from burnless.providers.metered import MeteredModel
from burnless.providers.prefix_watch import PrefixWatch
from burnless.providers.wire import SoFar
from tests.providers.cases import ANTHROPIC, PRICE, request
from tests.providers.fakes import SOME_TEXT, KeepingLedger, ScriptedModel, reply

ASK = replace(request(UserMessage("go")), purpose="planning", role=Role.PLANNER)


SENT = SoFar(sent=True)


def metered(inner: ScriptedModel, ledger: KeepingLedger, so_far: SoFar = SENT) -> MeteredModel:
    ids: Iterator[str] = (f"call-{number}" for number in range(1, 9))
    return MeteredModel(
        inner,
        ledger,
        PrefixWatch(lambda change: None),
        lambda: so_far,
        lambda: next(ids),
    )


def ask(model: MeteredModel, asked: ModelRequest = ASK) -> Reply:
    return model.complete(asked, lambda delta: None, CancelToken())


def test_a_reply_is_booked_whole_with_its_cost() -> None:
    usage = Usage(100, 2_000, 300, 0, 50, 20)
    given = replace(
        reply("done", usage=usage),
        raw_stop="end_turn",
        response_id="msg_1",
        seconds=2.0,
        first_token_seconds=0.5,
        dropped_reasoning=1,
    )
    ledger = KeepingLedger()
    model = metered(ScriptedModel([given]), ledger)
    assert ask(model) == given
    (started,) = ledger.started
    assert (started.call, started.role, started.tier) == ("call-1", Role.PLANNER, "silver")
    assert (started.model, started.purpose) == (ANTHROPIC.id, "planning")
    assert (started.max_output, ledger.prices) == (32_000, [PRICE])
    assert [layer.layer for layer in started.layers] == [
        "tools",
        "system",
        "project",
        "capsule",
        "tail",
    ]
    assert ledger.settled == [
        ev.CallReplied(
            call="call-1",
            role=Role.PLANNER,
            tier="silver",
            model=ANTHROPIC.id,
            served=ANTHROPIC.name,
            message=given.message,
            stop=StopReason.END,
            usage=usage,
            cost=cost_of(usage, PRICE),
            price_version="test",
            seconds=2.0,
            first_token_seconds=0.5,
            response_id="msg_1",
            raw_stop="end_turn",
            purpose="planning",
            dropped_reasoning=1,
        )
    ]


def test_a_smaller_allowance_is_what_is_sent() -> None:
    inner = ScriptedModel([reply()])
    ask(metered(inner, KeepingLedger(most=5_000)))
    assert inner.requests == [replace(ASK, max_output_tokens=5_000)]


def test_what_does_not_fit_is_not_sent_and_not_settled() -> None:
    inner, ledger = ScriptedModel([reply()]), KeepingLedger(most=0)
    with pytest.raises(BudgetExceeded):
        ask(metered(inner, ledger))
    assert (inner.requests, ledger.settled) == ([], [])


def test_an_unknown_price_is_an_unknown_cost() -> None:
    ledger = KeepingLedger()
    ask(metered(ScriptedModel([reply()], replace(ANTHROPIC, price=None)), ledger))
    (settled,) = ledger.settled
    assert settled.cost is None
    assert ledger.prices == [None]


def test_usage_a_server_does_not_tell_is_estimated_and_said_to_be() -> None:
    ledger = KeepingLedger()
    given = replace(reply("x" * 400), usage=None)
    assert ask(metered(ScriptedModel([given]), ledger)).usage is None
    (settled,) = ledger.settled
    assert isinstance(settled, ev.CallReplied)
    estimated = Usage(ledger.started[0].input_estimate, output=104)
    assert (settled.estimated, settled.usage) == (True, estimated)
    assert settled.cost == cost_of(estimated, PRICE)


def failed(
    error: BaseException, deltas: tuple[Delta, ...] = (), so_far: SoFar = SENT
) -> tuple[ev.CallFailed, int]:
    """What is booked for a call that ends in `error`, and the estimate of its input."""
    ledger = KeepingLedger()
    with pytest.raises(type(error)):
        ask(metered(ScriptedModel([error], deltas=deltas), ledger, so_far))
    (settled,) = ledger.settled
    assert isinstance(settled, ev.CallFailed)
    assert settled.error == f"{type(error).__name__}: {error}"
    return settled, ledger.started[0].input_estimate


@pytest.mark.parametrize(
    ("error", "so_far"),
    [
        (Temporary("busy"), SENT),
        (KeyProblem("no"), SENT),
        (Cancelled("stop"), SoFar()),
        (RuntimeError("bug"), SoFar()),
    ],
)
def test_what_a_provider_refused_or_never_got_costs_nothing(
    error: Exception, so_far: SoFar
) -> None:
    settled, _ = failed(error, so_far=so_far)
    assert (settled.usage, settled.cost, settled.estimated) == (None, 0, False)


@pytest.mark.parametrize("error", [Cancelled("stop"), KeyboardInterrupt(), RuntimeError("bug")])
def test_a_call_broken_off_before_its_first_byte_is_charged_for_its_input(
    error: BaseException,
) -> None:
    settled, input_estimate = failed(error)
    usage = Usage(input_estimate)
    assert (settled.usage, settled.cost, settled.estimated) == (usage, cost_of(usage, PRICE), True)


def test_an_estimate_takes_what_the_last_reply_left_in_the_cache_as_read() -> None:
    left = Usage(20, cache_read=10, cache_write_1h=5, output=3)
    script: list[Reply | BaseException] = [reply(usage=left), *([Cancelled("stop")] * 3)]
    ledger = KeepingLedger()
    model = metered(ScriptedModel(script), ledger)
    ask(model)
    longer = replace(ASK, tail=(*ASK.tail, UserMessage("more")))
    for asked in (longer, replace(ASK, capsule="another"), replace(ASK, tail=(UserMessage("b"),))):
        with pytest.raises(Cancelled):
            ask(model, asked)
    estimates = [started.input_estimate for started in ledger.started[1:]]
    assert [settled.usage for settled in ledger.settled[1:]] == [
        Usage(estimates[0] - 15, cache_read=15),
        Usage(estimates[1]),
        Usage(estimates[2]),
    ]


@pytest.mark.parametrize("error", [Temporary("cut"), Cancelled("stop"), KeyboardInterrupt()])
def test_a_failure_after_content_began_is_charged_by_estimate(error: BaseException) -> None:
    settled, input_estimate = failed(error, (SOME_TEXT, SOME_TEXT))
    usage = Usage(input_estimate, output=200)
    assert (settled.usage, settled.estimated) == (usage, True)
    assert settled.cost == cost_of(usage, PRICE)


def test_what_the_provider_said_of_its_input_is_believed() -> None:
    settled, _ = failed(Cancelled("stop"), (SOME_TEXT,), SoFar(usage=Usage(7, 2_000, output=1)))
    assert settled.usage == Usage(7, 2_000, output=100)


def test_a_failure_that_may_have_been_billed_unseen_is_charged() -> None:
    settled, input_estimate = failed(ModelProblem("odd", billed=True))
    assert settled.usage == Usage(input_estimate)


def test_written_arguments_count_once() -> None:
    deltas = tuple(ToolCallDelta("read", n) for n in (0, 40, 80, 0, 40))
    settled, _ = failed(Cancelled("stop"), deltas)
    assert settled.usage is not None
    assert settled.usage.output == 30


def test_the_estimate_learns_from_what_was_billed() -> None:
    ledger = KeepingLedger()
    model = metered(ScriptedModel([reply(), reply()]), ledger)
    ask(model)
    ask(model)
    real = 100
    assert [started.input_estimate for started in ledger.started][1] == real
