"""Starts what is measured, each in a process of its own, with nothing of the user's around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from burnless.core.usage import Usage

ROOT = Path(__file__).resolve().parent.parent
Sdk = Literal["anthropic", "openai"]
PROVIDERS: tuple[Sdk, ...] = ("anthropic", "openai")


class ChildFailed(RuntimeError):
    """What was to be measured did not run to its end: there is no figure."""


def environment(home: Path) -> dict[str, str]:
    """The parent's, without keys, endpoints and proxies, and with a home of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith(("_API_KEY", "_BASE_URL", "_AUTH_TOKEN", "_PROXY"))
        and not name.startswith(("BURNLESS_", "XDG_", "PYTHON"))
    }
    return {
        **kept,
        "HOME": str(home),
        "BURNLESS_HOME": str(home / "burnless"),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
        "ANTHROPIC_API_KEY": "bench",
        "OPENAI_API_KEY": "bench",
    }


def agent_command() -> list[str]:
    """The installed `agent`, else the module."""
    installed = Path(sys.executable).with_name("agent")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "burnless"]


def run_child(module: str, options: dict[str, Any], *, home: Path, cwd: Path) -> dict[str, Any]:
    """Run `python -m module OPTIONS` and read the JSON it prints. Raises ChildFailed."""
    done = subprocess.run(
        [sys.executable, "-m", module, json.dumps(options)],
        env=environment(home),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not done.stdout.strip():
        raise ChildFailed(f"{module} exited {done.returncode}:\n{done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def seconds_of(command: list[str], *, home: Path, cwd: Path) -> float:
    """Wall time from starting a program to its end. Raises ChildFailed when it fails."""
    variables = environment(home)
    began = time.perf_counter()
    done = subprocess.run(
        command, env=variables, cwd=cwd, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise ChildFailed(f"{command} exited {done.returncode}:\n{done.stderr[-3000:]}")
    return seconds


class PlayedServer(AbstractContextManager["PlayedServer"]):
    """`bench.player` in its own process, from entering to leaving."""

    def __init__(self, home: Path, **options: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.player", json.dumps(options)],
            env=environment(home),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._line()
        if not self.url:
            raise ChildFailed("the scripted provider did not start")

    def ask(self, command: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return json.loads(self._line())

    def report(self) -> Report:
        """What it billed. Raises ChildFailed where a request was not as the play expects."""
        told = self.ask("report")
        if told["problems"]:
            raise ChildFailed("; ".join(told["problems"]))
        billed = tuple((entry["model"], Usage(**entry["usage"])) for entry in told["billed"])
        return Report(billed, told["found"])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@dataclass(frozen=True)
class Report:
    """`billed`: (model, usage) of each request in order. `found`: each fact's whereabouts."""

    billed: tuple[tuple[str, Usage], ...]
    found: dict[str, str]
