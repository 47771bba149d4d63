"""Entries of the journal: what was changed, run, tried and noted, each with its event."""

from __future__ import annotations

import json
from dataclasses import dataclass

from burnless.core.evidence import CommandOutcome, FileChange


@dataclass(frozen=True, slots=True)
class JournaledChange:
    """One change of one file. `tool` is the tool, "worker", or the check that made it."""

    seq: int
    turn: int
    tool: str
    change: FileChange


@dataclass(frozen=True, slots=True)
class JournaledCommand:
    """`edits_before`: how many changes the journal held when the command ended."""

    seq: int
    turn: int
    outcome: CommandOutcome
    edits_before: int


@dataclass(frozen=True, slots=True)
class JournaledAttempt:
    """A command that was asked for and came to no end. `outcome`: "denied" | "interrupted"."""

    seq: int
    command: str
    outcome: str


@dataclass(frozen=True, slots=True)
class JournaledNote:
    seq: int
    kind: str
    text: str


def attempts_in(seq: int, arguments: str, outcome: str) -> tuple[JournaledAttempt, ...]:
    """The command line in a tool call's JSON arguments; () where there is none to read."""
    try:
        read = json.loads(arguments)
    except (ValueError, RecursionError):
        return ()
    command = read.get("command") if isinstance(read, dict) else None
    return (JournaledAttempt(seq, command, outcome),) if isinstance(command, str) else ()
