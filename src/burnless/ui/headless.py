"""Frontends without a user: text, json and stream-json, and the approver that has nobody to ask."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Sequence
from typing import Protocol, TextIO

from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.messages import Role
from burnless.core.outcome import TurnResult
from burnless.core.permissions import Answer, Question
from burnless.core.plan import Plan
from burnless.core.protocols import EventSink, Signal, Waiting
from burnless.core.session import Session
from burnless.ui.lines import Line, Style, plain_text, safe, styled
from burnless.ui.scene import Scene
from burnless.ui.status import waiting_text
from burnless.ui.wire_json import (
    JsonLine,
    Opening,
    event_line,
    init_line,
    result_line,
    waiting_line,
)


class HeadlessApprover:
    """Implements Approver where nobody is there: every question is a no.

    The gate words the refusal, with the --allowedTools rule that would allow it.
    """

    interactive = False

    def approve(self, question: Question) -> Answer:
        del question
        return Answer("no")

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        del question, options
        return None

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        del text
        return plan


class HeadlessFrontend(EventSink, Protocol):
    """An EventSink with a first and a last word."""

    def begin(self, opening: Opening) -> None:
        """The engine is open. What was shown before this belongs to loading the session."""

    def end(self, result: TurnResult) -> None:
        """The run is over, well or badly."""


class RunMeter:
    """What this run spent: the session's own fold, over the calls of this run only."""

    def __init__(self) -> None:
        self._fold = Session()
        self._started = time.monotonic()
        self.num_turns = 0

    def count(self, recorded: ev.Recorded) -> None:
        event = recorded.event
        if isinstance(event, ev.CallReplied | ev.CallFailed):
            self._fold.apply(recorded)
        if isinstance(event, ev.WorkerStarted) or _is_turn(event):
            self.num_turns += 1

    def result(self, result: TurnResult) -> JsonLine:
        return result_line(
            result,
            by_model=self._fold.spend_by_model,
            num_turns=self.num_turns,
            duration_ms=round((time.monotonic() - self._started) * 1000),
        )


def _is_turn(event: ev.Event) -> bool:
    """An executor call of the conversation itself, as the session counts them."""
    return isinstance(event, ev.CallReplied) and event.role is Role.EXECUTOR and not event.purpose


class TextFrontend:
    """The answer on `out`, everything else as it happens on `progress`."""

    def __init__(self, out: TextIO, progress: TextIO, *, verbose: bool = False) -> None:
        self._out = out
        self._scene = Scene(bullet="*", verbose=verbose, prose=True)
        self._progress = Progress(progress)

    def begin(self, opening: Opening) -> None:
        models = ", ".join(f"{role} {model}" for role, model in opening.models.items())
        self._progress.write([styled(Style.DIM, f"session {opening.session_id} · {models}")])

    def show(self, recorded: ev.Recorded) -> None:
        self._progress.write(self._scene.lines(recorded.event))

    def signal(self, role: Role, signal: Signal) -> None:
        self._progress.signal(role, signal)

    def end(self, result: TurnResult) -> None:
        if result.summary:
            self._out.write(safe(result.summary).rstrip("\n") + "\n")
            self._out.flush()


class JsonFrontend:
    """One JSON object on `out` at the end; progress as text."""

    def __init__(self, out: TextIO, progress: TextIO, *, verbose: bool = False) -> None:
        self._out = out
        self._text = TextFrontend(out, progress, verbose=verbose)
        self._meter = RunMeter()
        self.begin = self._text.begin
        self.signal = self._text.signal

    def show(self, recorded: ev.Recorded) -> None:
        self._meter.count(recorded)
        self._text.show(recorded)

    def end(self, result: TurnResult) -> None:
        _write_line(self._out, self._meter.result(result))


class StreamJsonFrontend:
    """One JSON object a line, as things happen: `init` once a session is open, at last `result`."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._meter = RunMeter()
        self._session_id: str | None = None
        self._lock = threading.Lock()
        self._ended = False

    def begin(self, opening: Opening) -> None:
        self._session_id = opening.session_id
        self._write(init_line(opening))

    def show(self, recorded: ev.Recorded) -> None:
        if self._session_id is None:
            return
        self._meter.count(recorded)
        line = event_line(recorded.event, self._session_id)
        if line is not None:
            self._write(line)

    def signal(self, role: Role, signal: Signal) -> None:
        del role
        if isinstance(signal, Waiting) and signal.seconds and self._session_id is not None:
            self._write(waiting_line(signal, self._session_id))

    def end(self, result: TurnResult) -> None:
        """A turn that was cut off may still be at it: nothing follows the result."""
        self._write(self._meter.result(result), last=True)

    def _write(self, line: JsonLine, *, last: bool = False) -> None:
        with self._lock:
            if not self._ended:
                self._ended = last
                _write_line(self._out, line)


class Progress:
    """Plain lines on stderr, a whole line at a time from whatever thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, lines: Sequence[Line]) -> None:
        if lines:
            with self._lock:
                self._stream.write(plain_text(lines, _columns(self._stream)))
                self._stream.flush()

    def signal(self, role: Role, signal: Signal) -> None:
        if isinstance(signal, Waiting):
            self.write([styled(Style.WARNING, f"{role}: {waiting_text(signal)}")])


def _columns(stream: TextIO) -> int:
    """How wide the terminal is; 0 where there is none, and nothing is to be broken."""
    return shutil.get_terminal_size().columns if stream.isatty() else 0


def _write_line(out: TextIO, line: JsonLine) -> None:
    out.write(canonical(line) + "\n")
    out.flush()
