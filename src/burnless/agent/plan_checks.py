"""Checks and excerpts of a submitted plan, held against the disk and what may run here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from burnless.agent.kit import Kit
from burnless.core.permissions import Decision, RunCommand
from burnless.core.plan import Check, Excerpt, Plan, Step
from burnless.core.settings import PermissionMode
from burnless.policy.plan_checks import commands_that_may_run, contradictions
from burnless.policy.plan_text import PlanProblem

_READ_TEXT = {"contains", "lacks"}


@dataclass(frozen=True, slots=True)
class _Doubt:
    """`can_hold` False: no work can make it true. Else it is only not permitted to run."""

    step: Step
    why: str
    can_hold: bool = False


def accept_plan(kit: Kit, plan: Plan, *, may_repair: bool) -> Plan:
    """The plan as it can be worked on. With `may_repair` raises PlanProblem for its doubtful
    checks; without, what can never hold is left out: a plan is worth more than its checks.

    A command that nobody may run stays: its step ends as done but unproven, and that is said.
    """
    plan = replace(plan, excerpts=tuple(_as_in_the_file(kit, plan.excerpts)))
    doubts = list(_doubts(kit, plan))
    if doubts and may_repair:
        raise PlanProblem(tuple(f"{doubt.step.id}.done_when: {doubt.why}" for doubt in doubts))
    for doubt in doubts:
        if not doubt.can_hold:
            plan = plan.with_step(replace(doubt.step, done_when=None))
    return plan


def _as_in_the_file(kit: Kit, excerpts: Iterable[Excerpt]) -> Iterator[Excerpt]:
    """Quotes with the line numbers they have; what does not stand in its file is no quote.

    An executor edits from them: `read` numbers its lines, and those numbers get copied along.
    """
    for excerpt in excerpts:
        source = _lines_of(kit.root, excerpt.path)
        quoted = excerpt.text.strip("\n").splitlines()
        unnumbered = [_LINE_NUMBER.sub("", line) for line in quoted]
        for lines in (quoted, unnumbered):
            at = _find_lines(source, lines)
            if at:
                place = f"{at}-{at + len(lines) - 1}" if len(lines) > 1 else str(at)
                yield Excerpt(excerpt.path, place, "\n".join(lines))
                break


_LINE_NUMBER = re.compile(r"^ *\d+\t")
_LARGEST_BYTES = 2_000_000


def _lines_of(root: Path, path: str) -> list[str]:
    target = root / path
    try:
        inside = target.resolve().is_relative_to(root.resolve())
        if not inside or not target.is_file() or target.stat().st_size > _LARGEST_BYTES:
            return []
        return target.read_text("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return []


def _find_lines(source: list[str], lines: list[str]) -> int:
    """Where, from 1, these lines stand in a row; blanks at their ends count for nothing."""
    wanted = [line.rstrip() for line in lines]
    if not any(wanted):
        return 0
    held = [line.rstrip() for line in source]
    starts = (at for at, line in enumerate(held) if line == wanted[0])
    return next((at + 1 for at in starts if held[at : at + len(wanted)] == wanted), 0)


def may_be_refused(kit: Kit) -> bool:
    """Whether a command that would be asked about is refused, because nobody is there."""
    if kit.gate.mode in {PermissionMode.PLAN, PermissionMode.BYPASS}:
        return False  # the plan is carried out in another mode; nothing is refused
    silent = {PermissionMode.DONT_ASK, PermissionMode.AUTO}
    return kit.gate.mode in silent or not kit.approver.interactive


def _doubts(kit: Kit, plan: Plan) -> Iterator[_Doubt]:
    """Of the checks that are new; what an earlier plan held was looked at then."""
    previous = kit.session.plan
    seen: set[str] = set()
    for step in plan.open_steps:
        known = previous.step(step.id) if previous else None
        if step.done_when is None or (known and known.done_when == step.done_when):
            continue
        doubt = _doubt(kit, step, step.done_when)
        if doubt:
            seen.add(step.id)
            yield doubt
    for step, why in contradictions(plan):
        if step.id not in seen:
            seen.add(step.id)
            yield _Doubt(step, why)


def _doubt(kit: Kit, step: Step, check: Check) -> _Doubt | None:
    if check.command:
        why = _why_refused(kit, check.command)
        return _Doubt(step, why, can_hold=True) if why else None
    target = kit.root / check.path
    if not target.resolve().is_relative_to(kit.root.resolve()):
        return _Doubt(step, f"{check.path} is outside the workspace: name a path inside it.")
    if check.predicate in _READ_TEXT and (target.is_dir() or check.path.endswith("/")):
        return _Doubt(
            step,
            f"{check.path} is a folder, and {check.predicate} looks into one file: name the file"
            f"{_or_grep(check)}.",
        )
    if any(mark in check.path for mark in "*?") and not target.exists():
        return _Doubt(step, f"{check.path} is a pattern, and a predicate takes one path: name it.")
    return None


def _or_grep(check: Check) -> str:
    """The same question as a command: one that only reads may always run."""
    if "'" in check.text or "\n" in check.text:
        return ", or use a command such as grep -rqF"
    negated = "! " if check.predicate == "lacks" else ""
    return f", or use the command: {negated}grep -rqF -- '{check.text}' {check.path}"


def _why_refused(kit: Kit, command: str) -> str:
    if kit.gate.mode is PermissionMode.PLAN:
        return ""
    ruling = kit.gate.judge(RunCommand(command, "plan"))
    refused = ruling.decision is Decision.DENY or (
        ruling.decision is Decision.ASK and may_be_refused(kit)
    )
    if not refused:
        return ""
    return (
        f"`{command}` would be refused ({ruling.reason}), and then nothing is proven. These may "
        f"run: {commands_that_may_run(kit.settings)}. Use one of them, or a file predicate."
    )
