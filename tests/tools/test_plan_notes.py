from __future__ import annotations

from burnless.core import events as ev
from burnless.core.evidence import CheckOutcome
from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.protocols import ToolOutcome
from tests.support.tool_desk import Desk

CHECK = Check(command="pytest -q tests/test_a.py")
PLAN = Plan(
    "goal",
    (Step("s1", "write a"), Step("s2", "prove a", done_when=CHECK), Step("s3", "tell")),
)


def planned(desk: Desk) -> Desk:
    desk.record(ev.PlanMade(PLAN, "start", "planner", "the plan"))
    return desk


def outcome_of(exit_code: int | None, last_lines: str = "", refused: str = "") -> CheckOutcome:
    return CheckOutcome(CHECK.command, exit_code, (), last_lines, refused)


def test_a_step_without_a_check_is_marked_and_the_next_one_named(desk: Desk) -> None:
    planned(desk)
    assert desk.call("plan_notes", steps=[{"id": "s1", "status": "done"}]) == ToolOutcome(
        "Step s1: done.\nNext: s2, prove a", events=(ev.StepMarked("s1", StepStatus.DONE),)
    )
    assert desk.session.plan is not None
    assert desk.session.plan.steps[0].status is StepStatus.DONE


def test_marking_done_runs_the_check_and_keeps_it_as_evidence(desk: Desk) -> None:
    planned(desk)
    passed = outcome_of(0, "3 passed")
    desk.prover.outcomes = [passed]
    outcome = desk.call("plan_notes", steps=[{"id": "s2", "status": "done", "note": "at last"}])
    assert outcome == ToolOutcome(
        "Step s2: done, proven: `pytest -q tests/test_a.py` exits 0.\nNext: s1, write a",
        events=(
            ev.CheckFinished(passed, "done_when", "s2"),
            ev.StepMarked("s2", StepStatus.DONE, "`pytest -q tests/test_a.py` exits 0; at last"),
        ),
    )
    assert desk.prover.checks == [CHECK]


def test_a_failing_check_leaves_the_step_open_and_its_output_is_told(desk: Desk) -> None:
    planned(desk)
    red = outcome_of(1, "FAILED test_a\n1 failed\n")
    desk.prover.outcomes = [red, red]
    outcome = desk.call("plan_notes", steps=[{"id": "s2", "status": "done"}])
    assert outcome == ToolOutcome(
        "Step s2 is NOT done. Its check, that `pytest -q tests/test_a.py` exits 0, failed "
        "(exit 1).\nFAILED test_a\n1 failed\n"
        "Mend the cause, then mark s2 done again. If the check itself is wrong, mark the step "
        "cancelled and note what proves it instead; do not change a test only to make it pass.\n"
        "Next: s1, write a",
        is_error=True,
        events=(
            ev.CheckFinished(red, "done_when", "s2"),
            ev.StepMarked("s2", StepStatus.FAILED, "check failed: exit 1"),
        ),
    )
    assert desk.session.plan is not None
    assert desk.session.plan.steps[1].status.is_open
    desk.call("plan_notes", steps=[{"id": "s2", "status": "done"}])
    assert desk.session.check_failures == {"s2": 2}


def test_a_check_that_may_not_run_leaves_the_step_done_but_unproven(desk: Desk) -> None:
    planned(desk)
    refused = outcome_of(None, refused="commands are not allowed")
    desk.prover.outcomes = [refused]
    outcome = desk.call("plan_notes", steps=[{"id": "s2", "status": "done"}])
    assert outcome == ToolOutcome(
        "Step s2: done but unproven. Its check, that `pytest -q tests/test_a.py` exits 0, was not "
        "run: commands are not allowed. Prove it by something that may run, or say in the summary "
        "that it is unproven.\nNext: s1, write a",
        events=(
            ev.CheckFinished(refused, "done_when", "s2"),
            ev.StepMarked("s2", StepStatus.DONE, "unproven: commands are not allowed"),
        ),
    )


def test_failed_and_cancelled_run_no_check(desk: Desk) -> None:
    planned(desk)
    outcome = desk.call(
        "plan_notes",
        steps=[
            {"id": "s2", "status": "cancelled", "note": "the user said so"},
            {"id": "s1", "status": "failed"},
        ],
    )
    assert outcome.events == (
        ev.StepMarked("s2", StepStatus.CANCELLED, "the user said so"),
        ev.StepMarked("s1", StepStatus.FAILED),
    )
    assert desk.prover.checks == []


def test_a_step_is_not_proved_twice(desk: Desk) -> None:
    planned(desk)
    desk.prover.outcomes = [outcome_of(0)]
    desk.call("plan_notes", steps=[{"id": "s2", "status": "done"}])
    outcome = desk.call("plan_notes", steps=[{"id": "s2", "status": "done"}])
    assert outcome == ToolOutcome("Step s2 was done already.\nNext: s1, write a")


def test_when_no_step_is_open_finish_is_next(desk: Desk) -> None:
    planned(desk)
    desk.prover.outcomes = [outcome_of(0)]
    steps = [{"id": name, "status": "done"} for name in ("s1", "s2", "s3")]
    text = desk.call("plan_notes", steps=steps).text
    assert "\nNo open steps. If nothing was run since your last change, run the tests" in text


def test_decisions_and_facts_are_kept_word_for_word(desk: Desk) -> None:
    outcome = desk.call("plan_notes", decisions=["use sqlite: no server"], facts=["CI is red", ""])
    assert outcome == ToolOutcome(
        "Noted (decision).\nNoted (fact).",
        events=(
            ev.NoteTaken("decision", "use sqlite: no server"),
            ev.NoteTaken("fact", "CI is red"),
        ),
    )
    assert [note.text for note in desk.session.notes] == ["use sqlite: no server", "CI is red"]


def test_an_unknown_step_names_the_steps_there_are(desk: Desk) -> None:
    planned(desk)
    outcome = desk.call("plan_notes", steps=[{"id": "4", "status": "done"}], facts=["x"])
    assert outcome == ToolOutcome(
        "There is no step '4'. The steps are: s1 (pending), s2 (pending), s3 (pending).\n"
        "Noted (fact).\nNext: s1, write a",
        is_error=True,
        events=(ev.NoteTaken("fact", "x"),),
    )


def test_without_a_plan_there_is_no_step_to_mark(desk: Desk) -> None:
    assert desk.call("plan_notes", steps=[{"id": "1", "status": "done"}]) == ToolOutcome(
        "There is no plan, so no step to mark. Go on with the task.", is_error=True
    )


def test_nothing_to_note_is_said(desk: Desk) -> None:
    assert desk.call("plan_notes") == ToolOutcome(
        "Nothing to note: give steps, decisions or facts.", is_error=True
    )
