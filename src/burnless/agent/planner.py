"""One planning: a side call that reads, thinks, and comes back with a plan."""

from __future__ import annotations

from dataclasses import dataclass

from burnless.agent.kit import Kit
from burnless.agent.model_planner import ModelPlanner
from burnless.agent.planning_request import planning_request
from burnless.agent.unfinished import open_planning
from burnless.agent.worker_planner import plan_by_worker
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import (
    BudgetExceeded,
    BurnlessError,
    Cancelled,
    KeyProblem,
    ModelProblem,
    WrongModelServed,
)
from burnless.core.plan import Plan
from burnless.policy.plan_text import PlanProblem, fallback_plan, render_plan
from burnless.policy.planning import PlanningReason, placement_of

_NEW_WORK = {PlanningReason.SESSION_START, PlanningReason.FIRST_EFFECT}
"""Reasons for which an old, finished plan cannot stand in for a new one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a planning came to. `source`: "planner" | "worker" | "fallback" | "user"."""

    plan: Plan
    source: str


def make_plan(
    kit: Kit, reason: PlanningReason, cancel: CancelToken, capsule: str = ""
) -> BurnlessError | None:
    """Plan, and put the plan into force; what kept the planner from it, or None.

    Where it failed, the old plan stays; new work without a plan gets the fallback, one step in
    the user's own words, unless the plan itself was what the user asked for. Where nobody plans,
    nothing happens. Raises Cancelled, BudgetExceeded, KeyProblem and WrongModelServed: those end
    the turn, not only the planning.
    """
    session = kit.session
    if not kit.crew.has_planner:
        return None
    try:
        planned = _plan(kit, reason, cancel, capsule)
    except (Cancelled, BudgetExceeded, KeyProblem, WrongModelServed):
        raise
    except (ModelProblem, PlanProblem) as error:
        kit.recorder.record(ev.PlanningFailed(reason.value, str(error)))
        if reason in _NEW_WORK and not (session.plan and session.plan.open_steps):
            words = session.turn.prompt if session.turn else ""
            put_in_force(kit, Planned(fallback_plan(words, session.plan), "fallback"), reason)
        return error
    put_in_force(kit, planned, reason)
    return None


def _plan(kit: Kit, reason: PlanningReason, cancel: CancelToken, capsule: str) -> Planned:
    """One that was stopped in its middle for the same reason goes on from what was paid for."""
    left = open_planning(kit, reason.value)
    kit.recorder.record(ev.PlanningStarted(reason.value))
    request_text = planning_request(kit, reason, capsule, cancel)
    crew = kit.crew
    if crew.planner is not None:
        return Planned(ModelPlanner(kit, crew.planner, cancel, left).plan(request_text), "planner")
    if crew.planner_worker is not None:
        plan = plan_by_worker(kit, crew.planner_worker, request_text, cancel, left)
        return Planned(plan, "worker")
    raise AssertionError("nobody plans here")


def put_in_force(kit: Kit, planned: Planned, reason: PlanningReason) -> None:
    text = render_plan(planned.plan)
    placement = placement_of(kit.session, reason)
    kit.recorder.record(ev.PlanMade(planned.plan, reason.value, planned.source, text, placement))
    kit.show_plan()
