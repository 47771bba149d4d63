"""A run as the command line asked for it, and the rules about which flags go together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from burnless.cli.options import RunOptions
from burnless.core.errors import UsageProblem


class OutputFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    STREAM_JSON = "stream-json"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run, before anything was read or opened.

    prompt:       "" = none was given, "-" = all of stdin
    headless:     asked for by a flag; a missing terminal makes a run headless too
    pick_session: `--resume` without a value: let the user choose one
    plain:        no colours, no live line, no toolbar
    """

    options: RunOptions
    prompt: str = ""
    headless: bool = False
    output_format: OutputFormat = OutputFormat.TEXT
    pick_session: bool = False
    plain: bool = False
    verbose: bool = False


def check_together(invocation: Invocation) -> None:
    """Raises UsageProblem for flags that contradict each other."""
    options = invocation.options
    resuming = bool(options.resume) or invocation.pick_session
    reopening = resuming or options.continue_newest
    if resuming and options.continue_newest:
        raise UsageProblem(
            "--resume and --continue both choose a session", hint="give only one of them"
        )
    if reopening and options.session_id and not options.fork:
        raise UsageProblem(
            "--session-id names a session, and so does --resume or --continue",
            hint="give one of them, or add --fork-session to name the copy",
        )
    if options.fork and not reopening:
        raise UsageProblem(
            "--fork-session copies a session, but none was chosen", hint="add --resume ID or -c"
        )
    if options.no_planner and options.planner:
        raise UsageProblem(
            "--planner and --no-planner contradict each other", hint="give only one of them"
        )
    if options.tier and options.executor:
        raise UsageProblem(
            "--tier and --executor both choose the executor", hint="give only one of them"
        )
    if invocation.pick_session and invocation.headless:
        raise UsageProblem(
            "--resume without a value asks, and a headless run has nobody to ask",
            hint="agent sessions list shows the IDs; give one: --resume ID",
        )
