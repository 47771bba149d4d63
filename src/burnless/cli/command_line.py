"""From argv to what it asks for: a subcommand, or a run as a frozen Invocation."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from burnless.cli.exits import complain
from burnless.cli.flags import PICK, app
from burnless.cli.invocation import Invocation
from burnless.core.errors import BurnlessError, UsageProblem

SUBCOMMANDS = (
    "init",
    "doctor",
    "demo",
    "sessions",
    "cost",
    "context",
    "audit",
    "config",
    "trust",
    "permissions",
)
LATER = (
    "undo",
    "redo",
    "cache",
    "route",
    "models",
    "import",
    "bench",
    "batch",
    "review",
    "commit",
    "tasks",
    "gateway",
)
"""Reserved words: as prompts they would change their meaning one day."""

INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Do what `argv` (without the program's name) says; the value is the exit code."""
    try:
        return _dispatch(argv)
    except BurnlessError as error:
        return complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_went_away()


def parse(argv: Sequence[str]) -> Invocation | int:
    """The run that `argv` asks for, or the exit code where --help or --version has answered.

    Raises UsageProblem.
    """
    command = typer.main.get_command(app)
    try:
        outcome = command.main(
            args=_mark_bare_resume(argv), prog_name="agent", standalone_mode=False
        )
    except typer.TyperException as error:
        raise UsageProblem(error.format_message(), hint="agent --help lists every flag") from error
    assert isinstance(outcome, Invocation | int)  # noqa: S101 - typer types it as Any
    return outcome


def _dispatch(argv: Sequence[str]) -> int:
    first = argv[0] if argv else ""
    if first in LATER:
        raise UsageProblem(
            f"`agent {first}` is not available yet",
            hint=f"if {first!r} is your prompt: agent -- {first}",
        )
    if first in SUBCOMMANDS:
        from burnless.cli.subcommands import run_subcommand  # noqa: PLC0415 - start-up budget

        return run_subcommand(argv)
    invocation = parse(argv)
    if isinstance(invocation, int):
        return invocation
    from burnless.cli.run import run  # noqa: PLC0415 - start-up budget

    return run(invocation)


def _mark_bare_resume(argv: Sequence[str]) -> list[str]:
    """`-r` may stand without a value, which the parser cannot express: give it one that says so."""
    marked: list[str] = []
    for position, word in enumerate(argv):
        if word == "--":
            return [*marked, *argv[position:]]
        marked.append(word)
        following = argv[position + 1] if position + 1 < len(argv) else "-"
        if word in {"-r", "--resume"} and following.startswith("-"):
            marked.append(PICK)
    return marked


def _reader_went_away() -> int:
    """`agent sessions | head`: nobody is left to print to, so the last flush has to be silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
