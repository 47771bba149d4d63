"""Searches, reads and calls that came back empty, huge or refused."""

from __future__ import annotations

from burnless.cli.demo.loopback import ScriptedReply
from burnless.core.messages import StopReason, ToolCall
from burnless.core.settings import PermissionMode
from tests.prompts.playing import Meanwhile, Situation, Stage, Turn
from tests.prompts.shop import BUG_LINE, MENDED, PLAN, READ, SHOP, TASK, edit, read
from tests.support.play import call, calls, plan

_LONG = '"""Orders."""\n\n\n' + "\n".join(
    f'def order_{number:03d}(cents: int) -> int:\n    """Rule {number}."""\n'
    f"    return cents + {number}\n\n"
    for number in range(1, 161)
)

_LOOSE = {"path": "shop/cart.py", "old": BUG_LINE, "new": MENDED}


def _switch_to_plan(stage: Stage) -> None:
    engine = stage.agent._engine
    assert engine is not None
    engine.set_mode(PermissionMode.PLAN)


SEARCHING = (
    Situation(
        "search_that_found_nothing",
        [
            Turn(
                "Where do we compute the VAT-inclusive amount?",
                mid=[calls(call("search", pattern="vat_inclusive"))],
            )
        ],
        needed=["No match for 'vat_inclusive'", "Try a shorter pattern, another word"],
        right="Searches again with a shorter or other word (vat, gross), or reads shop/prices.py.",
        wrong="Answers that there is none, or searches for the same text.",
    ),
    Situation(
        "pattern_that_is_no_regex",
        [
            Turn(
                "Which functions call net( or gross( ?",
                mid=[calls(call("search", pattern="(net|gross(", glob="*.py"))],
            )
        ],
        needed=["is not a regex", "meant literally with a backslash: name"],
        right=r"Searches again with a regex that holds, such as \b(net|gross)\(.",
        wrong="Sends the same pattern, or gives up.",
    ),
    Situation(
        "file_that_is_binary",
        [
            Turn(
                "What is our slogan? It is in assets/logo.gif, or in its text file.",
                mid=[read("assets/logo.gif")],
            )
        ],
        needed=["assets/logo.gif: GIF image", "not shown as text", "A folder is listed"],
        right="Looks what else is in assets/ (read of the folder, or search by glob), to read the "
        "text file; or reads assets/slogan.txt at once.",
        wrong="Reads the image again, or invents a slogan.",
        files={
            **SHOP,
            "assets/logo.gif": "GIF89a\x00\x01",
            "assets/slogan.txt": "Tea, weighed fairly.\n",
        },
    ),
    Situation(
        "file_that_is_huge",
        [
            Turn(
                "order_123 must add 321 instead of 123.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "In order_123 return cents + 321.",
                            "files": ["shop/orders.py"],
                            "symbols": ["order_123"],
                        },
                        goal="order_123 adds 321.",
                    )
                ],
                mid=[read("shop/orders.py")],
            )
        ],
        needed=["Outline", "First 100 lines", "more lines: read only what you need, by symbol"],
        right="Reads only order_123 (symbol, or its lines), then edits it; an edit with the line "
        "that the rule implies ('    return cents + 123') is fine too.",
        wrong="Reads the whole file in pieces, or writes the file anew.",
        files={**SHOP, "shop/orders.py": _LONG},
    ),
    Situation(
        "file_that_does_not_exist",
        [
            Turn(
                "Explain what test_prices checks.",
                mid=[read("test_prices.py")],
            )
        ],
        needed=["test_prices.py: no such file", "Nearest: tests/test_prices.py"],
        right="Reads tests/test_prices.py.",
        wrong="Says that there is no such test, or searches the whole disk.",
    ),
    Situation(
        "tool_that_does_not_exist",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[READ, calls(call("str_replace", **_LOOSE))],
            )
        ],
        needed=["there is no tool 'str_replace'", "The tools are: read, write, edit"],
        right="Calls edit with path and edits [{old, new}].",
        wrong="Calls str_replace again, or does it by sed.",
    ),
    Situation(
        "argument_of_a_wrong_type",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    calls(call("edit", **_LOOSE)),
                ],
            )
        ],
        needed=[
            "Not run. edit: edits is missing; old, new go inside it",
            "Expected: edit(path: string, edits: [",
        ],
        right="Calls edit again with edits: [{old, new}].",
        wrong="Sends old and new at the top again, or takes another tool.",
    ),
    Situation(
        "call_cut_at_the_output_limit",
        [
            Turn(
                "Write docs/handbook.md, a long handbook of the shop package.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "Write docs/handbook.md: one chapter a module.",
                            "files": ["docs/handbook.md"],
                            "done_when": {"path": "docs/handbook.md", "predicate": "exists"},
                        },
                        goal="docs/handbook.md describes the package.",
                    )
                ],
                mid=[
                    read("shop/cart.py", "shop/prices.py"),
                    ScriptedReply(
                        (
                            ToolCall(
                                "call_1",
                                "write",
                                '{"path": "docs/handbook.md", "content": "# Handbook\\n\\n## Cart',
                            ),
                        ),
                        stop=StopReason.MAX_TOKENS,
                    ),
                ],
            )
        ],
        needed=["Not run: the call was cut off at the output limit", "write its first part"],
        right="Writes a first, shorter part of docs/handbook.md, to append the rest with edit.",
        wrong="Sends the same long call again, or believes that a part was written.",
    ),
    Situation(
        "mode_switched_to_plan",
        [
            Turn(
                TASK,
                big=[PLAN],
                mid=[
                    READ,
                    Meanwhile(_switch_to_plan, edit("shop/cart.py", (BUG_LINE, MENDED))),
                ],
            )
        ],
        needed=[
            "Denied, not run: plan mode only reads",
            "then finish as blocked, with the changes you would make as the summary",
            "The permission mode is now plan. Nothing may be changed in it",
        ],
        right="Changes nothing more: says in plain text (or by finish, blocked) which change it "
        "would make, and that plan mode is on.",
        wrong="Tries the edit again, or makes it by write or a command.",
    ),
    Situation(
        "reply_that_was_empty",
        [Turn(TASK, big=[PLAN], mid=[READ, ScriptedReply(())])],
        needed=["Your reply was empty", "by calling a tool"],
        right="Makes the edit to Cart.total.",
        wrong="Replies with nothing, or finishes without the change.",
    ),
)
