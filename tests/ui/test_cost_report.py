from __future__ import annotations

from dataclasses import replace

from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.core.session import Session
from burnless.core.usage import Usage
from burnless.ui.cost_report import cost_json, cost_table, turn_line
from tests.support.scripted_engine import replied

PLANNING = replied(
    role=Role.PLANNER,
    model="anthropic/claude-opus-5-5",
    cost=20_000_000_000,
    usage=Usage(fresh=2000, cache_write_1h=500, output=300, reasoning=100),
)
WORK = replied(cost=1_500_000_000, usage=Usage(fresh=100, cache_read=9900, output=200))
UNKNOWN = replied(model="local/llama", cost=None, usage=Usage(fresh=1000, output=10))


def session_of(*events: ev.Event) -> Session:
    session = Session()
    prompt = ev.PromptReceived("x", 1)
    for seq, event in enumerate((ev.SessionStarted("s1", "/repo", "0"), prompt, *events), 1):
        session.apply(ev.Recorded(seq, 0.0, event))
    return session


def test_the_bill_names_role_and_token_class() -> None:
    assert cost_table(session_of(PLANNING, WORK, WORK)) == (
        "          calls  fresh  cache read  cache write  output  reasoning     cost\n"
        "planner       1  2,000           0          500     300        100  $0.0200\n"
        "executor      2    200      19,800            0     400          0  $0.0030\n"
        "total         3  2,200      19,800          500     700        100  $0.0230\n"
        "\n"
        "average per call $0.0077 · 88% of input from cache\n"
        "\n"
        "planning: 12% of tokens, 87% of known money\n"
        "\n"
        "model                        calls     cost\n"
        "anthropic/claude-opus-5-5        1  $0.0200\n"
        "anthropic/claude-sonnet-5-5      2  $0.0030\n"
    )


def test_an_unknown_price_is_said_and_never_counted_as_nothing() -> None:
    only = cost_table(session_of(UNKNOWN))
    assert "unknown" in only
    assert "$0" not in only
    mixed = cost_table(session_of(UNKNOWN, WORK))
    assert "$0.0015 + 1 of unknown price" in mixed
    assert "average per call unknown" in mixed


def test_an_estimate_is_marked_in_the_table_the_line_and_the_json() -> None:
    broken_off = replace(WORK, estimated=True)
    free = replace(WORK, estimated=True, cost=0)
    assert "~" not in cost_table(session_of(free))
    session = session_of(PLANNING, broken_off)
    rows = cost_table(session).splitlines()
    assert [row.split()[-1] for row in rows[1:4]] == ["$0.0200", "~$0.0015", "~$0.0215"]
    assert rows[5] == (
        "average per call ~$0.0108 · 79% of input from cache · ~ is an estimate: "
        "the provider did not say what 1 call used"
    )
    assert turn_line(session) == "2 calls, 79% of input from cache, ~$0.0215"
    told = cost_json(session)
    assert isinstance(told["roles"], dict)
    assert {name: each["estimated"] for name, each in told["roles"].items()} == {
        "planner": False,
        "executor": True,
    }
    assert (told["estimated"], cost_json(session_of(PLANNING))["estimated"]) == (True, False)


def test_what_a_flat_rate_covers_stands_beside_the_dollars() -> None:
    text = cost_table(session_of(replace(WORK, included=True)))
    assert "$0.0000 (included: $0.0015)" in text


def test_planning_above_its_share_is_flagged() -> None:
    assert "takes more than its share" in cost_table(session_of(PLANNING, UNKNOWN))
    assert "takes more than its share" not in cost_table(session_of(PLANNING, WORK, WORK))


def test_without_calls_there_is_no_table() -> None:
    assert cost_table(session_of()) == "no model call was made\n"


def test_the_json_has_the_five_figures_of_a_dashboard_exactly() -> None:
    known = cost_json(session_of(PLANNING, WORK, WORK))
    assert known["total_cost"] == 23_000_000_000
    assert known["call_count"] == 3
    assert known["average_cost_per_call"] == 7_666_666_667
    assert known["cache_hit_rate"] == 19_800 / 22_500
    models = known["models"]
    assert isinstance(models, dict)
    assert [each["cost"] for each in models.values()] == [20_000_000_000, 3_000_000_000]
    assert cost_json(session_of(UNKNOWN, WORK))["total_cost"] is None


def test_a_turn_is_told_in_one_line() -> None:
    assert turn_line(session_of(WORK)) == "1 call, 99% of input from cache, $0.0015"
    assert turn_line(session_of()) == "0 calls, none of input from cache, $0.0000"
