"""One open session: what a frontend drives and the Python API returns results from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from burnless.agent.gate import PermissionGate
from burnless.agent.kit import Kit
from burnless.agent.turn import TurnRunner
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import AuditReport
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.outcome import TurnResult
from burnless.core.session import Session
from burnless.core.settings import PermissionMode, Settings


class Processes(Protocol):
    """What of the running processes a cancel does not reach by itself."""

    def renew(self) -> None:
        """A turn begins: an earlier interrupt is over."""

    def interrupt(self) -> None:
        """What looks at the workspace may end its work, but has not for ever."""

    def kill(self) -> None:
        """KILL whatever runs; nothing is started any more."""


class SessionEngine:
    """Implements the Engine a frontend drives. Turns run on the caller's thread, one at a time;
    `interrupt` and `notify` may come from any other."""

    def __init__(
        self,
        kit: Kit,
        gate: PermissionGate,
        cards: Mapping[Role, ModelCard | str],
        *,
        close: Callable[[], None],
        warm: Callable[[], None],
        processes: Processes,
    ) -> None:
        self._kit = kit
        self._gate = gate
        self._turns = TurnRunner(kit)
        self._close = close
        self._warm = warm
        self._processes = processes
        self._cancel = CancelToken()
        self._lock = threading.Lock()
        self._closed = False
        self.cards = cards

    @property
    def session(self) -> Session:
        return self._kit.session

    @property
    def session_id(self) -> str:
        return self._kit.session.id

    @property
    def settings(self) -> Settings:
        return self._kit.settings

    @property
    def kit(self) -> Kit:
        return self._kit

    @property
    def tool_names(self) -> tuple[str, ...]:
        """The executor's fixed set, in its fixed order."""
        return tuple(tool.schema.name for tool in self._kit.tools)

    @property
    def mode(self) -> PermissionMode:
        return self._gate.mode

    def set_mode(self, mode: PermissionMode) -> None:
        """From the next question on; the model is told by a notice at the next safe point."""
        self._gate.mode = mode

    def warm(self) -> None:
        """Load what the first call needs, beside whatever is waited for meanwhile."""
        threading.Thread(target=self._warm, daemon=True, name="warm").start()

    def run_turn(self, prompt: str) -> TurnResult:
        """One prompt of the user, to its end."""
        self.warm()
        return self._turns.run_turn(prompt, self._fresh_cancel())

    def plan_only(self, prompt: str) -> TurnResult:
        return self._turns.plan_only(prompt, self._fresh_cancel())

    def resume_turn(self) -> TurnResult:
        """Finish an interrupted or planned turn. Raises InputProblem where there is none."""
        return self._turns.resume_turn(self._fresh_cancel())

    def compact(self, focus: str) -> None:
        """Between turns, which is a safe point: `focus` is on record before anything is dropped.

        As a note it stands in this capsule and later ones, where the planner reads it too.
        """
        if focus:
            words = f"The user asks to keep this in mind: {focus}"
            self._kit.recorder.record(ev.NoteTaken("fact", words))
            self._turns.notices.tell("focus", words)
        self._turns.compact_now(self._fresh_cancel())

    def audit(self) -> AuditReport:
        return self._turns.audit_now(self._fresh_cancel())

    def notify(self, kind: str, text: str) -> None:
        """Tell the executor something at its next safe point."""
        self._turns.notices.post(kind, text)

    def interrupt(self) -> None:
        """Stop the running turn and what it started; what was done stays done."""
        with self._lock:
            self._cancel.cancel()
        self._processes.interrupt()

    def kill(self) -> None:
        """As `interrupt`, for who does not wait: what runs is killed, and nothing more starts."""
        self._processes.kill()
        self.interrupt()

    def close(self) -> None:
        """Let the session go. Safe to call twice."""
        if not self._closed:
            self._closed = True
            self._close()

    def _fresh_cancel(self) -> CancelToken:
        self._processes.renew()
        with self._lock:
            self._cancel = CancelToken()
            return self._cancel
