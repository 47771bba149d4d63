from __future__ import annotations

import json
from pathlib import Path

import pytest

from burnless.core.outcome import Spend, TurnResult, TurnStatus
from burnless.core.protocols import Waiting
from burnless.core.usage import Usage
from burnless.ui.wire_json import (
    Opening,
    event_line,
    init_line,
    result_line,
    usd,
    waiting_line,
)
from tests.support.golden import compare_with_golden
from tests.ui.events import EVENTS, REPORT

GOLDEN = Path(__file__).parent / "golden"
OPENING = Opening(
    "s1",
    "/repo",
    ("read", "edit"),
    {"planner": "anthropic/claude-opus-5-5", "executor": "claude --model haiku"},
    "acceptEdits",
    "0.1.0",
)


def test_each_kind_of_line_has_the_shape_that_is_written_down() -> None:
    lines = [init_line(OPENING)]
    lines += [made for event in EVENTS if (made := event_line(event, "s1"))]
    lines.append(waiting_line(Waiting("the provider is overloaded", 2.5), "s1"))
    lines.append(
        result_line(
            TurnResult(
                TurnStatus.CONTRADICTED,
                "All done.",
                "s1",
                "a claim is contradicted",
                audit=REPORT,
                changed=("till.py",),
                exit_code=3,
                hint="let it be mended",
            ),
            by_model={"m": Spend(2, Usage(10, 20, 3, 4, 5, 1), 12_345_678_901)},
            num_turns=2,
            duration_ms=1500,
        )
    )
    text = "".join(json.dumps(each, indent=1, ensure_ascii=False) + "\n" for each in lines)
    compare_with_golden(GOLDEN / "stream.jsonl.txt", text)


@pytest.mark.parametrize(
    ("status", "exit_code", "subtype"),
    [
        (TurnStatus.DONE, 0, "success"),
        (TurnStatus.ANSWERED, 0, "success"),
        (TurnStatus.PLANNED, 0, "success"),
        (TurnStatus.CONTRADICTED, 3, "error_audit"),
        (TurnStatus.CHECK_FAILED, 3, "error_audit"),
        (TurnStatus.TURN_LIMIT, 53, "error_max_turns"),
        (TurnStatus.BUDGET, 54, "error_max_budget_usd"),
        (TurnStatus.FAILED, 41, "error_during_execution"),
        (TurnStatus.INTERRUPTED, 130, "error_during_execution"),
        (TurnStatus.UNAVAILABLE, 0, "error_during_execution"),
    ],
)
def test_the_subtype_follows_from_how_it_ended(
    status: TurnStatus, exit_code: int, subtype: str
) -> None:
    result = TurnResult(status, "words", "s1", "why", exit_code=exit_code)
    line = result_line(result, by_model={}, num_turns=0, duration_ms=0)
    assert (line["subtype"], line["is_error"]) == (subtype, subtype != "success")


def test_an_unknown_price_is_null_and_never_zero() -> None:
    spend = {"a": Spend(1, cost=5), "b": Spend(1, unknown=1)}
    result = TurnResult(TurnStatus.DONE, "", "s1")
    line = result_line(result, by_model=spend, num_turns=2, duration_ms=0)
    assert line["total_cost_usd"] is None
    assert line["modelUsage"]["a"]["costUSD"] == 5e-12
    assert line["modelUsage"]["b"]["costUSD"] is None


def test_an_estimate_is_said_where_there_is_one() -> None:
    spend = {"a": Spend(1, cost=5), "b": Spend(1, cost=6, estimated=1)}
    result = TurnResult(TurnStatus.DONE, "", "s1")
    line = result_line(result, by_model=spend, num_turns=2, duration_ms=0)
    assert (line["estimated"], line["modelUsage"]["b"]["estimated"]) == (True, True)
    assert "estimated" not in line["modelUsage"]["a"]
    sure = result_line(result, by_model={"a": spend["a"]}, num_turns=1, duration_ms=0)
    assert "estimated" not in sure


@pytest.mark.parametrize(
    ("picodollars", "text"),
    [(0, "0.0"), (1, "1e-12"), (12_345_678_901, "0.012345678901"), (10**12 * 999, "999.0")],
)
def test_money_keeps_every_digit(picodollars: int, text: str) -> None:
    assert json.dumps(usd(picodollars)) == text
