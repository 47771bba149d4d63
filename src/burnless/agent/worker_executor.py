"""The executor as another agent's CLI: one step at a time, prefix + capsule + step."""

from __future__ import annotations

from burnless.agent import prompts
from burnless.agent.context import fix_project
from burnless.agent.ending import Ending
from burnless.agent.kit import Kit
from burnless.agent.notices import Notices
from burnless.agent.planner import Planned, make_plan, put_in_force
from burnless.agent.reckoning import Reckoning
from burnless.agent.unfinished import stopped_worker
from burnless.agent.worker_calls import WorkerRefused, run_worker
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import Claim
from burnless.core.messages import Notice, Role
from burnless.core.outcome import TurnStatus
from burnless.core.plan import Plan, Step, StepStatus
from burnless.core.protocols import FinishReport, Worker, WorkerReply
from burnless.core.session import Session
from burnless.policy.capsule import build_capsule, render_capsule
from burnless.policy.plan_text import fallback_plan
from burnless.policy.planning import PlanningReason, planning_due_after_checks

ATTEMPTS = 3
"""How often one step is given to a worker before the turn ends as incomplete."""

WORKER_WINDOW = 200_000
"""Tokens a worker is assumed to hold; bounds how many of the user's words go to it."""


_CONTRADICTED = "its report was contradicted"
_CUT_OFF = (
    "An earlier run of this step was cut off; it may have done a part of it. Look at the files "
    "first, and do only what is missing."
)


class WorkerExecutor:
    """Every step starts afresh: the worker keeps nothing between calls, so any worker can go on."""

    def __init__(self, kit: Kit, worker: Worker, notices: Notices, cancel: CancelToken) -> None:
        self._kit = kit
        self._worker = worker
        self._notices = notices
        self._cancel = cancel
        self._reckoning = Reckoning(kit, notices, cancel)
        self._attempts_from = _attempts_from(kit.session)
        self._cut_off = ""

    def work(self) -> Ending:
        """Run until the plan is done. Raises Cancelled, BudgetExceeded, ModelProblem."""
        self._ensure_plan()
        self._take_up_what_was_stopped()
        while True:
            while (step := self._next_step()) is not None:
                if ending := self._give_up(step):
                    return ending
                try:
                    self._run_step(step)
                except WorkerRefused as refused:
                    return Ending(TurnStatus.BLOCKED, "", str(refused), hint=refused.hint)
                if planning_due_after_checks(self._kit.session, self._kit.settings.planner):
                    make_plan(self._kit, PlanningReason.CHECK_FAILED, self._cancel)
            ending = self._reckoning.on_finish(
                FinishReport("done", "\n\n".join(self._reports().values()))
            )
            if ending is not None:
                return ending
            self._reopen()

    def _ensure_plan(self) -> None:
        session = self._kit.session
        if session.plan is not None and session.plan.open_steps:
            return
        if self._kit.crew.has_planner and self._kit.settings.planner.when != "never":
            make_plan(self._kit, PlanningReason.FIRST_EFFECT, self._cancel)
        else:
            words = session.turn.prompt if session.turn else ""
            plan = fallback_plan(words, session.plan)
            put_in_force(self._kit, Planned(plan, "user"), PlanningReason.FIRST_EFFECT)

    def _take_up_what_was_stopped(self) -> None:
        """A run that ended is judged, not repeated; of one that was cut off the next is told."""
        left = stopped_worker(self._kit)
        step = self._next_step()
        if left is None or step is None or left.step != step.id:
            return
        if isinstance(left, ev.WorkerFinished):
            self._check(step, WorkerReply(left.text, left.exit_code))
            return
        self._cut_off = step.id

    def _runs(self) -> list[ev.Recorded]:
        """Runs that ended and that no audit has looked at, over every process that made them."""
        session, store = self._kit.session, self._kit.store
        return [store.read(seq) for seq in session.worker_runs if seq > session.judged_through]

    def _reports(self) -> dict[str, str]:
        """The last report of each step."""
        ended = (recorded.event for recorded in self._runs())
        return {each.step: each.text for each in ended if isinstance(each, ev.WorkerFinished)}

    def _attempts(self, step: Step) -> int:
        ended = (r.event for r in self._runs() if r.seq > self._attempts_from)
        return sum(isinstance(each, ev.WorkerFinished) and each.step == step.id for each in ended)

    def _trouble(self, step: Step) -> str:
        """What the next run of a step is told of the one before it."""
        if self._cut_off == step.id:
            return _CUT_OFF
        if step.status is not StepStatus.FAILED:
            return ""
        if step.evidence != _CONTRADICTED:
            return step.evidence
        session = self._kit.session
        told = [e.message.text for e in session.tail if isinstance(e.message, Notice)]
        return told[-1] if told else ""

    def _next_step(self) -> Step | None:
        plan = self._kit.session.plan
        return plan.next_step if plan else None

    def _give_up(self, step: Step) -> Ending | None:
        self._cancel.check()
        limit = self._kit.settings.limits.max_turns
        turn = self._kit.session.turn
        if limit is not None and turn is not None and turn.executor_calls >= limit:
            return Ending(
                TurnStatus.TURN_LIMIT,
                "",
                f"the limit of {limit} worker runs is reached",
                hint="resume to give it as many again, or raise --max-turns",
            )
        if self._attempts(step) < ATTEMPTS:
            return None
        return self._reckoning.give_up(
            TurnStatus.INCOMPLETE,
            f"step {step.id} failed {ATTEMPTS} times: {self._trouble(step)}",
            "resume with a hint, or use another tier with --executor",
        )

    def _run_step(self, step: Step) -> None:
        """One worker run: snapshot, run, snapshot, check."""
        kit = self._kit
        prompt = self._prompt(kit.session.plan, step)
        self._reckoning.before_effect()
        before = kit.snapshots.take()
        kit.recorder.record(ev.WorkerStarted(step.id, self._worker.command))
        began = kit.clock.monotonic()
        reply = run_worker(
            kit, self._worker, prompt, self._cancel, role=Role.EXECUTOR, purpose="step"
        )
        changes = kit.snapshots.compare(before, kit.snapshots.take(before))
        kit.recorder.record(
            ev.WorkerFinished(
                step.id,
                self._worker.command,
                reply.exit_code,
                reply.text,
                changes,
                round(kit.clock.monotonic() - began, 3),
            )
        )
        self._cut_off = ""
        self._check(step, reply)

    def _check(self, step: Step, reply: WorkerReply) -> None:
        if reply.exit_code != 0:
            trouble = f"the worker exited with {reply.exit_code}: {reply.text[-400:]}"
            self._mark(step, StepStatus.FAILED, trouble)
            return
        if step.done_when is None:
            self._mark(step, StepStatus.DONE, "the worker's report; nothing to check")
            return
        outcome = self._kit.prover.run(step.done_when, self._cancel)
        self._kit.recorder.record(ev.CheckFinished(outcome, "done_when", step.id))
        if outcome.passed:
            self._mark(step, StepStatus.DONE, str(step.done_when))
        elif outcome.refused:
            self._mark(step, StepStatus.DONE, f"unproven: its check was refused: {outcome.refused}")
        else:
            trouble = f"Its check, that {step.done_when}, failed:\n{outcome.last_lines}"
            self._mark(step, StepStatus.FAILED, trouble)

    def _mark(self, step: Step, status: StepStatus, evidence: str) -> None:
        self._kit.recorder.record(ev.StepMarked(step.id, status, evidence))
        self._kit.show_plan()

    def _prompt(self, plan: Plan | None, step: Step) -> str:
        """Prefix, project, capsule, step: bytes that differ late, so that a cache can help."""
        kit = self._kit
        capsule = build_capsule(
            kit.session,
            number=0,
            slices=kit.surveyor.slices(step),
            keep_from=kit.session.seq + 1,
            settings=kit.settings.compaction,
            window=WORKER_WINDOW,
        )
        parts = [
            prompts.load("worker.md"),
            kit.settings.append_system_prompt,
            fix_project(kit).text,
            f"<capsule>\n{render_capsule(capsule, can_recall=False)}\n</capsule>",
        ]
        if trouble := self._trouble(step):
            parts.append(f"<last_attempt>\n{trouble}\n</last_attempt>")
        done_when = f"\nDone when: {step.done_when}" if step.done_when else ""
        files = f"\nFiles: {', '.join(step.files)}" if step.files else ""
        parts.append(f"<step>\n{step.id}: {step.intent}{files}{done_when}\n</step>")
        return "\n\n".join(part for part in parts if part)

    def _reopen(self) -> None:
        """A report was contradicted: the steps it came from are given again, with the evidence."""
        session = self._kit.session
        if session.plan is None or session.plan.open_steps:
            return
        report = self._reckoning.last_report
        claims = [f.claim for f in report.contradicted if f.claim] if report else []
        lying = {
            step_id
            for step_id, text in self._reports().items()
            if any(_is_in(claim, text) for claim in claims)
        }
        for step in session.plan.steps:
            if step.id in (lying or {session.plan.steps[-1].id}):
                self._mark(step, StepStatus.FAILED, _CONTRADICTED)


def _attempts_from(session: Session) -> int:
    """Runs up to here count no more: a turn that gave up and is resumed tries again."""
    gave_up = session.turn and session.turn.over and session.turn.over.status == "incomplete"
    if session.turn is None:
        return 0
    return session.seq if gave_up else session.turn.first_seq


def _is_in(claim: Claim, text: str) -> bool:
    return any(words and words in text for words in (claim.quote, claim.subject))
