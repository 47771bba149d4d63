"""What a tool is about to touch, and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class SimpleCommand:
    """One program and its words, wrappers (`timeout`, `env`, ...) already taken off."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Redirection:
    """`path` is written to, or read from."""

    path: str
    writes: bool


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A shell command taken apart. `understood` False: something in it was not parsed (`why`)."""

    text: str
    understood: bool
    parts: tuple[SimpleCommand, ...] = ()
    redirections: tuple[Redirection, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReadPath:
    """An absolute or workspace-relative path that will be read."""

    path: str


@dataclass(frozen=True, slots=True)
class WritePath:
    path: str
    deletes: bool = False


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A shell command line. `origin`: "executor" | "check" | "plan"."""

    command: str
    origin: str = "executor"


@dataclass(frozen=True, slots=True)
class StartWorker:
    """Another agent's CLI that may change this workspace."""

    command: str


Access: TypeAlias = ReadPath | WritePath | RunCommand | StartWorker


class Decision(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with its reason. `pattern` is the rule that would remember a yes.

    `hint` tells the model what to do instead, where it is denied. `reads_only`: nothing in it
    can change the workspace, so no snapshot is needed around it.
    """

    decision: Decision
    reason: str
    pattern: str = ""
    hint: str = ""
    reads_only: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What an Approver is asked. `detail` is the command, or a unified diff."""

    access: Access
    reason: str
    pattern: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`choice`: "yes" | "session" | "project" | "no". `pattern` as the user edited it."""

    choice: str
    pattern: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Permit:
    """The end of it: may this happen, and what to tell the model if not."""

    allowed: bool
    reason: str = ""
    reads_only: bool = False
