"""Which checks of a plan can hold beside each other, and which commands may prove a step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from burnless.core.plan import Check, Plan, Step
from burnless.core.settings import Settings
from burnless.policy.rules import readable_rules

_WANTS_THE_FILE = {"exists", "contains", "lacks"}


def contradictions(plan: Plan) -> Iterator[tuple[Step, str]]:
    """Open steps whose file predicate cannot hold while an earlier step's does, and why."""
    asking = [step for step in plan.open_steps if step.done_when and step.done_when.path]
    for one, other in combinations(asking, 2):
        if one.done_when and other.done_when and _exclude(one.done_when, other.done_when):
            why = f"{other.done_when} contradicts {one.id}, where {one.done_when}: they cannot both"
            yield other, f"{why} hold at the end. Keep the one that is true when all is done."


def _exclude(one: Check, other: Check) -> bool:
    """What contains a text contains each part of it; what is gone holds nothing."""
    if one.path.removeprefix("./") != other.path.removeprefix("./"):
        return False
    predicates = {one.predicate, other.predicate}
    if "absent" in predicates:
        return bool(predicates & _WANTS_THE_FILE)
    if predicates != {"contains", "lacks"}:
        return False
    held, missing = (one, other) if one.predicate == "contains" else (other, one)
    return missing.text in held.text


def commands_that_may_run(settings: Settings) -> str:
    """Which commands run where nobody can be asked, as one sentence for a planner."""
    rules = readable_rules(settings.permissions.allow)
    patterns = [rule.pattern or "any command" for rule in rules if rule.tool == "Bash"]
    named = [f"`{pattern}`" for pattern in dict.fromkeys((*settings.checks, *patterns))]
    what_reads = "commands that only read (grep, git diff)"
    return f"{', '.join(named)}, and {what_reads}" if named else what_reads
