"""The one way processes are started: own session, closed stdin, deadline, capped, no keys."""

from __future__ import annotations

import contextlib
import functools
import os
import selectors
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import IO

from burnless.core.cancel import CancelToken
from burnless.core.errors import Cancelled
from burnless.core.protocols import ProcessResult
from burnless.core.terminal_text import plain_text
from burnless.processes.captured import HeadAndTail, LineFeed
from burnless.processes.environment import command_environment

FULL_BYTES = 8 * 1024 * 1024
"""What is kept for the blob: half from the start, half from the end."""
TEXT_BYTES = 128 * 1024
"""What `output` is cut to, likewise."""
CANNOT_START = 127

_TICK_SECONDS = 0.05
_DEADLINE_GRACE_SECONDS = 2.0
_CANCEL_GRACE_SECONDS = 0.2
_LINGER_SECONDS = 0.3
_REAP_SECONDS = 5.0
_CHUNK_BYTES = 65_536
_ANYBODY_THERE = 0

_LEFT_BEHIND = (
    "\n[what was left in the background was told to end; a process with its own session may not]\n"
)


class _End(Enum):
    FINISHED = "finished"
    LEFT_BEHIND = "the command ended, its children hold the pipe"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


class ProcessRunner:
    """Implements core's Runner for Linux and macOS. Any number of threads may run at once.

    The process leads a session of its own: no terminal to ask on, and one signal reaches all its
    children. Only what starts a session of its own again (a daemon) outlives it.
    """

    def __init__(self, parent_environment: Mapping[str, str] | None = None) -> None:
        self._parent = parent_environment
        self._lock = threading.Lock()
        self._running: set[_Running] = set()
        self._killed = False

    def kill_all(self) -> None:
        """KILL every group that runs, and start nothing any more. From any thread, for a user
        who does not want to wait."""
        with self._lock:
            self._killed = True
            running = list(self._running)
        for each in running:
            each.kill()

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
        """See `Runner.run`. A signal is exit code 128 + its number.

        Raises Cancelled after `kill_all`.
        """
        if self._killed:
            raise Cancelled("interrupted", hint="resume to go on where it stopped")
        began = time.monotonic()
        variables = self._environment(environment, keep_keys)
        try:
            process = _start(command, cwd, variables, with_stdin=stdin is not None)
        except (OSError, ValueError) as error:
            return _not_started(command, cwd, error)
        running = _Running(process, on_output, (stdin or "").encode("utf-8", "replace"))
        self._enlist(running)
        try:
            end = running.pump(began + deadline_seconds, cancel)
        finally:
            # However it ended, nothing that was started is left behind.
            running.end_group(_CANCEL_GRACE_SECONDS)
            with self._lock:
                self._running.discard(running)
        return running.result(end, time.monotonic() - began)

    def _enlist(self, running: _Running) -> None:
        with self._lock:
            self._running.add(running)
            killed = self._killed
        if killed:  # it was started while all others were killed
            running.kill()

    def _environment(self, extra: Mapping[str, str] | None, keep_keys: bool) -> dict[str, str]:
        parent = os.environ if self._parent is None else self._parent
        if keep_keys:
            return {**parent, **(extra or {})}
        return command_environment(parent, extra)


@functools.cache
def _shell() -> str:
    """Models write bash; where there is none, sh has to do."""
    return shutil.which("bash") or "/bin/sh"


def _start(
    command: str | Sequence[str], cwd: Path, variables: dict[str, str], *, with_stdin: bool
) -> subprocess.Popen[bytes]:
    words = [_shell(), "-c", command] if isinstance(command, str) else list(command)
    return subprocess.Popen(  # noqa: S603 - running commands is this module's purpose
        words,
        cwd=cwd,
        env=variables,
        stdin=subprocess.PIPE if with_stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )


def _not_started(command: str | Sequence[str], cwd: Path, error: Exception) -> ProcessResult:
    name = _shell() if isinstance(command, str) else next(iter(command), "")
    reason = f"could not start {name}: {error}"
    if not cwd.is_dir():
        reason = f"could not start {name}: the folder {cwd} does not exist"
    return ProcessResult(
        CANNOT_START, f"{reason}\n", f"{reason}\n".encode("utf-8", "replace"), 0, 0.0
    )


class _Running:
    """One started process: its pipes are pumped until it ends, or is ended."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        on_output: Callable[[str], None] | None,
        stdin: bytes,
    ) -> None:
        self._process = process
        self._stdin = memoryview(stdin)
        self._both = HeadAndTail(FULL_BYTES // 2, FULL_BYTES // 2)
        self._stdout = HeadAndTail(FULL_BYTES // 2, FULL_BYTES // 2)
        self._live = LineFeed(on_output)
        self._selector = selectors.DefaultSelector()
        self._pipes: list[IO[bytes]] = []
        self._ended = False
        self._watch(process.stdin, selectors.EVENT_WRITE, self._feed)
        self._watch(process.stdout, selectors.EVENT_READ, self._take)
        self._watch(process.stderr, selectors.EVENT_READ, self._take)

    def _watch(self, pipe: IO[bytes] | None, event: int, move: Callable[[IO[bytes]], None]) -> None:
        if pipe is not None:
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, event, functools.partial(move, pipe))
            self._pipes.append(pipe)

    def pump(self, deadline: float, cancel: CancelToken) -> _End:
        """Move bytes until the process ended and its pipes are closed, or one of the limits."""
        exited_at: float | None = None
        while True:
            now = time.monotonic()
            if self._process.poll() is not None:
                exited_at = exited_at or now
                if not self._has_output:
                    return _End.FINISHED
                if now - exited_at > _LINGER_SECONDS:
                    return _End.LEFT_BEHIND
            if cancel.cancelled:
                self.end_group(_CANCEL_GRACE_SECONDS)
                return _End.CANCELLED
            if now >= deadline:
                self.end_group(_DEADLINE_GRACE_SECONDS)
                return _End.TIMED_OUT
            self._move(min(_TICK_SECONDS, deadline - now))

    @property
    def _has_output(self) -> bool:
        return any(pipe is not self._process.stdin for pipe in self._pipes)

    def _move(self, seconds: float) -> None:
        """Wait for at most `seconds` for a pipe, or without pipes for the end of the process."""
        if self._pipes:
            for key, _ in self._selector.select(seconds):
                key.data()
        elif self._process.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        else:
            time.sleep(seconds)

    def _feed(self, pipe: IO[bytes]) -> None:
        try:
            written = os.write(pipe.fileno(), self._stdin[:_CHUNK_BYTES])
        except BlockingIOError:
            return
        except OSError:
            # It does not want to read the rest: that is its right, and no failure.
            written = len(self._stdin)
        self._stdin = self._stdin[written:]
        if not self._stdin:
            self._close(pipe)

    def _take(self, pipe: IO[bytes]) -> None:
        try:
            data = os.read(pipe.fileno(), _CHUNK_BYTES)
        except BlockingIOError:
            return
        if not data:
            self._close(pipe)
            return
        self._both.add(data)
        if pipe is self._process.stdout:
            self._stdout.add(data)
        self._live.add(data)

    def _close(self, pipe: IO[bytes]) -> None:
        self._selector.unregister(pipe)
        self._pipes.remove(pipe)
        with contextlib.suppress(OSError):
            pipe.close()

    def end_group(self, grace_seconds: float) -> None:
        """TERM to all that is left of the group, KILL after the grace; then no pipe is open."""
        if self._ended:
            return
        self._ended = True
        until = time.monotonic() + grace_seconds
        if self._signal(signal.SIGTERM):
            while self._signal(_ANYBODY_THERE) and time.monotonic() < until:
                self._move(_TICK_SECONDS / 5)
            self._signal(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_SECONDS)
        if self._pipes:
            self._move(0)
        for pipe in list(self._pipes):
            self._close(pipe)
        self._selector.close()

    def kill(self) -> None:
        """From any thread: the one that pumps sees that it ended."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> bool:
        """Whether anything of the group was there to take it. Reaps the leader."""
        self._process.poll()
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            # macOS says "permission" of a group that consists of zombies only.
            return False
        return True

    def result(self, end: _End, seconds: float) -> ProcessResult:
        self._live.close()
        full = self._both.joined()
        output = plain_text(_short(full).decode("utf-8", "replace"))
        if end is _End.LEFT_BEHIND:
            output += _LEFT_BEHIND
            full += _LEFT_BEHIND.encode()
        killed = end in {_End.TIMED_OUT, _End.CANCELLED}
        code = self._process.returncode
        return ProcessResult(
            exit_code=None if killed or code is None else code if code >= 0 else 128 - code,
            output=output,
            full=full,
            total_bytes=self._both.total,
            seconds=seconds,
            timed_out=end is _End.TIMED_OUT,
            stdout=self._stdout.joined().decode("utf-8", "replace"),
        )


def _short(full: bytes) -> bytes:
    if len(full) <= TEXT_BYTES:
        return full
    kept = HeadAndTail(TEXT_BYTES // 2, TEXT_BYTES // 2)
    kept.add(full)
    return kept.joined()
