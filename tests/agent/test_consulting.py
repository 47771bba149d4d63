from __future__ import annotations

import pytest

from burnless.cli.demo.loopback import ScriptedError, ScriptedReply
from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.play import WIRES, call, calls, finish, notes, plan, run, text
from tests.support.wire_views import results, said, tool_names


def question(number: int) -> ScriptedReply:
    return calls(call("consult", f"c{number}", question=f"question {number}?"))


@pytest.mark.parametrize("wire", WIRES)
def test_a_consultation_is_one_call_to_the_planner_without_tools_and_its_advice_comes_back(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "big": [plan("Decide."), text("Take the flat layout.")],
            "mid": [
                run("cat README.md"),
                notes(facts=["there are two layouts"]),
                question(1),
                finish("Decided."),
            ],
        },
        wire=wire,
    )
    assert play.run("choose a layout").status == "done"

    asked = play.asked("big")[1]
    assert tool_names(asked) == []
    for told in (
        "choose a layout",
        "Decide.",
        "fact: there are two layouts",
        "`cat README.md` exited 0",
        "question 1?",
    ):
        assert told in said(asked)
    assert results(play.asked("mid")[3])["c1"] == ("Take the flat layout.\n[4 consultations left]")
    assert play.of(ev.Consulted) == [ev.Consulted("question 1?", "Take the flat layout.")]


def test_the_sixth_consultation_of_five_is_refused_with_the_reason(stage: Staging) -> None:
    play = stage(
        {
            "big": [plan("Decide."), *(text(f"advice {number}") for number in range(1, 6))],
            "mid": [*(question(number) for number in range(1, 7)), finish("Decided.")],
        }
    )
    play.run("choose")

    told = results(play.asked("mid")[-1])
    assert told["c5"] == "advice 5\n[0 consultations left]"
    assert told["c6"].startswith(
        "Not asked: the 5 consultations of this session are used up. Decide yourself"
    )
    assert len(play.asked("big")) == 6
    assert len(play.of(ev.Consulted)) == 5


def test_the_cap_holds_over_a_restart_and_for_questions_asked_side_by_side(
    stage: Staging,
) -> None:
    both = calls(call("consult", "x", question="x?"), call("consult", "y", question="y?"))
    play = stage(
        {
            "big": [plan("Decide."), text("one"), text("two")],
            "mid": [question(1), text("I wait."), text("I wait."), both, finish("Decided.")],
        },
        config="planner: {consults: 2}",
    )
    play.run("choose", "s")
    play.run("go on", "s")

    told = results(play.asked("mid")[-1])
    answers = sorted(told[name][:10] for name in ("x", "y"))
    assert answers == ["Not asked:", "two\n[0 con"]


def test_a_planner_that_cannot_be_asked_costs_no_consultation(stage: Staging) -> None:
    refusal = ScriptedReply(error=ScriptedError(400, {"error": {"message": "odd request"}}))
    play = stage(
        {
            "big": [plan("Decide."), refusal, text("flat")],
            "mid": [question(1), question(2), finish("Decided.")],
        },
        config="planner: {consults: 1}",
    )
    play.run("choose")

    told = results(play.asked("mid")[-1])
    assert told["c1"].startswith("The planner could not be asked: ")
    assert told["c2"] == "flat\n[0 consultations left]"


def test_in_single_model_use_the_executors_own_model_is_consulted(stage: Staging) -> None:
    play = stage({"mid": [question(1), text("flat"), finish("Decided.")]})
    engine = play.engine(no_planner=True)
    engine.run_turn("choose")
    engine.close()

    assert tool_names(play.asked("mid")[1]) == []
    assert results(play.asked("mid")[2])["c1"] == "flat\n[4 consultations left]"
