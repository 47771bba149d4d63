"""A run: on the terminal where there is one, headless where not, with the real engine."""

from __future__ import annotations

import sys

from burnless.cli.engine import SessionEngine
from burnless.cli.headless_run import run_headless
from burnless.cli.invocation import Invocation
from burnless.cli.options import RunOptions
from burnless.cli.wiring import open_engine
from burnless.core.errors import UsageProblem
from burnless.core.protocols import Approver, EventSink


def run(invocation: Invocation) -> int:
    """The value is the exit code. Raises UsageProblem where only a terminal would do."""
    if not invocation.headless and _on_a_terminal():
        from burnless.cli.interactive_run import run_interactive  # noqa: PLC0415 - start-up budget

        return run_interactive(invocation, _open_warm)
    if invocation.pick_session:
        raise UsageProblem(
            "--resume without a value asks, and there is no terminal to ask on",
            hint="agent sessions list shows the IDs; give one: --resume ID",
        )
    return run_headless(invocation, open_engine)


def _open_warm(options: RunOptions, approver: Approver, sink: EventSink) -> SessionEngine:
    """What the first call needs is loaded while the user types."""
    engine = open_engine(options, approver, sink)
    engine.warm()
    return engine


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
