from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from burnless.core import events as ev
from burnless.core.errors import BudgetExceeded
from burnless.core.messages import AssistantMessage, Role, StopReason, Text
from burnless.core.session import Session
from burnless.core.settings import BudgetSettings
from burnless.core.usage import Price, Usage
from burnless.policy.budget import LEAST_OUTPUT
from burnless.state.period_spend import PeriodSpend
from burnless.state.session_ledger import SessionLedger, settle_dangling
from burnless.state.session_store import SessionFolder, open_session
from tests.state.folders import layout_in, write_session
from tests.support.clocks import SetClock

DOLLAR = 10**12
PRICE = Price(1_000, 100, 1_250, 2_000, 10_000, version="test")
"""Ten thousand tokens of output cost 100,000,000 picodollars."""


class FoldingRecorder:
    """Satisfies `Recorder` over a real log."""

    def __init__(self, store: SessionFolder) -> None:
        self._store = store
        self._session = Session()

    @property
    def session(self) -> Session:
        return self._session

    def record(self, event: ev.Event) -> ev.Recorded:
        recorded = self._store.append(event, sync=False)
        self._session.apply(recorded)
        return recorded


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[FoldingRecorder]:
    store, _ = open_session(write_session(layout_in(tmp_path), "a", []), SetClock())
    with store:
        recorder = FoldingRecorder(store)
        recorder.record(ev.SessionStarted("a", "/srv", "0.1.0"))
        recorder.record(ev.PromptReceived("task", 1))
        yield recorder


def call(number: int, *, max_output: int = 10_000) -> ev.CallStarted:
    return ev.CallStarted(f"c{number}", Role.EXECUTOR, "silver", "a/b", None, 1_000, max_output)


def reply(number: int, cost: int | None) -> ev.CallReplied:
    message = AssistantMessage((Text("ok"),))
    return ev.CallReplied(
        *(f"c{number}", Role.EXECUTOR, "silver", "a/b", None, message),
        *(StopReason.END, Usage(output=1), cost),
    )


def started(recorder: FoldingRecorder) -> list[ev.CallStarted]:
    return list(recorder.session.open_reservations.values())


def test_a_call_is_in_the_log_with_its_worst_case_before_it_is_sent(
    recorder: FoldingRecorder,
) -> None:
    granted = SessionLedger(recorder, BudgetSettings()).reserve(call(1), PRICE)
    assert granted.reserved is not None
    assert granted.reserved >= 1_000 * 1_000 + 10_000 * 10_000
    assert granted.max_output == 10_000
    assert started(recorder) == [granted]


def test_a_settled_call_frees_what_it_did_not_cost(recorder: FoldingRecorder) -> None:
    ledger = SessionLedger(recorder, BudgetSettings(max_cost_per_task=120_000_000))
    ledger.reserve(call(1), PRICE)
    with pytest.raises(BudgetExceeded):
        ledger.reserve(call(2), PRICE)
    ledger.settle(reply(1, 5_000_000))
    assert started(recorder) == []
    ledger.reserve(call(3), PRICE)
    assert recorder.session.total_spend.cost == 5_000_000


def test_a_call_that_is_refused_leaves_no_trace_and_says_what_to_do(
    recorder: FoldingRecorder,
) -> None:
    ledger = SessionLedger(recorder, BudgetSettings(max_cost_per_task=1))
    with pytest.raises(BudgetExceeded) as raised:
        ledger.reserve(call(1), PRICE)
    assert (raised.value.exit_code, recorder.session.calls_started) == (54, 0)
    assert "max_cost_per_task" in str(raised.value) + raised.value.hint
    assert raised.value.hint


def test_the_output_allowance_shrinks_to_what_is_left_but_not_too_far(
    recorder: FoldingRecorder,
) -> None:
    ledger = SessionLedger(recorder, BudgetSettings(max_cost_per_task=80_000_000))
    granted = ledger.reserve(call(1), PRICE)
    assert LEAST_OUTPUT <= granted.max_output < 10_000
    assert granted.reserved is not None
    assert granted.reserved <= 80_000_000
    with pytest.raises(BudgetExceeded):
        ledger.reserve(call(2), PRICE)


def test_the_number_of_calls_is_limited_and_a_new_total_goes_on(
    recorder: FoldingRecorder,
) -> None:
    ledger = SessionLedger(recorder, BudgetSettings(max_calls_per_session=2))
    for number in (1, 2):
        ledger.reserve(call(number), PRICE)
        ledger.settle(reply(number, 1))
    with pytest.raises(BudgetExceeded):
        ledger.reserve(call(3), PRICE)
    SessionLedger(recorder, BudgetSettings(max_calls_per_session=3)).reserve(call(3), PRICE)


def test_an_unknown_price_is_refused_under_a_money_limit_and_unknown_without_one(
    recorder: FoldingRecorder,
) -> None:
    limits = BudgetSettings(max_cost_per_task=DOLLAR, unknown_price="refuse")
    with pytest.raises(BudgetExceeded):
        SessionLedger(recorder, limits).reserve(call(1), None)
    assert SessionLedger(recorder, BudgetSettings()).reserve(call(1), None).reserved is None


def test_eight_calls_at_once_cannot_overshoot(recorder: FoldingRecorder) -> None:
    limit = 3 * 115_000_000
    ledger = SessionLedger(recorder, BudgetSettings(max_cost_per_task=limit))
    together = threading.Barrier(8)
    refused: list[int] = []

    def reserve(number: int) -> None:
        together.wait()
        try:
            ledger.reserve(call(number, max_output=10_000), PRICE)
        except BudgetExceeded:
            refused.append(number)

    threads = [threading.Thread(target=reserve, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reserved = [entry.reserved or 0 for entry in started(recorder)]
    assert sum(reserved) <= limit
    assert min(reserved) > 0
    assert len(reserved) + len(refused) == 8
    assert refused


def test_what_a_killed_process_left_open_is_booked_at_its_worst(
    recorder: FoldingRecorder,
) -> None:
    ledger = SessionLedger(recorder, BudgetSettings())
    known = ledger.reserve(call(1), PRICE)
    ledger.reserve(call(2), None)
    assert settle_dangling(recorder) == 2
    assert started(recorder) == []
    spend = recorder.session.total_spend
    assert (spend.cost, spend.unknown, spend.calls) == (known.reserved, 1, 2)
    assert settle_dangling(recorder) == 0


@pytest.mark.parametrize(
    ("limits", "spent", "said", "hint"),
    [
        (
            BudgetSettings(daily_usd=50 * DOLLAR),
            PeriodSpend(today=50 * DOLLAR - 1_000_000),
            "daily_usd is $50.00 over all sessions, and leaves <$0.0001",
            "raise budget.daily_usd, or resume when the day is over",
        ),
        (
            BudgetSettings(daily_usd=50 * DOLLAR, monthly_usd=800 * DOLLAR),
            PeriodSpend(month=900 * DOLLAR),
            "monthly_usd is $800.00 over all sessions, and leaves $0.0000",
            "raise budget.monthly_usd, or resume when the month is over",
        ),
    ],
)
def test_a_day_or_month_that_is_spent_takes_no_call(
    recorder: FoldingRecorder, limits: BudgetSettings, spent: PeriodSpend, said: str, hint: str
) -> None:
    with pytest.raises(BudgetExceeded) as raised:
        SessionLedger(recorder, limits, spent).reserve(call(1), PRICE)
    assert (str(raised.value), raised.value.hint) == (f"the next call does not fit: {said}", hint)


def test_a_call_of_unknown_price_is_asked_about_once(recorder: FoldingRecorder) -> None:
    questions: list[str] = []

    def say_yes(question: str) -> bool:
        questions.append(question)
        return True

    ledger = SessionLedger(recorder, BudgetSettings(daily_usd=DOLLAR), ask_unknown=say_yes)
    assert [ledger.reserve(call(number), None).reserved for number in (1, 2)] == [None, None]
    assert questions == ["the price of this model is unknown, and daily_usd is $1.00"]


def test_an_unknown_price_is_the_reason_even_where_a_day_has_money_left(
    recorder: FoldingRecorder,
) -> None:
    limits = BudgetSettings(daily_usd=DOLLAR, unknown_price="refuse")
    with pytest.raises(BudgetExceeded) as raised:
        SessionLedger(recorder, limits).reserve(call(1), None)
    assert (str(raised.value), raised.value.hint) == (
        "the price of this model is unknown, and daily_usd is $1.00",
        "set the model's price under prices:, or budget.unknown_price: allow",
    )


def test_without_a_yes_a_call_of_unknown_price_is_not_sent(recorder: FoldingRecorder) -> None:
    ledger = SessionLedger(recorder, BudgetSettings(max_cost_per_task=DOLLAR))
    with pytest.raises(BudgetExceeded) as raised:
        ledger.reserve(call(1), None)
    assert (str(raised.value), raised.value.hint) == (
        "the price of this model is unknown, and max_cost_per_task is $1.00",
        "set the model's price under prices:, or budget.unknown_price: allow",
    )


def test_what_the_session_itself_cost_before_is_counted_once(recorder: FoldingRecorder) -> None:
    recorder.record(reply(0, 40 * DOLLAR))
    limits = BudgetSettings(daily_usd=41 * DOLLAR)
    ledger = SessionLedger(recorder, limits, PeriodSpend(today=40 * DOLLAR, month=40 * DOLLAR))
    ledger.reserve(call(1), PRICE)
    ledger.settle(reply(1, DOLLAR))
    with pytest.raises(BudgetExceeded, match="daily_usd"):
        ledger.reserve(call(2), PRICE)


def test_a_nearer_limit_of_the_session_speaks_for_itself(recorder: FoldingRecorder) -> None:
    limits = BudgetSettings(daily_usd=DOLLAR, max_cost_per_session=1)
    with pytest.raises(BudgetExceeded) as raised:
        SessionLedger(recorder, limits).reserve(call(1), PRICE)
    assert "daily" not in str(raised.value)


def test_each_limit_is_warned_about_once_when_its_share_is_first_taken(
    recorder: FoldingRecorder,
) -> None:
    limits = BudgetSettings(
        max_cost_per_task=500_000_000,
        max_cost_per_session=1_000_000_000,
        max_calls_per_session=5,
        alert_at=0.5,
    )
    said: list[str] = []
    said_by_call: list[list[str]] = []
    ledger = SessionLedger(recorder, limits, on_alert=said.append)
    for number in (1, 2, 3, 4, 5):
        if number == 4:
            recorder.record(ev.PromptReceived("next task", 2))
        ledger.reserve(call(number), PRICE)
        ledger.settle(reply(number, 150_000_000))
        said_by_call.append(said.copy())
        said.clear()
    task = "$0.0003 of max_cost_per_task $0.0005 is taken, with what calls under way may cost"
    session = "$0.0006 of max_cost_per_session $0.0010 is taken, with what calls under way may cost"
    calls = "3 of max_calls_per_session 5 calls are made"
    assert said_by_call == [[], [task], [calls], [session], []]


def test_the_worst_case_of_a_call_under_way_counts_for_the_warning(
    recorder: FoldingRecorder,
) -> None:
    said: list[str] = []
    limits = BudgetSettings(max_cost_per_session=120_000_000, alert_at=0.8)
    SessionLedger(recorder, limits, on_alert=said.append).reserve(call(1), PRICE)
    assert said == [
        "$0.0001 of max_cost_per_session $0.0001 is taken, with what calls under way may cost"
    ]


def test_a_session_that_goes_on_is_not_warned_again(recorder: FoldingRecorder) -> None:
    limits = BudgetSettings(max_calls_per_session=4, alert_at=0.5)
    for number in (1, 2):
        SessionLedger(recorder, limits).reserve(call(number), PRICE)
    said: list[str] = []
    SessionLedger(recorder, limits, on_alert=said.append).reserve(call(3), PRICE)
    assert said == []
    more = BudgetSettings(max_calls_per_session=8, alert_at=0.5)
    SessionLedger(recorder, more, on_alert=said.append).reserve(call(4), PRICE)
    assert said == ["4 of max_calls_per_session 8 calls are made"]
