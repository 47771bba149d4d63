from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from burnless.cli.demo.loopback import ScriptedError, ScriptedReply
from burnless.core import events as ev
from burnless.core.messages import StopReason, Text
from burnless.core.outcome import TurnStatus
from burnless.core.permissions import Answer, Question
from burnless.core.plan import Plan, Step, StepStatus
from burnless.core.settings import PermissionMode
from tests.agent.conftest import Staging
from tests.support.play import WIRES, call, calls, finish, plan, read, text, update, write
from tests.support.wire_views import assert_sendable, pieces, results, said, tool_names

TASK = "write a.txt\nand mind the gap"
FALLBACK = Plan("write a.txt", (Step("1", TASK),), next="1")
DONE = [write("a.txt"), finish("Wrote a.txt.", files=[{"path": "a.txt"}])]


def made(play_events: list[ev.PlanMade]) -> list[tuple[str, Plan]]:
    return [(event.source, event.plan) for event in play_events]


@pytest.mark.parametrize("wire", WIRES)
def test_an_invalid_plan_gets_one_round_of_repair(stage: Staging, wire: str) -> None:
    wrong = calls(call("submit_plan", "p1", goal="g", steps=[{"files": ["a.txt"]}]))
    play = stage({"big": [wrong, plan("Write a.txt.")], "mid": DONE}, wire=wire)

    assert play.run(TASK).status == "done"
    second = play.asked("big")[1]
    assert_sendable(second)
    assert results(second)["p1"].startswith("The plan was not accepted.")
    assert "intent" in results(second)["p1"]
    assert made(play.of(ev.PlanMade)) == [
        ("planner", Plan("the goal", (Step("1", "Write a.txt."),), next="1"))
    ]


@pytest.mark.parametrize("wire", WIRES)
def test_a_plan_that_stays_invalid_becomes_one_step_in_the_users_own_words_and_is_said(
    stage: Staging, wire: str
) -> None:
    wrong = calls(call("submit_plan", goal="g", steps=[]))
    play = stage({"big": [wrong, wrong], "mid": DONE}, wire=wire)
    result = play.run(TASK)

    assert result.status == "done"
    assert made(play.of(ev.PlanMade)) == [("fallback", FALLBACK)]
    assert ["steps" in event.error for event in play.of(ev.PlanningFailed)] == [True]
    assert "and mind the gap" in said(play.asked("mid")[0])


def test_a_planner_that_answers_in_prose_is_asked_for_the_tool_once(stage: Staging) -> None:
    play = stage({"big": [text("First, write a.txt."), plan("Write a.txt.")], "mid": DONE})
    play.run(TASK)

    last = pieces(play.asked("big")[1])[-1]
    assert (last.role, last.text) == (
        "user",
        "<notice>That was not a plan. Call submit_plan with it, and nothing else.</notice>",
    )
    assert [source for source, _ in made(play.of(ev.PlanMade))] == ["planner"]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([text("First."), text("Second.")], id="prose twice"),
        pytest.param([ScriptedReply((Text("No."),), stop=StopReason.REFUSAL)], id="a refusal"),
        pytest.param([ScriptedReply(()), ScriptedReply(())], id="nothing, twice"),
        pytest.param(
            [ScriptedReply(error=ScriptedError(400, {"error": {"message": "odd"}}))],
            id="a request it does not take",
        ),
    ],
)
def test_work_goes_on_with_the_users_words_where_the_planner_gives_no_plan(
    stage: Staging, answers: list[ScriptedReply]
) -> None:
    play = stage({"big": answers, "mid": DONE})
    assert play.run(TASK).status == "done"
    assert made(play.of(ev.PlanMade)) == [("fallback", FALLBACK)]


def test_a_submitted_plan_that_was_cut_off_is_not_taken_for_a_whole_one(stage: Staging) -> None:
    cut = plan("Write a.txt.")
    play = stage(
        {
            "big": [
                ScriptedReply(cut.blocks, stop=StopReason.MAX_TOKENS),
                plan("Write a.txt, shortly."),
            ],
            "mid": DONE,
        }
    )
    play.run(TASK)
    assert "make it shorter" in said(play.asked("big")[1])
    assert [plan.steps[0].intent for _, plan in made(play.of(ev.PlanMade))] == [
        "Write a.txt, shortly."
    ]


def test_the_planner_may_read_and_search_and_nothing_else(stage: Staging) -> None:
    attempt = calls(
        call("write", "w", path="planned.txt", content="x"),
        call("run_command", "c", command="touch planned.txt"),
        call("read", "r", paths=[{"path": "README.md"}]),
    )
    play = stage({"big": [attempt, plan("Write a.txt.")], "mid": DONE})
    play.run(TASK)

    told = results(play.asked("big")[1])
    assert told["w"].startswith("There is no tool 'write' here.")
    assert told["c"].startswith("There is no tool 'run_command' here.")
    assert "# a repository" in told["r"]
    assert not (play.root / "planned.txt").exists()


def test_the_planner_reads_up_to_its_budget_and_then_has_to_plan(stage: Staging) -> None:
    play = stage(
        {
            "big": [read("long.txt"), read("long.txt"), plan("Write a.txt.")],
            "mid": DONE,
        },
        files={"long.txt": "word " * 2000 + "\n"},
        config="planner: {max_read_tokens: 300}",
    )
    play.run(TASK)

    first, second = results(play.asked("big")[2]).values()
    assert "word word" in first
    assert second == "The reading budget is used up. Call submit_plan with what you know."


def test_a_finished_step_told_again_is_not_opened_again(stage: Staging) -> None:
    play = stage(
        {
            "big": [
                plan("Write a.txt."),
                update(steps=[{"id": "1", "intent": "Write a.txt."}, {"intent": "Write b.txt."}]),
            ],
            "mid": [*DONE, write("b.txt"), finish("Wrote b.txt.")],
        }
    )
    play.run(TASK, "s")
    result = play.run("and b.txt", "s")

    assert result.plan is not None
    assert [(step.id, step.status) for step in result.plan.steps] == [
        ("1", StepStatus.DONE),
        ("2", StepStatus.DONE),
    ]


def test_plan_md_is_a_view_that_follows_the_log(stage: Staging) -> None:
    play = stage(
        {
            "big": [
                plan({"id": "a", "intent": "Write a.txt.", "files": ["a.txt"]}, goal="A file.")
            ],
            "mid": DONE,
        }
    )
    play.run(TASK, "s")
    assert (play.folder("s") / "plan.md").read_text("utf-8") == (
        "# A file.\n\n1. [x] **a** Write a.txt.\n   - files: a.txt\n"
        "   - evidence: its files were changed\n\nRevision 1.\n"
    )


def test_the_planners_schema_is_one_the_model_is_held_to(stage: Staging) -> None:
    play = stage({"big": [plan("Write a.txt.")], "mid": DONE})
    play.run(TASK)
    (submit,) = (tool for tool in play.asked("big")[0]["tools"] if tool["name"] == "submit_plan")
    assert tool_names(play.asked("big")[0])[-1] == "submit_plan"
    assert submit["input_schema"]["properties"]["steps"]["items"]["required"] == ["intent"]
    json.dumps(submit)


@pytest.mark.parametrize("config", ["", "planner: {when: never}"])
def test_plan_mode_without_a_planner_says_how_to_get_one(stage: Staging, config: str) -> None:
    play = stage({}, config=config)
    engine = play.engine(no_planner=not config, permission_mode=PermissionMode.PLAN)
    result = engine.run_turn(TASK)
    engine.close()
    assert (result.status, result.exit_code) == (TurnStatus.FAILED, 1)
    assert ("--no-planner" in result.hint, "planner: {when: never}" in result.hint) == (
        not config,
        bool(config),
    )


def test_plan_mode_says_that_the_planner_made_no_plan_and_makes_none_up(stage: Staging) -> None:
    play = stage({"big": [text("First."), text("Second.")]}, permission_mode="plan")
    result = play.run(TASK)

    assert (result.status, result.exit_code, result.plan) == ("failed", 1, None)
    assert result.reason == "the planner made no plan: the planner answered in prose twice"
    assert "--planner" in result.hint
    assert play.of(ev.PlanMade) == []


def test_an_earlier_plan_stays_as_it_was_where_another_was_asked_for_in_vain(
    stage: Staging,
) -> None:
    play = stage({"big": [plan("Write a.txt."), text("Hm."), text("Hm.")]}, permission_mode="plan")
    first = play.run(TASK, "s")
    again = play.run("plan it better", "s")

    assert (again.exit_code, again.plan) == (1, first.plan)
    assert again.reason.endswith("; the earlier plan stays as it was")


class Reader:
    """Reads each plan and wants none of them; a question of the gate is a yes."""

    interactive = True

    def __init__(self, plans_wanted: int = 0) -> None:
        self._wanted = plans_wanted

    def approve(self, question: Question) -> Answer:
        return Answer("yes")

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        return None

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        self._wanted -= 1
        return plan if self._wanted >= 0 else None


@pytest.mark.parametrize("mode", [PermissionMode.ACCEPT_EDITS, PermissionMode.PLAN])
def test_a_refused_plan_is_in_force_nowhere_and_the_next_prompt_is_planned(
    stage: Staging, mode: PermissionMode
) -> None:
    play = stage({"big": [plan("Make a refused thing."), plan("Write a.txt.")], "mid": DONE})
    engine = play.engine(Reader(), permission_mode=mode, session_id="s")
    refused = engine.plan_only("make a thing") if mode is not PermissionMode.PLAN else None
    refused = refused or engine.run_turn("make a thing")
    view = (play.folder("s") / "plan.md").read_text("utf-8")
    engine.set_mode(PermissionMode.ACCEPT_EDITS)
    result = engine.run_turn(TASK)
    engine.close()

    assert (refused.status, refused.plan, play.of(ev.PlanRefused)) == (
        TurnStatus.INTERRUPTED,
        None,
        [ev.PlanRefused()],
    )
    assert view == "No plan is in force.\n"
    assert (result.status, result.plan and result.plan.goal) == (TurnStatus.DONE, "the goal")
    assert [event.reason for event in play.of(ev.PlanMade)] == ["asked", "session_start"]
    words = [said(body) for body in play.asked("mid")]
    assert ["a refused thing" in each for each in words] == [False] * len(words)
    assert "refused it: no plan holds" in words[0]
    assert "a refused thing" not in said(play.asked("big")[1])
    assert play.session("s").plan == result.plan


def test_after_a_refused_plan_the_one_before_it_holds(stage: Staging) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt."), update(steps=[{"intent": "Make a refused thing."}])],
            "mid": DONE,
        }
    )
    engine = play.engine(Reader(plans_wanted=1), session_id="s")
    first = engine.plan_only(TASK)
    refused = engine.plan_only("")
    result = engine.run_turn("go on")
    engine.close()

    assert (refused.status, refused.plan) == (TurnStatus.INTERRUPTED, first.plan)
    assert result.status is TurnStatus.DONE
    assert result.plan is not None
    assert [step.intent for step in result.plan.steps] == ["Write a.txt."]
    words = [said(body) for body in play.asked("mid")]
    assert ["a refused thing" in each for each in words] == [False] * len(words)
    assert "the plan from before holds" in words[0]
