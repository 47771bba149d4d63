"""A plan for people: a checklist to look at, and a text to edit and read back."""

from __future__ import annotations

from dataclasses import replace

from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.ui.lines import Line, Span, Style, line, styled

_MARKS = {
    StepStatus.PENDING: ("[ ]", Style.PLAIN),
    StepStatus.DONE: ("[x]", Style.GOOD),
    StepStatus.FAILED: ("[!]", Style.BAD),
    StepStatus.CANCELLED: ("[-]", Style.DIM),
}
_UNPROVEN = ("[?]", Style.WARNING)

_EDIT_HELP = """\
# Edit the plan, then save and close. Lines that start with # are ignored.
# Reorder, reword, add or delete steps. `done when: some command` under a step is what proves it.
# An empty file starts nothing.
"""


def checklist(plan: Plan) -> list[Line]:
    """Goal, steps with their state, and what the planner wants known."""
    lines = [line(Span("Plan ", Style.STRONG), plan.goal)]
    for step in plan.steps:
        mark, style = _UNPROVEN if step.is_unproven else _MARKS[step.status]
        lines.append(line(Span(f"  {mark} ", style), f"{step.id}. {step.intent}"))
        about = _about(step)
        if about and step.status.is_open:
            lines.append(styled(Style.DIM, f"        {about}"))
    for title, items in (
        ("keep to", plan.constraints),
        ("do not touch", plan.do_not_touch),
        ("risk", plan.risks),
        ("open question", plan.open_questions),
    ):
        lines += [line(Span(f"  {title}: ", Style.DIM), item) for item in items]
    return lines


def _about(step: Step) -> str:
    parts = [", ".join(step.files), f"done when {step.done_when}" if step.done_when else ""]
    return " · ".join(part for part in parts if part)


def to_edit(plan: Plan) -> str:
    """The open part of a plan as a text that `from_edit` reads back unchanged."""
    rows = [_EDIT_HELP, f"goal: {' '.join(plan.goal.split())}", ""]
    for step in plan.open_steps:
        rows.append(f"- {' '.join(step.intent.split())}")
        if step.done_when is not None and step.done_when.command:
            rows.append(f"  done when: {step.done_when.command}")
    return "\n".join(rows) + "\n"


def from_edit(text: str, plan: Plan) -> Plan | None:
    """The plan as the user left it; None where no step is left.

    A step whose words did not change keeps its files, symbols, id and file predicate.
    """
    goal, drafts = plan.goal, _drafts(text)
    for row in text.splitlines():
        if row.startswith("goal:"):
            goal = row.removeprefix("goal:").strip() or goal
    if not drafts:
        return None
    if to_edit(plan) == text:
        return plan
    known = {" ".join(step.intent.split()): step for step in plan.open_steps}
    taken = {step.id for step in plan.steps}
    steps = [step for step in plan.steps if not step.status.is_open]
    for intent, command in drafts:
        old = known.get(intent)
        fresh = old or Step(id=_free_id(taken), intent=intent)
        taken.add(fresh.id)
        steps.append(_with_command(fresh, command))
    first_open = next(step.id for step in steps if step.status.is_open)
    return replace(plan, goal=goal, steps=tuple(steps), next=first_open)


def _drafts(text: str) -> list[tuple[str, str]]:
    """Each step's words and the command that proves it."""
    drafts: list[tuple[str, str]] = []
    for row in text.splitlines():
        stripped = row.strip()
        if stripped.startswith("#") or not stripped:
            continue
        if stripped.startswith(("- ", "* ")):
            drafts.append((" ".join(stripped[2:].split()), ""))
        elif drafts and stripped.lower().startswith("done when:"):
            drafts[-1] = (drafts[-1][0], stripped.partition(":")[2].strip())
        elif drafts:
            drafts[-1] = (f"{drafts[-1][0]} {stripped}", drafts[-1][1])
    return [draft for draft in drafts if draft[0]]


def _with_command(step: Step, command: str) -> Step:
    if command:
        return replace(step, done_when=Check(command=command))
    if step.done_when is not None and step.done_when.command:
        return replace(step, done_when=None)
    return step


def _free_id(taken: set[str]) -> str:
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)
