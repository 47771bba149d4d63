"""The engine as a frontend drives it: one method a thing the user can want."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from burnless.core.evidence import AuditReport
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.outcome import TurnResult
from burnless.core.session import Session
from burnless.core.settings import PermissionMode, Settings


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
    def cards(self) -> Mapping[Role, ModelCard | str]:
        """Who serves each role: a model's card, or the command of a worker."""

    @property
    def mode(self) -> PermissionMode: ...

    def set_mode(self, mode: PermissionMode) -> None:
        """From the next question on; the model is told by a notice."""

    def run_turn(self, prompt: str) -> TurnResult: ...

    def plan_only(self, prompt: str) -> TurnResult:
        """Plan `prompt` ("" = the rest of the work again) without any effect.

        An interactive Approver reviews the plan (`review_plan`): PLANNED means it stands, as
        edited; INTERRUPTED that the user wants none of it. `resume_turn` then works on it.
        """

    def resume_turn(self) -> TurnResult:
        """Finish a turn that was interrupted or only planned. InputProblem where none is open."""

    def interrupt(self) -> None:
        """End the running turn at once, from any thread; what was done stays."""

    def kill(self) -> None:
        """As `interrupt`, and what runs is killed at once; nothing more can be started."""

    def compact(self, focus: str) -> None:
        """Replace history by a capsule now; `focus` is what the user wants kept in mind."""

    def audit(self) -> AuditReport:
        """Hold what was claimed in the last turn against journal and disk."""

    def close(self) -> None: ...
