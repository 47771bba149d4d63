"""The capsule: what stands in the prompt for history that was dropped from it."""

from __future__ import annotations

from dataclasses import dataclass

from burnless.core.plan import Plan

CAPSULE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """Words kept as they were, with the event that `recall` opens."""

    event: int
    text: str


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file the work touched: `done` is "read", "created", "changed" or "deleted"."""

    path: str
    sha256: str
    done: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommandNote:
    """A command that ran: `exit_code` None where it was killed by its deadline."""

    command: str
    exit_code: int | None
    last_line: str
    event: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class FileSlice:
    """Current lines of a file the next step names."""

    path: str
    lines: str
    text: str


@dataclass(frozen=True, slots=True)
class Capsule:
    """Everything the executor needs to go on; every item names the event that has the rest.

    number:     compactions of this session so far, from 1
    through:    the last event the capsule stands for
    cut_prompts, cut_notes, cut_files, cut_commands: how many did not fit; they stay in the log
    """

    number: int
    through: int
    prompts: tuple[Quote, ...]
    plan: Plan | None
    notes: tuple[Quote, ...] = ()
    files: tuple[FileNote, ...] = ()
    commands: tuple[CommandNote, ...] = ()
    failures: tuple[Quote, ...] = ()
    prose: tuple[Quote, ...] = ()
    slices: tuple[FileSlice, ...] = ()
    cut_prompts: int = 0
    cut_notes: int = 0
    cut_files: int = 0
    cut_commands: int = 0
    version: int = CAPSULE_VERSION
