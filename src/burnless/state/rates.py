"""A price list's dollars per million tokens as a Price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from burnless.core.usage import Price, PriceStep, per_million


@dataclass(frozen=True, slots=True)
class Rates:
    """Dollars per million tokens.

    Where a list is silent: cached input costs what fresh input costs, a cache write 1.25 times
    that, for one hour twice (both big vendors' rule, November 2026). Providers without a class
    never report tokens of it.
    """

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None


def price_from(rates: Rates, steps: Sequence[tuple[int, Rates]], version: str) -> Price:
    """`steps`: from more input tokens than this on, the whole call costs these rates."""
    return Price(
        *_per_token(rates),
        steps=tuple(
            PriceStep(above, *_per_token(rates))
            for above, rates in sorted(steps, key=lambda step: step[0])
        ),
        version=version,
    )


def _per_token(rates: Rates) -> tuple[int, int, int, int, int]:
    read = rates.input if rates.cache_read is None else rates.cache_read
    write = rates.input * 5 / 4 if rates.cache_write is None else rates.cache_write
    write_1h = rates.input * 2 if rates.cache_write_1h is None else rates.cache_write_1h
    return (
        per_million(rates.input),
        per_million(read),
        per_million(write),
        per_million(write_1h),
        per_million(rates.output),
    )
