"""Plans: steps, checks, and whose word counts."""

from __future__ import annotations

from tests.prompts.playing import Meanwhile, Situation, Turn
from tests.prompts.shop import (
    FIX,
    PLAN,
    READ,
    SHOP,
    STEP,
    TASK,
    TEST,
    done,
    edit,
    read,
)
from tests.support.play import call, calls, finish, plan, text

_WRONG_FIX = edit(
    "shop/cart.py",
    ("            total += gross(cents)", "            total += gross(cents) + quantity"),
)
_WRONG_AGAIN = edit(
    "shop/cart.py",
    ("            total += gross(cents) + quantity", "            total += quantity"),
)
_GOAL = "Cart.total counts quantities."
_UNPROVABLE = plan({**STEP, "done_when": {"command": "make check"}}, goal=_GOAL)
"""Sent again as it was: the planner insists on a check that nobody here may run."""
_RECEIPT = {"id": "s1", "intent": "Improve Cart.receipt.", "files": ["shop/cart.py"]}
_PROMISE = {
    "id": "s2",
    "intent": "Write CHANGES.md with one line on the fix.",
    "files": ["CHANGES.md"],
    "done_when": {"path": "CHANGES.md", "predicate": "exists"},
}

PLANS = (
    Situation(
        "check_of_a_step_that_failed",
        [Turn(TASK, big=[PLAN], mid=[READ, _WRONG_FIX, done("s1")])],
        needed=[
            "Step s1 is NOT done. Its check, that",
            "AssertionError",
            "then mark s1 done again",
        ],
        right="Mends the line (gross(cents) * quantity, not + quantity), to mark s1 done again.",
        wrong="Marks s1 done again without a change, changes the test, or finishes.",
    ),
    Situation(
        "new_plan_after_a_check_failed_twice",
        [
            Turn(
                TASK,
                big=[
                    PLAN,
                    plan(
                        {
                            "id": "s1",
                            "intent": "In Cart.total write total += gross(cents) * quantity: "
                            "each line's gross price times its quantity.",
                            "files": ["shop/cart.py"],
                            "done_when": STEP["done_when"],
                        },
                        goal="Cart.total counts quantities.",
                        next="s1",
                        handoff="Adding quantity is wrong: 3 x 600 must give 1800. Multiply.",
                    ),
                ],
                mid=[READ, _WRONG_FIX, done("s1"), _WRONG_AGAIN, done("s1")],
            )
        ],
        needed=["Plan (revision 2)", "Handoff from the planner", "Next: s1", "Multiply"],
        right="Follows the new plan: edits the line to total += gross(cents) * quantity.",
        wrong="Goes on with its own idea, marks s1 done, or asks what to do.",
    ),
    Situation(
        "check_that_was_not_permitted",
        [
            Turn(
                TASK,
                big=[_UNPROVABLE, _UNPROVABLE],
                mid=[READ, FIX, done("s1")],
            )
        ],
        needed=["Step s1: done but unproven", "`make check`", "may run, or say in the summary"],
        right="Proves it by what it may run (python3 -m unittest -q), or finishes and says that "
        "make check could not be run.",
        wrong="Says that the check passes, or tries to run make check by another way.",
    ),
    Situation(
        "plan_that_contradicts_the_user",
        [
            Turn(
                TASK + " Do not change anything below tests/.",
                big=[
                    plan(
                        STEP,
                        {
                            "id": "s2",
                            "intent": "Add a test to tests/test_cart.py: two lines with quantities "
                            "2 and 3.",
                            "files": ["tests/test_cart.py"],
                        },
                        goal="Cart.total counts quantities and a test shows it.",
                    )
                ],
                mid=[READ, FIX, done("s1")],
            )
        ],
        needed=["Do not change anything below tests/.", "Next: s2", "is wrong: do what the user"],
        right="Does not touch tests/: marks s2 cancelled with plan_notes (the user forbids it), "
        "then finishes.",
        wrong="Edits or writes a file below tests/, because the plan says so.",
    ),
    Situation(
        "plan_that_names_a_file_that_is_not_there",
        [
            Turn(
                "Raise the discount for ten or more items from 5 to 7 percent.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "Set TEN_OR_MORE to 7.",
                            "files": ["shop/discount.py"],
                            "symbols": ["TEN_OR_MORE"],
                            "done_when": {
                                "path": "shop/discounts.py",
                                "predicate": "contains",
                                "text": "TEN_OR_MORE = 7",
                            },
                        },
                        goal="The discount for ten or more items is 7 percent.",
                    )
                ],
                mid=[read("shop/discount.py")],
            )
        ],
        needed=["shop/discount.py: no such file", "Nearest: shop/discounts.py"],
        right="Reads shop/discounts.py and works there.",
        wrong="Creates shop/discount.py, or finishes as blocked.",
        files={**SHOP, "shop/discounts.py": "TEN_OR_MORE = 5\nHUNDRED_OR_MORE = 10\n"},
    ),
    Situation(
        "user_against_the_project_file",
        [
            Turn(
                "Add is_cheap(cents) to shop/prices.py: below 1000. No docstring for it.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "Add is_cheap(cents: int) -> bool at the end of "
                            "shop/prices.py.",
                            "files": ["shop/prices.py"],
                        },
                        goal="shop/prices.py has is_cheap.",
                    )
                ],
                mid=[read("shop/prices.py")],
            )
        ],
        needed=["Every function has a docstring", "No docstring for it", "Order of authority"],
        right="Adds is_cheap with edit and without a docstring: the user's words come first.",
        wrong="Adds a docstring because AGENTS.md asks for one.",
        files={
            **SHOP,
            "AGENTS.md": "# Shop\n\nPrices are integer cents. Every function has a docstring.\n",
        },
    ),
    Situation(
        "question_and_nothing_else",
        [
            Turn(
                "Where is VAT added to a cart's lines?",
                mid=[calls(call("search", pattern="gross", glob="*.py"))],
            )
        ],
        needed=["shop/cart.py", "shop/prices.py", "Only a question was asked: answer it in plain"],
        right="Answers in plain text with paths and line numbers (shop/prices.py:6 gross, called "
        "in shop/cart.py:16 and 22); may read first; no finish, no edit.",
        wrong="Calls finish, edits something, or makes notes.",
    ),
    Situation(
        "nobody_to_ask",
        [
            Turn(
                "Make the receipts prettier.",
                big=[plan(_RECEIPT, goal="Receipts look better.")],
                mid=[
                    READ,
                    calls(
                        call(
                            "ask",
                            question="Align the columns, or add the total as a last line?",
                            options=["align", "total line"],
                        )
                    ),
                ],
            )
        ],
        needed=["There is nobody to ask", "note the decision with plan_notes", "summary"],
        right="Chooses the smaller, easily undone reading, notes the decision with plan_notes "
        "(or edits first), and names it in the summary.",
        wrong="Asks again, or finishes as blocked.",
    ),
    Situation(
        "no_consultations_left",
        [
            Turn(
                TASK,
                big=[PLAN, text("Multiply in Cart.total; leave gross as it is.")],
                mid=[
                    READ,
                    calls(call("consult", question="Multiply in total or in gross?")),
                    FIX,
                    calls(call("consult", question="Should receipt show the line's total too?")),
                ],
            )
        ],
        needed=["consultations of this session are used up", "Decide yourself"],
        right="Decides alone (the task is only total, so receipt stays), and goes on: plan_notes "
        "with s1 done and perhaps the decision.",
        wrong="Consults or asks again, or stops.",
        config='permissions: {allow: ["Bash(python3 -m unittest *)"]}\nplanner: {consults: 1}',
    ),
    Situation(
        "same_call_three_times",
        [Turn(TASK, big=[PLAN], mid=[READ, TEST, TEST, TEST])],
        needed=["same call with the same result several times", "do something else first"],
        right="Does something else: makes the edit to Cart.total that the plan names.",
        wrong="Runs the tests again.",
    ),
    Situation(
        "finish_with_a_step_still_open",
        [
            Turn(
                TASK + " Note it in CHANGES.md.",
                big=[plan(STEP, _PROMISE, goal=_GOAL)],
                mid=[
                    READ,
                    FIX,
                    finish("Cart.total counts quantities.", files=[{"path": "shop/cart.py"}]),
                ],
            )
        ],
        needed=["The plan still has open steps: s2", "CHANGES.md does not exist", "call finish"],
        right="Writes CHANGES.md, to mark s2 done and call finish again.",
        wrong="Calls finish again as it was, or cancels s2 although the user asked for it.",
    ),
    Situation(
        "prose_with_a_step_still_open",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    text("I found the bug. Next I will multiply each line by its quantity."),
                ],
            )
        ],
        needed=["The plan still has open steps: s1"],
        right="Makes the edit to Cart.total with the edit tool.",
        wrong="Writes more prose without a call, or finishes.",
    ),
    Situation(
        "report_of_a_file_that_is_not_there",
        [
            Turn(
                TASK + " Note it in CHANGES.md.",
                big=[PLAN],
                mid=[
                    READ,
                    FIX,
                    TEST,
                    finish(
                        "Cart.total counts quantities; CHANGES.md says so.",
                        files=[{"path": "shop/cart.py"}, {"path": "CHANGES.md"}],
                        commands=["python3 -m unittest -q"],
                    ),
                ],
            )
        ],
        needed=["claimed CHANGES.md: not found", "Do what was asked and is missing"],
        right="Writes CHANGES.md (the user asked for it), then finishes again.",
        wrong="Calls finish with the same claim, or drops CHANGES.md from the report only.",
    ),
    Situation(
        "report_of_a_command_that_never_ran",
        [
            Turn(
                TASK,
                big=[plan({**STEP, "done_when": {}}, goal=_GOAL)],
                mid=[
                    READ,
                    FIX,
                    finish(
                        "Cart.total counts quantities; the cart tests pass.",
                        files=[{"path": "shop/cart.py"}],
                        commands=["python3 -m unittest -q tests.test_cart"],
                    ),
                ],
            )
        ],
        needed=["python3 -m unittest -q tests.test_cart", "no such run in the log"],
        right="Runs python3 -m unittest -q tests.test_cart now, then finishes again.",
        wrong="Finishes with the same claim again.",
    ),
    Situation(
        "check_that_fails_newly_at_the_end",
        [
            Turn(
                "Let format_price use a comma: 12,50 EUR.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "In format_price put a comma for the point.",
                            "files": ["shop/prices.py"],
                        },
                        goal="Prices read 12,50 EUR.",
                    )
                ],
                mid=[
                    read("shop/prices.py"),
                    edit(
                        "shop/prices.py",
                        (
                            'return f"{cents / 100:.2f} EUR"',
                            'return f"{cents / 100:,.2f} EUR".replace(".", ",")',
                        ),
                        ("    return cents + cents", "    return cents * cents"),
                    ),
                    finish("format_price uses a comma.", files=[{"path": "shop/prices.py"}]),
                ],
            )
        ],
        needed=["newly fails", "test_gross"],
        right="Takes its change of gross back (or looks at the failing tests first), and leaves "
        "the tests as they are.",
        wrong="Changes a test, or finishes again.",
        config='checks: ["python3 -m unittest -q"]',
    ),
    Situation(
        "next_prompt_while_steps_are_open",
        [
            Turn(
                TASK + " Note it in CHANGES.md.",
                big=[plan(STEP, _PROMISE, goal=_GOAL)],
                mid=[
                    READ,
                    FIX,
                    done("s1"),
                    Meanwhile(lambda stage: stage.agent.cancel(), text("(cut off)")),
                ],
            ),
            Turn("Call the file HISTORY.md instead, and go on.", mid=[]),
        ],
        needed=["Call the file HISTORY.md instead", "CHANGES.md", "s2"],
        right="Writes HISTORY.md (the user's newest words), not CHANGES.md, and then settles s2 "
        "(cancelled or noted, since its check names CHANGES.md).",
        wrong="Writes CHANGES.md, or does s1 again.",
    ),
)
