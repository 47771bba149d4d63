from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.core.outcome import Spend
from burnless.core.usage import Usage, as_dollars
from tests.agent.conftest import Staging
from tests.support import agent_process
from tests.support.play import WIRES, call, calls, finish, plan, read, text, write

NO_PLANNER = "planner: {when: never}"
LIMIT = f"{NO_PLANNER}\nbudget: {{max_cost_per_task: %s}}"


@pytest.mark.parametrize("wire", WIRES)
def test_a_call_whose_worst_case_would_cross_the_tasks_limit_is_not_sent(
    stage: Staging, wire: str
) -> None:
    play = stage({}, wire=wire, config=LIMIT % "0.03")
    result = play.run("write it", "s")

    assert (result.status, result.exit_code) == ("budget", 54)
    assert "max_cost_per_task" in result.reason
    assert play.server.requests == []
    assert play.of(ev.CallStarted) == []
    assert result.hint


def test_a_refused_task_goes_on_under_a_higher_limit(stage: Staging) -> None:
    play = stage({"mid": [finish("Nothing to do.")]}, config=LIMIT % "0.03")
    play.run("write it", "s")
    play.config = LIMIT % "3.00"
    engine = play.engine(session_id="s")
    result = engine.resume_turn()
    engine.close()

    assert result.status.value == "done"
    assert len(play.server.requests) == 1


def test_what_the_task_paid_so_far_counts_and_the_next_task_starts_anew(stage: Staging) -> None:
    # 30,000 output tokens at $10 a million: $0.30 of $0.50, and no room for a reply of 4,096 more
    # at its worst once 16,000 more are paid.
    dear = Usage(fresh=0, output=30_000)
    play = stage(
        {
            "mid": [
                calls(call("read", paths=[{"path": "README.md"}]), usage=dear),
                calls(call("read", paths=[{"path": "README.md"}]), usage=Usage(0, output=16_000)),
                finish("The second task."),
            ]
        },
        config=LIMIT % "0.50",
    )
    first = play.run("the first task", "s")
    second = play.run("the second task", "s")

    assert (first.status, first.exit_code) == ("budget", 54)
    assert first.cost_usd == {"executor": Decimal("0.46")}
    assert second.status == "done"


def test_the_output_allowance_shrinks_to_what_the_limit_leaves_and_never_below_4k(
    stage: Staging,
) -> None:
    def mid(request: CapturedRequest) -> ScriptedReply:
        return calls(
            call("read", paths=[{"path": f"{request.number}.txt"}]),
            usage=Usage(fresh=0, output=1_000),
        )

    play = stage(mid, config=LIMIT % "0.11")
    result = play.run("work")

    allowed = [body["max_tokens"] for body in play.asked("mid")]
    assert allowed[0] == 8_000
    assert allowed == sorted(allowed, reverse=True)
    assert 4_096 <= allowed[-1] < 8_000
    assert result.status == "budget"
    total = sum(event.cost for event in play.of(ev.CallReplied))
    assert as_dollars(total) <= Decimal("0.11")


@pytest.mark.parametrize("wire", WIRES)
def test_call_51_of_50_is_refused_and_a_higher_limit_goes_on(stage: Staging, wire: str) -> None:
    played = {"calls": 0}

    def mid(request: CapturedRequest) -> ScriptedReply:
        played["calls"] += 1
        number = played["calls"]
        if number == 55:
            return finish("Read them all.")
        return calls(call("read", paths=[{"path": f"f{number}.txt"}]))

    play = stage(
        mid,
        wire=wire,
        files={f"f{number}.txt": f"{number}\n" for number in range(1, 55)},
        config=f"{NO_PLANNER}\nbudget: {{max_calls_per_session: 50}}",
    )
    refused = play.run("read all", "s")
    sent = len(play.server.requests)
    engine = play.engine(session_id="s", max_calls=70)
    result = engine.resume_turn()
    engine.close()

    assert (refused.status, refused.exit_code, sent) == ("budget", 54, 50)
    assert "limit of 50 model calls" in refused.reason
    assert "--max-calls" in refused.hint
    assert result.status.value == "done"
    assert len(play.server.requests) == 55
    assert play.session("s").calls_started == 55


def test_an_unknown_price_is_refused_under_a_money_limit_where_nobody_can_be_asked(
    stage: Staging,
) -> None:
    play = stage(
        {"mid": [finish("Done.")]}, config=LIMIT % "5.00", tiers={"silver": {"price": None}}
    )
    result = play.run("work")
    assert (result.status, result.exit_code) == ("budget", 54)
    assert "the price of this model is unknown" in result.reason
    assert play.server.requests == []
    play.config = f"{NO_PLANNER}\nbudget: {{max_cost_per_task: 5.00, unknown_price: allow}}"
    assert play.run("work").status == "done"


def test_an_unknown_price_is_unknown_and_not_zero(stage: Staging) -> None:
    play = stage(
        {"big": [plan("Work.")], "mid": [finish("Done.")]}, tiers={"silver": {"price": None}}
    )
    result = play.run("work", "s")
    assert result.cost_usd["executor"] is None
    assert result.cost_usd["planner"] is not None
    assert result.total_cost_usd is None
    assert play.session("s").spend[Role.EXECUTOR].unknown == 1


PRICES: dict[str, dict[str, Any]] = {
    "gold": {
        "price": {
            "input": 4,
            "output": 20,
            "cache_read": 0.2,
            "cache_write": 5,
            "cache_write_1h": 8,
        }
    },
    "silver": {"price": {"input": 0.1, "output": 0.5, "cache_read": 0.01, "cache_write": 0.125}},
}


def test_the_cost_by_role_is_what_a_hand_computes_to_the_picodollar(stage: Staging) -> None:
    planning = Usage(
        fresh=1_234, cache_read=10_001, cache_write_5m=77, cache_write_1h=3_003, output=555
    )
    first = Usage(fresh=3, cache_read=20_007, cache_write_5m=1_111, output=421)
    second = Usage(fresh=9, cache_read=21_118, cache_write_5m=13, output=1)
    advice = Usage(fresh=700, output=70)
    planned = plan("Work.")
    play = stage(
        {
            "big": [
                ScriptedReply(planned.blocks, usage=planning),
                ScriptedReply(text("So.").blocks, usage=advice),
            ],
            "mid": [
                calls(call("consult", question="so?"), usage=first),
                ScriptedReply(finish("Done.").blocks, usage=second),
            ],
        },
        tiers=PRICES,
    )
    result = play.run("work", "s")

    # Picodollars a token: gold 4,000,000 in, 20,000,000 out, 200,000 read, 5,000,000 and 8,000,000
    # written; silver 100,000 in, 500,000 out, 10,000 read, 125,000 written.
    planner = (
        1_234 * 4_000_000 + 10_001 * 200_000 + 77 * 5_000_000 + 3_003 * 8_000_000
        + 555 * 20_000_000
        + 700 * 4_000_000 + 70 * 20_000_000
    )  # fmt: skip
    executor = (
        3 * 100_000 + 20_007 * 10_000 + 1_111 * 125_000 + 421 * 500_000
        + 9 * 100_000 + 21_118 * 10_000 + 13 * 125_000 + 1 * 500_000
    )  # fmt: skip
    assert (planner, executor) == (46_645_200_000, 763_950_000)
    assert play.session("s").spend == {
        Role.PLANNER: Spend(2, planning + advice, planner),
        Role.EXECUTOR: Spend(2, first + second, executor),
    }
    assert result.cost_usd == {
        "planner": Decimal("0.0466452"),
        "executor": Decimal("0.00076395"),
    }
    assert result.total_cost_usd == Decimal("0.04740915")
    assert result.usage == {"planner": planning + advice, "executor": first + second}
    told = json.loads(agent_process.subcommand(play, "cost", "s", "--json").stdout)
    input_tokens = (planning + advice + first + second).input
    assert {
        "total_cost": planner + executor,
        "call_count": 4,
        "average_cost_per_call": (planner + executor) // 4,
    }.items() <= told.items()
    assert told["cache_hit_rate"] == pytest.approx(
        (10_001 + 20_007 + 21_118) / input_tokens, abs=1e-9
    )
    assert {name: entry["cost"] for name, entry in told["models"].items()} == {
        "anthropic/big": planner,
        "anthropic/mid": executor,
    }


@pytest.mark.parametrize("wire", WIRES)
def test_usage_is_in_disjoint_classes_whatever_the_wire(stage: Staging, wire: str) -> None:
    said = Usage(fresh=50, cache_read=1_000, cache_write_5m=200, output=30)
    play = stage(
        {"mid": [ScriptedReply(finish("Done.").blocks, usage=said)]}, wire=wire, config=NO_PLANNER
    )
    assert play.run("work").usage == {"executor": said}


def test_a_session_limit_of_the_command_line_is_a_new_total_on_resume(stage: Staging) -> None:
    play = stage(
        {
            "mid": [
                calls(call("read", paths=[{"path": "README.md"}]), usage=Usage(0, output=40_000)),
                write("a.txt"),
                finish("Wrote a.txt."),
            ]
        },
        config=NO_PLANNER,
    )
    engine = play.engine(session_id="s", max_budget_usd=450_000_000_000)
    stopped = engine.run_turn("write a.txt")
    engine.close()
    engine = play.engine(session_id="s", max_budget_usd=900_000_000_000)
    result = engine.resume_turn()
    engine.close()

    assert (stopped.status.value, stopped.exit_code) == ("budget", 54)
    assert result.status.value == "done"


def test_a_limit_met_in_the_middle_of_a_planning_leaves_a_session_that_goes_on(
    stage: Staging,
) -> None:
    play = stage(
        {"mid": [write("a.txt", id="w"), finish("Wrote nothing.")], "big": []},
        config="planner: {when: first_effect}\nbudget: {max_cost_per_task: 0.15}",
        tiers={"gold": {"price": {"input": 1000, "output": 5000}}},
    )
    engine = play.engine(session_id="s")
    stopped = engine.run_turn("write a.txt")
    result = engine.run_turn("then do not")
    engine.close()

    assert stopped.status.value == "budget"
    assert not (play.root / "a.txt").exists()
    assert result.status.value == "done"


def test_the_turn_limit_is_exit_53(stage: Staging) -> None:
    play = stage({"mid": [read("README.md")] * 3}, config=f"{NO_PLANNER}\nlimits: {{max_turns: 3}}")
    result = play.run("read")
    assert (result.status, result.exit_code) == ("turn_limit", 53)
    assert len(play.server.requests) == 3
