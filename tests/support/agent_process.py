"""The real `agent` as a process, headless or on a pty, against a scripted provider."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.support.play import KEY_ENV, Stage
from tests.support.terminal import Terminal

AGENT = (sys.executable, "-m", "burnless")


def variables(stage: Stage, **more: str) -> dict[str, str]:
    """What the process sees: a home of its own, and a key that opens nothing."""
    own = {"BURNLESS_HOME": str(stage.root.parent / "home"), KEY_ENV: "no-real-key"}
    return {**os.environ, **own, **more}


def start(stage: Stage, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*AGENT, "--config", str(stage.config_file()), *arguments],
        cwd=stage.root,
        env=variables(stage, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(
    stage: Stage, *arguments: str, stdin: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """One run, to its end. `stdin` None = there is none."""
    feed = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    return subprocess.run(
        [*AGENT, "--config", str(stage.config_file()), *arguments],
        cwd=stage.root,
        env=variables(stage, **more),
        capture_output=True,
        text=True,
        check=False,
        **feed,
    )


def subcommand(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AGENT, *arguments],
        cwd=stage.root,
        env=variables(stage),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def terminal(stage: Stage, *arguments: str, columns: int = 100, rows: int = 40) -> Terminal:
    return Terminal(
        [*AGENT, "--config", str(stage.config_file()), *arguments],
        cwd=stage.root,
        environment=variables(stage),
        columns=columns,
        rows=rows,
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(row) for row in text.splitlines()]


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.strip().splitlines()[-1]


def session_ids(stage: Stage) -> Sequence[str]:
    listed = subcommand(stage, "sessions", "list", "--json").stdout
    return [each["id"] for each in lines(listed)]
