"""A receipt: lines, one discount for the whole, tax on what is left."""

from __future__ import annotations

from dataclasses import dataclass, field

from tillroll.rounding import percent_of


@dataclass(frozen=True)
class Line:
    name: str
    cents: int
    quantity: int = 1

    @property
    def total(self) -> int:
        return self.cents * self.quantity


@dataclass
class Receipt:
    lines: list[Line] = field(default_factory=list)
    discount_percent: int = 0
    tax_percent: int = 20

    def add(self, line: Line) -> None:
        self.lines.append(line)

    @property
    def subtotal(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(percent_of(line.total, self.discount_percent) for line in self.lines)

    @property
    def taxable(self) -> int:
        return self.subtotal - self.discount

    @property
    def tax(self) -> int:
        return percent_of(self.subtotal, self.tax_percent)

    @property
    def total(self) -> int:
        return self.taxable + self.tax
