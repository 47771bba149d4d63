from __future__ import annotations

from pathlib import Path

import pytest

from burnless.workspace.git import Git
from burnless.workspace.listing import shown_files
from burnless.workspace.named_places import NamedPlaces
from tests.support.direct_runner import DirectRunner
from tests.support.repositories import make_repository, write_files

FILES = {
    "shop/cart.py": "class Line:\n    def total(self):\n        return 1\n\n\n"
    "class Cart:\n    @property\n    def total(self):\n        return sum(self.lines)\n",
    "shop/money.py": "def total(lines):\n    return sum(lines)\n",
    "shop/order.py": "from shop.cart import Cart\n\nprint(Cart().total)\n",
    "web/basket.ts": "export class Basket {\n  total(): number {\n    return 1;\n  }\n}\n",
}


def places(root: Path) -> NamedPlaces:
    git = Git(root, DirectRunner())
    return NamedPlaces(root, git, shown_files(root, git))


@pytest.mark.parametrize("in_git", [True, False])
@pytest.mark.parametrize(
    ("name", "defined"),
    [
        ("Cart.total", "defined: shop/cart.py:8: def total(self):"),
        ("shop.cart.Cart.total", "defined: shop/cart.py:8: def total(self):"),
        ("money.total", "defined: shop/money.py:1: def total(lines):"),
        ("Basket.total", "defined: web/basket.ts:2: total(): number {"),
    ],
)
def test_a_dotted_name_is_found_where_its_class_or_module_defines_it(
    tmp_path: Path, name: str, defined: str, in_git: bool
) -> None:
    root = tmp_path / "repo"
    if in_git:
        make_repository(root, FILES)
    else:
        write_files(root, FILES)
    assert [line for line in places(root).lines([name]) if "defined" in line] == [defined]


def test_a_files_name_and_a_method_nobody_defines_are_no_definitions(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", FILES)
    assert places(root).lines(["cart.py", "Cart.missing", "Order.total"]) == [
        "cart.py → shop/cart.py: in its path"
    ]


def test_a_name_that_is_defined_here_is_followed_further_than_a_word(tmp_path: Path) -> None:
    uses = {f"use{n:02}.py": "from a import charge_card\n# fee\n" for n in range(12)}
    root = make_repository(tmp_path / "repo", {**uses, "a.py": "def charge_card():\n    fee = 1\n"})
    charge, fee, _ = places(root).lines(["charge_card", "fee"])
    assert charge.count(".py") == 13
    assert fee.count(".py") == 6
    assert fee.endswith(", … 7 more files")
