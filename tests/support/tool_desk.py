"""The executor's tools over real files, real processes and a folded session; the rest is fake."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.encoding import canonical, to_json
from burnless.core.errors import InputProblem
from burnless.core.evidence import CheckOutcome, FileChange
from burnless.core.permissions import Access, Answer, Question
from burnless.core.plan import Check, Plan
from burnless.core.protocols import (
    Blobs,
    Runner,
    Snapshot,
    Tool,
    ToolContext,
    ToolOutcome,
)
from burnless.core.session import Session
from burnless.core.settings import Limits, PlannerSettings, Settings
from burnless.policy.arguments import check_arguments
from burnless.processes.runner import ProcessRunner
from burnless.tools.standard import standard_tools
from tests.support.memory_blobs import MemoryBlobs


@dataclass
class MemoryStore:
    """Satisfies `SessionStore` with a list."""

    folder: Path
    recorded: list[ev.Recorded] = field(default_factory=list)

    def append(self, event: ev.Event, *, sync: bool) -> ev.Recorded:
        entry = ev.Recorded(len(self.recorded) + 1, 0.0, event)
        self.recorded.append(entry)
        return entry

    def read(self, seq: int) -> ev.Recorded:
        if not 0 < seq <= len(self.recorded):
            raise InputProblem(f"there is no event {seq}")
        return self.recorded[seq - 1]

    def search(self, text: str, limit: int) -> list[ev.Recorded]:
        newest = reversed(self.recorded)
        found = [one for one in newest if text.lower() in canonical(to_json(one.event)).lower()]
        return found[:limit]

    def write_view(self, name: str, text: str) -> None:
        raise NotImplementedError


@dataclass
class KeepingSnapshots:
    """Satisfies `Snapshots` as far as file tools need it."""

    root: Path
    blobs: Blobs

    def take(self, previous: Snapshot | None = None) -> Snapshot:
        raise NotImplementedError

    def compare(self, before: Snapshot, after: Snapshot) -> tuple[FileChange, ...]:
        raise NotImplementedError

    def keep(self, path: str) -> tuple[str, bool]:
        file = self.root / path
        return (self.blobs.put(file.read_bytes()) if file.exists() else "", True)

    def state_hash(self, snapshot: Snapshot) -> str:
        raise NotImplementedError


@dataclass
class ScriptedProver:
    """Answers each check with the next outcome; keeps what was asked."""

    outcomes: list[CheckOutcome] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def run(self, check: Check, cancel: CancelToken) -> CheckOutcome:
        self.checks.append(check)
        return self.outcomes.pop(0)

    def run_configured(self, command: str, cancel: CancelToken) -> CheckOutcome:
        raise NotImplementedError


@dataclass
class ScriptedApprover:
    answer: str | None = None
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def interactive(self) -> bool:
        return self.answer is not None

    def approve(self, question: Question) -> Answer:
        raise NotImplementedError

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        self.asked.append((question, tuple(options)))
        return self.answer

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        raise NotImplementedError


@dataclass
class ScriptedAdvisor:
    advice: Callable[[str], str] = lambda question: f"advice on: {question}"

    def advise(self, question: str, cancel: CancelToken) -> str:
        return self.advice(question)


class Desk:
    """`call` checks the arguments, runs the tool, and folds what it did into the session."""

    def __init__(self, root: Path, limits: Limits | None = None, consults: int = 2) -> None:
        self.root = root
        self.cwd = root
        self.session = Session()
        self.cancel = CancelToken()
        self.blobs = MemoryBlobs()
        self.store = MemoryStore(root)
        self.prover = ScriptedProver()
        self.approver = ScriptedApprover()
        self.advisor = ScriptedAdvisor()
        self.unreadable: set[str] = set()
        self.heard: list[str] = []
        self.runner: Runner = ProcessRunner()
        self.tools: tuple[Tool, ...] = standard_tools(
            runner=self.runner,
            snapshots=KeepingSnapshots(root, self.blobs),
            blobs=self.blobs,
            store=self.store,
            prover=self.prover,
            approver=self.approver,
            advisor=self.advisor,
            settings=Settings(
                limits=limits or Limits(), planner=PlannerSettings(consults=consults)
            ),
            check_yaml=lambda text: "line 1: a tab" if "\t" in text else "",
            may_read=lambda path: path not in self.unreadable,
        )

    @property
    def context(self) -> ToolContext:
        return ToolContext(self.root, self.cwd, self.session, self.cancel, self.heard.append)

    def tool(self, name: str) -> Tool:
        return next(tool for tool in self.tools if tool.schema.name == name)

    def record(self, event: ev.Event) -> int:
        entry = self.store.append(event, sync=False)
        self.session.apply(entry)
        return entry.seq

    def call(self, name: str, **arguments: object) -> ToolOutcome:
        tool = self.tool(name)
        checked = check_arguments(tool.schema, json.dumps(arguments))
        outcome = tool.run(checked, self.context)
        self.record(
            ev.ToolFinished(
                call="",
                tool=name,
                text=outcome.text,
                outcome="error" if outcome.is_error else "ok",
                blob=outcome.blob,
                seen=outcome.seen,
                changes=outcome.changes,
                command=outcome.command,
                display=outcome.display,
            )
        )
        for event in outcome.events:
            self.record(event)
        return outcome

    def accesses(self, name: str, **arguments: object) -> tuple[Access, ...]:
        tool = self.tool(name)
        return tool.accesses(check_arguments(tool.schema, json.dumps(arguments)), self.context)

    def preview(self, name: str, **arguments: object) -> str:
        tool = self.tool(name)
        return tool.preview(check_arguments(tool.schema, json.dumps(arguments)), self.context)

    def put(self, path: str, content: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def put_and_read(self, path: str, content: str | bytes) -> Path:
        file = self.put(path, content)
        assert not self.call("read", paths=[{"path": path}]).is_error
        return file
