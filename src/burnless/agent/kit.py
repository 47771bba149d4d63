"""Everything the engine works with, joined by the wiring."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.messages import Role
from burnless.core.protocols import (
    Advisor,
    Approver,
    Auditor,
    Clock,
    CommandOutput,
    EventSink,
    Gate,
    Model,
    Prover,
    Recorder,
    SessionStore,
    Snapshots,
    Surveyor,
    Tool,
    ToolContext,
    Worker,
)
from burnless.core.session import Session
from burnless.core.settings import Settings
from burnless.policy.plan_text import plan_markdown


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does what: each role is a model or a whole agent CLI, never both.

    planner and planner_worker both None: single-model use, nobody plans.
    """

    executor: Model | None = None
    executor_worker: Worker | None = None
    planner: Model | None = None
    planner_worker: Worker | None = None

    @property
    def has_planner(self) -> bool:
        return self.planner is not None or self.planner_worker is not None


@dataclass(frozen=True, slots=True)
class Kit:
    """The engine's collaborators, all behind core protocols.

    tools:         the executor's fixed set, in its fixed order
    planner_tools: what the planner may read with
    root, cwd:     the workspace, and where the user stands in it
    """

    settings: Settings
    crew: Crew
    recorder: Recorder
    store: SessionStore
    advisor: Advisor
    tools: tuple[Tool, ...]
    planner_tools: tuple[Tool, ...]
    gate: Gate
    approver: Approver
    sink: EventSink
    snapshots: Snapshots
    surveyor: Surveyor
    prover: Prover
    auditor: Auditor
    clock: Clock
    root: Path
    cwd: Path

    @property
    def session(self) -> Session:
        return self.recorder.session

    def show_plan(self) -> None:
        """Write plan.md anew: it is a view of the log."""
        plan = self.session.plan
        text = plan_markdown(plan) if plan else "No plan is in force.\n"
        self.store.write_view("plan.md", text)

    def tool_context(self, cancel: CancelToken) -> ToolContext:
        def on_output(text: str) -> None:
            self.sink.signal(Role.EXECUTOR, CommandOutput(text))

        return ToolContext(self.root, self.cwd, self.session, cancel, on_output)
