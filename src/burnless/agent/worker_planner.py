"""The planner as another agent's CLI: its text must hold one fenced JSON plan."""

from __future__ import annotations

from collections import deque

from burnless.agent import prompts
from burnless.agent.context import fix_project
from burnless.agent.kit import Kit
from burnless.agent.model_planner import SubmitPlan
from burnless.agent.plan_checks import accept_plan
from burnless.agent.unfinished import OpenPlanning
from burnless.agent.worker_calls import run_worker
from burnless.core.cancel import CancelToken
from burnless.core.messages import PLANNING, Role
from burnless.core.plan import Plan
from burnless.core.protocols import Worker
from burnless.policy.plan_text import PlanProblem, parse_fenced_plan


def plan_by_worker(
    kit: Kit, worker: Worker, request_text: str, cancel: CancelToken, left: OpenPlanning
) -> Plan:
    """One plan, read from its text. Raises PlanProblem, WorkerRefused, and what a run raises.

    left: what a planning that was stopped had paid for already
    """
    prompt = (
        f"{prompts.load('planner.md')}\n\n"
        "You have no submit_plan tool here: read with your own tools, change nothing, and answer "
        "with exactly one fenced ```json block that fits this schema:\n"
        f"{SubmitPlan.schema.parameters}\n\n"
        f"{fix_project(kit).text}\n\n{request_text}"
    )
    problem = ""
    paid = deque(reply.message.text for reply in left.replies)
    for may_repair in (True, False):
        asked = prompt + (f"\n\nYour last answer was not accepted. {problem}" if problem else "")
        text = paid.popleft() if paid else _run_planner_worker(kit, worker, asked, cancel)
        try:
            plan = parse_fenced_plan(text, kit.session.plan)
            return accept_plan(kit, plan, may_repair=may_repair)
        except PlanProblem as error:
            problem = str(error)
    raise PlanProblem((problem,))


def _run_planner_worker(kit: Kit, worker: Worker, prompt: str, cancel: CancelToken) -> str:
    return run_worker(kit, worker, prompt, cancel, role=Role.PLANNER, purpose=PLANNING).text
