"""The Python API: `BurnlessAgent(config_path=…).run(task=…, session_id=…)`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from burnless.cli.engine import SessionEngine
from burnless.cli.options import RunOptions
from burnless.cli.wiring import open_engine
from burnless.core import events as ev
from burnless.core.evidence import Finding
from burnless.core.messages import Role
from burnless.core.outcome import Spend, TurnResult
from burnless.core.permissions import Answer, Question
from burnless.core.plan import Plan
from burnless.core.protocols import Approver, Signal
from burnless.core.settings import PermissionMode
from burnless.core.usage import Usage, as_dollars, picodollars


@dataclass(frozen=True, slots=True)
class RunResult:
    """What one task came to.

    status:    "done", "answered", "contradicted", ...: see `burnless.core.outcome.TurnStatus`
    verdict:   "proven" | "unproven" | "contradicted" | "nothing_claimed"
    findings:  each claim and check with its verdict and evidence
    files:     what the task left different, workspace-relative
    usage:     tokens by role, in disjoint classes
    cost_usd:  dollars by role; None where a price is unknown
    exit_code: what `agent -p` would have exited with
    hint:      what to do next, where the task did not end well
    """

    status: str
    summary: str
    session_id: str
    plan: Plan | None
    verdict: str
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    usage: Mapping[str, Usage]
    cost_usd: Mapping[str, Decimal | None]
    exit_code: int
    reason: str = ""
    hint: str = ""

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def total_cost_usd(self) -> Decimal | None:
        """None where any call's price is unknown: a part is not the total."""
        costs = list(self.cost_usd.values())
        known = [cost for cost in costs if cost is not None]
        return sum(known, Decimal(0)) if len(known) == len(costs) else None


@dataclass(slots=True)
class BurnlessAgent:
    """An agent for one workspace. `run` blocks; `cancel` may come from another thread.

    config_path:     a configuration file; naming it is trusting it. None = as found
    workspace:       where to work; None = the current folder
    permission_mode: "acceptEdits" by default: edits happen, what would ask is refused
    allowed_tools:   rules like "Bash(pytest *)" that need no question
    on_event:        called with each recorded event, on the thread that runs the task; what it
                     raises is dropped (`cancel` stops the task)
    approver:        answers questions; None = nobody is there, questions are refused
    max_budget_usd:  most dollars a session may cost, all its tasks together
    max_calls:       most model calls a session may make
    """

    config_path: str | Path | None = None
    workspace: str | Path | None = None
    permission_mode: str = "acceptEdits"
    allowed_tools: tuple[str, ...] = ()
    on_event: Callable[[ev.Recorded], None] | None = None
    approver: Approver | None = None
    max_budget_usd: float | Decimal | None = None
    max_calls: int | None = None
    _engine: SessionEngine | None = field(default=None, init=False, repr=False)
    _cancelled: threading.Event = field(default_factory=threading.Event, init=False, repr=False)

    def run(self, task: str, session_id: str | None = None) -> RunResult:
        """Do one task. The same `session_id` goes on with the same session.

        Raises BurnlessError (ConfigProblem, KeyProblem, SessionProblem, ...) where the task could
        not be started; what happens once it runs is in the result.
        """
        self._cancelled.clear()
        engine = open_engine(
            self._options(session_id, task), self.approver or Absent(), Listener(self._hear)
        )
        self._engine = engine
        try:
            return result_of(engine.run_turn(task), engine)
        finally:
            self._engine = None
            engine.close()

    def cancel(self) -> None:
        """Interrupt the running task; `run` then returns with status "interrupted"."""
        self._cancelled.set()
        engine = self._engine
        if engine is not None:
            engine.interrupt()

    def _hear(self, recorded: ev.Recorded) -> None:
        """A cancel that came before the turn could be interrupted is passed on here."""
        if self.on_event is not None:
            self.on_event(recorded)
        engine = self._engine
        if engine is not None and self._cancelled.is_set():
            engine.interrupt()

    def _options(self, session_id: str | None, task: str) -> RunOptions:
        budget = self.max_budget_usd
        return RunOptions(
            cwd=Path(self.workspace or Path.cwd()).resolve(),
            config_path=Path(self.config_path) if self.config_path is not None else None,
            session_id=session_id or "",
            permission_mode=PermissionMode(self.permission_mode),
            allowed_tools=self.allowed_tools,
            max_budget_usd=None if budget is None else picodollars(budget),
            max_calls=self.max_calls,
            first_prompt=task,
        )


def result_of(turn: TurnResult, engine: SessionEngine) -> RunResult:
    """A turn's result with the turn's spending, for people who do not know the engine."""
    spend = engine.session.turn.spend if engine.session.turn else {}
    return RunResult(
        status=turn.status.value,
        summary=turn.summary,
        session_id=turn.session_id,
        plan=turn.plan,
        verdict=turn.audit.verdict.value if turn.audit else "nothing_claimed",
        findings=turn.audit.findings if turn.audit else (),
        files=turn.changed,
        usage={role.value: entry.usage for role, entry in spend.items()},
        cost_usd={role.value: _dollars(entry) for role, entry in spend.items()},
        exit_code=turn.exit_code,
        reason=turn.reason,
        hint=turn.hint,
    )


def _dollars(spend: Spend) -> Decimal | None:
    return None if spend.unknown else as_dollars(spend.cost)


class Absent:
    """An Approver for programs: nobody is there, so what needs a yes is refused."""

    interactive = False

    def approve(self, question: Question) -> Answer:
        return Answer("no")

    def ask(self, question: str, options: object) -> str | None:
        return None

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        return plan


class Listener:
    """An EventSink that hands recorded events to a callback."""

    def __init__(self, on_event: Callable[[ev.Recorded], None]) -> None:
        self._on_event = on_event

    def show(self, recorded: ev.Recorded) -> None:
        self._on_event(recorded)

    def signal(self, role: Role, signal: Signal) -> None:
        """Passing signals are for screens."""
