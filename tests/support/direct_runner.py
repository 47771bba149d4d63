"""A runner that only runs: enough to start git and small test programs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.protocols import ProcessResult

MOST_BYTES = 64 * 1024 * 1024


class DirectRunner:
    """Satisfies `Runner`. `commands` holds what was started; `most_bytes` is what it keeps."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.commands: list[str | Sequence[str]] = []
        self._most_bytes = most_bytes

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
        cancel.check()
        self.commands.append(command)
        began = time.monotonic()
        timed_out = False
        try:
            done = subprocess.run(
                command,
                shell=isinstance(command, str),
                cwd=cwd,
                env={**os.environ, **(environment or {})},
                input=stdin.encode() if stdin is not None else b"",
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=deadline_seconds,
                check=False,
            )
            printed, code = done.stdout, done.returncode
        except subprocess.TimeoutExpired as stopped:
            printed, code, timed_out = stopped.output or b"", None, True
        text = printed.decode("utf-8", "replace")
        if on_output:
            on_output(text)
        return ProcessResult(
            exit_code=code,
            output=text,
            full=printed[: self._most_bytes],
            total_bytes=len(printed),
            seconds=time.monotonic() - began,
            timed_out=timed_out,
            stdout=text,
        )
