"""When the planner fires, and where its plan goes."""

from __future__ import annotations

from enum import StrEnum

from burnless.core.messages import AssistantMessage
from burnless.core.session import Session
from burnless.core.settings import PlannerSettings
from burnless.policy.questions import is_question

STEP_CHECK_FAILURES = 2
"""A step whose check failed this often goes back to the planner."""


class PlanningReason(StrEnum):
    SESSION_START = "session_start"
    FIRST_EFFECT = "first_effect"
    COMPACTION = "compaction"
    STUCK = "stuck"
    CHECK_FAILED = "check_failed"
    ASKED = "asked"
    BEFORE_DONE = "before_done"


def planning_due_at_start(session: Session, settings: PlannerSettings) -> PlanningReason | None:
    """At the start of a turn, before the executor is called."""
    if settings.when != "start" or session.plan is not None or session.turn is None:
        return None
    if is_question(session.turn.prompt):
        return None
    return PlanningReason.SESSION_START


def planning_due_before_effect(
    session: Session, settings: PlannerSettings
) -> PlanningReason | None:
    """Before the first effect of a turn in which no step is open."""
    if settings.when == "never" or session.turn is None or session.turn.effects:
        return None
    if session.turn.plannings or (session.plan and session.plan.open_steps):
        return None
    return PlanningReason.FIRST_EFFECT


def planning_due_after_checks(session: Session, settings: PlannerSettings) -> PlanningReason | None:
    """A step whose check failed twice needs judgement, not a third try."""
    if settings.when == "never":
        return None
    worst = max(session.check_failures.values(), default=0)
    return PlanningReason.CHECK_FAILED if worst >= STEP_CHECK_FAILURES else None


def placement_of(session: Session, reason: PlanningReason) -> str:
    """Where a new plan goes: "head" while nothing was sent yet, "capsule", else "tail"."""
    if reason is PlanningReason.COMPACTION:
        return "capsule"
    sent = any(isinstance(entry.message, AssistantMessage) for entry in session.tail)
    return "tail" if sent or session.head_text else "head"


def is_thrashing(session: Session) -> bool:
    """Two compactions with no progress in between: a third would only burn money."""
    marks = session.progress_at_compaction
    return bool(marks) and marks[-1] == session.progress
