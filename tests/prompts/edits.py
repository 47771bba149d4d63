"""Edits and writes that did not do what was meant."""

from __future__ import annotations

from tests.prompts.playing import Meanwhile, Situation, Turn
from tests.prompts.shop import (
    BUG_LINE,
    FIX,
    MENDED,
    PLAN,
    READ,
    TASK,
    TEST,
    edit,
)
from tests.support.play import call, calls, plan

_LOOP = "        for _, cents, quantity in self.lines:"
_RENAMED = edit(
    "shop/cart.py",
    ("        total = 0\n", "        amount = 0\n"),
    (
        "            total += gross(cents)\n        return total",
        "            amount += gross(cents)\n        return amount",
    ),
)
_WITH_RETURN = edit(
    "shop/cart.py",
    (f"{BUG_LINE}\n        return total", f"{MENDED}\n        return total"),
)

EDITS = (
    Situation(
        "edit_whose_old_text_is_not_there",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    edit(
                        "shop/cart.py",
                        (
                            "for name, cents, quantity in self.lines: total += gross(cents)",
                            f"for name, cents, quantity in self.lines: {MENDED.strip()}",
                        ),
                    ),
                ],
            )
        ],
        needed=[
            "Nothing was changed in shop/cart.py",
            "15\t        for _, cents, quantity in self.lines:",
            "16\t            total += gross(cents)",
            "Copy old exactly from the place you mean",
        ],
        right="Sends the edit again; old is one or more of the shown lines exactly (such as "
        "'            total += gross(cents)'), without line numbers.",
        wrong="Sends the same old again, goes on as if the edit were made, or rewrites the file.",
    ),
    Situation(
        "edit_with_lines_from_before_an_own_edit",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    _RENAMED,
                    edit(
                        "shop/cart.py",
                        (
                            f"{_LOOP}\n{BUG_LINE}\n        return total",
                            f"{_LOOP}\n{MENDED}\n        return total",
                        ),
                    ),
                ],
            )
        ],
        needed=["Nothing was changed in shop/cart.py", "16\t            amount += gross(cents)"],
        right="Edits the line that is there now: amount += gross(cents) becomes "
        "amount += gross(cents) * quantity.",
        wrong="Repeats the old text with total, or believes that the rename was lost.",
    ),
    Situation(
        "edit_made_although_line_numbers_were_kept",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[READ, edit("shop/cart.py", (f"16\t{BUG_LINE}", f"16\t{MENDED}"))],
            )
        ],
        needed=["Edited shop/cart.py", "line numbers were taken off old", f"+{MENDED}"],
        right="Takes the edit as made and goes on: plan_notes with s1 done, or runs the test.",
        wrong="Edits the same line again, or tries to take line numbers out of the file.",
    ),
    Situation(
        "edit_whose_old_text_stands_twice",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[READ, edit("shop/cart.py", ("gross(cents)", "gross(cents) * quantity"))],
            )
        ],
        needed=[
            "in several places:\n16\t            total += gross(cents)\n22\t",
            "Which one do you mean?",
            "only if every place has to change",
        ],
        right="Sends the edit again with more of the line, such as 'total += gross(cents)'; "
        "not with all, since the receipt shows the price of one.",
        wrong="Sets all to true without looking at line 22, or sends the same edit again.",
    ),
    Situation(
        "several_edits_of_which_the_second_fails",
        [
            Turn(
                TASK + " Say in the docstring of the module that total counts quantities.",
                big=[PLAN],
                mid=[
                    READ,
                    edit(
                        "shop/cart.py",
                        (BUG_LINE, MENDED),
                        (
                            '"""A cart of lines."""',
                            '"""A cart of lines; total counts quantities."""',
                        ),
                    ),
                ],
            )
        ],
        needed=[
            "Nothing was changed in shop/cart.py, and no edit was made: edit 2 of 2",
            '1\t"""A cart of lines: name, net cents, quantity."""',
            "send all edits again",
        ],
        right="Sends both edits again in one call, the second with the module docstring as shown.",
        wrong="Sends only the second edit, as if the first one were made.",
    ),
    Situation(
        "edit_of_a_file_the_user_changed_meanwhile",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    Meanwhile(
                        lambda stage: stage.change(
                            "shop/cart.py",
                            "        total = 0\n",
                            "        total = self.delivery\n",
                        ),
                        FIX,
                    ),
                ],
            )
        ],
        needed=[
            "Nothing was changed: shop/cart.py changed since you read it",
            "Read shop/cart.py again",
        ],
        right="Reads shop/cart.py again (and only then edits, keeping the line somebody added).",
        wrong="Sends the edit again unread, or writes the whole file from memory.",
    ),
    Situation(
        "write_over_a_file_that_was_not_read",
        [
            Turn(
                "Add a rate 'zero' of 0 percent to the VAT rates.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "Add zero: 0 to RATES in shop/prices.py.",
                            "files": ["shop/prices.py"],
                        },
                        goal="There is a VAT rate 'zero' of 0 percent.",
                    )
                ],
                mid=[
                    calls(
                        call(
                            "write",
                            path="shop/prices.py",
                            content='RATES = {"standard": 20, "reduced": 5, "zero": 0}\n',
                        )
                    )
                ],
            )
        ],
        needed=["Not written: shop/prices.py exists", "you have not read it", "Read it, then edit"],
        right="Reads shop/prices.py, to edit the RATES line afterwards.",
        wrong="Writes again, deletes the file first, or writes it by a shell command.",
    ),
    Situation(
        "edit_that_differed_in_blanks_only",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    edit(
                        "shop/cart.py",
                        (
                            "for _, cents, quantity in self.lines:\n  total += gross(cents)",
                            f"{_LOOP.strip()}\n  {MENDED.strip()}",
                        ),
                    ),
                ],
            )
        ],
        needed=["Edited shop/cart.py", "differed from the file in blanks only", f"+{MENDED}"],
        right="Sees in the diff that the line is right and goes on: plan_notes, or the test.",
        wrong="Makes the edit again or 'repairs' an indentation that is right.",
    ),
    Situation(
        "edit_after_which_the_file_does_not_parse",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    edit(
                        "shop/cart.py",
                        (BUG_LINE, "            total += gross(cents) * (quantity"),
                    ),
                ],
            )
        ],
        needed=["does not parse now: line 16", "Mend it before you go on"],
        right="Edits line 16 at once so that the parenthesis is closed or gone.",
        wrong="Runs the tests or goes on with the file broken.",
    ),
    Situation(
        "write_with_the_rest_left_out",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    calls(
                        call(
                            "write",
                            path="shop/cart.py",
                            content="from shop.prices import format_price, gross\n\n\n"
                            "class Cart:\n    # ... existing code unchanged ...\n\n"
                            "    def total(self) -> int:\n        return sum("
                            "gross(c) * q for _, c, q in self.lines)\n",
                        )
                    ),
                ],
            )
        ],
        needed=["Not written", "existing code unchanged", "use edit to change only the lines"],
        right="Uses edit on the lines of Cart.total (or writes the whole file, every line).",
        wrong="Sends write with a placeholder again.",
    ),
    Situation(
        "edit_that_was_made_before",
        [Turn(TASK, big=[PLAN], mid=[READ, _WITH_RETURN, TEST, _WITH_RETURN])],
        needed=["Nothing was changed in shop/cart.py", "new already is (line 16)"],
        right="Leaves the line alone and goes on: plan_notes with s1 done, then finish.",
        wrong="Edits line 16 once more.",
    ),
)
