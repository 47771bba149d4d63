"""How the work of a turn ended, before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from burnless.core.evidence import AuditReport
from burnless.core.outcome import TurnStatus


@dataclass(frozen=True, slots=True)
class Ending:
    """`hint` is the next thing the user can do; `exit_code` 0 = the status's own."""

    status: TurnStatus
    summary: str
    reason: str = ""
    audit: AuditReport | None = None
    hint: str = ""
    exit_code: int = 0
