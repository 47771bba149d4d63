"""Plans in and out of text: what a planner submits, what an executor and a user read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import count

from burnless.core.encoding import Json
from burnless.core.plan import Plan, Step, StepStatus
from burnless.policy.plan_draft import PlanDraft, PlanProblem, StepDraft, nearest, read_draft
from burnless.policy.plan_rendering import plan_markdown, render_plan
from burnless.policy.tokens import cut_to_tokens

__all__ = [
    "PlanProblem",
    "fallback_plan",
    "parse_fenced_plan",
    "parse_plan",
    "plan_markdown",
    "render_plan",
]

HANDOFF_TOKENS = 300
FALLBACK_INTENT_TOKENS = 300
_GOAL_TOKENS = 60
_SAME_STEP = 0.5
"""Below this likeness a step under a finished id is other work, not the same step told again."""


def parse_plan(value: Json, *, previous: Plan | None) -> Plan:
    """The plan that the arguments of `submit_plan` stand for. Raises PlanProblem.

    With `previous` it is an update: finished and cancelled steps stay as they are, in front;
    open steps that are not mentioned stay open unless they are cancelled.
    """
    problems: list[str] = []
    draft = read_draft(value, problems)
    known = previous or Plan("", (), revision=0)
    goal = draft.goal or known.goal
    if not goal:
        problems.append("goal is missing: say in one sentence what is true when the work is done.")
    if not draft.steps and previous is None and not problems:
        problems.append("steps is empty: give at least one step with an intent.")
    steps = _merge(_numbered(draft, known, problems), known)
    steps = _marked(steps, draft, problems)
    following = _next(steps, draft.next, problems)
    if problems:
        raise PlanProblem(tuple(problems))
    return Plan(
        goal=goal,
        steps=steps,
        constraints=_stated(draft.constraints, known.constraints),
        do_not_touch=_stated(draft.do_not_touch, known.do_not_touch),
        risks=_stated(draft.risks, known.risks),
        open_questions=_stated(draft.open_questions, known.open_questions),
        excerpts=draft.excerpts,
        decided=tuple(dict.fromkeys((*known.decided, *draft.decided))),
        handoff=_handoff(draft, known, steps),
        next=following,
        revision=known.revision + 1,
    )


def parse_fenced_plan(text: str, previous: Plan | None) -> Plan:
    """The one fenced JSON plan in a worker's text; prose around it counts for nothing.

    Raises PlanProblem for none, for several, and for what `parse_plan` refuses.
    """
    blocks = [block for block in map(_json_or_none, _FENCE.findall(text)) if block is not None]
    plans = [block for block in blocks if _looks_like_a_plan(block)] or blocks
    if not plans:
        whole = _json_or_none(text)
        plans = [whole] if isinstance(whole, dict) else []
    if not plans:
        raise PlanProblem(
            ("No readable plan was found: put one JSON object between ```json and ``` lines.",)
        )
    if len(plans) > 1:
        raise PlanProblem((f"{len(plans)} fenced plans were found: send exactly one.",))
    return parse_plan(plans[0], previous=previous)


def fallback_plan(prompt: str, previous: Plan | None) -> Plan:
    """One step in the user's own words, after whatever an earlier plan still holds."""
    words = prompt.strip() or "Do what the user asked for."
    step = Step(
        id=_free_id({step.id for step in previous.steps} if previous else set()),
        intent=cut_to_tokens(
            words, FALLBACK_INTENT_TOKENS, "[the rest stands in the user's message]"
        ),
    )
    if previous is None:
        first_line = words.splitlines()[0]
        goal = cut_to_tokens(first_line, _GOAL_TOKENS, "[…]")
        return Plan(goal=goal, steps=(step,), next=step.id)
    return replace(
        previous,
        steps=(*previous.steps, step),
        next=step.id,
        handoff="",
        excerpts=(),
        revision=previous.revision + 1,
    )


def _handoff(draft: PlanDraft, known: Plan, steps: tuple[Step, ...]) -> str:
    """The newest one; an earlier one holds while a step that was open beside it still is."""
    if draft.handoff:
        return cut_to_tokens(draft.handoff, HANDOFF_TOKENS, "[cut: over 300 tokens]")
    still_open = {step.id for step in steps if step.status.is_open}
    return known.handoff if any(step.id in still_open for step in known.open_steps) else ""


def _stated(new: tuple[str, ...] | None, old: tuple[str, ...]) -> tuple[str, ...]:
    return old if new is None else tuple(dict.fromkeys(new))


def _numbered(draft: PlanDraft, known: Plan, problems: list[str]) -> list[Step]:
    """The draft's steps with ids. Steps that are finished by now are left out."""
    closed_now = {*draft.done, *draft.cancelled}
    by_intent = {_plain(step.intent): step for step in known.steps}
    taken = {step.id for step in known.steps} | {step.id for step in draft.steps}
    used: set[str] = set()
    steps = []
    for entry in draft.steps:
        same = known.step(entry.id) if entry.id else by_intent.get(_plain(entry.intent))
        if same and not same.status.is_open:
            _check_finished(entry, same, closed_now, problems)
            continue
        step_id = entry.id or (same.id if same else _free_id(taken))
        taken.add(step_id)
        if step_id in used:
            problems.append(
                f"{entry.where}.id {step_id!r} is used twice: give every step its own id."
            )
        used.add(step_id)
        steps.append(_step(step_id, entry, same))
    return steps


def _step(step_id: str, entry: StepDraft, same: Step | None) -> Step:
    """Told again in much the same words, a step keeps the details that were left out."""
    if same is None or not _alike(entry.intent, same.intent):
        return Step(step_id, entry.intent, entry.files, entry.symbols, entry.done_when)
    return Step(
        id=step_id,
        intent=entry.intent,
        files=entry.files or same.files,
        symbols=entry.symbols or same.symbols,
        done_when=entry.done_when or same.done_when,
    )


def _check_finished(
    entry: StepDraft, same: Step, closed_now: set[str], problems: list[str]
) -> None:
    """A finished step told again is ignored; other work under its id would be lost: say so."""
    if entry.id in closed_now or _alike(entry.intent, same.intent):
        return
    problems.append(
        f"{entry.where}.id {same.id!r} belongs to a {same.status} step ({same.intent!r}): "
        "leave finished steps out, and give new work a new id."
    )


def _alike(left: str, right: str) -> bool:
    """Whether two intents share most of their words."""
    a, b = set(_plain(left).split()), set(_plain(right).split())
    return len(a & b) >= _SAME_STEP * min(len(a), len(b))


def _plain(intent: str) -> str:
    return " ".join(re.findall(r"\w+", intent.casefold()))


def _free_id(taken: set[str]) -> str:
    return next(str(number) for number in count(1) if str(number) not in taken)


def _merge(new: list[Step], known: Plan) -> tuple[Step, ...]:
    """Finished steps first; then the new order, each kept open step before its old successor."""
    mentioned = {step.id for step in new}
    waiting = [step for step in known.steps if step.status.is_open]
    open_steps: list[Step] = []
    for step in new:
        place = next((at for at, old in enumerate(waiting) if old.id == step.id), -1)
        open_steps.extend(old for old in waiting[: max(place, 0)] if old.id not in mentioned)
        del waiting[: place + 1]
        open_steps.append(step)
    open_steps.extend(step for step in waiting if step.id not in mentioned)
    closed = (step for step in known.steps if not step.status.is_open)
    return (*closed, *open_steps)


def _marked(steps: tuple[Step, ...], draft: PlanDraft, problems: list[str]) -> tuple[Step, ...]:
    """Mark what the planner says is done or cancelled, and keep the finished in front."""
    ids = [step.id for step in steps]
    for key, named in (("done", draft.done), ("cancelled", draft.cancelled)):
        for step_id in named:
            if step_id not in ids:
                problems.append(_unknown_step(f"{key} names", step_id, ids))
    both = sorted({*draft.done} & {*draft.cancelled})
    if both:
        problems.append(f"{', '.join(both)} stands in done and in cancelled: keep one of them.")
    marked = [_mark(step, draft) for step in steps]
    return tuple(sorted(marked, key=lambda step: step.status.is_open))


def _mark(step: Step, draft: PlanDraft) -> Step:
    if not step.status.is_open:
        return step
    if step.id in draft.done:
        unproven = "unproven: its check was not run, " if step.done_when else ""
        return replace(step, status=StepStatus.DONE, evidence=f"{unproven}the planner says so")
    if step.id in draft.cancelled:
        return replace(step, status=StepStatus.CANCELLED, evidence="the planner says so")
    return step


def _next(steps: tuple[Step, ...], named: str, problems: list[str]) -> str:
    """The open step to work on: as named, else the first open one."""
    open_ids = [step.id for step in steps if step.status.is_open]
    if named in open_ids:
        return named
    if named and named not in {step.id for step in steps}:
        problems.append(_unknown_step("next names", named, open_ids))
    return next(iter(open_ids), "")


def _unknown_step(what: str, step_id: str, ids: list[str]) -> str:
    known = ", ".join(ids) or "none"
    guess = nearest(step_id, ids)
    return f"{what} step {step_id!r}, which is not in the plan (steps: {known}).{guess}"


_FENCE = re.compile(r"^[ \t]*```(?:json)?[ \t]*\n(.*?)^[ \t]*```[ \t]*$", re.S | re.M | re.I)


def _json_or_none(text: str) -> Json:
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _looks_like_a_plan(value: Json) -> bool:
    return isinstance(value, dict) and bool(value.keys() & {"steps", "goal", "done", "next"})
