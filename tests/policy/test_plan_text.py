import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.messages import ToolSchema
from burnless.core.plan import Check, Excerpt, Plan, Step, StepStatus
from burnless.policy import plan_text
from burnless.policy.arguments import check_arguments
from burnless.policy.plan_text import (
    PlanProblem,
    fallback_plan,
    parse_fenced_plan,
    parse_plan,
)
from burnless.policy.tokens import estimate

DONE, CANCELLED, FAILED = StepStatus.DONE, StepStatus.CANCELLED, StepStatus.FAILED
PREVIOUS = Plan(
    goal="Move auth",
    steps=(
        Step("1", "Write the parser", status=DONE, evidence="e3"),
        Step("2", "Drop the shim", status=CANCELLED),
        Step("3", "Call the parser", files=("a.py",), done_when=Check(command="pytest")),
        Step("4", "Fix the docs", status=FAILED),
        Step("5", "Remove the flag"),
    ),
    constraints=("keep the API",),
    decided=("use argparse",),
    excerpts=(Excerpt("a.py", "1", "x"),),
    handoff="old",
    next="3",
    revision=2,
)


def problems_of(value: Any, previous: Plan | None = None) -> tuple[str, ...]:
    with pytest.raises(PlanProblem) as caught:
        parse_plan(value, previous=previous)
    return caught.value.problems


def test_a_whole_first_plan_is_read_as_it_was_submitted() -> None:
    plan = parse_plan(
        {
            "goal": " Fix the bug ",
            "constraints": ["no new dependency"],
            "steps": [
                {
                    "id": "a",
                    "intent": "Find it",
                    "files": ["x.py"],
                    "symbols": ["f"],
                    "done_when": {"path": "x.py", "predicate": "contains", "text": "  def f"},
                },
                {"intent": "Fix it", "done_when": {"command": "pytest -q", "text": "ignored"}},
                {"intent": "Delete y", "done_when": {"path": "y", "predicate": "absent"}},
                {"intent": "Look", "done_when": {}},
            ],
            "do_not_touch": "migrations/",
            "risks": ["r", " "],
            "open_questions": ["q"],
            "excerpts": [{"path": "x.py", "lines": 12, "text": "  def f(): ...\n"}],
            "decided": ["d", "d"],
            "next": "1",
            "handoff": "mind the gap",
        },
        previous=None,
    )
    assert plan == Plan(
        goal="Fix the bug",
        steps=(
            Step("a", "Find it", ("x.py",), ("f",), Check("", "x.py", "contains", "  def f")),
            Step("1", "Fix it", done_when=Check("pytest -q")),
            Step("2", "Delete y", done_when=Check("", "y", "absent")),
            Step("3", "Look"),
        ),
        constraints=("no new dependency",),
        do_not_touch=("migrations/",),
        risks=("r",),
        open_questions=("q",),
        excerpts=(Excerpt("x.py", "12", "  def f(): ...\n"),),
        decided=("d",),
        handoff="mind the gap",
        next="1",
        revision=1,
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "The plan is a list"),
        (None, "The plan is null"),
        ({}, "goal is missing"),
        ({"goal": "g"}, "steps is empty"),
        ({"goal": 1.5, "steps": [{"intent": "i"}]}, "goal is a number"),
        ({"goal": True, "steps": [{"intent": "i"}]}, "goal is a boolean"),
        ({"goal": "g", "steps": ["do it"]}, "steps has to be a list of JSON objects"),
        ({"goal": "g", "steps": [{}]}, "steps[0].intent is missing"),
        ({"goal": "g", "step": [{"intent": "i"}]}, "step is not a key: rename it to 'steps'"),
        ({"goal": "g", "steps": [{"intent": "i", "file": []}]}, "rename it to 'files'"),
        ({"goal": "g", "steps": [{"intent": "i", "files": [{}]}]}, "files holds an object"),
        (
            {"goal": "g", "steps": [{"intent": "i", "done_when": "tests pass"}]},
            "steps[0].done_when is a string",
        ),
        (
            {"goal": "g", "steps": [{"intent": "i", "done_when": {"text": "t"}}]},
            "neither command nor path",
        ),
        (
            {"goal": "g", "steps": [{"intent": "i", "done_when": {"command": "c", "path": "p"}}]},
            "both command and path",
        ),
        (
            {"goal": "g", "steps": [{"intent": "i", "done_when": {"path": "p"}}]},
            "use one of exists, absent, contains, lacks",
        ),
        (
            {
                "goal": "g",
                "steps": [{"intent": "i", "done_when": {"path": "p", "predicate": "exist"}}],
            },
            "Did you mean 'exists'?",
        ),
        (
            {
                "goal": "g",
                "steps": [{"intent": "i", "done_when": {"path": "p", "predicate": "lacks"}}],
            },
            "add the text to look for",
        ),
        (
            {"goal": "g", "steps": [{"id": "a", "intent": "i"}, {"id": "a", "intent": "j"}]},
            "steps[1].id 'a' is used twice",
        ),
        ({"goal": "g", "steps": [{"intent": "i"}], "next": "7"}, "next names step '7'"),
        ({"goal": "g", "steps": [{"intent": "i"}], "done": ["x"]}, "done names step 'x'"),
        ({"goal": "g", "steps": [{"intent": "i"}], "constraints": 5.5}, "constraints holds a num"),
        (
            {"goal": "g", "steps": [{"intent": "i"}], "done": ["1"], "cancelled": ["1"]},
            "stands in done and in cancelled",
        ),
    ],
)
def test_a_plan_that_does_not_hold_together_says_where_and_how_to_mend_it(
    value: Any, said: str
) -> None:
    problems = problems_of(value)
    assert any(said in problem for problem in problems), problems


def test_every_problem_of_a_plan_is_said_at_once() -> None:
    problems = problems_of({"steps": [{"intent": ""}], "next": "z"})
    assert len(problems) == 3


def test_keys_nobody_knows_are_ignored() -> None:
    plan = parse_plan({"goal": "g", "steps": [{"intent": "i", "why": 1}], "x": 2}, previous=None)
    assert plan == Plan("g", (Step("1", "i"),), next="1")


def test_an_update_keeps_finished_steps_in_front_and_unmentioned_open_ones() -> None:
    plan = parse_plan(
        {
            "steps": [{"id": "4", "intent": "Fix the docs of the parser"}, {"intent": "Test it"}],
            "decided": ["no flag"],
            "next": "4",
            "handoff": "new",
        },
        previous=PREVIOUS,
    )
    assert plan == Plan(
        goal="Move auth",
        steps=(
            PREVIOUS.steps[0],
            PREVIOUS.steps[1],
            PREVIOUS.steps[2],
            Step("4", "Fix the docs of the parser"),
            Step("6", "Test it"),
            PREVIOUS.steps[4],
        ),
        constraints=("keep the API",),
        decided=("use argparse", "no flag"),
        handoff="new",
        next="4",
        revision=3,
    )


def test_an_update_may_change_the_order_of_open_steps() -> None:
    previous = Plan("g", tuple(Step(n, f"step {n}") for n in "1234"))
    entries = [{"id": n, "intent": f"step {n}"} for n in ("new", "3", "1")]
    plan = parse_plan({"steps": entries}, previous=previous)
    assert [step.id for step in plan.steps] == ["new", "2", "3", "1", "4"]


def test_an_update_marks_what_it_says_is_done_or_cancelled() -> None:
    plan = parse_plan({"done": ["3", "1"], "cancelled": ["5"]}, previous=PREVIOUS)
    assert [(step.id, step.status) for step in plan.steps] == [
        ("1", DONE),
        ("2", CANCELLED),
        ("3", DONE),
        ("5", CANCELLED),
        ("4", FAILED),
    ]
    assert plan.next == "4"


def test_a_finished_step_told_again_stays_finished() -> None:
    for entry in (
        {"id": "1", "intent": "Write the parser"},
        {"intent": "write the  parser!"},
        {"id": "1", "intent": "The parser"},
    ):
        plan = parse_plan({"steps": [entry], "next": "1"}, previous=PREVIOUS)
        assert (plan.steps, plan.next) == (PREVIOUS.steps, "3")


def test_other_work_under_a_finished_id_is_refused_and_not_lost() -> None:
    value = {"steps": [{"id": "1", "intent": "Publish everything to production"}]}
    assert "give new work a new id" in problems_of(value, PREVIOUS)[0]
    told_done = parse_plan({**value, "done": ["1"]}, previous=PREVIOUS)
    assert told_done.steps == PREVIOUS.steps


def test_an_open_step_told_again_keeps_the_details_that_were_left_out() -> None:
    plan = parse_plan({"steps": [{"intent": "Call the parser"}]}, previous=PREVIOUS)
    assert plan.step("3") == PREVIOUS.step("3")
    changed = parse_plan({"steps": [{"id": "3", "intent": "Wait"}]}, previous=PREVIOUS)
    assert changed.step("3") == Step("3", "Wait")


def test_lists_that_are_stated_replace_and_lists_left_out_stay() -> None:
    plan = parse_plan({"constraints": [], "risks": ["new"]}, previous=PREVIOUS)
    assert (plan.constraints, plan.risks, plan.decided) == ((), ("new",), ("use argparse",))


def test_a_long_handoff_is_cut_to_its_allowance_and_says_so() -> None:
    plan = parse_plan(
        {"goal": "g", "steps": [{"intent": "i"}], "handoff": "word " * 1000}, previous=None
    )
    assert estimate(plan.handoff) <= 300
    assert plan.handoff.endswith("[cut: over 300 tokens]")


STATUSES = st.sampled_from(list(StepStatus))
IDS = st.sampled_from([str(n) for n in range(1, 9)])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    ids = draw(st.lists(IDS, unique=True, min_size=1, max_size=6))
    steps = [Step(i, f"step number {i}", status=draw(STATUSES)) for i in ids]
    return Plan("g", tuple(sorted(steps, key=lambda step: step.status.is_open)), revision=3)


UPDATES = st.fixed_dictionaries(
    {},
    optional={
        "goal": st.text(max_size=5),
        "steps": st.lists(
            st.fixed_dictionaries(
                {"intent": st.sampled_from(["step number 1", "step number 2", "other things"])},
                optional={"id": IDS},
            ),
            max_size=4,
        ),
        "done": st.lists(IDS, max_size=3),
        "cancelled": st.lists(IDS, max_size=3),
        "next": IDS,
    },
)


@given(plans(), UPDATES)
def test_no_update_reopens_a_finished_step_or_drops_an_open_one(
    previous: Plan, value: dict[str, Any]
) -> None:
    try:
        plan = parse_plan(value, previous=previous)
    except PlanProblem:
        return
    closed = tuple(step for step in previous.steps if not step.status.is_open)
    assert plan.steps[: len(closed)] == closed
    assert {step.id for step in previous.steps} <= {step.id for step in plan.steps}
    assert len({step.id for step in plan.steps}) == len(plan.steps)
    assert plan.revision == previous.revision + 1
    openness = [step.status.is_open for step in plan.steps]
    assert openness == sorted(openness)
    following = plan.next_step
    assert plan.next == (following.id if following else "")


def test_the_one_fenced_plan_is_read_and_the_prose_around_it_is_not() -> None:
    plan = {"goal": "g", "steps": [{"intent": "has ``` inside\nand a line"}]}
    text = f"Sure! Here it is:\n\n```json\n{json.dumps(plan, indent=2)}\n```\nGood luck."
    assert parse_fenced_plan(text, None) == parse_plan(plan, previous=None)
    assert parse_fenced_plan(json.dumps(plan), None) == parse_plan(plan, previous=None)


def test_other_fences_beside_the_plan_do_not_count() -> None:
    plan = '{"goal": "g", "steps": [{"intent": "i"}]}'
    text = f'```\nls\n```\n```json\n{{"a": 1}}\n```\n```JSON\n{plan}\n```'
    assert parse_fenced_plan(text, None).goal == "g"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no plan here", "No readable plan"),
        ("[1, 2]", "No readable plan"),
        ('```json\n{"goal": \n```', "No readable plan"),
        ('```json\n{"goal": "a"}\n```\n```json\n{"goal": "b"}\n```', "2 fenced plans"),
        ('```json\n{"a": 1}\n```', "goal is missing"),
        ("[" * 100_000, "No readable plan"),
    ],
)
def test_text_without_exactly_one_plan_is_refused(text: str, said: str) -> None:
    with pytest.raises(PlanProblem, match=said):
        parse_fenced_plan(text, None)


def test_a_fallback_is_one_step_in_the_users_own_words() -> None:
    assert fallback_plan("fix it\nquickly ", None) == Plan(
        "fix it", (Step("1", "fix it\nquickly"),), next="1"
    )
    assert fallback_plan(" ", None).steps == (Step("1", "Do what the user asked for."),)


def test_a_fallback_after_an_earlier_plan_keeps_its_steps() -> None:
    plan = fallback_plan("now this", PREVIOUS)
    assert plan == replace(
        PREVIOUS,
        steps=(*PREVIOUS.steps, Step("6", "now this")),
        next="6",
        handoff="",
        excerpts=(),
        revision=3,
    )


def test_a_fallback_of_a_long_prompt_points_to_the_message() -> None:
    plan = fallback_plan("x" * 10_000, None)
    assert estimate(plan.steps[0].intent) <= 300
    assert plan.steps[0].intent.endswith("[the rest stands in the user's message]")


def test_the_submitted_schema_accepts_what_the_parser_reads() -> None:
    path = Path(plan_text.__file__).parents[1] / "agent/prompts/submit_plan.json"
    tool = json.loads(path.read_text("utf-8"))
    schema = ToolSchema(tool["name"], tool["description"], json.dumps(tool["parameters"]))
    raw = json.dumps(
        {
            "goal": "g",
            "steps": [{"intent": "i", "done_when": {"path": "p", "predicate": "exists"}}],
            "done": [],
            "excerpts": [{"path": "p", "text": "t"}],
        }
    )
    plan = parse_plan(check_arguments(schema, raw), previous=None)
    assert plan.steps == (Step("1", "i", done_when=Check("", "p", "exists")),)
    assert check_arguments(schema, '{"done": ["1"], "next": "2"}') == {"done": ["1"], "next": "2"}


def test_a_handoff_holds_until_another_comes_or_the_steps_it_was_written_beside_are_closed() -> (
    None
):
    steps = (Step("1", "Look"), Step("2", "Mend"))
    known = Plan("g", steps, handoff="the shim is a dead end")
    assert parse_plan({"done": ["1"]}, previous=known).handoff == "the shim is a dead end"
    assert parse_plan({"handoff": "try b"}, previous=known).handoff == "try b"
    over = parse_plan({"done": ["1", "2"], "steps": [{"intent": "Docs"}]}, previous=known)
    assert over.handoff == ""


def test_a_step_that_the_planner_calls_done_is_proven_only_where_nothing_had_to_be_run() -> None:
    steps = (Step("1", "Look"), Step("2", "Mend", done_when=Check("pytest -q")))
    plan = parse_plan({"done": ["1", "2"]}, previous=Plan("g", steps))
    assert [(step.evidence, step.is_unproven) for step in plan.steps] == [
        ("the planner says so", False),
        ("unproven: its check was not run, the planner says so", True),
    ]
