from __future__ import annotations

from typing import Any

import pytest

from burnless.cli.demo.loopback import ScriptedReply
from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.play import (
    WIRES,
    call,
    calls,
    finish,
    mark,
    notes,
    plan,
    read,
    run,
    text,
    write,
)
from tests.support.wire_views import said, tool_names, whole

FILES = {"app.py": "def login(user):\n    return user\n", "README.md": "# app\n"}


def effects_and_plannings(events: list[ev.Recorded]) -> list[str]:
    """What is of interest in the order it happened."""
    told = []
    for recorded in events:
        match recorded.event:
            case ev.ToolStarted(tool=tool, effect=True):
                told.append(f"effect {tool}")
            case ev.PlanMade(reason=reason, source=source, placement=placement):
                told.append(f"plan {reason} by {source} in {placement}")
            case ev.PromptReceived(text=words):
                told.append(f"prompt {words}")
            case _:
                pass
    return told


@pytest.mark.parametrize("wire", WIRES)
def test_the_planner_is_called_before_any_effect_with_the_task_and_the_repositorys_brief(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "big": [plan({"id": "rename", "intent": "Rename login."}, "Run it.")],
            "mid": [
                write("new.py"),
                notes(mark("rename"), mark("1", "cancelled")),
                finish("Wrote new.py.", files=[{"path": "new.py"}]),
            ],
        },
        files=FILES,
        wire=wire,
    )
    seen_at_first_effect: list[str] = []
    plan_file = play.root / ".burnless" / "sessions" / "s" / "plan.md"
    agent = play.agent()

    def watch(recorded: ev.Recorded) -> None:
        play.events.append(recorded)
        if isinstance(recorded.event, ev.ToolStarted) and recorded.event.effect:
            seen_at_first_effect.append(plan_file.read_text("utf-8"))

    agent.on_event = watch
    agent.run("rename login to sign_in", "s")

    requests = play.server.requests
    assert requests[0].model == "big"
    asked = said(requests[0].json)
    assert "rename login to sign_in" in asked
    assert "app.py:1: def login(user):" in asked
    assert "commit: start" in asked
    assert effects_and_plannings(play.events) == [
        "prompt rename login to sign_in",
        "plan session_start by planner in head",
        "effect write",
    ]
    assert "1. [ ] **rename** Rename login." in seen_at_first_effect[0]
    assert "2. [ ] **1** Run it." in seen_at_first_effect[0]


@pytest.mark.parametrize("wire", WIRES)
def test_every_executor_request_names_mid_and_big_only_plans_or_advises(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "big": [
                read_and_more(),
                plan("Write it."),
                text("Write it flat."),
            ],
            "mid": [
                read("app.py"),
                calls(call("consult", question="flat or nested?")),
                write("a.txt"),
                finish("Wrote a.txt."),
            ],
        },
        files=FILES,
        wire=wire,
    )
    play.run("write a.txt")

    assert [(e.role.value, e.purpose, e.model) for e in play.of(ev.CallReplied)] == [
        ("planner", "planning", f"{WIRES[wire]}/big"),
        ("planner", "planning", f"{WIRES[wire]}/big"),
        ("executor", "", f"{WIRES[wire]}/mid"),
        ("executor", "", f"{WIRES[wire]}/mid"),
        ("planner", "consult", f"{WIRES[wire]}/big"),
        ("executor", "", f"{WIRES[wire]}/mid"),
        ("executor", "", f"{WIRES[wire]}/mid"),
    ]
    assert [request.model for request in play.server.requests] == [
        "big",
        "big",
        "mid",
        "mid",
        "big",
        "mid",
        "mid",
    ]


def read_and_more() -> ScriptedReply:
    return calls(
        call("read", "p1", paths=[{"path": "app.py"}]), call("search", "p2", pattern="login")
    )


@pytest.mark.parametrize("wire", WIRES)
def test_what_the_planner_reads_never_enters_the_executors_conversation(
    stage: Staging, wire: str
) -> None:
    hidden = "the_only_place_of_this_word"
    play = stage(
        {"big": [read("deep/hidden.py"), plan("Answer.")], "mid": [finish("Answered.")]},
        files={"deep/hidden.py": f"x = '{hidden}'\n"},
        wire=wire,
    )
    play.run("look into it")

    planner_second, executor = play.asked("big")[1], play.asked("mid")[0]
    assert hidden in said(planner_second)
    assert hidden not in whole(executor)
    assert tool_names(planner_second) == ["read", "search", "submit_plan"]
    assert "submit_plan" not in tool_names(executor)


def test_a_prompt_that_is_only_a_question_waits_for_the_first_effect(stage: Staging) -> None:
    play = stage(
        {
            "mid": [read("app.py"), text("It returns the user."), write("a.txt"), finish()],
            "big": [plan("Write a.txt.")],
        },
        files=FILES,
    )
    first = play.run("What does login return?", "s")
    asked_after_the_question = len(play.asked("big"))
    play.run("Why not write that into a.txt?", "s")

    assert (first.status, first.summary) == ("answered", "It returns the user.")
    assert asked_after_the_question == 0
    assert effects_and_plannings(play.events) == [
        "prompt What does login return?",
        "prompt Why not write that into a.txt?",
        "plan first_effect by planner in tail",
        "effect write",
    ]


def test_the_first_effect_of_a_later_turn_with_no_open_step_plans_again(stage: Staging) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt."), update_of("Write b.txt.")],
            "mid": [
                write("a.txt"),
                finish("Wrote a.txt."),
                read("a.txt"),
                write("b.txt"),
                write("c.txt"),
                finish("Wrote b.txt and c.txt."),
            ],
        }
    )
    play.run("write a.txt", "s")
    play.run("now write b.txt", "s")

    assert effects_and_plannings(play.events) == [
        "prompt write a.txt",
        "plan session_start by planner in head",
        "effect write",
        "prompt now write b.txt",
        "plan first_effect by planner in tail",
        "effect write",
        "effect write",
    ]
    assert "now write b.txt" in said(play.asked("big")[1])
    assert "[x] 1: Write a.txt." in said(play.asked("big")[1])


def update_of(*steps: str) -> ScriptedReply:
    return calls(call("submit_plan", steps=[{"intent": step} for step in steps]))


@pytest.mark.parametrize("wire", WIRES)
def test_while_steps_are_open_a_follow_up_joins_the_tail_and_nobody_plans(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt.", "Write b.txt.")],
            "mid": [
                write("a.txt"),
                notes(mark("1")),
                text("I stop here."),
                text("I still stop."),
                write("b.txt"),
                notes(mark("2")),
                finish("Wrote both."),
            ],
        },
        wire=wire,
    )
    play.run("write both", "s")
    play.run("go on, and keep it short", "s")

    assert len(play.asked("big")) == 1
    follow_up = play.asked("mid")[4]
    assert said(follow_up).endswith("go on, and keep it short")
    assert "Write b.txt." in said(follow_up)


def update(**more: Any) -> ScriptedReply:
    return calls(call("submit_plan", **more))


def test_a_step_whose_check_failed_twice_goes_back_to_the_planner(stage: Staging) -> None:
    step = {
        "id": "1",
        "intent": "Write ok into state.txt.",
        "done_when": {"path": "state.txt", "predicate": "contains", "text": "ok"},
    }
    play = stage(
        {
            "big": [plan(step), update(handoff="It must be lower case.")],
            "mid": [
                write("state.txt", "OK\n"),
                notes(mark("1")),
                notes(mark("1")),
                run("cat state.txt"),
                calls(call("edit", path="state.txt", edits=[{"old": "OK", "new": "ok"}])),
                notes(mark("1")),
                finish("Wrote state.txt."),
            ],
        }
    )
    result = play.run("write it")

    assert result.status == "done"
    assert [event.reason for event in play.of(ev.PlanMade)] == ["session_start", "check_failed"]
    second = said(play.asked("big")[1])
    assert "A step's check failed twice" in second
    assert (
        "<trouble>\nThe check of 1 failed 2 times, at last: state.txt contains 'ok'\n"
        "state.txt does not contain 'ok'\n</trouble>"
    ) in second
    assert "It must be lower case." in said(play.asked("mid")[3])


def test_a_planner_that_fails_over_a_failed_check_is_not_asked_again_at_each_step(
    stage: Staging,
) -> None:
    step = {
        "id": "1",
        "intent": "Write it.",
        "done_when": {"path": "state.txt", "predicate": "exists"},
    }
    play = stage(
        {
            "big": [plan(step), text("Hm."), text("I do not know.")],
            "mid": [
                notes(mark("1")),
                notes(mark("1")),
                read("README.md"),
                write("state.txt"),
                finish("Wrote state.txt."),
            ],
        }
    )
    result = play.run("write it")

    assert result.status == "done"
    assert [event.reason for event in play.of(ev.PlanningFailed)] == ["check_failed"]


def test_without_a_planner_the_executor_works_alone_and_big_is_never_called(
    stage: Staging,
) -> None:
    play = stage({"mid": [write("a.txt"), finish("Wrote a.txt.", files=[{"path": "a.txt"}])]})
    engine = play.engine(no_planner=True)
    result = engine.run_turn("write a.txt")
    engine.close()

    assert (result.status.value, result.plan) == ("done", None)
    assert play.of(ev.PlanningStarted) == []


def test_plan_mode_makes_the_plan_prints_it_and_changes_nothing(stage: Staging) -> None:
    play = stage({"big": [plan("Write a.txt.")]}, permission_mode="plan")
    result = play.run("write a.txt")

    assert (result.status, result.exit_code) == ("planned", 0)
    assert "1. [ ] **1** Write a.txt." in result.summary
    assert play.of(ev.ToolStarted) == []


def test_a_plan_of_the_session_start_stands_in_the_capsule_layer_and_a_later_one_is_appended(
    stage: Staging,
) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt."), update_of("Write b.txt.")],
            "mid": [write("a.txt"), finish("A."), write("b.txt"), text("ok"), text("ok")],
        },
        wire="responses",
    )
    play.run("write a.txt", "s")
    play.run("write b.txt", "s")

    heads = [body["input"][1]["content"][0]["text"] for body in play.asked("mid")]
    assert len(set(heads)) == 1
    assert "[ ] 1: Write a.txt." in heads[0]
    appended = play.asked("mid")[3]["input"][-1]
    assert appended["role"] == "developer"
    assert "[ ] 2: Write b.txt." in appended["content"][0]["text"]


def test_when_never_is_single_model_use_too(stage: Staging) -> None:
    play = stage({"mid": [write("a.txt"), finish("Wrote it.")]}, config="planner: {when: never}")
    assert play.run("write a.txt").status == "done"
    assert play.of(ev.PlanningStarted) == []


def test_when_first_effect_lets_the_executor_look_before_anybody_plans(stage: Staging) -> None:
    play = stage(
        {"mid": [read("README.md"), write("a.txt"), finish("A.")], "big": [plan("Write.")]},
        config="planner: {when: first_effect}",
    )
    play.run("write a.txt")
    assert [request.model for request in play.server.requests] == ["mid", "mid", "big", "mid"]
