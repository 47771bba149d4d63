"""From argv to what it asks for: a subcommand, or a run as a frozen Invocation."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from burnless.cli.exits import complain
from burnless.cli.flags import parse_flags
from burnless.cli.invocation import Invocation, invocation_of
from burnless.core.collector import collector_paused
from burnless.core.errors import BurnlessError, UsageProblem

SUBCOMMANDS = (
    *("init", "doctor", "demo", "sessions", "cost", "context", "audit", "config", "trust"),
    "permissions",
)
LATER = (
    *("undo", "redo", "cache", "route", "models", "import", "bench", "batch", "review", "commit"),
    *("tasks", "gateway"),
)
"""Reserved words: as prompts they would change their meaning one day."""

INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Do what `argv` (without the program's name) says; the value is the exit code."""
    try:
        code = _dispatch(argv)
        sys.stdout.flush()
    except BurnlessError as error:
        return complain(error)
    except KeyboardInterrupt:
        sys.stderr.write("agent: interrupted; run it again to go on\n")
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_went_away()
    except SystemExit as answered:
        return answered.code if isinstance(answered.code, int) else 0
    else:
        return code


def parse(argv: Sequence[str]) -> Invocation:
    """The run that `argv` asks for. Raises UsageProblem, and SystemExit(0) after --help."""
    return invocation_of(parse_flags(argv))


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
    with collector_paused(keep_for_good=True):
        from burnless.cli.run import run  # noqa: PLC0415 - start-up budget

    return run(invocation)


def _reader_went_away() -> int:
    """`agent sessions | head`: nobody is left to print to, so the last flush must be silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
