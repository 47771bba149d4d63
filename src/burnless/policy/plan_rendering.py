"""A plan as its readers see it: compact for the executor, numbered Markdown for the user."""

from __future__ import annotations

import re

from burnless.core.plan import Excerpt, Plan, Step, StepStatus
from burnless.policy.tokens import cut_to_tokens, estimate

_MARKS = {
    StepStatus.PENDING: "[ ]",
    StepStatus.DONE: "[x]",
    StepStatus.FAILED: "[!]",
    StepStatus.CANCELLED: "[-]",
}
_UNPROVEN = "[?]"
_LEGEND = (
    "[x] done, [?] done but its check was not run, [ ] open, [!] its check failed, [-] cancelled"
)
CLOSED_INTENT_TOKENS = 30
CLOSED_EVIDENCE_TOKENS = 25
"""A closed step is one line: what it was, and how that is known."""
CLOSED_STEPS_SHOWN = 12
"""Older finished steps are counted: a session of hundreds of steps still fits its prompt."""
DECISIONS_SHOWN = 40
EXCERPT_TOKENS = 6_000
"""All excerpts together; what does not fit is named so that it can be read."""


def render_plan(plan: Plan) -> str:
    """The plan as the executor is shown it. The same plan always gives the same text."""
    lines = [f"Plan (revision {plan.revision})", f"Goal: {plan.goal}"]
    lines += _listed("Constraints", plan.constraints)
    lines += _listed("Do not touch", plan.do_not_touch)
    lines += _steps(plan)
    if plan.next_step:
        lines.append(f"Next: {plan.next_step.id}")
    decided = plan.decided[-DECISIONS_SHOWN:]
    lines += _listed("Decided", decided)
    if len(decided) < len(plan.decided):
        lines.append(f"({len(plan.decided) - len(decided)} older decisions are not shown)")
    lines += _listed("Risks", plan.risks)
    lines += _listed("Open questions", plan.open_questions)
    if plan.handoff:
        lines.append(f"Handoff from the planner: {plan.handoff}")
    lines += _excerpts(plan.excerpts)
    return "\n".join(lines)


def plan_markdown(plan: Plan) -> str:
    """plan.md: numbered steps, for people."""
    lines = [f"# {plan.goal}", ""]
    for number, step in enumerate(plan.steps, 1):
        lines.append(f"{number}. {_mark(step)} **{step.id}** {_folded(step.intent, 3)}")
        lines += [f"   - {detail}" for detail in _details(step)]
        if step.evidence:
            lines.append(f"   - evidence: {_folded(step.evidence, 5)}")
    for title, entries in (
        ("Constraints", plan.constraints),
        ("Do not touch", plan.do_not_touch),
        ("Decided", plan.decided),
        ("Risks", plan.risks),
        ("Open questions", plan.open_questions),
    ):
        if entries:
            lines += ["", f"## {title}", "", *(f"- {_folded(entry, 2)}" for entry in entries)]
    if plan.handoff:
        lines += ["", "## Handoff", "", plan.handoff]
    lines += ["", f"Revision {plan.revision}."]
    if plan.next_step:
        lines[-1] += f" Next: {plan.next_step.id}."
    return "\n".join(lines) + "\n"


def _listed(title: str, entries: tuple[str, ...]) -> list[str]:
    return [f"{title}:", *(f"- {_folded(entry, 2)}" for entry in entries)] if entries else []


def _steps(plan: Plan) -> list[str]:
    closed = [step for step in plan.steps if not step.status.is_open]
    hidden = {step.id for step in closed[:-CLOSED_STEPS_SHOWN]}
    lines = [f"Steps ({_LEGEND}):"]
    if hidden:
        lines.append(f"({len(hidden)} older finished steps)")
    for step in plan.steps:
        if step.id in hidden:
            continue
        if step.status.is_open:
            lines.append(f"{_mark(step)} {step.id}: {_folded(step.intent, 4)}")
            lines += [f"    {detail}" for detail in _details(step)]
        else:
            lines.append(_closed_line(step))
    return lines


def _mark(step: Step) -> str:
    return _UNPROVEN if step.is_unproven else _MARKS[step.status]


def _closed_line(step: Step) -> str:
    """Its intent was for doing it: what is left to know is that it is over, and how."""
    title = _FIRST_SENTENCE.split(" ".join(step.intent.split()), maxsplit=1)[0]
    title = cut_to_tokens(title, CLOSED_INTENT_TOKENS, "[…]")
    evidence = cut_to_tokens(" ".join(step.evidence.split()), CLOSED_EVIDENCE_TOKENS, "[…]")
    return f"{_mark(step)} {step.id}: {title}" + (f" ({evidence})" if evidence else "")


_FIRST_SENTENCE = re.compile(r"(?<=[.!?])\s")


def _details(step: Step) -> list[str]:
    details = []
    if step.files:
        details.append(f"files: {', '.join(step.files)}")
    if step.symbols:
        details.append(f"symbols: {', '.join(step.symbols)}")
    if step.done_when:
        details.append(f"done when: {step.done_when}")
    return details


def _folded(text: str, indent: int) -> str:
    """Later lines of one entry are indented, so that none reads as an entry of its own."""
    return text.replace("\n", "\n" + " " * indent)


def _excerpts(excerpts: tuple[Excerpt, ...]) -> list[str]:
    if not excerpts:
        return []
    lines = ["Excerpts the planner read (files may have changed since; the file itself rules):"]
    room = EXCERPT_TOKENS
    for excerpt in excerpts:
        place = f"{excerpt.path} lines {excerpt.lines}" if excerpt.lines else excerpt.path
        if room <= 0:
            lines.append(f"{place}: left out, read it where you need it")
            continue
        text = cut_to_tokens(excerpt.text, room, "[cut: read the file for the rest]")
        room -= estimate(text)
        fence = fence_for(text)
        lines += [place, fence, text.removesuffix("\n"), fence]
    return lines


def fence_for(text: str) -> str:
    """Longer than any run of backticks inside, so that the quote ends where it ends."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return "`" * max(3, longest + 1)
