"""The names of the slash commands and what they are for."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    argument: str
    help: str


COMMANDS = (
    Command("/help", "", "this list"),
    Command("/plan", "[task]", "show the plan; with a task: plan it, show it and wait"),
    Command("/cost", "", "what this session cost, by role and token class"),
    Command("/context", "", "what the prompt is made of"),
    Command("/audit", "", "hold what was claimed against the disk, now"),
    Command("/sessions", "", "the sessions of this workspace"),
    Command("/compact", "[focus]", "replace history by a capsule now"),
    Command("/diff", "", "the last edits in full"),
    Command("/status", "", "models, mode, context, cost"),
    Command("/permissions", "[mode]", "the rules in force, or change the mode"),
    Command("/config", "", "the configuration in force, and where it comes from"),
    Command("/exit", "", "leave (Ctrl-D)"),
)
NAMES = tuple(command.name for command in COMMANDS)
_ALSO = {"/quit": "/exit", "/?": "/help", "?": "/help"}
_LATER = (
    *("/tier", "/model", "/budget", "/cache", "/undo", "/redo", "/rewind", "/doctor", "/reload"),
    *("/resume", "/fork", "/new", "/clear", "/export", "/copy"),
)

KEYS = """Enter sends · Ctrl-J or Alt-Enter newline · Ctrl-R history · Ctrl-G editor
While it works: Esc or Ctrl-C interrupts and keeps what was done;
what you type and end with Enter is queued
Ctrl-C on an empty line twice, or Ctrl-D, leaves"""


def split_command(text: str) -> tuple[str, str] | None:
    """The full name and the rest of a line that is a slash command, else None.

    A path is not a command: "/etc/hosts is wrong" is a prompt.
    """
    first, _, rest = text.strip().partition(" ")
    name = _ALSO.get(first, first)
    is_command = name.startswith("/") and "/" not in name[1:] and name[1:].isalpha()
    return (name, rest.strip()) if is_command else None


def help_text() -> str:
    rows = [(f"{command.name} {command.argument}".rstrip(), command.help) for command in COMMANDS]
    width = max(len(left) for left, _ in rows)
    return "\n".join(f"{left:<{width}}  {right}" for left, right in rows) + f"\n\n{KEYS}"


def unknown_text(name: str) -> str:
    """What to say to a command that is none: not yet there, mistyped, or unheard of."""
    if name in _LATER:
        return f"{name} is not available yet; /help lists what is"
    near = get_close_matches(name, NAMES, 1)
    return f"{name} is no command; " + (f"did you mean {near[0]}?" if near else "see /help")
