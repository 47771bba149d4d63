"""May this call be sent? Its worst case has to fit what the limits leave, before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from burnless.core.settings import BudgetSettings
from burnless.core.usage import Price, PriceStep, dollars_text

LEAST_OUTPUT = 4_096
"""Tokens below which a smaller output allowance would only cut the work off."""


@dataclass(frozen=True, slots=True)
class Granted:
    """`reserved` picodollars are the worst case; None = the price is unknown."""

    reserved: int | None
    max_output: int


@dataclass(frozen=True, slots=True)
class Refused:
    """`limit` is the setting that stands in the way; `hint` says how to go on."""

    reason: str
    limit: str
    hint: str


@dataclass(frozen=True, slots=True)
class NeedsAsking:
    """Nobody knows the price, and a money limit is set: only the user can say yes."""

    reason: str
    limit: str
    max_output: int


Grant: TypeAlias = Granted | Refused | NeedsAsking


@dataclass(frozen=True, slots=True)
class _Room:
    """What one money limit leaves, in picodollars."""

    left: int
    limit: str
    most: int


def decide(
    limits: BudgetSettings,
    turn_spent: int,
    session_spent: int,
    calls: int,
    open_reserved: int,
    *,
    price: Price | None,
    input_tokens: int,
    max_output: int,
    least_output: int = LEAST_OUTPUT,
) -> Grant:
    """Reserve the worst case of one call, with a smaller output allowance where only that fits.

    Money in picodollars: `turn_spent` and `session_spent` are paid, `open_reserved` is promised to
    calls under way. `calls` of this session have started. The allowance never shrinks below
    `least_output` (or `max_output`, where that is less).
    """
    if limits.max_calls_per_session is not None and calls >= limits.max_calls_per_session:
        return _no_call_left(limits.max_calls_per_session)
    room = _tightest(limits, turn_spent + open_reserved, session_spent + open_reserved)
    if price is None:
        return _at_unknown_price(limits.unknown_price, room, max_output)
    rate = price.at(input_tokens)
    fixed = input_tokens * dearest_input(rate)
    if room is None or fixed + max_output * rate.output <= max(room.left, 0):
        return Granted(fixed + max_output * rate.output, max_output)
    affordable = (room.left - fixed) // rate.output if rate.output else -1
    if affordable < min(least_output, max_output):
        least = fixed + min(least_output, max_output) * rate.output
        return _too_dear(room, least)
    return Granted(fixed + affordable * rate.output, affordable)


def dearest_input(rate: Price | PriceStep) -> int:
    """Picodollars of an input token in the worst case: nothing cached, all of it written."""
    return max(rate.fresh, rate.cache_read, rate.cache_write_5m, rate.cache_write_1h)


def _tightest(limits: BudgetSettings, turn: int, session: int) -> _Room | None:
    rooms = [
        _Room(most - taken, name, most)
        for name, most, taken in (
            ("max_cost_per_task", limits.max_cost_per_task, turn),
            ("max_cost_per_session", limits.max_cost_per_session, session),
        )
        if most is not None
    ]
    return min(rooms, key=lambda room: room.left, default=None)


def _no_call_left(most: int) -> Refused:
    return Refused(
        f"the session's limit of {most} model calls is reached",
        "max_calls_per_session",
        f"resume with --max-calls {most + max(most // 2, 1)}, or raise max_calls_per_session",
    )


def _at_unknown_price(policy: str, room: _Room | None, max_output: int) -> Grant:
    if room is None:
        return Granted(None, max_output)
    if room.left <= 0:
        return _too_dear(room, None)
    reason = f"the price of this model is unknown, and {room.limit} is {dollars_text(room.most)}"
    match policy:
        case "allow":
            return Granted(None, max_output)
        case "ask":
            return NeedsAsking(reason, room.limit, max_output)
        case _:
            return Refused(
                reason,
                room.limit,
                "set the model's price under prices:, or budget.unknown_price: allow",
            )


def _too_dear(room: _Room, worst: int | None) -> Refused:
    return Refused(
        f"the next call may cost {dollars_text(worst)}, and {room.limit} of "
        f"{dollars_text(room.most)} leaves {dollars_text(max(room.left, 0))}",
        room.limit,
        f"resume with a higher --max-budget-usd, or raise budget.{room.limit}",
    )
