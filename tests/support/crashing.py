"""Real agents that are killed with -9 right behind a record, a fork each so that they start fast.

As a program it reads jobs, one JSON object a line, and answers each with how the child ended:
{"config", "workspace", "task", "session", "kill_at", "environment"}; `kill_at` is the event's
number.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from burnless import BurnlessAgent
from burnless.audit import auditor
from burnless.core import events as ev
from burnless.providers import anthropic_transport, openai_transport

PRELOADED = (auditor, anthropic_transport, openai_transport)
"""What takes long to import is there before a child is forked."""


class CrashingAgents:
    """The program of this module, running. `run_until` waits for the child's end."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.support.crashing"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run_until(self, kill_at: int, **job: str) -> bool:
        """True where the child was killed, False where its turn ended before."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        wanted = {**job, "kill_at": kill_at, "environment": dict(os.environ)}
        self._program.stdin.write(json.dumps(wanted) + "\n")
        self._program.stdin.flush()
        status = int(self._program.stdout.readline())
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the child broke: {status}"
        return os.WIFSIGNALED(status)

    def __enter__(self) -> CrashingAgents:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait(20)
        self._program.stdout.close()


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(status, flush=True)  # noqa: T201 - this is the answer


def _run(job: dict[str, Any]) -> None:
    def kill(recorded: ev.Recorded) -> None:
        if recorded.seq == job["kill_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    os.environ.clear()
    os.environ.update(job["environment"])
    code = 1
    try:
        agent = BurnlessAgent(config_path=job["config"], workspace=job["workspace"], on_event=kill)
        agent.run(job["task"], job["session"])
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
