"""The planner's own situations, and a question to it."""

from __future__ import annotations

from burnless.core.usage import Usage
from tests.prompts.playing import TESTS_ALLOWED, Situation, Turn
from tests.prompts.shop import PLAN, READ, SHOP, TASK, TEST, done, edit, read, run
from tests.support.play import call, calls, plan

_FULL = Usage(fresh=90_000, output=30)
_CSV_STEPS = [
    {
        "id": "s1",
        "intent": "Write shop/export.py: to_csv(cart) -> str.",
        "files": ["shop/export.py"],
        "done_when": {"path": "shop/export.py", "predicate": "exists"},
    },
    {
        "id": "s2",
        "intent": "Write tests/test_export.py for to_csv.",
        "files": ["tests/test_export.py"],
        "done_when": {"command": "python3 -m unittest -q tests.test_export"},
    },
    {
        "id": "s3",
        "intent": "Write tools/export.py, a command line over to_csv; use argparse.",
        "files": ["tools/export.py"],
        "done_when": {"command": "python3 tools/export.py --help"},
    },
    {
        "id": "s4",
        "intent": "Describe the export in README.md.",
        "files": ["README.md"],
        "done_when": {"path": "README.md", "predicate": "contains", "text": "export"},
    },
]
_EXPORT = (
    "import csv\nimport io\n\nfrom shop.cart import Cart\n\n\n"
    "def to_csv(cart: Cart) -> str:\n    out = io.StringIO()\n"
    "    csv.writer(out).writerows(cart.lines)\n    return out.getvalue()\n"
)
_EXPORT_TEST = (
    "import unittest\n\nfrom shop.cart import Cart\nfrom shop.export import to_csv\n\n\n"
    "class ExportTest(unittest.TestCase):\n    def test_lines(self) -> None:\n"
    "        cart = Cart()\n        cart.add('tea', 500)\n"
    "        self.assertEqual(to_csv(cart), 'tea,500,1\\r\\n')\n"
)
_TOOL = (
    "import argparse\n\nfrom shop.export import to_csv\n\n"
    "argparse.ArgumentParser().parse_args()\nprint(to_csv)\n"
)
_DEAD_END = (
    "python3 tools/export.py cannot import shop: the folder tools/ is on sys.path, the root is "
    "not. PYTHONPATH=. is refused as a command prefix. python3 -m tools.export finds it."
)

PLANNING = (
    Situation(
        "first_planning_of_a_bug",
        [Turn(TASK + " Keep Cart's public methods as they are.")],
        needed=[
            "The session starts. Make the plan.",
            "Keep Cart's public methods as they are.",
            "shop/cart.py",
            "submit_plan",
        ],
        right="Reads shop/cart.py and tests/test_cart.py in one reply (or submits at once a plan "
        "of one step with the constraint quoted and a focused test as done_when).",
        wrong="Writes prose, makes many steps, or plans commands that the repository cannot run.",
        asked="big",
    ),
    Situation(
        "planning_after_reading",
        [
            Turn(
                TASK + " Keep Cart's public methods as they are.",
                big=[read("shop/cart.py", "tests/test_cart.py", "shop/prices.py")],
            )
        ],
        needed=["total += gross(cents)", "test_total_counts_quantities", "one-step task gets one"],
        right="Calls submit_plan: one step on Cart.total, constraint quoted, done_when a focused "
        "unittest command, an excerpt of the loop with path and lines.",
        wrong="Reads more, writes prose, or plans to change tests.",
        asked="big",
    ),
    Situation(
        "planning_with_a_forbidden_folder",
        [
            Turn(
                "Rename Cart.add's parameter cents to net_cents everywhere. Do not touch legacy/.",
                big=[read("shop/cart.py", "tests/test_cart.py", "legacy/till.py")],
            )
        ],
        needed=["Do not touch legacy/.", "legacy/till.py", "do_not_touch"],
        right="submit_plan with do_not_touch [legacy/], the constraint quoted, and a word on what "
        "happens to legacy/till.py, which calls add(cents=...): a risk or an open question.",
        wrong="Plans an edit below legacy/, or leaves the limit out.",
        files={
            **SHOP,
            "legacy/till.py": "from shop.cart import Cart\n\n\ndef ring(cart: Cart) -> None:\n"
            '    cart.add("bag", cents=10)\n',
        },
        asked="big",
    ),
    Situation(
        "plan_update_after_a_compaction",
        [
            Turn(
                "Add a CSV export of a cart: function, tests, a small tool, a line in README.md. "
                "Standard library only.",
                big=[plan(*_CSV_STEPS, constraints=["Standard library only."], goal="CSV export.")],
                mid=[
                    READ,
                    calls(call("write", path="shop/export.py", content=_EXPORT)),
                    done("s1"),
                    calls(call("write", path="tests/test_export.py", content=_EXPORT_TEST)),
                    done("s2"),
                    calls(call("write", path="tools/export.py", content=_TOOL)),
                    run("python3 tools/export.py --help"),
                    calls(
                        call(
                            "plan_notes",
                            facts=[
                                _DEAD_END,
                            ],
                        ),
                        usage=_FULL,
                    ),
                ],
            )
        ],
        needed=[
            "Update the plan from the capsule",
            "[x] s1",
            "[x] s2",
            "[ ] s3",
            "python3 -m tools.export finds it",
            "ModuleNotFoundError: No module named 'shop'",
            "Finished steps stay finished",
        ],
        right="submit_plan as an update: s1 and s2 in done and not written again, s3 changed (run "
        "as python3 -m tools.export, in done_when too), next s3, the dead end in the handoff.",
        wrong="Writes s1 or s2 again, keeps s3's check as it is, or starts a new plan.",
        config='compaction: {tail_tokens: 1}\npermissions: {allow: ["Bash(python3 *)"]}',
        asked="big",
    ),
    Situation(
        "planning_after_a_check_failed_twice",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    edit(
                        "shop/cart.py",
                        (
                            "            total += gross(cents)",
                            "            total += gross(cents) + quantity",
                        ),
                    ),
                    done("s1"),
                    edit(
                        "shop/cart.py",
                        (
                            "            total += gross(cents) + quantity",
                            "            total += gross(cents + quantity)",
                        ),
                    ),
                    done("s1"),
                ],
            )
        ],
        needed=["A step's check failed twice", "[!] s1", "s1"],
        right="Reads shop/cart.py and the test (or submits at once), to say in s1 exactly what to "
        "write (gross(cents) * quantity) and in the handoff that adding is the dead end.",
        wrong="Submits the same step again in the same words.",
        asked="big",
    ),
    Situation(
        "plan_that_was_not_accepted",
        [
            Turn(
                TASK,
                big=[
                    calls(
                        call(
                            "submit_plan",
                            goal="Cart.total counts quantities.",
                            steps=[
                                {
                                    "id": "s1",
                                    "intent": "Multiply by quantity.",
                                    "files": ["shop/cart.py"],
                                    "done_when": {"path": "shop/cart.py", "predicate": "includes"},
                                }
                            ],
                        )
                    )
                ],
            )
        ],
        needed=["The plan was not accepted", "contains", "Call submit_plan again"],
        right="Calls submit_plan again with done_when mended (a command, or contains with text).",
        wrong="Writes prose, or sends the same plan.",
        asked="big",
    ),
    Situation(
        "consultation",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    TEST,
                    READ,
                    calls(
                        call(
                            "consult",
                            question="Should quantity be multiplied inside gross() or in "
                            "Cart.total? gross is called in shop/cart.py:16 and :22; "
                            "tests/test_prices.py calls gross(500) with one argument.",
                        )
                    ),
                ],
            )
        ],
        needed=["<question>", "gross(500)", "first the decision in one sentence"],
        right="Decides in one sentence: multiply in Cart.total; then why (gross is the price of "
        "one, its test calls it with one argument) and two or three actions.",
        wrong="Asks back, calls a tool, or gives a long essay.",
        config=TESTS_ALLOWED,
        asked="big",
    ),
)
