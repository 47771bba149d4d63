"""One planning: a side call that reads, thinks, and comes back with a plan."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from burnless.agent import prompts
from burnless.agent.context import fix_prefix, fix_project, schemas_as_sent, side_request
from burnless.agent.kit import Kit
from burnless.agent.plan_checks import accept_plan
from burnless.agent.planning_request import planning_request
from burnless.agent.side_reads import read_side_by_side
from burnless.agent.unfinished import OpenPlanning, open_planning
from burnless.agent.worker_calls import run_worker
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.encoding import JsonObject
from burnless.core.errors import (
    BudgetExceeded,
    BurnlessError,
    Cancelled,
    KeyProblem,
    ModelProblem,
    WrongModelServed,
)
from burnless.core.messages import (
    PLANNING,
    AssistantMessage,
    Message,
    Notice,
    Reply,
    Role,
    StopReason,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.core.plan import Plan
from burnless.core.protocols import Model, Tool, ToolContext, ToolOutcome, Worker
from burnless.policy.arguments import ArgumentProblem, check_arguments
from burnless.policy.plan_text import (
    PlanProblem,
    fallback_plan,
    parse_fenced_plan,
    parse_plan,
    render_plan,
)
from burnless.policy.planning import PlanningReason, placement_of
from burnless.policy.tokens import estimate

MOST_ROUNDS = 12
"""Model calls of one planning; the reading budget usually ends it much earlier."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a planning came to. `source`: "planner" | "worker" | "fallback"."""

    plan: Plan
    source: str


class SubmitPlan:
    """The planner's last word, as a tool; calling it ends the planning."""

    schema = prompts.load_schema("submit_plan.json")
    reads_only = True
    may_write_anywhere = False

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[()]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return ""

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        return ToolOutcome("Plan received.")


def make_plan(
    kit: Kit, reason: PlanningReason, cancel: CancelToken, capsule: str = ""
) -> BurnlessError | None:
    """Plan, and put the plan into force; what kept the planner from it, or None.

    Where it failed, the old plan stays; new work without a plan gets the fallback, one step in
    the user's own words, unless the plan itself was what the user asked for.
    Raises Cancelled, BudgetExceeded, KeyProblem and WrongModelServed: those end the turn, not
    only the planning.
    """
    session = kit.session
    left = open_planning(kit, reason.value)
    kit.recorder.record(ev.PlanningStarted(reason.value))
    try:
        planned = _plan(kit, reason, cancel, capsule, left)
    except (Cancelled, BudgetExceeded, KeyProblem, WrongModelServed):
        raise
    except (ModelProblem, PlanProblem) as error:
        kit.recorder.record(ev.PlanningFailed(reason.value, str(error)))
        if reason in _NEW_WORK and not (session.plan and session.plan.open_steps):
            put_in_force(kit, Planned(fallback_plan(_words(kit), session.plan), "fallback"), reason)
        return error
    put_in_force(kit, planned, reason)
    return None


_NEW_WORK = {PlanningReason.SESSION_START, PlanningReason.FIRST_EFFECT}
"""Reasons for which an old, finished plan cannot stand in for a new one."""


def put_in_force(kit: Kit, planned: Planned, reason: PlanningReason) -> None:
    text = render_plan(planned.plan)
    placement = placement_of(kit.session, reason)
    kit.recorder.record(ev.PlanMade(planned.plan, reason.value, planned.source, text, placement))
    kit.show_plan()


def _words(kit: Kit) -> str:
    return kit.session.turn.prompt if kit.session.turn else ""


def _plan(
    kit: Kit, reason: PlanningReason, cancel: CancelToken, capsule: str, left: OpenPlanning
) -> Planned:
    request_text = planning_request(kit, reason, capsule, cancel)
    crew = kit.crew
    if crew.planner is not None:
        return _ModelPlanning(kit, crew.planner, cancel, left).run(request_text)
    if crew.planner_worker is not None:
        return _worker_plan(kit, crew.planner_worker, request_text, cancel, left)
    return Planned(fallback_plan(_words(kit), kit.session.plan), "fallback")


class _ModelPlanning:
    """Rounds of reading until `submit_plan`; one repair for a plan that does not hold together.

    `left`: what a planning that was stopped had paid for already; it goes on from there.
    """

    def __init__(self, kit: Kit, model: Model, cancel: CancelToken, left: OpenPlanning) -> None:
        self._kit = kit
        self._model = model
        self._cancel = cancel
        self._tools: tuple[Tool, ...] = (*kit.planner_tools, SubmitPlan())
        self._tail: list[Message] = []
        self._read_tokens = 0
        self._repairs = 0
        self._paid = deque(left.replies)
        self._was_read = {result.call_id: result for result in left.results}

    def run(self, request_text: str) -> Planned:
        self._tail.append(UserMessage(request_text))
        for _ in range(MOST_ROUNDS):
            reply = self._paid.popleft() if self._paid else self._call()
            self._tail.append(reply.message)
            submitted = [call for call in reply.message.calls if call.name == "submit_plan"]
            if submitted:
                plan = self._accept(reply, submitted[0])
                if plan is not None:
                    return Planned(plan, "planner")
                continue
            if reply.message.calls:
                self._read(reply.message)
                continue
            self._repair_prose(reply)
        raise PlanProblem((f"no plan after {MOST_ROUNDS} calls",))

    def _call(self) -> Reply:
        kit = self._kit
        prefix = fix_prefix(kit, Role.PLANNER, self._tools, prompts.load("planner.md"))
        request = side_request(
            self._model.card,
            purpose=PLANNING,
            tools=schemas_as_sent(kit, Role.PLANNER, self._tools),
            system=prefix.system,
            project=fix_project(kit).text,
            tail=tuple(self._tail),
            cache_key=kit.session.id,
        )
        return self._model.complete(
            request, lambda delta: kit.sink.signal(Role.PLANNER, delta), self._cancel
        )

    def _accept(self, reply: Reply, call: ToolCall) -> Plan | None:
        """The plan, or None after a round of repair was asked for."""
        cut = reply.stop is StopReason.MAX_TOKENS
        try:
            arguments = check_arguments(SubmitPlan.schema, "" if cut else call.arguments)
            plan = parse_plan(arguments, previous=self._kit.session.plan)
            return accept_plan(self._kit, plan, may_repair=not self._repairs)
        except (PlanProblem, ArgumentProblem) as problem:
            self._repairs += 1
            if self._repairs > 1:
                raise PlanProblem((str(problem),)) from problem
            why = "It was cut off at the output limit: make it shorter." if cut else str(problem)
            for other in reply.message.calls:
                text = f"The plan was not accepted. {why} Call submit_plan again."
                self._tail.append(ToolResult(other.id, text, is_error=True))
            return None

    def _repair_prose(self, reply: Reply) -> None:
        """Prose is not a plan. A fenced plan in it is taken up by asking for the tool once."""
        self._repairs += 1
        if self._repairs > 1:
            raise PlanProblem(("the planner answered in prose twice",))
        if reply.stop is StopReason.REFUSAL:
            raise PlanProblem(("the planner refused",))
        self._tail.append(
            Notice("That was not a plan. Call submit_plan with it, and nothing else.")
        )

    def _read(self, message: AssistantMessage) -> None:
        """Run its reads side by side; over the budget they are refused and it must plan."""
        budget = self._kit.settings.planner.max_read_tokens
        if self._read_tokens >= budget:
            for call in message.calls:
                text = "The reading budget is used up. Call submit_plan with what you know."
                self._tail.append(ToolResult(call.id, text, is_error=True))
            return
        unread = [call for call in message.calls if call.id not in self._was_read]
        found = read_side_by_side(self._kit, self._tools, unread, self._cancel)
        new = {call.id: ToolResult(call.id, text, is_error) for call, text, is_error in found}
        for call in message.calls:
            result = new.get(call.id) or self._was_read[call.id]
            self._read_tokens += estimate(result.text)
            self._tail.append(result)


def _worker_plan(
    kit: Kit, worker: Worker, request_text: str, cancel: CancelToken, left: OpenPlanning
) -> Planned:
    """Another agent as the planner: its text must hold one fenced JSON plan."""
    parameters = SubmitPlan.schema.parameters
    prompt = (
        f"{prompts.load('planner.md')}\n\n"
        "You have no submit_plan tool here: read with your own tools, change nothing, and answer "
        f"with exactly one fenced ```json block that fits this schema:\n{parameters}\n\n"
        f"{fix_project(kit).text}\n\n{request_text}"
    )
    problem = ""
    paid = deque(reply.message.text for reply in left.replies)
    for may_repair in (True, False):
        asked = prompt + (f"\n\nYour last answer was not accepted. {problem}" if problem else "")
        text = paid.popleft() if paid else _run_planner_worker(kit, worker, asked, cancel)
        try:
            plan = parse_fenced_plan(text, kit.session.plan)
            return Planned(accept_plan(kit, plan, may_repair=may_repair), "worker")
        except PlanProblem as error:
            problem = str(error)
    raise PlanProblem((problem,))


def _run_planner_worker(kit: Kit, worker: Worker, prompt: str, cancel: CancelToken) -> str:
    return run_worker(kit, worker, prompt, cancel, role=Role.PLANNER, purpose=PLANNING).text
