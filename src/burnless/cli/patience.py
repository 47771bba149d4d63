"""The processes of one session: what looks at the workspace outlives an interrupt for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.protocols import ProcessResult
from burnless.processes.runner import ProcessRunner

PATIENCE_SECONDS = 3.0
"""Git answers in less; where it does not, it waits for something that may never come."""


class PatientRunner:
    """Implements Runner for git, and the engine's Processes.

    A cancel must not reach git at once: what an interrupted command did is still to be written
    down, and git says what that is. After `interrupt` it has PATIENCE_SECONDS.
    """

    def __init__(self, runner: ProcessRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()
        self._token = CancelToken()
        self._timer: threading.Timer | None = None

    def renew(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._token, self._timer = CancelToken(), None

    def interrupt(self) -> None:
        """Only the first one counts: it is repeated until the turn ends."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(PATIENCE_SECONDS, self._token.cancel)
                self._timer.daemon = True
                self._timer.start()

    def kill(self) -> None:
        self._runner.kill_all()

    def run(
        self,
        command: str | Sequence[str],
        *,
        cwd: Path,
        deadline_seconds: float,
        cancel: CancelToken,
        on_output: Callable[[str], None] | None = None,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
        keep_keys: bool = False,
    ) -> ProcessResult:
        """As `Runner.run`. Raises Cancelled where the patience is over, whatever was printed:
        half an answer would be taken for a whole one."""
        del cancel
        token = self._token
        result = self._runner.run(
            command,
            cwd=cwd,
            deadline_seconds=deadline_seconds,
            cancel=token,
            on_output=on_output,
            stdin=stdin,
            environment=environment,
            keep_keys=keep_keys,
        )
        token.check()
        return result
