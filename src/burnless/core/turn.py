"""What the running turn came to: the session's fold keeps one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.core.outcome import Spend

RECENT_CALLS = 64
"""How many tool signatures of a turn are kept for the loop rules."""


@dataclass(frozen=True, slots=True)
class ToolSignature:
    """A call and its result, short enough to compare: loops repeat these."""

    tool: str
    arguments: str
    result: str
    outcome: str


@dataclass(slots=True)
class Turn:
    """What the running turn came to so far."""

    number: int
    prompt: str
    first_seq: int
    executor_calls: int = 0
    spend: dict[Role, Spend] = field(default_factory=dict)
    audits: int = 0
    unfinished_notices: int = 0
    effects: int = 0
    plannings: int = 0
    signatures: deque[ToolSignature] = field(default_factory=lambda: deque(maxlen=RECENT_CALLS))
    over: ev.TurnFinished | None = None

    @property
    def was_judged(self) -> bool:
        """An audit ended it. An answer that touched nothing leaves open what was open before."""
        if self.over is None or not self.over.verdict:
            return False
        return self.effects > 0 or self.over.status != "answered"
