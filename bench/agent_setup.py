"""The configuration an agent runs with in a benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.children import Sdk
from bench.play import EXECUTOR, PLANNER

NO_LIMIT_TOKENS = 1_000_000_000


@dataclass(frozen=True)
class Rates:
    """Dollars per million tokens."""

    input: float
    output: float
    cache_read: float
    cache_write: float
    cache_write_1h: float

    def dollars(self, *, fresh: int, read: int, short: int, long: int, output: int) -> float:
        return (
            fresh * self.input
            + read * self.cache_read
            + short * self.cache_write
            + long * self.cache_write_1h
            + output * self.output
        ) / 1_000_000


@dataclass(frozen=True)
class Prices:
    planner: Rates
    executor: Rates


_ONE = Rates(input=5, output=25, cache_read=0.5, cache_write=6.25, cache_write_1h=6.25)
ONE_PRICE = Prices(_ONE, _ONE)
"""Every role at the same price: what is saved is saved by sending less."""

DEFAULT_TIERS = Prices(
    planner=Rates(input=4, output=20, cache_read=0.20, cache_write=5, cache_write_1h=8),
    executor=Rates(input=2, output=10, cache_read=0.10, cache_write=2.5, cache_write_1h=4),
)
"""opus-5.5 plans, sonnet-5.5 works: list prices of November 2026."""


def write_config(
    path: Path, url: str, *, sdk: Sdk = "anthropic", prices: Prices = ONE_PRICE, compacts: bool
) -> Path:
    """A configuration for the scripted provider at `url`.

    compacts: False = full replay: no compaction at all, in a window that is never full
    """
    lines = ["tiers:"]
    for tier, model, rates in (
        ("gold", PLANNER, prices.planner),
        ("silver", EXECUTOR, prices.executor),
    ):
        lines += [
            f"  {tier}:",
            f"    model: {sdk}/{model}",
            f"    base_url: {url}",
            f"    window: {1_000_000 if compacts else NO_LIMIT_TOKENS}",
            "    max_output: 32000",
            "    price:",
            f"      input: {rates.input}",
            f"      output: {rates.output}",
            f"      cache_read: {rates.cache_read}",
            f"      cache_write: {rates.cache_write}",
            f"      cache_write_1h: {rates.cache_write_1h}",
        ]
    lines.append(f"cache: {{session_state: {'capsules' if compacts else 'replay'}}}")
    if not compacts:
        lines.append(f"compaction: {{max_context: {NO_LIMIT_TOKENS}}}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
