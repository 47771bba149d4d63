from dataclasses import replace
from math import sqrt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from burnless.core import events as ev
from burnless.core.capsule import Capsule
from burnless.core.models import ModelCard
from burnless.core.session import Session
from burnless.core.settings import CacheSettings, CompactionSettings, Wire
from burnless.core.usage import FREE, Price, PriceStep, Usage, per_million
from burnless.policy.compaction import (
    CAPSULE_TOKENS,
    PLANNING_INPUT,
    PLANNING_OUTPUT,
    CompactionDue,
    RentState,
    compaction_due,
    rent_state,
)
from tests.policy.folding import fold, record, reply

PRICE = Price(
    per_million(5), per_million("0.5"), per_million("6.25"), per_million(10), per_million(25)
)
CARD = ModelCard(
    tier="silver",
    name="model",
    provider="test",
    wire=Wire.ANTHROPIC,
    family="anthropic",
    first_party=True,
    base_url="",
    key_env="",
    window=200_000,
    max_output=32_000,
    min_cacheable=4096,
    price=PRICE,
)
FEE = (
    CAPSULE_TOKENS * PRICE.cache_write_5m
    + PLANNING_INPUT * PRICE.cache_write_5m
    + PLANNING_OUTPUT * PRICE.output
)
SETTINGS = CompactionSettings()
REPLAY = CacheSettings(session_state="replay")
QUIET = CompactionSettings(max_context=10**9)


def session_of(*contexts: int) -> Session:
    """Replies whose input was this many tokens each."""
    session = fold([ev.PromptReceived("go", 1)])
    for tokens in contexts:
        record(session, reply("text", usage=Usage(cache_read=tokens)))
    return session


def due(session: Session, **changes: Any) -> CompactionDue | None:
    arguments: dict[str, Any] = {
        "card": CARD,
        "settings": SETTINGS,
        "cache": CacheSettings(),
        "planner_price": PRICE,
        "estimate_next": 0,
    }
    return compaction_due(session, **(arguments | changes))


def test_rent_is_what_was_read_again_above_the_base_at_the_cache_read_price() -> None:
    session = session_of(20_000, 21_000, 23_000)
    state = rent_state(
        session, CARD, SETTINGS, CacheSettings(), planner_price=PRICE, estimate_next=500
    )
    assert state == RentState(
        rent=4_000 * PRICE.cache_read,
        fee=FEE,
        context=23_500,
        base=20_000,
        limit=80_000,
        limit_reason="quality",
    )


def test_a_compaction_is_due_when_the_rent_reaches_its_price() -> None:
    over = FEE // PRICE.cache_read
    step = over // 10
    below = session_of(20_000, *[20_000 + step] * 9)
    assert due(below) is None
    reached = session_of(20_000, *[20_000 + step] * 10)
    found = due(reached)
    assert found is not None
    assert (found.reason, found.state.rent >= FEE) == ("rent", True)


def test_the_fee_without_a_planner_is_only_the_writing_of_a_capsule() -> None:
    session = session_of(20_000)
    state = rent_state(
        session, CARD, SETTINGS, CacheSettings(), planner_price=FREE, estimate_next=0
    )
    assert state.fee == CAPSULE_TOKENS * PRICE.cache_write_5m


def test_the_fee_knows_how_long_the_last_capsule_was() -> None:
    session = session_of(20_000)
    record(session, ev.Compacted(Capsule(1, 2, (), None), "x" * 8_000, 3, "rent"))
    record(session, reply("text", usage=Usage(cache_read=12_000)))
    state = rent_state(
        session, CARD, SETTINGS, CacheSettings(), planner_price=FREE, estimate_next=0
    )
    assert (state.fee, state.base) == (2_000 * PRICE.cache_write_5m, 12_000)


def test_hard_limits_force_a_compaction_whatever_the_rent() -> None:
    session = session_of(20_000, 70_000)
    assert due(session) is None
    reasons = {
        "quality": due(session, estimate_next=10_000),
        "window": due(session, card=replace(CARD, window=90_000), estimate_next=2_000),
        "price_step": due(
            session, card=replace(CARD, price=replace(PRICE, steps=(PriceStep(70_000, *[1] * 5),)))
        ),
    }
    assert {name: found and found.reason for name, found in reasons.items()} == {
        name: name for name in reasons
    }
    own_cap = due(session, card=replace(CARD, compact_at=60_000))
    assert own_cap is not None
    assert own_cap.state.limit == 60_000


def test_without_prices_only_the_hard_limits_act() -> None:
    session = session_of(1_000, *[79_000] * 500)
    for price in (None, FREE, replace(PRICE, cache_read=0)):
        card = replace(CARD, price=price)
        assert due(session, card=card) is None
        found = due(session, card=card, estimate_next=1_000)
        assert found is not None
        assert (found.reason, found.state.fee) == ("quality", None)


def test_replay_compacts_only_at_the_windows_edge() -> None:
    session = session_of(1_000, *[150_000] * 50)
    assert due(session, cache=REPLAY) is None
    found = due(session, cache=REPLAY, estimate_next=10_000)
    assert found is not None
    assert found.reason == "window"


def test_a_limit_that_a_fresh_base_already_passes_is_given_up_but_the_window_never() -> None:
    session = session_of(90_000, 91_000)
    assert due(session) is None
    edge = due(session, card=replace(CARD, window=100_000))
    assert edge is not None
    assert edge.reason == "window"


def test_nothing_is_due_before_the_first_reply_after_a_compaction() -> None:
    assert due(session_of(), estimate_next=10**9) is None
    session = session_of(20_000, 90_000)
    record(session, ev.Compacted(Capsule(1, 2, (), None), "text", 3, "quality"))
    assert due(session) is None


@given(st.integers(200, 4_000))
def test_with_constant_growth_it_compacts_every_root_of_twice_the_fee_over_the_rent_calls(
    growth: int,
) -> None:
    session = session_of(20_000)
    calls = 1
    while due(session, settings=QUIET, card=replace(CARD, window=10**9)) is None:
        record(session, reply("text", usage=Usage(cache_read=20_000 + calls * growth)))
        calls += 1
    expected = sqrt(2 * FEE / (PRICE.cache_read * growth))
    assert abs(calls - expected) <= 2


@given(st.lists(st.integers(1, 300_000), min_size=1, max_size=20), st.integers(0, 50_000))
def test_no_request_that_would_pass_the_windows_share_goes_uncompacted(
    contexts: list[int], estimate_next: int
) -> None:
    session = session_of(*contexts)
    found = due(session, estimate_next=estimate_next)
    if contexts[-1] + estimate_next >= 160_000:
        assert found is not None


def test_an_unknown_planner_price_turns_the_meter_off_and_leaves_the_hard_limits() -> None:
    session = session_of(20_000, 79_000)
    state = rent_state(
        session, CARD, SETTINGS, CacheSettings(), planner_price=None, estimate_next=0
    )
    assert (state.rent, state.fee) == (0, None)
    assert due(session, planner_price=None, estimate_next=2_000) is not None
