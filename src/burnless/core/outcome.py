"""How a turn ends, and the exit code of each way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from burnless.core.evidence import AuditReport
from burnless.core.plan import Plan
from burnless.core.usage import NOTHING_USED, Usage


class TurnStatus(StrEnum):
    DONE = "done"
    ANSWERED = "answered"
    PLANNED = "planned"
    BLOCKED = "blocked"
    INCOMPLETE = "incomplete"
    STUCK = "stuck"
    THRASHING = "thrashing"
    CONTRADICTED = "contradicted"
    CHECK_FAILED = "check_failed"
    TURN_LIMIT = "turn_limit"
    BUDGET = "budget"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def exit_code(self) -> int:
        return _EXIT_CODES[self]


_EXIT_CODES = {
    TurnStatus.DONE: 0,
    TurnStatus.ANSWERED: 0,
    TurnStatus.PLANNED: 0,
    TurnStatus.BLOCKED: 1,
    TurnStatus.INCOMPLETE: 1,
    TurnStatus.STUCK: 1,
    TurnStatus.THRASHING: 1,
    TurnStatus.CONTRADICTED: 3,
    TurnStatus.CHECK_FAILED: 3,
    TurnStatus.TURN_LIMIT: 53,
    TurnStatus.BUDGET: 54,
    TurnStatus.UNAVAILABLE: 75,
    TurnStatus.REFUSED: 1,
    TurnStatus.FAILED: 1,
    TurnStatus.INTERRUPTED: 130,
}


@dataclass(frozen=True, slots=True)
class Spend:
    """What calls of one kind took. `cost` counts known prices only; `unknown` the other calls;
    `estimated` those that cost something by a usage the provider did not say.
    """

    calls: int = 0
    usage: Usage = NOTHING_USED
    cost: int = 0
    included: int = 0
    unknown: int = 0
    estimated: int = 0

    def __add__(self, other: Spend) -> Spend:
        return Spend(
            self.calls + other.calls,
            self.usage + other.usage,
            self.cost + other.cost,
            self.included + other.included,
            self.unknown + other.unknown,
            self.estimated + other.estimated,
        )


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn came to. `exit_code` beats the status's own where an error brought one."""

    status: TurnStatus
    summary: str
    session_id: str
    reason: str = ""
    plan: Plan | None = None
    audit: AuditReport | None = None
    changed: tuple[str, ...] = ()
    exit_code: int = 0
    hint: str = ""
