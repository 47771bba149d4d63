from burnless.core import events as ev
from burnless.core.capsule import Capsule
from burnless.core.evidence import CheckOutcome
from burnless.core.plan import Plan, Step, StepStatus
from burnless.core.session import Session
from burnless.core.settings import PlannerSettings
from burnless.policy.planning import (
    PlanningReason,
    is_thrashing,
    placement_of,
    planning_due_after_checks,
    planning_due_at_start,
    planning_due_before_effect,
)
from tests.policy.folding import fold, record, reply

AT_START, AT_EFFECT, NEVER = (
    PlannerSettings(when=when) for when in ("start", "first_effect", "never")
)
OPEN = ev.PlanMade(Plan("g", (Step("1", "i"),)), "asked", "planner", "text")
CLOSED = ev.PlanMade(
    Plan("g", (Step("1", "i", status=StepStatus.DONE),)), "asked", "planner", "text"
)


def asked(prompt: str, *more: ev.Event) -> Session:
    return fold([ev.PromptReceived(prompt, 1), *more])


def test_a_session_is_planned_at_its_start_unless_it_opens_with_a_question() -> None:
    assert planning_due_at_start(asked("Fix it"), AT_START) is PlanningReason.SESSION_START
    assert planning_due_at_start(asked("What does it do?"), AT_START) is None
    assert planning_due_at_start(asked("Fix it", OPEN), AT_START) is None
    assert planning_due_at_start(fold([]), AT_START) is None
    assert planning_due_at_start(asked("Fix it"), AT_EFFECT) is None
    assert planning_due_at_start(asked("Fix it"), NEVER) is None


def test_the_first_effect_plans_where_no_step_is_open() -> None:
    effect = ev.ToolStarted("a", "edit", "{}", effect=True)
    due = PlanningReason.FIRST_EFFECT
    assert planning_due_before_effect(asked("Why?"), AT_START) is due
    later = fold([CLOSED, ev.PromptReceived("Fix it", 2)])
    assert planning_due_before_effect(later, AT_EFFECT) is due
    assert planning_due_before_effect(asked("Fix it", OPEN), AT_START) is None
    assert planning_due_before_effect(asked("Fix it", effect), AT_START) is None
    cut_off = asked("Fix it", ev.PlanningStarted("asked"))
    assert planning_due_before_effect(cut_off, AT_START) is due
    assert planning_due_before_effect(asked("Fix it", CLOSED), AT_START) is None
    assert planning_due_before_effect(asked("Fix it"), NEVER) is None
    assert planning_due_before_effect(fold([]), AT_START) is None


def test_a_check_that_failed_twice_goes_back_to_the_planner_until_there_is_a_new_plan() -> None:
    failed = ev.CheckFinished(CheckOutcome("pytest", 1), "done_when", "1")
    session = asked("Fix it", OPEN, failed)
    assert planning_due_after_checks(session, AT_START) is None
    record(session, failed)
    assert planning_due_after_checks(session, AT_START) is PlanningReason.CHECK_FAILED
    assert planning_due_after_checks(session, NEVER) is None
    record(session, OPEN)
    assert planning_due_after_checks(session, AT_START) is None


def test_a_plan_is_placed_where_it_changes_no_byte_that_was_sent() -> None:
    start, compaction = PlanningReason.SESSION_START, PlanningReason.COMPACTION
    assert placement_of(asked("Fix it"), start) == "head"
    assert placement_of(asked("Fix it", reply("text")), start) == "tail"
    assert placement_of(asked("Fix it", OPEN), PlanningReason.ASKED) == "tail"
    assert placement_of(asked("Fix it", reply("text")), compaction) == "capsule"


def test_two_compactions_without_progress_in_between_are_thrashing() -> None:
    compacted = ev.Compacted(Capsule(1, 2, (), None), "text", 2, "quality")
    session = asked("Fix it", reply("text"))
    assert not is_thrashing(session)
    record(session, compacted)
    assert is_thrashing(session)
    record(session, ev.NoteTaken("fact", "something new"))
    assert not is_thrashing(session)
