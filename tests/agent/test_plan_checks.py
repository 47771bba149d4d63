from __future__ import annotations

import pytest

from burnless.core import events as ev
from burnless.core.plan import Excerpt, StepStatus
from tests.agent.conftest import Staging
from tests.support.play import finish, plan, write
from tests.support.wire_views import said

TASK = "write a.txt"
DONE = [write("a.txt"), finish("Wrote a.txt.", files=[{"path": "a.txt"}])]
FOLDER = "geo is a folder, and lacks looks into one file: name the file, or use the command: "

UNHOLDABLE = [
    (
        {"path": "geo", "predicate": "lacks", "text": "old"},
        FOLDER + "! grep -rqF -- 'old' geo.",
    ),
    (
        {"path": "../a.txt", "predicate": "exists"},
        "../a.txt is outside the workspace: name a path inside it.",
    ),
    (
        {"path": "geo/*.txt", "predicate": "exists"},
        "geo/*.txt is a pattern, and a predicate takes one path: name it.",
    ),
]


@pytest.mark.parametrize(("check", "why"), UNHOLDABLE)
def test_a_check_that_can_never_hold_is_handed_back_and_left_out_where_it_stays(
    stage: Staging, check: dict[str, str], why: str
) -> None:
    wanted = plan({"id": "1", "intent": "Write a.txt.", "done_when": check})
    play = stage({"big": [wanted, wanted], "mid": DONE}, files={"geo/b.txt": "old\n"})
    result = play.run(TASK)

    assert said(play.asked("big")[1]).endswith(
        f"The plan was not accepted. 1.done_when: {why} Call submit_plan again."
    )
    assert result.plan is not None
    assert [step.done_when for step in result.plan.steps] == [None]
    assert [event.source for event in play.of(ev.PlanMade)] == ["planner"]


def test_a_check_that_may_not_run_is_handed_back_with_what_may(stage: Staging) -> None:
    refused = {"id": "1", "intent": "Write a.txt.", "done_when": {"command": "python3 -c 'x'"}}
    proved = {**refused, "done_when": {"command": "! grep -q old a.txt"}}
    play = stage(
        {"big": [plan(refused), plan(proved)], "mid": DONE},
        config='permissions: {allow: ["Bash(python3 -m unittest *)"]}\nchecks: ["true"]',
    )
    result = play.run(TASK)

    first, second = (said(body) for body in play.asked("big"))
    may = "`true`, `python3 -m unittest *`, and commands that only read (grep, git diff)"
    assert f"<checks>\nMay run as done_when: {may}.\n</checks>" in first
    assert "1.done_when: `python3 -c 'x'` would be refused" in second
    assert f"These may run: {may}. Use one of them, or a file predicate." in second
    assert result.plan is not None
    assert [(s.status, s.evidence) for s in result.plan.steps] == [
        (StepStatus.DONE, "`! grep -q old a.txt` exits 0")
    ]


def test_predicates_that_contradict_each_other_are_handed_back(stage: Staging) -> None:
    steps = [
        {
            "id": "s1",
            "intent": "Write a.txt.",
            "done_when": {"path": "a.txt", "predicate": "exists"},
        },
        {
            "id": "s2",
            "intent": "Remove it.",
            "done_when": {"path": "./a.txt", "predicate": "absent"},
        },
    ]
    play = stage({"big": [plan(*steps), plan("Write a.txt.")], "mid": DONE})
    play.run(TASK)
    assert "s2.done_when: ./a.txt is gone contradicts s1, where a.txt exists" in said(
        play.asked("big")[1]
    )


def test_where_somebody_can_be_asked_a_command_is_no_reason_to_hand_a_plan_back(
    stage: Staging,
) -> None:
    step = {"id": "1", "intent": "Write a.txt.", "done_when": {"command": "make prove"}}
    play = stage({"big": [plan(step)]}, permission_mode="plan")
    result = play.run(TASK)
    assert result.status == "planned"
    assert "<checks>" not in said(play.asked("big")[0])


def test_an_excerpt_has_the_lines_it_has_in_its_file_and_what_is_made_up_is_none(
    stage: Staging,
) -> None:
    wanted = [
        {"path": "app.py", "lines": "90-99", "text": "    x = 1\n    return x\n"},
        {"path": "app.py", "lines": "1", "text": "1\tdef f():\n2\t    x = 1"},
        {"path": "app.py", "lines": "2", "text": "x = 2"},
        {"path": "none.py", "lines": "2", "text": "x = 2"},
        {"path": "../home", "text": "x"},
    ]
    play = stage(
        {"big": [plan("Write a.txt.", excerpts=wanted)], "mid": DONE},
        files={"app.py": "def f():\n    x = 1\n    return x\n"},
    )
    play.run(TASK)
    (planned,) = play.of(ev.PlanMade)
    assert planned.plan.excerpts == (
        Excerpt("app.py", "2-3", "    x = 1\n    return x"),
        Excerpt("app.py", "1-2", "def f():\n    x = 1"),
    )
