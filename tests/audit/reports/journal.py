"""Acts played on a real folder and folded into a real session."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import CheckOutcome, CommandOutcome, FileChange
from burnless.core.messages import AssistantMessage, Role, StopReason, ToolCall
from burnless.core.plan import Check
from burnless.core.session import Session
from tests.audit.reports.case import (
    Act,
    CutOff,
    Deleted,
    Denied,
    Moded,
    NextTurn,
    Ran,
    Unseen,
    Worked,
    Wrote,
    WroteSame,
)


def _arguments(command: str) -> str:
    return json.dumps({"command": command})


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@dataclass
class Stage:
    """A workspace and the session that works in it."""

    root: Path
    session: Session = field(default_factory=Session)
    events: list[ev.Event] = field(default_factory=list)

    def record(self, event: ev.Event) -> ev.Recorded:
        recorded = ev.Recorded(self.session.seq + 1, 0.0, event)
        self.session.apply(recorded)
        self.events.append(event)
        return recorded

    def begin(self, prompt: str = "do it") -> None:
        self.record(ev.SessionStarted("s", str(self.root), "0"))
        self.record(ev.PromptReceived(prompt, 1))

    def play(self, acts: Iterable[Act]) -> None:
        for number, act in enumerate(acts):
            self._play(act, f"c{number}")

    def _play(self, act: Act, call: str) -> None:
        match act:
            case Wrote(path, text):
                self._effect(call, "write", [self._put(path, text)])
            case WroteSame() | Moded():
                self._leave_bytes(act, call)
            case CutOff() | Denied():
                self._come_to_no_end(act, call)
            case Deleted(path):
                self._effect(call, "run_command", [self._remove(path)], CommandOutcome("rm", 0))
            case Ran(command, code, last_line, writes, deletes):
                changes = [self._put(path, text) for path, text in writes.items()]
                changes += [self._remove(path) for path in deletes]
                changed = [change for change in changes if change.before != change.after]
                self._effect(call, "run_command", changed, CommandOutcome(command, code, last_line))
            case Unseen(path, None):
                (self.root / path).unlink()
            case Unseen(path, text):
                self._put(path, text or "")
            case NextTurn(prompt):
                turn = self.session.turn.number if self.session.turn else 0
                self.record(ev.TurnFinished(turn, "done", ""))
                self.record(ev.PromptReceived(prompt, turn + 1))
            case Worked(writes):
                self.record(ev.WorkerStarted("1", "claude"))
                changes = [self._put(path, text) for path, text in writes.items()]
                self.record(ev.WorkerFinished("1", "claude", 0, "", tuple(changes)))

    def _leave_bytes(self, act: WroteSame | Moded, call: str) -> None:
        match act:
            case WroteSame(path):
                text = (self.root / path).read_text()
                self._ask(call, "write", json.dumps({"path": path, "content": text}))
                self.record(ev.ToolStarted(call, "write", "{}", effect=True))
                self.record(ev.ToolFinished(call, "write", f"{path} already holds exactly this."))
            case Moded(command, path, executable):
                (self.root / path).chmod(0o755 if executable else 0o644)
                here = sha(self.root / path)
                mode = "+x" if executable else "-x"
                change = FileChange(path, here, here, 1, mode=mode)
                self._effect(call, "run_command", [change], CommandOutcome(command, 0))

    def _come_to_no_end(self, act: CutOff | Denied, call: str) -> None:
        match act:
            case CutOff(command):
                self._ask(call, "run_command", _arguments(command))
                started = ev.ToolStarted(call, "run_command", _arguments(command), effect=True)
                self.record(started)
                self.record(ev.ToolFinished(call, "run_command", "", "interrupted"))
            case Denied(command):
                self._ask(call, "run_command", _arguments(command))
                self.record(ev.ToolFinished(call, "run_command", "Denied, not run.", "denied"))

    def _ask(self, call: str, tool: str, arguments: str) -> None:
        message = AssistantMessage((ToolCall(call, tool, arguments),))
        self.record(
            ev.CallReplied(
                call, Role.EXECUTOR, "silver", "mid", None, message, StopReason.TOOL_CALLS, None, 0
            )
        )

    def _effect(
        self,
        call: str,
        tool: str,
        changes: list[FileChange],
        outcome: CommandOutcome | None = None,
    ) -> None:
        self.record(ev.ToolStarted(call, tool, "{}", effect=True))
        self.record(ev.ToolFinished(call, tool, "", changes=tuple(changes), command=outcome))

    def _put(self, path: str, text: str) -> FileChange:
        target = self.root / path
        before = sha(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return FileChange(path, before, sha(target), len(text.encode()))

    def _remove(self, path: str) -> FileChange:
        before = sha(self.root / path)
        (self.root / path).unlink()
        return FileChange(path, before, "")


@dataclass
class ScriptedProver:
    """Satisfies `Prover`: exit codes by command, one after the other; 0 for what has none."""

    codes: dict[str, list[CheckOutcome | int]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)

    def run(self, check: Check, cancel: CancelToken) -> CheckOutcome:
        return self.run_configured(check.command, cancel)

    def run_configured(self, command: str, cancel: CancelToken) -> CheckOutcome:
        self.ran.append(command)
        left = self.codes.get(command, [0])
        said = left.pop(0) if len(left) > 1 else left[0]
        return said if isinstance(said, CheckOutcome) else CheckOutcome(command, said)
