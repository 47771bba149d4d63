"""One turn, from the user's prompt to a verdict. Reads top to bottom like a list."""

from __future__ import annotations

from collections.abc import Callable

from burnless.agent.compactor import compact
from burnless.agent.ending import Ending
from burnless.agent.kit import Kit
from burnless.agent.last_report import newest_report
from burnless.agent.model_executor import ModelExecutor
from burnless.agent.notices import Notices
from burnless.agent.planner import Planned, make_plan, put_in_force
from burnless.agent.tool_runner import NOT_REACHED, close_open_calls
from burnless.agent.worker_executor import WorkerExecutor
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import (
    BudgetExceeded,
    BurnlessError,
    Cancelled,
    InputProblem,
    Temporary,
)
from burnless.core.evidence import AuditReport
from burnless.core.outcome import TurnResult, TurnStatus
from burnless.core.plan import Plan
from burnless.core.session import Session
from burnless.core.settings import PermissionMode
from burnless.policy.plan_text import PlanProblem, plan_markdown
from burnless.policy.planning import PlanningReason, planning_due_at_start
from burnless.policy.verdicts import report_for_model


class TurnRunner:
    """Runs the turns of one session, one after the other, on the caller's thread."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.notices = Notices(kit.recorder)

    def run_turn(self, prompt: str, cancel: CancelToken) -> TurnResult:
        """Everything that follows one prompt of the user. Never raises for what a turn can meet."""
        self._receive(prompt)
        return self._run(cancel)

    def resume_turn(self, cancel: CancelToken) -> TurnResult:
        """Go on with a turn that was interrupted. Raises InputProblem when there is none."""
        session = self._kit.session
        if session.turn is None or (session.turn.over and session.turn.over.status in _SETTLED):
            raise InputProblem(
                "there is no unfinished turn to go on with",
                hint=f'agent --resume {session.id} "what to do next"',
            )
        return self._run(cancel)

    def plan_only(self, prompt: str, cancel: CancelToken) -> TurnResult:
        """Plan this prompt ("" = the rest of the work again), and stop before any effect."""
        if prompt or self._kit.session.turn is None:
            self._receive(prompt)
        return self._end(self._guarded(lambda: self._make_plan(cancel)))

    def compact_now(self, cancel: CancelToken) -> None:
        """`/compact`: because the user asked. Raises what a planning raises."""
        executor = self._kit.crew.executor
        if executor is not None and self._kit.session.tail:
            compact(self._kit, executor.card, "asked", cancel)

    def audit_now(self, cancel: CancelToken) -> AuditReport:
        """`/audit`: hold the newest report (or answer) against the disk as it is now."""
        kit = self._kit
        finish, prose = newest_report(kit, cancel)
        report = kit.auditor.audit(kit.session, finish, prose, kit.recorder.record, cancel)
        kit.recorder.record(ev.Audited(report, 0))
        return report

    def _receive(self, prompt: str) -> None:
        session = self._kit.session
        number = session.turn.number + 1 if session.turn else 1
        self.notices.new_turn()
        self._kit.recorder.record(ev.PromptReceived(prompt, number, self._kit.gate.mode.value))

    def _run(self, cancel: CancelToken) -> TurnResult:
        return self._end(self._guarded(lambda: self._plan_then_work(cancel)))

    def _plan_then_work(self, cancel: CancelToken) -> Ending:
        kit = self._kit
        if kit.gate.mode is PermissionMode.PLAN:
            return self._make_plan(cancel)
        reason = planning_due_at_start(kit.session, kit.settings.planner)
        if reason and kit.crew.has_planner:
            make_plan(kit, reason, cancel)
        return self._work(cancel)

    def _work(self, cancel: CancelToken) -> Ending:
        crew = self._kit.crew
        if crew.executor is not None:
            return ModelExecutor(self._kit, crew.executor, self.notices, cancel).work()
        if crew.executor_worker is not None:
            return WorkerExecutor(self._kit, crew.executor_worker, self.notices, cancel).work()
        raise AssertionError("the wiring gave no executor")

    def _make_plan(self, cancel: CancelToken) -> Ending:
        """Plan, and let the user see and edit it; `resume_turn` works on it later."""
        kit = self._kit
        if not kit.crew.has_planner:
            return Ending(TurnStatus.FAILED, "", "nobody plans here", hint=_who_could_plan(kit))
        kept = kit.session.plan
        problem = make_plan(kit, PlanningReason.ASKED, cancel)
        plan = kit.session.plan
        if problem or plan is None:
            return _no_plan(kit, problem)
        text = plan_markdown(plan)
        if not kit.approver.interactive:
            return Ending(TurnStatus.PLANNED, text)
        approved = self._reviewed(plan, text, kept)
        if approved is None:
            return Ending(TurnStatus.INTERRUPTED, text, "the plan was not accepted")
        if approved != plan:
            put_in_force(kit, Planned(approved, "user"), PlanningReason.ASKED)
        return Ending(TurnStatus.PLANNED, text)

    def _reviewed(self, plan: Plan, text: str, kept: Plan | None) -> Plan | None:
        """None, and on record: the user wants none of it, and what held before holds again."""
        kit = self._kit
        approved: Plan | None = None
        try:
            approved = kit.approver.review_plan(plan, text)
        finally:
            if approved is None:
                kit.recorder.record(ev.PlanRefused(kept))
                self.notices.tell("plan_refused", _PLAN_KEPT if kept else _PLAN_REFUSED)
                kit.show_plan()
        return approved

    def _guarded(self, work: Callable[[], Ending]) -> Ending:
        """Turn what can go wrong in a turn into its ending."""
        try:
            return work()
        except Cancelled:
            return Ending(TurnStatus.INTERRUPTED, "", "interrupted")
        except BurnlessError as error:
            return _failed(error)

    def _end(self, ending: Ending) -> TurnResult:
        session = self._kit.session
        close_open_calls(self._kit, NOT_REACHED)
        if ending.audit and ending.audit.contradicted:
            # It ends the turn: whoever goes on has to hear of it first.
            self.notices.tell("audit", report_for_model(ending.audit))
        changed = _changed_paths(session)
        self._kit.recorder.record(
            ev.TurnFinished(
                session.turn.number if session.turn else 0,
                ending.status.value,
                ending.summary,
                ending.reason,
                ending.audit.verdict.value if ending.audit else "",
                changed,
            )
        )
        return TurnResult(
            status=ending.status,
            summary=ending.summary,
            session_id=session.id,
            reason=ending.reason,
            plan=session.plan,
            audit=ending.audit,
            changed=changed,
            exit_code=ending.exit_code or ending.status.exit_code,
            hint=ending.hint,
        )


_PLAN_REFUSED = (
    "The user saw a plan for this and refused it: no plan holds, and none of these words are to "
    "be acted on. Do what the user says next."
)
_PLAN_KEPT = (
    "The user saw another plan and refused it: the plan from before holds as it was. Do what the "
    "user says next."
)
_SETTLED = {TurnStatus.DONE.value, TurnStatus.ANSWERED.value}


def _failed(error: BurnlessError) -> Ending:
    match error:
        case BudgetExceeded():
            status = TurnStatus.BUDGET
        case Temporary():
            status = TurnStatus.UNAVAILABLE
        case _:
            status = TurnStatus.FAILED
    return Ending(status, "", str(error), hint=error.hint, exit_code=error.exit_code)


def _changed_paths(session: Session) -> tuple[str, ...]:
    """What this turn left different from how it found it."""
    turn = session.turn.number if session.turn else 0
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for entry in session.changes:
        if entry.turn == turn:
            first.setdefault(entry.change.path, entry.change.before)
            last[entry.change.path] = entry.change.after
    return tuple(sorted(path for path in first if first[path] != last[path]))


def _who_could_plan(kit: Kit) -> str:
    if kit.settings.planner.when == "never":
        return "the configuration says `planner: {when: never}`: set it to start"
    return "leave out --no-planner"


def _no_plan(kit: Kit, problem: BurnlessError | None) -> Ending:
    """The plan was what the user asked for: without one, nothing was done."""
    reason = f"the planner made no plan: {problem}" if problem else "the planner made no plan"
    if kit.session.plan and kit.session.plan.open_steps:
        reason += "; the earlier plan stays as it was"
    if isinstance(problem, Temporary):
        return _failed(problem)
    if kit.crew.planner_worker and kit.gate.mode is PermissionMode.PLAN:
        hint = "a command does not run in plan mode: name a model that plans with --planner"
    elif isinstance(problem, PlanProblem):
        hint = "try again, or name another model that plans with --planner"
    else:
        hint = problem.hint if problem else ""
    return Ending(TurnStatus.FAILED, "", reason, hint=hint)
