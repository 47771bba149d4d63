"""The end of the work: open steps, claims, checks, and what goes back to the executor."""

from __future__ import annotations

from burnless.agent.ending import Ending
from burnless.agent.kit import Kit
from burnless.agent.last_report import newest_report
from burnless.agent.notices import Notices
from burnless.agent.planner import make_plan
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import BudgetExceeded, KeyProblem, ModelProblem
from burnless.core.evidence import AuditReport, Finding, FindingKind, Verdict
from burnless.core.outcome import TurnStatus
from burnless.core.plan import Step, StepStatus
from burnless.core.protocols import FinishReport
from burnless.core.session import Session
from burnless.policy.planning import PlanningReason
from burnless.policy.questions import is_question
from burnless.policy.verdicts import report_for_model


class Reckoning:
    """Decides whether a turn may end the way the executor says it ended."""

    def __init__(self, kit: Kit, notices: Notices, cancel: CancelToken) -> None:
        self._kit = kit
        self._notices = notices
        self._cancel = cancel
        self.last_report: AuditReport | None = None

    def before_effect(self) -> None:
        """Hash the workspace's state before each step's first effect; before the first one
        since the last audit, run the checks: what was red before, by whoever's hand, is not held
        against the work. What a turn that was stopped broke is."""
        kit, session = self._kit, self._kit.session
        step = session.plan.next_step if session.plan else None
        step_id = step.id if step else ""
        if session.snapshotted_step != step_id:
            snapshot = kit.snapshots.take()
            digest = kit.snapshots.state_hash(snapshot)
            kit.recorder.record(ev.StateSnapshotted(step_id, digest, len(snapshot)))
        if session.unjudged_effects:
            return
        for command in kit.settings.checks:
            outcome = kit.prover.run_configured(command, self._cancel)
            kit.recorder.record(ev.CheckFinished(outcome, "baseline"))

    def give_up(self, status: TurnStatus, reason: str, hint: str) -> Ending:
        """The work does not get done; where the last report was a lie, that is what it ends as."""
        report = self.last_report
        if report is None:
            finish, text = newest_report(self._kit, self._cancel)
            report = self._audit(finish, text) if text else None
        status = _worse_than(status, report) if report else status
        return Ending(status, "", _lies_first(report, reason), report, hint=hint)

    def on_prose(self, text: str) -> Ending | None:
        """A reply without calls: an answer when nothing is open, else one notice."""
        session = self._kit.session
        if _open_steps(session) and _worked(session):
            self._close_proven_steps()
        if _open_steps(session) and not _is_answer_only(session):
            return self._unfinished(text)
        return self._judge(None, text, TurnStatus.ANSWERED)

    def on_finish(self, finish: FinishReport) -> Ending | None:
        """`finish` was called: its steps, its claims and the checks decide."""
        session = self._kit.session
        if finish.status == "blocked":
            report = self._audit(finish, finish.summary)
            return Ending(
                _worse_than(TurnStatus.BLOCKED, report),
                finish.summary,
                finish.summary,
                report,
                hint="answer what blocks it, and resume",
            )
        self._close_proven_steps()
        remaining = _open_steps(session)
        if len(remaining) == 1 and remaining[0].done_when is None:
            self._mark(remaining[0], "the executor's finish; nothing more to check")
        ending = self._judge(finish, finish.summary, TurnStatus.DONE)
        if ending is None or ending.status is not TurnStatus.DONE:
            return ending
        if _open_steps(session):
            return self._unfinished(finish.summary, ending.audit)
        return None if self._planner_sees_more() else ending

    def _planner_sees_more(self) -> bool:
        """`planner.before_done`: asked once a turn; new steps stand in the plan it appends."""
        kit = self._kit
        asks = kit.settings.planner.before_done and kit.crew.has_planner
        if not (asks and _worked(kit.session) and self._notices.first_time("before_done")):
            return False
        make_plan(kit, PlanningReason.BEFORE_DONE, self._cancel)
        return bool(_open_steps(kit.session))

    def _unfinished(self, summary: str, report: AuditReport | None = None) -> Ending | None:
        """Done with the script unfinished: told once, lies beside it, then it is incomplete."""
        session = self._kit.session
        named = _named(_open_steps(session))
        report = report or self._audit(None, summary)
        if session.turn and session.turn.unfinished_notices == 0:
            lies = f"{report_for_model(report)}\n\n" if report.contradicted else ""
            self._notices.tell(
                "unfinished",
                f"{lies}The plan still has open steps: {named}. Go on with a tool call: do what "
                "they say, and mark each with plan_notes: done (its check runs), or "
                "cancelled and why if the user does not want it. Then call finish again.",
            )
            return None
        return Ending(
            _worse_than(TurnStatus.INCOMPLETE, report),
            summary,
            _lies_first(report, f"open steps: {named}"),
            report,
            hint="resume to go on with them",
        )

    def _close_proven_steps(self) -> None:
        """Steps whose check passes, or whose files were all changed, are done: no need to ask."""
        for step in _open_steps(self._kit.session):
            if step.done_when is not None:
                outcome = self._kit.prover.run(step.done_when, self._cancel)
                self._kit.recorder.record(ev.CheckFinished(outcome, "finish", step.id))
                if outcome.passed:
                    self._mark(step, f"{step.done_when}")
                elif outcome.refused:
                    # Nobody could look: what was changed is the only sign there is.
                    if _was_worked_on(self._kit.session, step):
                        self._mark(step, f"unproven: its check was refused ({outcome.refused})")
                else:
                    self._notices.tell(
                        "check",
                        f"Step {step.id} is not done. Its check, that {step.done_when}, failed:\n"
                        f"{outcome.last_lines}",
                    )
            elif step.files and _was_worked_on(self._kit.session, step):
                self._mark(step, "its files were changed")

    def _mark(self, step: Step, evidence: str) -> None:
        self._kit.recorder.record(ev.StepMarked(step.id, StepStatus.DONE, evidence))
        self._kit.show_plan()

    def _audit(self, finish: FinishReport | None, prose: str) -> AuditReport:
        kit = self._kit
        report = kit.auditor.audit(kit.session, finish, prose, kit.recorder.record, self._cancel)
        attempt = kit.session.turn.audits + 1 if kit.session.turn else 1
        kit.recorder.record(ev.Audited(report, attempt))
        self.last_report = report
        return report

    def _judge(self, finish: FinishReport | None, text: str, well: TurnStatus) -> Ending | None:
        """Contradicted goes back with its evidence, then to the advisor once, then it stands."""
        report = self._audit(finish, text)
        if report.verdict is not Verdict.CONTRADICTED:
            return Ending(well, text, audit=report)
        audits = self._kit.session.turn.audits if self._kit.session.turn else 1
        if audits <= self._kit.settings.audit.returns:
            self._notices.tell("audit", report_for_model(report))
            return None
        if self._notices.first_time("audit_consult") and self._consult(report):
            return None
        named = _named(_open_steps(self._kit.session))
        beside = [
            *(f.text for f in _unproven(report)),
            *([f"open steps: {named}"] if named else ()),
        ]
        return Ending(
            _worse_than(well, report),
            text,
            _lies_first(report, *beside),
            report,
            hint="look at the findings, then resume with what should be done about them",
        )

    def _consult(self, report: AuditReport) -> bool:
        kit = self._kit
        if kit.crew.planner is None or kit.session.consults >= kit.settings.planner.consults:
            return False
        question = (
            "My report was held against the disk and contradicted again. What should I do?\n"
            + report_for_model(report)
        )
        try:
            advice = kit.advisor.advise(question, self._cancel)
        except (ModelProblem, BudgetExceeded, KeyProblem):
            return False  # what is contradicted stays so, whether or not anybody could be asked
        kit.recorder.record(ev.Consulted(question, advice))
        self._notices.tell("audit", f"{report_for_model(report)}\n\nAdvice: {advice}")
        return True


def _unproven(report: AuditReport) -> tuple[Finding, ...]:
    """Beside a lie, what nobody could see is worth naming too."""
    return tuple(f for f in report.findings if f.verdict is Verdict.UNPROVEN)


def _lies_first(report: AuditReport | None, *more: str) -> str:
    """Whoever reads one line reads the lie."""
    lies = [finding.text for finding in report.contradicted] if report else []
    return "; ".join([*lies, *more])


def _named(steps: tuple[Step, ...]) -> str:
    return "; ".join(f"{step.id} ({step.intent})" for step in steps)


def _open_steps(session: Session) -> tuple[Step, ...]:
    return session.plan.open_steps if session.plan else ()


def _worked(session: Session) -> bool:
    return bool(session.turn and session.turn.effects)


def _is_answer_only(session: Session) -> bool:
    """A question in the middle of a plan was answered: nothing was done and nothing is claimed."""
    return bool(session.turn and not session.turn.effects and is_question(session.turn.prompt))


def _was_worked_on(session: Session, step: Step) -> bool:
    """Every file it names was changed; one that names none: this turn changed something."""
    if not step.files:
        return _worked(session)
    changed = {entry.change.path for entry in session.changes}
    return all(path in changed for path in step.files)


def _worse_than(status: TurnStatus, report: AuditReport) -> TurnStatus:
    """Contradicted beats every other way to end."""
    if report.verdict is not Verdict.CONTRADICTED:
        return status
    kinds = {finding.kind for finding in report.contradicted}
    only_checks = kinds == {FindingKind.CHECK_FAILED}
    return TurnStatus.CHECK_FAILED if only_checks else TurnStatus.CONTRADICTED
