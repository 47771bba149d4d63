"""How the command ends badly: one line that says what to do next, and an exit code."""

from __future__ import annotations

import sys

from burnless.core.errors import BurnlessError
from burnless.core.terminal_text import plain_text


def complain(error: BurnlessError, session_id: str = "") -> int:
    """Say on stderr what happened and what to do next; the value is the exit code."""
    say_why(str(error), error.hint, session_id)
    return error.exit_code


def say_why(what: str, hint: str = "", session_id: str = "") -> None:
    """`agent: what happened; what to do next`, and how to come back where a session exists."""
    line = "; ".join(part.rstrip(" .;") for part in (what, hint) if part.strip())
    resume = f"agent --resume {session_id}" if session_id else ""
    if resume and resume not in line:
        line = f"{line}; go on with: {resume}"
    sys.stderr.write(f"agent: {' '.join(plain_text(line).split())}\n")
    sys.stderr.flush()
