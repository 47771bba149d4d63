"""The `plan_notes` tool: a step is done when its check says so; notes outlive the conversation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from burnless.core import events as ev
from burnless.core.encoding import JsonObject
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.protocols import Prover, ToolContext, ToolOutcome
from burnless.tools.arguments import objects_of, text_of, texts_of
from burnless.tools.schema import load_schema

_STATUSES = {
    status.value: status for status in (StepStatus.DONE, StepStatus.FAILED, StepStatus.CANCELLED)
}


@dataclass(frozen=True, slots=True)
class _Report:
    """What came of one item: a line for the model, facts for the log."""

    text: str
    events: tuple[ev.Event, ...] = ()
    is_problem: bool = False


class PlanNotesTool:
    reads_only = False
    may_write_anywhere = False

    def __init__(self, prover: Prover) -> None:
        self._prover = prover

    @property
    def schema(self) -> ToolSchema:
        return load_schema("plan_notes")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        """None of its own: each check goes through the gate by the Prover."""
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return ""

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        reports: list[_Report] = []
        plan = context.session.plan
        for entry in objects_of(arguments, "steps"):
            report = self._mark(entry, plan, context)
            reports.append(report)
            plan = _after(plan, report)
        reports += [_noted("decision", text) for text in texts_of(arguments, "decisions")]
        reports += [_noted("fact", text) for text in texts_of(arguments, "facts")]
        if not reports:
            return ToolOutcome("Nothing to note: give steps, decisions or facts.", is_error=True)
        rows = [report.text for report in reports]
        if plan is not None and objects_of(arguments, "steps"):
            rows.append(_whats_next(plan))
        return ToolOutcome(
            text="\n".join(rows),
            is_error=any(report.is_problem for report in reports),
            events=tuple(event for report in reports for event in report.events),
        )

    def _mark(self, entry: JsonObject, plan: Plan | None, context: ToolContext) -> _Report:
        step_id = text_of(entry, "id")
        status = _STATUSES.get(text_of(entry, "status"))
        note = text_of(entry, "note")
        if plan is None:
            return _problem("There is no plan, so no step to mark. Go on with the task.")
        step = plan.step(step_id)
        if step is None:
            known = ", ".join(f"{each.id} ({each.status.value})" for each in plan.steps)
            return _problem(f"There is no step {step_id!r}. The steps are: {known}.")
        if status is None:
            return _problem(f"Step {step_id}: status must be done, failed or cancelled.")
        if step.status is status:
            return _Report(f"Step {step_id} was {status.value} already.")
        if status is StepStatus.DONE and step.done_when is not None:
            return self._prove(step, step.done_when, note, context)
        said = f"Step {step_id}: {status.value}."
        return _Report(said, (ev.StepMarked(step_id, status, note),))

    def _prove(self, step: Step, check: Check, note: str, context: ToolContext) -> _Report:
        outcome = self._prover.run(check, context.cancel)
        finished = ev.CheckFinished(outcome, "done_when", step.id)
        if outcome.refused:
            evidence = f"unproven: {outcome.refused}"
            return _Report(
                f"Step {step.id}: done but unproven. Its check, that {check}, was not run: "
                f"{outcome.refused.rstrip('.')}. Prove it by something that may run, or say in "
                "the summary that it is unproven.",
                (finished, ev.StepMarked(step.id, StepStatus.DONE, evidence)),
            )
        if outcome.passed:
            evidence = f"{check}; {note}" if note else str(check)
            return _Report(
                f"Step {step.id}: done, proven: {check}.",
                (finished, ev.StepMarked(step.id, StepStatus.DONE, evidence)),
            )
        code = "no exit code" if outcome.exit_code is None else f"exit {outcome.exit_code}"
        shown = f"\n{outcome.last_lines.strip()}" if outcome.last_lines.strip() else ""
        return _problem(
            f"Step {step.id} is NOT done. Its check, that {check}, failed ({code}).{shown}\n"
            f"Mend the cause, then mark {step.id} done again. If the check itself is wrong, "
            "mark the step cancelled and note what proves it instead; do not change a test only "
            "to make it pass.",
            (finished, ev.StepMarked(step.id, StepStatus.FAILED, f"check failed: {code}")),
        )


def _noted(kind: str, text: str) -> _Report:
    return _Report(f"Noted ({kind}).", (ev.NoteTaken(kind, text),))


def _problem(text: str, events: tuple[ev.Event, ...] = ()) -> _Report:
    return _Report(text, events, is_problem=True)


def _after(plan: Plan | None, report: _Report) -> Plan | None:
    """The plan with what this report says, as the fold will have it."""
    for event in report.events:
        step = plan.step(event.step) if plan and isinstance(event, ev.StepMarked) else None
        if plan and step and isinstance(event, ev.StepMarked):
            plan = plan.with_step(replace(step, status=event.status, evidence=event.evidence))
    return plan


def _whats_next(plan: Plan) -> str:
    step = plan.next_step
    if step is None:
        return (
            "No open steps. If nothing was run since your last change, run the tests; then finish."
        )
    return f"Next: {step.id}, {step.intent}"
