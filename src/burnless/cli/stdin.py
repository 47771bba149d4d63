"""What a headless run is asked: the words of the command line, and what is piped in."""

from __future__ import annotations

import os
import select
import stat
import sys
from typing import TextIO

from burnless.core.errors import InputProblem

PATIENCE_SECONDS = 3.0
"""With a prompt on the command line, stdin may be a pipe nobody writes to: do not wait for ever."""

MOST_BYTES = 10_000_000


def read_prompt(given: str, stdin: TextIO) -> str:
    """`-` or nothing: all of stdin. A prompt and something piped: the prompt, then what is piped.

    Raises InputProblem for `-` without anything to read, and for more than MOST_BYTES.
    """
    if given == "-":
        piped = _read(stdin)
        if not piped.strip():
            raise InputProblem(
                "the prompt on stdin is empty", hint='pipe it in: echo "…" | agent -'
            )
        return piped.strip()
    if not _is_piped(stdin):
        return given
    if not given:
        return _read(stdin).strip()
    if not _has_something(stdin):
        return given
    piped = _read(stdin)
    return f"{given}\n\n{piped.rstrip()}" if piped.strip() else given


def _is_piped(stdin: TextIO) -> bool:
    """A pipe, a file or a socket; not a terminal, and not /dev/null."""
    try:
        mode = os.fstat(stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _has_something(stdin: TextIO) -> bool:
    """Whether anything, or the end, comes within a few seconds."""
    ready, _, _ = select.select([stdin], [], [], PATIENCE_SECONDS)
    if not ready:
        sys.stderr.write("agent: nothing came on stdin, going on without it (</dev/null avoids)\n")
    return bool(ready)


def _read(stdin: TextIO) -> str:
    data = stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputProblem(
            f"more than {MOST_BYTES:,} bytes on stdin",
            hint="put it in a file and name the file in the prompt",
        )
    return data.decode("utf-8", "replace")
