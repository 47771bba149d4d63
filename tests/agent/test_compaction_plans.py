from __future__ import annotations

import pytest

from burnless.core import events as ev
from burnless.core.usage import Usage
from tests.agent.conftest import Staging
from tests.support.play import (
    WIRES,
    call,
    calls,
    every_tier,
    finish,
    mark,
    notes,
    plan,
    update,
    write,
)
from tests.support.wire_views import assert_sendable, said

SMALL = every_tier(window=8_000, price={"input": 0, "output": 0})
FULL = Usage(fresh=7_000, output=20)
"""Above the share of the window at which history is compacted."""


def plans_in(body: object) -> int:
    return said(body).count("Plan (revision ")


@pytest.mark.parametrize("wire", WIRES)
def test_a_plan_nobody_has_worked_with_yet_is_not_made_again_at_a_compaction(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "mid": [
                calls(call("write", path="a.txt", content="a\n"), usage=FULL),
                finish("Wrote a.txt.", files=[{"path": "a.txt"}]),
            ],
            "big": [plan("Write a.txt.")],
        },
        wire=wire,
        tiers=SMALL,
        config="planner: {when: first_effect}",
    )
    result = play.run("write a.txt")

    assert result.status == "done"
    assert len(play.of(ev.Compacted)) == 1
    assert [event.reason for event in play.of(ev.PlanMade)] == ["first_effect"]
    last = play.asked("mid")[-1]
    assert_sendable(last)
    assert plans_in(last) == 1
    assert "A new plan came here. It stands above, as it is now." in said(last)


def test_a_plan_the_executor_has_worked_with_is_looked_at_again(stage: Staging) -> None:
    play = stage(
        {
            "mid": [
                write("a.txt"),
                calls(call("read", paths=[{"path": "a.txt"}]), usage=FULL),
                finish("Wrote a.txt."),
            ],
            "big": [plan("Write a.txt."), update(next="1")],
        },
        tiers=SMALL,
        config="planner: {when: first_effect}",
    )
    play.run("write a.txt")
    assert [event.reason for event in play.of(ev.PlanMade)] == ["first_effect", "compaction"]


def test_after_a_compaction_a_plan_stands_once_in_the_prompt_and_finished_steps_are_one_line(
    stage: Staging,
) -> None:
    step = {
        "id": "s1",
        "intent": "Write a.txt. " + "Mind each of the many details of it. " * 20,
        "files": ["a.txt"],
        "done_when": {"path": "a.txt", "predicate": "exists"},
    }
    full = calls(call("plan_notes", steps=[mark("s1")], facts=["it is short"]), usage=FULL)
    play = stage(
        {
            "mid": [write("a.txt"), full, write("b.txt"), notes(mark("s2")), finish("Both.")],
            "big": [plan(step, {"id": "s2", "intent": "Write b.txt."}), update(next="s2")],
        },
        tiers=SMALL,
        config="planner: {when: first_effect}",
    )
    play.run("write both")

    for asked in (play.asked("mid")[2], play.asked("big")[1]):
        assert plans_in(asked) == 1
        assert "[x] s1: Write a.txt. (a.txt exists)" in said(asked)
        assert "many details" not in said(asked).partition("Steps (")[2].partition("[ ] s2")[0]
