"""The executor as a model: reply, tool calls, reply, until it is finished or has to stop."""

from __future__ import annotations

from dataclasses import replace

from burnless.agent.compactor import compact, due_reason
from burnless.agent.context import executor_request
from burnless.agent.ending import Ending
from burnless.agent.kit import Kit
from burnless.agent.notices import Notices
from burnless.agent.planner import make_plan
from burnless.agent.reckoning import Reckoning
from burnless.agent.tool_runner import ToolRunner
from burnless.agent.unfinished import unanswered_reply
from burnless.core.cancel import CancelToken
from burnless.core.errors import ContextExceeded
from burnless.core.messages import AssistantMessage, Message, Reply, Role, StopReason
from burnless.core.models import ModelCard
from burnless.core.outcome import TurnStatus
from burnless.core.protocols import Model
from burnless.core.turn import ToolSignature, Turn
from burnless.policy import planning
from burnless.policy.loops import LoopAction, judge, next_action
from burnless.policy.tokens import estimate_message

EMPTY_REPLIES = 2
"""How many replies in a row without text or call are nudged before the turn ends."""


class ModelExecutor:
    """One turn's tool loop. Everything it knows is in the session; it only decides what is next."""

    def __init__(self, kit: Kit, model: Model, notices: Notices, cancel: CancelToken) -> None:
        self._kit = kit
        self._model = model
        self._notices = notices
        self._cancel = cancel
        self._reckoning = Reckoning(kit, notices, cancel)
        self._tools = ToolRunner(kit, self._reckoning.before_effect)
        self._empty = 0
        self._told_of_loop = LoopAction.NONE

    def work(self) -> Ending:
        """Run until the turn ends. Raises Cancelled, BudgetExceeded, ModelProblem, KeyProblem."""
        left = unanswered_reply(self._kit)
        ending = self._answer(left) if left else None
        if ending:
            return ending
        while True:
            ending = self._safe_point()
            if ending:
                return ending
            reply = self._next_reply()
            if isinstance(reply, Ending):
                return reply
            ending = self._answer(reply)
            if ending:
                return ending

    def _safe_point(self) -> Ending | None:
        """No tool call is open: stop, look around, make room."""
        self._cancel.check()
        self._notices.deliver()
        self._notices.tell_mode(self._kit.gate.mode)
        if ending := self._break_loops():
            return ending
        self._replan_what_keeps_failing()
        return self._limit_ending() or self._make_room()

    def _break_loops(self) -> Ending | None:
        session = self._kit.session
        seen = judge(_repeatable(session.turn)) if session.turn else LoopAction.NONE
        before, action = self._told_of_loop, next_action(seen, self._told_of_loop)
        self._told_of_loop = action
        match action:
            case LoopAction.NONE:
                pass
            case LoopAction.TELL:
                if action is not before:
                    self._notices.tell("loop", _LOOP_NOTICE)
            case LoopAction.PLANNER:
                if self._notices.first_time("loop_planner"):
                    self._replan(planning.PlanningReason.STUCK)
            case LoopAction.STOP:
                return self._reckoning.give_up(
                    TurnStatus.STUCK,
                    "the executor kept repeating the same calls with the same results",
                    "resume with a hint of what to try instead",
                )
        return None

    def _replan_what_keeps_failing(self) -> None:
        reason = planning.planning_due_after_checks(self._kit.session, self._kit.settings.planner)
        if reason:
            self._replan(reason)

    def _limit_ending(self) -> Ending | None:
        limit = self._kit.settings.limits.max_turns
        turn = self._kit.session.turn
        if limit is None or turn is None or turn.executor_calls < limit:
            return None
        return Ending(
            TurnStatus.TURN_LIMIT,
            "",
            f"the limit of {limit} executor calls is reached",
            hint="resume to give it as many again, or raise --max-turns",
        )

    def _make_room(self) -> Ending | None:
        reason = due_reason(self._kit, self._card, self._estimate_unsent())
        if reason == "rent" and planning.is_thrashing(self._kit.session):
            # A capsule would hold nothing new and drop what was just read: only a full context
            # forces one now, and that without progress is the end of the turn.
            return None
        return self._compact(reason, self._card) if reason else None

    def _compact(self, reason: str, card: ModelCard) -> Ending | None:
        if planning.is_thrashing(self._kit.session):
            return self._reckoning.give_up(
                TurnStatus.THRASHING,
                "the context filled up twice without any progress in between",
                "resume with a smaller task, or raise compaction.max_context",
            )
        compact(self._kit, card, reason, self._cancel)
        return None

    @property
    def _card(self) -> ModelCard:
        return self._model.card

    def _estimate_unsent(self) -> int:
        """Tokens that came after the last reply: what the next request adds to the context."""
        unsent: list[Message] = []
        for entry in reversed(self._kit.session.tail):
            if isinstance(entry.message, AssistantMessage):
                break
            unsent.append(entry.message)
        return sum(estimate_message(message) for message in unsent)

    def _next_reply(self) -> Reply | Ending:
        """One call; a request that is too long for the window is compacted and tried once more."""
        try:
            return self._call()
        except ContextExceeded:
            refused = self._kit.session.context_tokens + self._estimate_unsent()
            # Whatever the card says: what is kept has to fit below what was just refused.
            card = replace(self._card, window=min(self._card.window, refused))
            return self._compact("context_exceeded", card) or self._call()

    def _call(self) -> Reply:
        kit = self._kit
        request = executor_request(kit, self._card, kit.session.id, self._estimate_unsent())
        return self._model.complete(
            request, lambda delta: kit.sink.signal(Role.EXECUTOR, delta), self._cancel
        )

    def _answer(self, reply: Reply) -> Ending | None:
        """Act on a reply that is durable by now."""
        if reply.stop is StopReason.REFUSAL:
            return Ending(
                TurnStatus.REFUSED,
                reply.message.text,
                "the model refused to go on",
                hint="rephrase the task, or use another model with --model",
            )
        calls = reply.message.calls
        if calls:
            return self._run_calls(reply)
        if not reply.message.text.strip():
            return self._on_empty(reply)
        self._empty = 0
        if reply.stop in {*_CUT_SHORT, StopReason.PAUSE}:
            self._notices.tell("cut", _CUT_NOTICE)
            return None
        return self._reckoning.on_prose(reply.message.text)

    def _on_empty(self, reply: Reply) -> Ending | None:
        self._empty += 1
        if self._empty <= EMPTY_REPLIES:
            self._notices.tell("empty", _EMPTY_NOTICE)
            return None
        return Ending(
            TurnStatus.FAILED,
            "",
            f"the model sent {self._empty} empty replies in a row",
            hint=f"try another model with --model (stop reason: {reply.raw_stop or 'none'})",
        )

    def _run_calls(self, reply: Reply) -> Ending | None:
        calls = reply.message.calls
        self._empty = 0
        if any(self._tools.has_effect(call, self._cancel) for call in calls):
            reason = planning.planning_due_before_effect(
                self._kit.session, self._kit.settings.planner
            )
            if reason:
                self._replan(reason)
        cut = calls[-1].id if reply.stop in _CUT_SHORT else ""
        finish = self._tools.run(calls, self._cancel, cut)
        return self._reckoning.on_finish(finish) if finish else None

    def _replan(self, reason: planning.PlanningReason) -> None:
        if self._kit.crew.has_planner:
            make_plan(self._kit, reason, self._cancel)
        elif reason is planning.PlanningReason.STUCK:
            self._notices.tell("stuck", _LOOP_NOTICE)


_CUT_SHORT = {StopReason.MAX_TOKENS, StopReason.CONTEXT}
"""The last thing in such a reply may be half of what was meant."""


def _repeatable(turn: Turn) -> tuple[ToolSignature, ...]:
    """A report that is given again is counted by the audit, which has its own end for it."""
    return tuple(entry for entry in turn.signatures if entry.tool != "finish")


_LOOP_NOTICE = (
    "You have made the same call with the same result several times. Repeating it changes "
    "nothing: use what it showed, and do something else first (make the change, read, or call "
    "consult). After a change the same command is fine; two more repetitions stop the turn."
)
_EMPTY_NOTICE = (
    "Your reply was empty. Go on with the task by calling a tool; finish only when it is done."
)
_CUT_NOTICE = (
    "Your reply was cut off at the output limit. Go on where it stopped, in smaller parts."
)
