from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.ui.lines import plain_text
from burnless.ui.plan_view import checklist, from_edit, to_edit
from tests.ui.events import PLAN

OPEN = replace(
    PLAN,
    steps=(
        *PLAN.steps[:2],
        Step("4", "Check the file", ("a.py",), ("f",), Check(path="a.py", predicate="exists")),
    ),
)


def test_a_plan_that_was_not_touched_comes_back_as_it_was() -> None:
    assert from_edit(to_edit(OPEN), OPEN) == OPEN


words = st.from_regex(r"[A-Za-z][a-z]{0,8}( [a-z]{1,8}){0,4}", fullmatch=True)


@given(words, st.lists(words, min_size=1, max_size=5, unique=True))
def test_any_plan_survives_the_editor(goal: str, intents: list[str]) -> None:
    plan = Plan(goal, tuple(Step(str(n), intent) for n, intent in enumerate(intents, 1)))
    assert from_edit(to_edit(plan), plan) == plan


def test_steps_can_be_reordered_reworded_added_and_given_a_check() -> None:
    text = "goal: Exact totals\n\n- Check the file\n- Write docs\n  done when: make docs\n"
    assert from_edit(text, OPEN) == replace(
        OPEN,
        goal="Exact totals",
        steps=(
            OPEN.steps[0],
            OPEN.steps[2],
            Step("3", "Write docs", done_when=Check(command="make docs")),
        ),
        next="4",
    )


def test_a_step_that_goes_on_over_two_lines_is_one_step() -> None:
    edited = from_edit("- Write docs\n  for all of it\n", Plan("g", (Step("1", "x"),)))
    assert edited == Plan("g", (Step("2", "Write docs for all of it"),), next="2")


def test_taking_a_check_away_leaves_the_step() -> None:
    edited = from_edit("- Run the tests\n", PLAN)
    done, tests, cancelled = PLAN.steps
    assert edited == replace(PLAN, steps=(done, cancelled, replace(tests, done_when=None)))


def test_an_empty_file_starts_nothing() -> None:
    assert from_edit("# only comments\n\ngoal: x\n", PLAN) is None


def test_finished_steps_are_not_offered_for_editing() -> None:
    assert "Use Decimal" not in to_edit(PLAN)
    assert [s.status for s in PLAN.open_steps] == [StepStatus.PENDING]


def test_a_step_whose_check_was_not_run_is_not_ticked_like_a_proven_one() -> None:
    steps = (
        Step("1", "Look", status=StepStatus.DONE, evidence="unproven: refused"),
        Step("2", "Mend", status=StepStatus.DONE, evidence="a.py exists"),
    )
    shown = plain_text(checklist(Plan("g", steps))).splitlines()
    assert shown[1:] == ["  [?] 1. Look", "  [x] 2. Mend"]
