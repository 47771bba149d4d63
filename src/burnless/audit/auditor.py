"""The auditor: claims, journal and disk, then the configured checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from burnless.audit.checks import new_failures, still_failing
from burnless.audit.claims import collect_claims
from burnless.audit.command_findings import (
    judge_passed,
    judge_repeated,
    judge_run,
    run_to_repeat,
)
from burnless.audit.disk import DiskView, WorkspaceDisk
from burnless.audit.file_findings import (
    Ground,
    claimed_paths,
    find_path,
    has_gap,
    is_folder,
    judge_deleted,
    judge_written,
    net_changes,
    out_of_scope,
    undeclared,
)
from burnless.audit.symbol_findings import judge_symbol
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    Claim,
    ClaimKind,
    CommandOutcome,
    Finding,
    FindingKind,
    Verdict,
    verdict_of,
)
from burnless.core.plan import Step, StepStatus
from burnless.core.protocols import FinishReport, Prover, Snapshots
from burnless.core.session import Session
from burnless.core.settings import Settings
from burnless.policy.questions import is_question

REPEATS_MOST = 3
"""How many stale commands one audit runs again."""

_NAMES_SHOWN = 5

Record = Callable[[ev.Event], object]


class WorkspaceAuditor:
    """Implements `Auditor`. Reads no model output but claims, and no file but those claimed."""

    def __init__(
        self, root: Path, cwd: Path, snapshots: Snapshots, prover: Prover, settings: Settings
    ) -> None:
        self._root = root
        self._cwd = cwd
        self._snapshots = snapshots
        self._prover = prover
        self._settings = settings

    def audit(
        self,
        session: Session,
        report: FinishReport | None,
        prose: str,
        record: Record,
        cancel: CancelToken,
    ) -> AuditReport:
        """Checks run first: a claim that tests pass may be proven by one of them."""
        disk = WorkspaceDisk(self._root, self._cwd, self._snapshots)
        claims = collect_claims(
            report,
            prose,
            read_prose=self._settings.audit.prose,
            is_folder=lambda word: is_folder(word, session, disk),
        )
        only_answered = report is None and _only_answered(session)
        if only_answered:
            claims = claims.in_first_person()
        checks = [] if only_answered else self._run_checks(session, record, cancel)
        ground = ground_for(session, disk, claims.items, takes_back=claims.takes_back)
        ground = with_passing(ground, claims.passing)
        findings = [judge(claim, ground) for claim in claims.items]
        findings = list(self._repeat_stale(findings, session, record, cancel))
        findings += [] if only_answered else _judge_steps(session, disk)
        findings += out_of_scope(session)
        note = undeclared(ground) if report is not None else None
        findings += [note] if note else []
        findings += checks
        return AuditReport(tuple(findings), verdict_of(tuple(findings)))

    def _run_checks(self, session: Session, record: Record, cancel: CancelToken) -> list[Finding]:
        """Only where files are different since the last audit, or may be: an effect was cut off.
        Nothing else can have broken anything."""
        if not net_changes(session) and not has_gap(session):
            return []
        return [
            self._run_check(command, session, record, cancel) for command in self._settings.checks
        ]

    def _run_check(
        self, command: str, session: Session, record: Record, cancel: CancelToken
    ) -> Finding:
        baseline = session.baseline.get(command)
        after = self._prover.run_configured(command, cancel)
        record(ev.CheckFinished(after, "after"))
        failing = new_failures(baseline, after)
        if failing:
            again = self._prover.run_configured(command, cancel)
            record(ev.CheckFinished(again, "again"))
            second = new_failures(baseline, again)
            failing = still_failing(failing, second)
            flaky = not failing
            after = again
        else:
            flaky = False
        return judge_check(baseline, after, failing, flaky=flaky)

    def _repeat_stale(
        self, findings: list[Finding], session: Session, record: Record, cancel: CancelToken
    ) -> Iterator[Finding]:
        """What ran before the last edit is run again by the harness instead of scolded."""
        repeated: dict[str, CheckOutcome] = {}
        for finding in findings:
            claim = finding.claim
            command = run_to_repeat(claim, session) if claim and _is_stale(finding) else ""
            if claim is None or not command:
                yield finding
                continue
            if command not in repeated:
                if len(repeated) == REPEATS_MOST:
                    yield finding
                    continue
                repeated[command] = self._prover.run_configured(command, cancel)
                record(ev.CheckFinished(repeated[command], "after"))
            yield _after_repeat(finding, claim, repeated[command], session)


def ground_for(
    session: Session, disk: DiskView, claims: tuple[Claim, ...], *, takes_back: bool
) -> Ground:
    """The claims among themselves matter too: what is said to be deleted need not be there."""
    ground = Ground(session, disk, takes_back)
    return replace(
        ground,
        deleted=claimed_paths(claims, ClaimKind.FILE_DELETED, ground),
        written=claimed_paths(claims, ClaimKind.FILE_WRITTEN, ground),
    )


def with_passing(ground: Ground, named: frozenset[str]) -> Ground:
    """What is said to have been removed again need not be there either."""
    return replace(ground, passing=frozenset(find_path(path, ground).rstrip("/") for path in named))


def judge(claim: Claim, ground: Ground) -> Finding:
    """One claim. Nothing is run."""
    match claim.kind:
        case ClaimKind.FILE_WRITTEN:
            return judge_written(claim, ground)
        case ClaimKind.FILE_DELETED:
            return judge_deleted(claim, ground)
        case ClaimKind.COMMAND_RUN:
            return judge_run(claim, ground)
        case ClaimKind.COMMAND_PASSED:
            return judge_passed(claim, ground)
        case ClaimKind.SYMBOL_ADDED:
            return judge_symbol(claim, ground)
        case ClaimKind.STEP_DONE:
            return Finding(Verdict.UNPROVEN, f"claimed step {claim.subject} done", claim=claim)


def judge_check(
    baseline: CheckOutcome | None, after: CheckOutcome, failing: tuple[str, ...], *, flaky: bool
) -> Finding:
    """`failing`: the new failures that two runs have."""
    name = f"check `{after.command}`"
    evidence = f"exit {after.exit_code}"
    if after.refused:
        text = f"{name} was not run: {after.refused}"
        return Finding(Verdict.UNPROVEN, text, FindingKind.CHECK_REFUSED)
    if failing:
        text = f"{name} newly fails: {_names(failing)}{_said(after)}"
        return Finding(Verdict.CONTRADICTED, text, FindingKind.CHECK_FAILED, evidence=evidence)
    if flaky:
        text = f"{name} failed once and not again"
    elif after.passed:
        text = f"{name} passes"
    else:
        text = f"{name} has no new failures ({_known(baseline, after)})"
    return Finding(Verdict.PROVEN, text, evidence=evidence)


def _only_answered(session: Session) -> bool:
    """Nothing was done and a question was asked: "updated a.py" may tell of a commit."""
    turn = session.turn
    return turn is not None and not turn.effects and is_question(turn.prompt)


def _judge_steps(session: Session, disk: DiskView) -> Iterator[Finding]:
    """Steps marked done, where anything was done or marked since the last audit: their evidence,
    and whether it still holds."""
    if session.plan is None or not (session.unjudged_effects or session.unjudged_marks):
        return
    for step in session.plan.steps:
        if step.status is StepStatus.DONE and step.done_when is not None:
            yield _judge_step(step, disk)


def _judge_step(step: Step, disk: DiskView) -> Finding:
    claim = Claim(ClaimKind.STEP_DONE, step.id, "step")
    check = step.done_when
    exists = disk.exists(check.path) if check and check.path else None
    broken = check is not None and (
        (check.predicate == "exists" and exists is False)
        or (check.predicate == "absent" and exists is True)
    )
    if broken:
        text = f"step {step.id} was done, but its check holds no more: {check}"
        return Finding(Verdict.UNPROVEN, text, claim=claim, evidence=step.evidence)
    if not step.evidence or step.evidence.startswith("unproven"):
        text = f"step {step.id} is marked done, but {check} was not shown"
        return Finding(Verdict.UNPROVEN, text, claim=claim, evidence=step.evidence)
    return Finding(Verdict.PROVEN, f"step {step.id} done", claim=claim, evidence=step.evidence)


def _is_stale(finding: Finding) -> bool:
    return finding.kind is FindingKind.STALE_RUN


def _after_repeat(
    finding: Finding, claim: Claim, outcome: CheckOutcome, session: Session
) -> Finding:
    if outcome.refused:
        text = f"{finding.text}; running it again was refused: {outcome.refused}"
        return replace(finding, text=text)
    baseline = session.baseline.get(outcome.command)
    if baseline is not None and not baseline.passed and not new_failures(baseline, outcome):
        text = f"{finding.text}; run again, it fails as it did before the work"
        return Finding(Verdict.UNPROVEN, text, FindingKind.RUN_FAILED, claim, finding.evidence)
    lines = outcome.last_lines.strip().splitlines()
    ran = CommandOutcome(outcome.command, outcome.exit_code, lines[-1] if lines else "")
    return judge_repeated(claim, ran, f"exit {outcome.exit_code}")


def _known(baseline: CheckOutcome | None, after: CheckOutcome) -> str:
    before = len(baseline.failures) if baseline else 0
    now = len(after.failures)
    if not (before and now):
        return "it failed before the work too"
    if now < before:
        fail = "fails" if now == 1 else "fail"
        return f"{now} of the {before} tests that failed before the work still {fail}"
    return f"{now} failing test{'' if now == 1 else 's'} failed before the work too"


def _names(failing: tuple[str, ...]) -> str:
    more = len(failing) - _NAMES_SHOWN
    return ", ".join(failing[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _said(after: CheckOutcome) -> str:
    lines = after.last_lines.strip().splitlines()
    return f" ({lines[-1]})" if lines else ""
