"""Play a whole agent over loopback: a repository, a scripted provider, and the Python API."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from burnless import BurnlessAgent, RunResult
from burnless.cli.demo.loopback import Script, ScriptedReply, ScriptedServer
from burnless.core import events as ev
from burnless.core.messages import Text, ToolCall
from burnless.core.usage import Usage

WIRES = {"anthropic": "anthropic", "chat": "openai", "responses": "openai"}


def text(words: str, **usage: int) -> ScriptedReply:
    return ScriptedReply((Text(words),), usage=Usage(**usage) if usage else Usage(100, output=20))


def call(name: str, id: str = "", /, **arguments: Any) -> ToolCall:
    wanted = id or f"call_{name}_{abs(hash(json.dumps(arguments, sort_keys=True))) % 10**8}"
    return ToolCall(wanted, name, json.dumps(arguments))


def calls(*made: ToolCall, usage: Usage | None = None, words: str = "") -> ScriptedReply:
    blocks = (Text(words), *made) if words else made
    return ScriptedReply(blocks, usage=usage or Usage(fresh=100, output=20))


def plan(*steps: Mapping[str, Any] | str, **more: Any) -> ScriptedReply:
    """The planner's reply: steps are intents or whole steps."""
    listed = [{"intent": step} if isinstance(step, str) else dict(step) for step in steps]
    return calls(call("submit_plan", goal=more.pop("goal", "the goal"), steps=listed, **more))


def finish(summary: str = "Done.", **claims: Any) -> ScriptedReply:
    return calls(call("finish", status="done", summary=summary, **claims))


@dataclass
class Stage:
    """One workspace and one provider; `run` is one turn of the real agent."""

    root: Path
    server: ScriptedServer
    wire: str = "anthropic"
    config: str = ""
    events: list[ev.Recorded] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)

    def run(self, task: str, session_id: str | None = None) -> RunResult:
        return self.agent().run(task, session_id)

    def agent(self) -> BurnlessAgent:
        return BurnlessAgent(
            config_path=write_config(self.root, self.server.url, self.wire, self.config),
            workspace=self.root,
            on_event=self.events.append,
            **self.options,
        )

    def asked(self, model: str) -> list[dict[str, Any]]:
        """The bodies that reached one model, in order."""
        return [request.json for request in self.server.requests_for(model)]

    def of(self, kind: type) -> list[Any]:
        return [recorded.event for recorded in self.events if isinstance(recorded.event, kind)]


def write_config(root: Path, url: str, wire: str, more: str = "") -> Path:
    provider = WIRES[wire]
    tiers = "\n".join(
        f"  {tier}: {{model: {provider}/{model}, base_url: {url}, wire: {wire}, "
        f"api_key_env: SCRIPTED_KEY, window: 200000, max_output: 8000, "
        f"price: {{input: {price}, output: {price * 5}}}}}"
        for tier, model, price in (("gold", "big", 10), ("silver", "mid", 2), ("bronze", "small", 1))
    )
    path = root.parent / "scripted-config.yaml"
    path.write_text(f"tiers:\n{tiers}\n{more}\n", encoding="utf-8")
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
    **options: Any,
) -> Stage:
    """A stage whose server is started; close it with `stage.server.close()`."""
    root = repository(tmp_path / "repo", files or {"README.md": "# a repository\n"})
    return Stage(root, ScriptedServer(script).start(), wire, config, [], options)


Replies = Sequence[ScriptedReply]
