"""The planner as a model: rounds of reading, then the one call that hands the plan over."""

from __future__ import annotations

from collections import deque

from burnless.agent import prompts
from burnless.agent.context import fix_prefix, fix_project, schemas_as_sent, side_request
from burnless.agent.kit import Kit
from burnless.agent.plan_checks import accept_plan
from burnless.agent.side_reads import read_side_by_side
from burnless.agent.unfinished import OpenPlanning
from burnless.core.cancel import CancelToken
from burnless.core.encoding import JsonObject
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
from burnless.core.protocols import Model, Tool, ToolContext, ToolOutcome
from burnless.policy.arguments import ArgumentProblem, check_arguments
from burnless.policy.plan_text import PlanProblem, parse_plan
from burnless.policy.tokens import estimate

MOST_ROUNDS = 12
"""Model calls of one planning; the reading budget usually ends it much earlier."""


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


class ModelPlanner:
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

    def plan(self, request_text: str) -> Plan:
        """Raises PlanProblem where no plan comes of it, and what a model raises."""
        self._tail.append(UserMessage(request_text))
        for _ in range(MOST_ROUNDS):
            reply = self._paid.popleft() if self._paid else self._call()
            self._tail.append(reply.message)
            submitted = [call for call in reply.message.calls if call.name == "submit_plan"]
            if submitted:
                plan = self._accept(reply, submitted[0])
                if plan is not None:
                    return plan
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
