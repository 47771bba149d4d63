"""What a long run would cost: with compaction, and replaying the whole cached conversation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from bench.agent_setup import DEFAULT_TIERS, ONE_PRICE, Prices, write_config
from bench.children import ChildFailed, PlayedServer, Report, run_child
from bench.facts import FACTS, file_plants, task
from bench.figures import Figure
from bench.play import EXECUTOR, PLANNER
from bench.repository import build

PART = "bill"
MINIMUM_TOKENS = 4096
TARGETS = {200: 0.65, 400: 0.4}
LONG = 1600


@dataclass(frozen=True)
class Run:
    """One run's bill and what was left of the planted facts."""

    report: Report
    compactions: int

    def dollars(self, prices: Prices) -> float:
        return sum(
            (prices.planner if model == PLANNER else prices.executor).dollars(
                fresh=usage.fresh,
                read=usage.cache_read,
                short=usage.cache_write_5m,
                long=usage.cache_write_1h,
                output=usage.output,
            )
            for model, usage in self.report.billed
        )

    def input_by_step(self) -> list[int]:
        """Input tokens billed up to each step, plannings counted with the step after them."""
        totals, waiting = [], 0
        for model, usage in self.report.billed:
            waiting += usage.input
            if model == EXECUTOR:
                totals.append(waiting)
                waiting = 0
        return list(accumulate(totals))


def measure(
    scratch: Path,
    *,
    lengths: Sequence[int] = (200, 400),
    long: int = LONG,
) -> Iterator[Figure]:
    runs: dict[int, Run] = {}
    for steps in lengths:
        repository = scratch / f"repository-{steps}"
        build(repository, steps=steps, plants=file_plants())
        full = _run(scratch / f"full-{steps}", repository, steps, ONE_PRICE, compacts=False)
        runs[steps] = _run(scratch / f"one-{steps}", repository, steps, ONE_PRICE, compacts=True)
        tiers = _run(scratch / f"tiers-{steps}", repository, steps, DEFAULT_TIERS, compacts=True)
        yield from _compare(steps, runs[steps], full, tiers)
    if long:
        repository = scratch / "repository-long"
        build(repository, steps=long, plants=file_plants())
        last = _run(scratch / "long", repository, long, ONE_PRICE, compacts=True)
        yield from _growth(max(lengths), runs[max(lengths)], long, last)


def _compare(steps: int, ours: Run, full: Run, tiers: Run) -> Iterator[Figure]:
    one, replay = ours.dollars(ONE_PRICE), full.dollars(ONE_PRICE)
    yield Figure(
        PART,
        f"bill of {steps} steps / of full cached replay, one price",
        one / replay,
        most=TARGETS.get(steps),
        note=f"${one:.2f} and ${replay:.2f}, {ours.compactions} compactions",
    )
    yield _facts_kept(steps, ours)
    split, dear = tiers.dollars(DEFAULT_TIERS), full.dollars(DEFAULT_TIERS)
    yield Figure(
        PART,
        f"bill of {steps} steps / of full cached replay, default tiers",
        split / dear,
        note=f"${split:.2f} and ${dear:.2f}, {tiers.compactions} compactions",
    )


def _facts_kept(steps: int, run: Run) -> Figure:
    places = list(run.report.found.values())
    by_recall = places.count("recall")
    return Figure(
        PART,
        f"planted facts answered after {steps} steps",
        len(places),
        f"of {len(FACTS)}",
        least=len(FACTS),
        note=f"{len(places) - by_recall} in the last request, {by_recall} by recall",
    )


def _growth(short: int, short_run: Run, long: int, long_run: Run) -> Iterator[Figure]:
    bills = short_run.dollars(ONE_PRICE), long_run.dollars(ONE_PRICE)
    yield Figure(
        PART,
        f"exponent of the bill from {short} to {long:,} steps",
        math.log(bills[1] / bills[0]) / math.log(long / short),
        "",
        most=1.05,
        note=f"${bills[0]:.2f} and ${bills[1]:.2f}, {long_run.compactions} compactions",
    )
    yield _facts_kept(long, long_run)
    totals = long_run.input_by_step()
    slope, r_squared = line_through(range(100, len(totals)), totals[100:])
    name = f"R2 of a line through the input tokens of steps 100 to {long:,}"
    yield Figure(PART, name, r_squared, "", least=0.99, note=f"{slope:,.0f} tokens a step")


def line_through(at: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """(slope, R squared) of the least-squares line."""
    count = len(at)
    mean_x, mean_y = sum(at) / count, sum(values) / count
    spread = sum((x - mean_x) ** 2 for x in at)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(at, values, strict=True)) / spread
    off = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(at, values, strict=True))
    total = sum((y - mean_y) ** 2 for y in values)
    return slope, 1 - off / total


def _run(scratch: Path, repository: Path, steps: int, prices: Prices, *, compacts: bool) -> Run:
    home = scratch / "home"
    home.mkdir(parents=True)
    with PlayedServer(home, steps=steps, facts=True, minimum=MINIMUM_TOKENS) as server:
        config = write_config(home / "c.yaml", server.url, prices=prices, compacts=compacts)
        options = {"workspace": str(repository), "config": str(config), "task": task()}
        told = run_child("bench.agent_run", options, home=home, cwd=repository)
        report = server.report()
    if told["exit_code"] != 0:
        raise ChildFailed(f"the agent ended as {told['status']}: {told['reason']}")
    run = Run(report, len(told["compactions"]))
    _check_book(run, told, prices)
    return run


def _check_book(run: Run, told: dict[str, Any], prices: Prices) -> None:
    """The agent's own book and the provider's bill have to agree, or neither can be shown."""
    booked = sum(float(cost) for cost in told["cost_usd"].values())
    billed = run.dollars(prices)
    if not math.isclose(booked, billed, rel_tol=1e-6):
        raise ChildFailed(f"the agent booked ${booked:.6f}, the provider billed ${billed:.6f}")
