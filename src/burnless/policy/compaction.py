"""When history should become a capsule: a rent meter in money, and hard limits.

Keeping history is renting: each call reads it again at the cache-read price. A compaction is
buying: one planner call, and writing the new base to the cache. Buying when the rent paid since
the last compaction reaches the price is the ski-rental rule (Karlin et al., 1988): never worse
than twice the best decision in hindsight. For a constant growth of d tokens a call and a read
price r it compacts every n* = sqrt(2F / (r d)) calls.
"""

from __future__ import annotations

from dataclasses import dataclass

from burnless.core.models import ModelCard
from burnless.core.session import Session
from burnless.core.settings import CacheSettings, CompactionSettings
from burnless.core.usage import Price
from burnless.policy.tokens import estimate

PLANNING_INPUT = 8_000
"""Tokens a planning reads when none was measured yet: its prefix, the brief and a capsule."""

PLANNING_OUTPUT = 800
"""Tokens a planning writes when none was measured yet."""

CAPSULE_TOKENS = 4_000
"""Tokens of a capsule when none was made yet."""


@dataclass(frozen=True, slots=True)
class RentState:
    """The meter. `rent` and `fee` in picodollars; fee None = prices unknown or zero, meter off.

    context: tokens the next request is expected to carry
    base:    tokens it would carry right after a compaction
    limit:   tokens at which a compaction is forced whatever the rent says
    """

    rent: int
    fee: int | None
    context: int
    base: int
    limit: int
    limit_reason: str


@dataclass(frozen=True, slots=True)
class CompactionDue:
    """`reason`: "rent" | "window" | "price_step" | "quality"."""

    reason: str
    state: RentState


def compaction_due(
    session: Session,
    card: ModelCard,
    settings: CompactionSettings,
    cache: CacheSettings,
    *,
    planner_price: Price | None,
    estimate_next: int,
) -> CompactionDue | None:
    """Whether to compact at this safe point. `estimate_next`: tokens since the last reply."""
    if session.context_calls == 0:
        return None
    state = rent_state(
        session, card, settings, cache, planner_price=planner_price, estimate_next=estimate_next
    )
    if state.context >= state.limit:
        return CompactionDue(state.limit_reason, state)
    if state.fee is not None and state.rent >= state.fee:
        return CompactionDue("rent", state)
    return None


def rent_state(
    session: Session,
    card: ModelCard,
    settings: CompactionSettings,
    cache: CacheSettings,
    *,
    planner_price: Price | None,
    estimate_next: int,
) -> RentState:
    """The meter as it stands, for the decision and for `/context`.

    planner_price: FREE where nobody plans; None = unknown, which turns the meter off
    """
    base = session.context_base
    context = session.context_tokens + estimate_next
    limit, reason = _hard_limit(card, settings, cache, base)
    price = card.price
    if planner_price is None or cache.session_state == "replay":
        return RentState(0, None, context, base, limit, reason)
    if price is None or price.is_free or not price.cache_read:
        return RentState(0, None, context, base, limit, reason)
    rented = max(0, session.context_sum - session.context_calls * base)
    rent = price.cache_read * rented
    return RentState(rent, _fee(session, price, planner_price), context, base, limit, reason)


def _fee(session: Session, price: Price, planner_price: Price) -> int:
    """What a compaction costs: the planner's call, and writing what is new of the base.

    Tools, system and project stay cached; the capsule and the raw tail behind it are written.
    """
    written = _capsule_tokens(session)
    writing = written * max(price.cache_write_5m, price.fresh)
    if planner_price.is_free:
        return writing
    if session.planning_cost:
        return writing + session.planning_cost
    planning = PLANNING_INPUT * max(planner_price.fresh, planner_price.cache_write_5m)
    return writing + planning + PLANNING_OUTPUT * planner_price.output


def _capsule_tokens(session: Session) -> int:
    if not session.compactions:
        return CAPSULE_TOKENS
    return estimate(session.compactions[-1].text)


def _hard_limit(
    card: ModelCard, settings: CompactionSettings, cache: CacheSettings, base: int
) -> tuple[int, str]:
    """The nearest wall ahead. One that even a fresh base stands behind cannot be kept: compacting
    for it again and again would help nothing. The window's own is never given up.
    """
    walls = [(int(card.window * settings.window_share), "window")]
    if cache.session_state != "replay":
        soft = [(card.compact_at or settings.max_context, "quality")]
        soft += [(step.above, "price_step") for step in (card.price.steps if card.price else ())]
        walls += [wall for wall in soft if base < wall[0]]
    return min(walls)
