"""What a benchmark found, as values: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import mean, median


@dataclass(frozen=True)
class Figure:
    """One measured value. `most` is the target it may not exceed; None = only reported.

    unit: "x" for a ratio, else what the number counts. Only ratios have targets: an absolute time
          says more about the machine than about the program.
    """

    part: str
    name: str
    value: float
    unit: str = "x"
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.most is None and self.least is None:
            return None
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"<= {number(self.most)}"
        return f">= {number(self.least)}" if self.least is not None else ""


def table(figures: Sequence[Figure]) -> str:
    """Plain text, one line a figure."""
    rows = [("", "figure", "value", "target", "", "note")]
    previous = ""
    for figure in figures:
        verdict = {None: "", True: "ok", False: "MISSED"}[figure.met]
        part = figure.part if figure.part != previous else ""
        previous = figure.part
        shown = f"{number(figure.value)}{'x' if figure.unit == 'x' else f' {figure.unit}'}".strip()
        rows.append((part, figure.name, shown, figure.target, verdict, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[5]]
        ).rstrip()
        for row in rows
    )


def as_json(figures: Sequence[Figure]) -> list[dict[str, object]]:
    return [{**asdict(figure), "met": figure.met} for figure in figures]


def number(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def middle(values: Sequence[float]) -> float:
    """The median: one run disturbed by a neighbour does not move it."""
    return median(values)


def columns_middle(runs: Sequence[Sequence[float]]) -> list[float]:
    """The median over runs at each position. Raises ValueError for runs of unlike length."""
    return [median(column) for column in zip(*runs, strict=True)]


def columns_least(runs: Sequence[Sequence[float]]) -> list[float]:
    """The least over runs at each position. Raises ValueError for runs of unlike length."""
    return [min(column) for column in zip(*runs, strict=True)]


def tenth(values: Sequence[float], which: int) -> float:
    """The mean of one tenth of a series; `which` counts from 1."""
    size = len(values) / 10
    return mean(values[round((which - 1) * size) : round(which * size)])
