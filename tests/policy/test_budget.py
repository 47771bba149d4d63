from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.settings import BudgetSettings
from burnless.core.usage import FREE, Price, PriceStep, Usage, cost_of, per_million, picodollars
from burnless.policy.budget import Grant, Granted, NeedsAsking, Refused, dearest_input, decide

PRICE = Price(
    fresh=per_million(5),
    cache_read=per_million("0.5"),
    cache_write_5m=per_million("6.25"),
    cache_write_1h=per_million(10),
    output=per_million(25),
)
STEPPED = Price(1, 1, 2, 3, 4, (PriceStep(100, 10, 10, 20, 30, 40),))
NO_LIMITS = BudgetSettings()


def ask(limits: BudgetSettings, **changes: Any) -> Grant:
    arguments: dict[str, Any] = {
        "turn_spent": 0,
        "session_spent": 0,
        "calls": 0,
        "open_reserved": 0,
        "price": PRICE,
        "input_tokens": 10_000,
        "max_output": 32_000,
        "least_output": 4_000,
    }
    return decide(limits, **(arguments | changes))


def dollars(amount: str) -> BudgetSettings:
    return BudgetSettings(max_cost_per_task=picodollars(amount))


def test_the_worst_case_writes_every_input_token_to_the_dearest_cache_and_fills_the_output() -> (
    None
):
    worst = 10_000 * PRICE.cache_write_1h + 32_000 * PRICE.output
    assert ask(NO_LIMITS) == Granted(worst, 32_000)
    assert ask(dollars("0.90")) == Granted(worst, 32_000)


def test_price_steps_count_in_the_worst_case() -> None:
    assert ask(NO_LIMITS, price=STEPPED, input_tokens=100, max_output=1) == Granted(304, 1)
    assert ask(NO_LIMITS, price=STEPPED, input_tokens=101, max_output=1) == Granted(3070, 1)


def test_the_output_allowance_shrinks_to_what_the_limit_leaves() -> None:
    assert ask(dollars("0.35")) == Granted(picodollars("0.35"), 10_000)
    assert ask(dollars("0.35"), turn_spent=picodollars("0.10")) == Granted(
        picodollars("0.25"), 6_000
    )
    assert ask(dollars("0.35"), open_reserved=picodollars("0.10")) == Granted(
        picodollars("0.25"), 6_000
    )


def test_below_the_least_output_the_call_is_refused() -> None:
    assert ask(dollars("0.20")) == Granted(picodollars("0.20"), 4_000)
    assert ask(dollars("0.19")) == Refused(
        "the next call may cost $0.2000, and max_cost_per_task of $0.1900 leaves $0.1900",
        "max_cost_per_task",
        "resume with a higher --max-budget-usd, or raise budget.max_cost_per_task",
    )
    assert ask(dollars("0.19"), least_output=3_000) == Granted(picodollars("0.19"), 3_600)
    assert ask(dollars("0.11"), max_output=400) == Granted(picodollars("0.11"), 400)


def test_the_tightest_limit_decides_and_is_named() -> None:
    limits = BudgetSettings(max_cost_per_task=picodollars(5), max_cost_per_session=picodollars(6))
    refused = ask(limits, session_spent=picodollars(6), turn_spent=picodollars(1))
    assert isinstance(refused, Refused)
    assert refused.limit == "max_cost_per_session"
    assert "leaves $0.0000" in refused.reason


def test_the_call_limit_refuses_the_next_call() -> None:
    limits = BudgetSettings(max_calls_per_session=50)
    assert isinstance(ask(limits, calls=49), Granted)
    assert ask(limits, calls=50) == Refused(
        "the session's limit of 50 model calls is reached",
        "max_calls_per_session",
        "resume with --max-calls 75, or raise max_calls_per_session",
    )


@pytest.mark.parametrize(
    ("policy", "kind"), [("allow", Granted), ("ask", NeedsAsking), ("refuse", Refused)]
)
def test_an_unknown_price_under_a_money_limit_follows_the_setting(policy: str, kind: type) -> None:
    limits = BudgetSettings(max_cost_per_task=picodollars(1), unknown_price=policy)
    assert type(ask(limits, price=None)) is kind
    assert ask(BudgetSettings(unknown_price=policy), price=None) == Granted(None, 32_000)
    spent = ask(limits, price=None, turn_spent=picodollars(1))
    assert isinstance(spent, Refused)
    assert "may cost unknown" in spent.reason


def test_an_unknown_price_says_which_limit_it_meets() -> None:
    limits = BudgetSettings(max_cost_per_session=picodollars(1))
    assert ask(limits, price=None) == NeedsAsking(
        "the price of this model is unknown, and max_cost_per_session is $1.00",
        "max_cost_per_session",
        32_000,
    )


def test_a_free_model_is_never_refused_for_money() -> None:
    assert ask(dollars("0.01"), price=FREE, turn_spent=picodollars(1)) == Granted(0, 32_000)
    inputs_only = Price(5, 5, 5, 5, 0)
    assert isinstance(ask(dollars("0"), price=inputs_only), Refused)


RATES = st.integers(0, 50)
PRICES = st.builds(
    Price,
    RATES,
    RATES,
    RATES,
    RATES,
    RATES,
    st.lists(
        st.builds(PriceStep, st.integers(0, 500), RATES, RATES, RATES, RATES, RATES), max_size=2
    ).map(tuple),
)
LIMITS = st.none() | st.integers(0, 20_000)
CALLS = st.lists(
    st.tuples(PRICES, st.integers(0, 1_000), st.integers(1, 1_000), st.booleans()), max_size=25
)


@given(LIMITS, LIMITS, CALLS, st.integers(0, 100))
def test_what_is_reserved_and_spent_never_exceeds_a_limit_in_any_order(
    task: int | None, session: int | None, calls: list[tuple[Any, ...]], least: int
) -> None:
    limits = BudgetSettings(max_cost_per_task=task, max_cost_per_session=session)
    spent, reservations = 0, [0]
    for price, input_tokens, max_output, settles in calls:
        grant = decide(
            limits,
            spent,
            spent,
            0,
            sum(reservations),
            price=price,
            input_tokens=input_tokens,
            max_output=max_output,
            least_output=least,
        )
        if isinstance(grant, Granted):
            assert grant.reserved is not None
            assert min(least, max_output) <= grant.max_output <= max_output
            reservations.append(grant.reserved)
        if settles:
            spent += reservations.pop() if len(reservations) > 1 else 0
        for limit in (task, session):
            assert limit is None or spent + sum(reservations) <= limit


@given(PRICES, st.lists(st.integers(0, 300), min_size=4, max_size=4), st.integers(0, 500))
def test_no_usage_of_the_reserved_size_costs_more_than_was_reserved(
    price: Price, classes: list[int], output: int
) -> None:
    usage = Usage(*classes, output=output)
    grant = ask(NO_LIMITS, price=price, input_tokens=usage.input, max_output=output)
    assert isinstance(grant, Granted)
    assert grant.reserved is not None
    assert cost_of(usage, price) <= grant.reserved
    assert dearest_input(price) == max(
        price.fresh, price.cache_read, price.cache_write_5m, price.cache_write_1h
    )
