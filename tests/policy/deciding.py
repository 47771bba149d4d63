"""Rulings over accesses of one workspace, by the real rules."""

import shlex
from typing import Any

from burnless.core.permissions import (
    Access,
    Decision,
    ParsedCommand,
    Redirection,
    Ruling,
    RunCommand,
    SimpleCommand,
)
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.permissions import rule

ROOT = "/srv/ada/work"
ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY
DEFAULT = PermissionMode.DEFAULT
ACCEPT = PermissionMode.ACCEPT_EDITS
PLAN = PermissionMode.PLAN
AUTO = PermissionMode.AUTO
DONT_ASK = PermissionMode.DONT_ASK
BYPASS = PermissionMode.BYPASS
NO_RULES = PermissionSettings()


def parsed(command: str) -> ParsedCommand:
    """A stand-in for the shell parser: `&&` lists of plain words, `>` and `<` before a file."""
    parts, redirections = [], []
    for piece in command.split(" && "):
        words: list[str] = []
        rest = iter(shlex.split(piece))
        for word in rest:
            if word in {">", "<"}:
                redirections.append(Redirection(next(rest), word == ">"))
            else:
                words.append(word)
        parts.append(SimpleCommand(tuple(words)))
    return ParsedCommand(command, True, tuple(parts), tuple(redirections))


def decide(
    access: Access | str,
    mode: PermissionMode = DEFAULT,
    settings: PermissionSettings = NO_RULES,
    *,
    session: tuple[str, ...] = (),
    cwd: str = ROOT,
    sandboxed: bool = False,
    origin: str = "executor",
) -> Ruling:
    taken_apart = None
    if isinstance(access, str):
        taken_apart = parsed(access)
        access = RunCommand(access, origin)
    return rule(
        access,
        taken_apart,
        mode,
        settings,
        session,
        root=ROOT,
        cwd=cwd,
        sandboxed=sandboxed,
    )


def opaque(
    command: str, mode: PermissionMode, settings: PermissionSettings = NO_RULES, **options: Any
) -> Ruling:
    unknown = ParsedCommand(command, understood=False, why="a subshell")
    access = RunCommand(command, options.pop("origin", "executor"))
    return rule(access, unknown, mode, settings, (), root=ROOT, cwd=ROOT, **options)
