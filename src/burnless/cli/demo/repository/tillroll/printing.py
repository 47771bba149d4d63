"""A receipt as text."""

from __future__ import annotations

from tillroll.receipt import Receipt

WIDTH = 32


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def row(left: str, cents: int) -> str:
    right = money(cents)
    return left[: WIDTH - len(right) - 1].ljust(WIDTH - len(right)) + right


def render(receipt: Receipt) -> str:
    rows = [row(f"{line.quantity} x {line.name}", line.total) for line in receipt.lines]
    if receipt.discount:
        rows.append(row(f"discount {receipt.discount_percent}%", -receipt.discount))
    rows.append(row(f"tax {receipt.tax_percent}%", receipt.tax))
    rows.append(row("total", receipt.total))
    return "\n".join(rows)
