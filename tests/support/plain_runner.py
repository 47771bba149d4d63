"""A `Runner` without sandbox or caps: enough to start a worker in a test."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.protocols import ProcessResult


class PlainRunner:
    """`most_seconds` stands for any deadline it is given. Keeps what it was asked in `.asked`."""

    def __init__(self, most_seconds: float = 30.0) -> None:
        self._most_seconds = most_seconds
        self.asked: list[tuple[str, ...]] = []

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
        words = ("sh", "-c", command) if isinstance(command, str) else tuple(command)
        self.asked.append(words)
        clean = {} if keep_keys else {"PATH": os.environ["PATH"]}
        parent = dict(os.environ) if keep_keys else clean
        started = time.monotonic()
        try:
            process = subprocess.Popen(
                words,
                cwd=cwd,
                env={**parent, **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        except OSError as error:
            return ProcessResult(127, str(error), b"", 0, 0.0)
        ended = threading.Event()

        def end_group_when_due() -> None:
            limit = started + min(deadline_seconds, self._most_seconds)
            while not ended.wait(0.02):
                if cancel.cancelled or time.monotonic() > limit:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    return

        threading.Thread(target=end_group_when_due, daemon=True).start()
        stdout, stderr = process.communicate(stdin or "")
        ended.set()
        if on_output:
            for chunk in (stdout[:7], stdout[7:], stderr):
                on_output(chunk)
        killed = process.returncode < 0
        printed = stdout + stderr
        return ProcessResult(
            None if killed else process.returncode,
            printed,
            printed.encode(),
            len(printed.encode()),
            time.monotonic() - started,
            timed_out=killed and not cancel.cancelled,
            stdout=stdout,
        )
