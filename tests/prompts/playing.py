"""A situation: the real agent over loopback, played up to the request its model must react to."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from burnless import BurnlessAgent
from burnless.cli.demo.loopback import (
    CapturedRequest,
    ScriptedError,
    ScriptedReply,
    ScriptedServer,
)
from burnless.core import events as ev
from burnless.ui.headless import HeadlessApprover
from tests.prompts.shop import SHOP
from tests.support.play import WIRES, repository

SESSION = "s1"
TESTS_ALLOWED = 'permissions: {allow: ["Bash(python3 -m unittest *)"]}'


class Died(BaseException):
    """Stands for the end of the process: nothing catches it, nothing is recorded after it."""


@dataclass(frozen=True)
class Meanwhile:
    """What happens in the world while the model writes this reply."""

    act: Callable[[Stage], None]
    reply: ScriptedReply


Reply: TypeAlias = "ScriptedReply | Meanwhile"


@dataclass(frozen=True)
class Turn:
    """One prompt of the user. `dies_at`: the process ends when this tool has started."""

    task: str
    mid: Sequence[Reply] = ()
    big: Sequence[Reply] = ()
    before: Callable[[Path], None] | None = None
    dies_at: str = ""


@dataclass(frozen=True)
class Situation:
    """A row of the table.

    needed: what the request has to say for a reader who knows nothing else
    right:  what a good next reply does; `wrong`: what it must not do
    asked:  who has to react: "mid" executes, "big" plans and advises, "worker" is a command tier
    worker: what the worker does in the workspace and reports: a shell script that knows the file
            PROMPT it was given and the NUMBER of prompts before
    """

    name: str
    turns: Sequence[Turn]
    needed: Sequence[str]
    right: str
    wrong: str
    files: Mapping[str, str] = field(default_factory=lambda: SHOP)
    config: str = TESTS_ALLOWED
    asked: str = "mid"
    worker: str = ""


class Stage:
    """One situation being played in an empty folder."""

    def __init__(self, situation: Situation, folder: Path, wire: str) -> None:
        self._situation = situation
        self._folder = folder
        self._route = _Route(self, situation.asked)
        self._server = ScriptedServer(self._route)
        self._dies_at = ""
        self.root = repository(folder / "shop", situation.files)
        self.agent = BurnlessAgent(
            config_path=self._write_config(wire),
            workspace=self.root,
            approver=HeadlessApprover(),
            on_event=self._heard,
        )

    def play(self) -> CapturedRequest | str:
        """The request that has no reply in the script, or the worker's last prompt."""
        with self._server:
            for turn in self._situation.turns:
                if turn.before:
                    turn.before(self.root)
                self._dies_at = turn.dies_at
                self._route.load({"big": turn.big, "mid": turn.mid})
                with suppress(Died):
                    self.agent.run(turn.task, SESSION)
        if self._situation.asked == "worker":
            return sorted(self._folder.glob("prompt-*"))[-1].read_text(encoding="utf-8")
        assert self._route.last is not None, f"{self._situation.name}: the script was not used up"
        return self._route.last

    def change(self, path: str, old: str, new: str) -> None:
        """The user edits a file by hand."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def _heard(self, recorded: ev.Recorded) -> None:
        event = recorded.event
        if self._dies_at and isinstance(event, ev.ToolStarted) and event.tool == self._dies_at:
            raise Died

    def _write_config(self, wire: str) -> Path:
        tiers = [
            f"  {tier}: {{model: {WIRES[wire]}/{model}, base_url: {self._server.url}, wire: {wire},"
            f" api_key_env: SCRIPTED_KEY, window: 200000, max_output: 8000,"
            f" price: {{input: {price}, output: {price * 5}}}}}"
            for tier, model, price in (("gold", "big", 10), ("silver", "mid", 2))
        ]
        if self._situation.worker:
            tiers.append(f"  bronze: {{command: {self._worker()!r}}}\nroles: {{executor: bronze}}")
        path = self._folder / "config.yaml"
        path.write_text("\n".join(["tiers:", *tiers, self._situation.config, ""]), encoding="utf-8")
        return path

    def _worker(self) -> str:
        """A program that keeps each prompt it is given, then does what the situation says."""
        script = self._folder / "worker.sh"
        prompts = shlex.quote(str(self._folder / "prompt-"))
        script.write_text(
            f"NUMBER=$(ls {prompts}* 2>/dev/null | wc -l)\nPROMPT={prompts}$NUMBER\n"
            f'cat > "$PROMPT"\n'
            f"{self._situation.worker}\n",
            encoding="utf-8",
        )
        return f"sh {script}"


class _Route:
    """Plays each model's replies in order; the first request without one ends the play."""

    def __init__(self, stage: Stage, asked: str) -> None:
        self._stage = stage
        self._asked = asked
        self._left: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self.last: CapturedRequest | None = None

    def load(self, replies: Mapping[str, Sequence[Reply]]) -> None:
        unused = {model: left for model, left in self._left.items() if left}
        assert not unused, f"replies that nobody asked for: {unused}"
        self._left = {model: list(each) for model, each in replies.items()}

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        with self._lock:
            left = self._left.get(request.model)
            if left:
                reply = left.pop(0)
                if isinstance(reply, Meanwhile):
                    reply.act(self._stage)
                    return reply.reply
                return reply
            assert self.last or request.model == self._asked, f"no reply for {request.model}"
            self.last = self.last or request
            # A key that is refused ends the turn wherever it stands.
            refused = {"type": "error", "error": {"type": "authentication_error", "message": "no"}}
            return ScriptedReply(error=ScriptedError(401, refused))
