"""Play a whole agent over loopback: a repository, a scripted provider, and the Python API."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from burnless import BurnlessAgent, RunResult
from burnless.cli.api import Absent, Listener
from burnless.cli.demo.loopback import (
    CapturedRequest,
    Route,
    Script,
    ScriptedReply,
    ScriptedServer,
    ScriptExhausted,
)
from burnless.cli.engine import SessionEngine
from burnless.cli.options import RunOptions
from burnless.cli.wiring import open_engine
from burnless.core import events as ev
from burnless.core.messages import StopReason, Text, ToolCall
from burnless.core.protocols import Approver, EventSink
from burnless.core.session import Session
from burnless.core.settings import PermissionMode
from burnless.core.usage import Usage
from burnless.state.sessions import read_session
from tests.support.wire_views import said

WIRES = {"anthropic": "anthropic", "chat": "openai", "responses": "openai"}
MODELS = {"gold": ("big", 10), "silver": ("mid", 2), "bronze": ("small", 1)}
"""The model behind each tier, and its price in dollars for a million input tokens."""

KEY_ENV = "SCRIPTED_KEY"

HEAD_TOKENS = 2_000

_numbers = itertools.count(1)


def text(words: str, **usage: int) -> ScriptedReply:
    return ScriptedReply((Text(words),), usage=Usage(**usage) if usage else Usage(100, output=20))


def call(name: str, id: str = "", /, **arguments: Any) -> ToolCall:
    return ToolCall(id or f"call_{name}_{next(_numbers)}", name, json.dumps(arguments))


def calls(
    *made: ToolCall, usage: Usage | None = None, words: str = "", stop: StopReason | None = None
) -> ScriptedReply:
    blocks = (Text(words), *made) if words else made
    return ScriptedReply(blocks, usage=usage or Usage(fresh=100, output=20), stop=stop)


def write(path: str, content: str = "hello\n", id: str = "") -> ScriptedReply:
    return calls(call("write", id, path=path, content=content))


def run(command: str, id: str = "", **more: Any) -> ScriptedReply:
    return calls(call("run_command", id, command=command, **more))


def read(*paths: str) -> ScriptedReply:
    return calls(call("read", paths=[{"path": path} for path in paths]))


def plan(*steps: Mapping[str, Any] | str, **more: Any) -> ScriptedReply:
    """The planner's reply: steps are intents or whole steps."""
    listed = [{"intent": step} if isinstance(step, str) else dict(step) for step in steps]
    return calls(call("submit_plan", goal=more.pop("goal", "the goal"), steps=listed, **more))


def update(**more: Any) -> ScriptedReply:
    """The planner's reply to a plan that is there."""
    return calls(call("submit_plan", **more))


def finish(summary: str = "Done.", **claims: Any) -> ScriptedReply:
    return calls(call("finish", status="done", summary=summary, **claims))


def blocked(summary: str = "I cannot go on.") -> ScriptedReply:
    return calls(call("finish", status="blocked", summary=summary))


def notes(*marks: Mapping[str, str], **more: Any) -> ScriptedReply:
    return calls(call("plan_notes", steps=[dict(mark) for mark in marks], **more))


def mark(step: str, status: str = "done") -> dict[str, str]:
    return {"id": step, "status": status}


@dataclass
class Stage:
    """One workspace and one provider; `run` is one turn of the real agent, in a fresh engine.

    config: YAML behind the tiers       tiers: YAML values by tier, over those of `write_config`
    config_path: a file to use instead of that
    """

    root: Path
    server: ScriptedServer
    wire: str = "anthropic"
    config: str = ""
    tiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[ev.Recorded] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    config_path: Path | None = None

    def run(self, task: str, session_id: str | None = None) -> RunResult:
        return self.agent().run(task, session_id)

    def agent(self) -> BurnlessAgent:
        return BurnlessAgent(
            config_path=self.config_file(),
            workspace=self.root,
            on_event=self.events.append,
            **self.options,
        )

    def engine(
        self, approver: Approver | None = None, sink: EventSink | None = None, **options: Any
    ) -> SessionEngine:
        """An open session, driven as a frontend drives it. Close it."""
        usual = {"cwd": self.root, "permission_mode": PermissionMode.ACCEPT_EDITS}
        wanted = RunOptions(config_path=self.config_file(), **(usual | options))
        listener = sink or Listener(self.events.append)
        return open_engine(wanted, approver or Absent(), listener)

    def config_file(self) -> Path:
        if self.config_path is not None:
            return self.config_path
        return write_config(self.root, self.server.url, self.wire, self.config, self.tiers)

    def asked(self, model: str) -> list[dict[str, Any]]:
        """The bodies that reached one model, in order."""
        return [request.json for request in self.server.requests_for(model)]

    def of(self, kind: type[Any]) -> list[Any]:
        """The recorded events of one kind, of all runs."""
        return [recorded.event for recorded in self.events if isinstance(recorded.event, kind)]

    @property
    def kinds(self) -> list[str]:
        return [type(recorded.event).__name__ for recorded in self.events]

    def folder(self, session_id: str) -> Path:
        return self.root / ".burnless" / "sessions" / session_id

    def session(self, session_id: str) -> Session:
        """The session as the disk has it."""
        loaded, _ = read_session(self.folder(session_id))
        return loaded

    def results(self) -> list[str]:
        """What the executor was told of each of its calls, in order."""
        return [event.text for event in self.of(ev.ToolFinished)]

    def play_on(self, script: Script) -> None:
        """From now on another provider answers; what reached the old one is forgotten."""
        self.close()
        self.server = ScriptedServer(script).start()

    def close(self) -> None:
        """Raises ScriptExhausted where the script was too short."""
        self.server.close()
        if self.server.problems:
            raise ScriptExhausted("; ".join(self.server.problems))


def write_config(
    root: Path,
    url: str,
    wire: str,
    more: str = "",
    tiers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Path:
    """Three tiers on one loopback server. A tier's key with the value None is left out."""
    lines = []
    for tier, (model, price) in MODELS.items():
        values: dict[str, Any] = {
            "model": f"{WIRES[wire]}/{model}",
            "base_url": url,
            "wire": wire,
            "api_key_env": KEY_ENV,
            "window": 200_000,
            "max_output": 8_000,
            "price": {"input": price, "output": price * 5},
        }
        values.update((tiers or {}).get(tier, {}))
        kept = {key: value for key, value in values.items() if value is not None}
        lines.append(f"  {tier}: {json.dumps(kept)}")
    path = root.parent / "scripted-config.yaml"
    path.write_text("tiers:\n" + "\n".join(lines) + f"\n{more}\n", encoding="utf-8")
    return path


def repository(root: Path, files: Mapping[str, str]) -> Path:
    """A git repository with these files committed."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for command in (
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "-A"],
        ["git", "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "start"],
    ):
        subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root


def staged(
    tmp_path: Path,
    script: Script,
    *,
    files: Mapping[str, str] | None = None,
    wire: str = "anthropic",
    config: str = "",
    tiers: dict[str, dict[str, Any]] | None = None,
    **options: Any,
) -> Stage:
    """A stage whose server is started; close it. `options` are BurnlessAgent's."""
    root = repository(tmp_path / "repo", files or {"README.md": "# a repository\n"})
    server = ScriptedServer(script).start()
    return Stage(root, server, wire, config, tiers or {}, [], options)


def every_tier(**values: Any) -> dict[str, dict[str, Any]]:
    """These values for each tier."""
    return {tier: dict(values) for tier in MODELS}


def counted(route: Route) -> Route:
    """The same replies, with the request's own size as their usage: alike for all wires."""

    def answer(request: CapturedRequest) -> ScriptedReply:
        reply = route(request)
        output = sum(len(str(block)) for block in reply.blocks) // 4 + 1
        return replace(reply, usage=Usage(fresh=tokens_of(request), output=output))

    return answer


def tokens_of(request: CapturedRequest) -> int:
    """Four characters a token, and a constant for tools, system and project."""
    return HEAD_TOKENS + len(said(request.json)) // 4


def by_model(**routes: Route) -> Route:
    """Each model's own route."""

    def answer(request: CapturedRequest) -> ScriptedReply:
        return routes[request.model](request)

    return answer


def in_order(*replies: ScriptedReply) -> Route:
    """One after the other; asking for more is a problem of the test."""
    left = list(reversed(replies))

    def answer(request: CapturedRequest) -> ScriptedReply:
        if not left:
            raise ScriptExhausted(f"no reply left for {request.model}, request {request.number}")
        return left.pop()

    return answer
