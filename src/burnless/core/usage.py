"""Tokens and money: disjoint token classes, prices per token, cost as an integer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import ROUND_HALF_EVEN, Decimal

PICODOLLARS = 10**12
"""Picodollars in a dollar. $0.01 per million tokens is 10,000 picodollars a token, exactly."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call in disjoint classes; `reasoning` is the part of `output` spent thinking.

    Input in all = fresh + cache_read + cache_write_5m + cache_write_1h.
    """

    fresh: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def input(self) -> int:
        return self.fresh + self.cache_read + self.cache_write_5m + self.cache_write_1h

    @property
    def total(self) -> int:
        return self.input + self.output

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Usage)))


NOTHING_USED = Usage()


@dataclass(frozen=True, slots=True)
class PriceStep:
    """From `above` input tokens on, the whole call is billed at these rates."""

    above: int
    fresh: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    output: int


@dataclass(frozen=True, slots=True)
class Price:
    """Picodollars per token of each class. `version` says where and when the price was read."""

    fresh: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    output: int
    steps: tuple[PriceStep, ...] = ()
    version: str = ""

    def at(self, input_tokens: int) -> Price | PriceStep:
        """The rates that hold for a call of this many input tokens."""
        due = [step for step in self.steps if input_tokens > step.above]
        return max(due, key=lambda step: step.above) if due else self

    @property
    def is_free(self) -> bool:
        return not (self.fresh or self.output or self.cache_read or self.steps)


FREE = Price(0, 0, 0, 0, 0, version="free")


def cost_of(usage: Usage, price: Price) -> int:
    """The cost of one call in picodollars."""
    rate = price.at(usage.input)
    return (
        usage.fresh * rate.fresh
        + usage.cache_read * rate.cache_read
        + usage.cache_write_5m * rate.cache_write_5m
        + usage.cache_write_1h * rate.cache_write_1h
        + usage.output * rate.output
    )


def per_million(dollars: str | float | Decimal) -> int:
    """A price list's "dollars per million tokens" as picodollars per token."""
    exact = Decimal(str(dollars)) * PICODOLLARS / 1_000_000
    return int(exact.to_integral_value(ROUND_HALF_EVEN))


def picodollars(dollars: str | float | Decimal) -> int:
    return int((Decimal(str(dollars)) * PICODOLLARS).to_integral_value(ROUND_HALF_EVEN))


def as_dollars(amount: int) -> Decimal:
    return Decimal(amount) / PICODOLLARS


def dollars_text(amount: int | None) -> str:
    """For people: "$0.0123", or "unknown"; never $0 for a price nobody knows."""
    if amount is None:
        return "unknown"
    dollars = as_dollars(amount)
    if amount and abs(dollars) < Decimal("0.0001"):
        return "<$0.0001"
    digits = Decimal("0.0001") if abs(dollars) < 1 else Decimal("0.01")
    return f"${dollars.quantize(digits)}"
