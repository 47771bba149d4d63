"""The repository that most situations play in: one real bug, one test that is red anyway."""

from __future__ import annotations

from burnless.cli.demo.loopback import ScriptedReply
from tests.support.play import call, calls, plan

TASK = "Cart.total ignores quantities. Fix it."

SHOP = {
    ".gitignore": "__pycache__/\n",
    "AGENTS.md": "# Shop\n\nPrices are integer cents. Tests: `python3 -m unittest -q`.\n",
    "shop/__init__.py": "",
    "shop/prices.py": '''"""Prices in cents."""

RATES = {"standard": 20, "reduced": 5}


def gross(cents: int, rate: str = "standard") -> int:
    """With VAT, rounded down."""
    return cents + cents * RATES[rate] // 100


def net(cents: int, rate: str = "standard") -> int:
    """Without VAT."""
    return cents * 100 // (100 + RATES[rate])


def format_price(cents: int) -> str:
    return f"{cents / 100:.2f} EUR"
''',
    "shop/cart.py": '''"""A cart of lines: name, net cents, quantity."""

from shop.prices import format_price, gross


class Cart:
    def __init__(self) -> None:
        self.lines: list[tuple[str, int, int]] = []

    def add(self, name: str, cents: int, quantity: int = 1) -> None:
        self.lines.append((name, cents, quantity))

    def total(self) -> int:
        total = 0
        for _, cents, quantity in self.lines:
            total += gross(cents)
        return total

    def receipt(self) -> str:
        rows = []
        for name, cents, quantity in self.lines:
            rows.append(f"{quantity} x {name} {format_price(gross(cents))}")
        return "\\n".join(rows)
''',
    "tests/__init__.py": "",
    "tests/test_cart.py": """import unittest

from shop.cart import Cart


class CartTest(unittest.TestCase):
    def test_total_of_one(self) -> None:
        cart = Cart()
        cart.add("tea", 500)
        self.assertEqual(cart.total(), 600)

    def test_total_counts_quantities(self) -> None:
        cart = Cart()
        cart.add("tea", 500, 3)
        self.assertEqual(cart.total(), 1800)
""",
    "tests/test_prices.py": """import unittest

from shop.prices import gross, net


class PricesTest(unittest.TestCase):
    def test_gross(self) -> None:
        self.assertEqual(gross(500), 600)

    def test_net_rounds_to_the_nearest_cent(self) -> None:
        self.assertEqual(net(100), 83)
        self.assertEqual(net(101), 84)
        self.assertEqual(net(103), 86)
""",
}

BUG_LINE = "            total += gross(cents)"
MENDED = "            total += gross(cents) * quantity"

STEP = {
    "id": "s1",
    "intent": "In Cart.total multiply each line's gross price by its quantity.",
    "files": ["shop/cart.py"],
    "symbols": ["Cart.total"],
    "done_when": {"command": "python3 -m unittest -q tests.test_cart"},
}
PLAN = plan(STEP, goal="Cart.total counts quantities.")


def read(*paths: str, **more: object) -> ScriptedReply:
    return calls(call("read", paths=[{"path": path, **more} for path in paths]))


def edit(path: str, *pairs: tuple[str, str]) -> ScriptedReply:
    edits = [{"old": old, "new": new} for old, new in pairs]
    return calls(call("edit", path=path, edits=edits))


def run(command: str, **more: object) -> ScriptedReply:
    return calls(call("run_command", command=command, **more))


def done(*steps: str, **more: object) -> ScriptedReply:
    marks = [{"id": step, "status": "done"} for step in steps]
    return calls(call("plan_notes", steps=marks, **more))


READ = read("shop/cart.py")
FIX = edit("shop/cart.py", (BUG_LINE, MENDED))
TEST = run("python3 -m unittest -q")
