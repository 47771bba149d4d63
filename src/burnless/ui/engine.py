"""The engine as a frontend drives it: one method a thing the user can want."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from burnless.core.evidence import AuditReport
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.outcome import TurnResult
from burnless.core.session import Session
from burnless.core.settings import Settings


class Player(Protocol):
    """Who plays a role: a model with a card, or a worker known by its command."""

    @property
    def card(self) -> ModelCard | None: ...

    @property
    def name(self) -> str: ...


class Engine(Protocol):
    """A session that is open for work. Turns run one at a time, in whatever thread calls them.

    What goes wrong inside a turn is its TurnResult; BurnlessError is raised only where there is
    no turn to speak of (nothing to resume, a session that cannot be written).
    """

    @property
    def session(self) -> Session: ...

    @property
    def session_id(self) -> str: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def crew(self) -> Mapping[Role, Player]: ...

    def run_turn(self, prompt: str) -> TurnResult: ...

    def plan_only(self, prompt: str) -> TurnResult:
        """Plan first. An interactive Approver reviews the plan; approved, the work goes on."""

    def resume_turn(self) -> TurnResult:
        """Finish a turn that was interrupted. Raises InputProblem where there is none."""

    def interrupt(self) -> None:
        """End the running turn at once, from any thread; what was done stays."""

    def notify(self, kind: str, text: str) -> None:
        """Tell the executor something at its next safe point, from any thread."""

    def compact(self) -> None:
        """Replace history by a capsule now. Raises what a planning raises."""

    def audit(self) -> AuditReport:
        """Hold what was claimed so far against journal and disk."""

    def close(self) -> None: ...
