"""A capsule as the model reads it."""

from __future__ import annotations

from burnless.core.capsule import Capsule, CommandNote, FileNote, FileSlice, Quote
from burnless.policy.plan_rendering import fence_for, render_plan

_INTRODUCTION = """\
# The session so far
Older messages were dropped; this stands for them. Nothing is lost: the tool recall opens any id \
given here (e12), or searches the whole session by text. Go on with the next step; do not start \
over."""


def render_capsule(capsule: Capsule) -> str:
    """The same capsule is always the same text."""
    parts = [
        _INTRODUCTION,
        _section("The user's words", _quotes(capsule.prompts), capsule.cut_prompts),
        render_plan(capsule.plan) if capsule.plan else "",
        _section("Decisions and facts", _lines(capsule.notes), capsule.cut_notes),
        _section("Files", [file_line(note) for note in capsule.files], capsule.cut_files),
        _section(
            "Commands that ran",
            [command_line(note) for note in capsule.commands],
            capsule.cut_commands,
        ),
        _section("What failed", _lines(capsule.failures)),
        _section("What you last said", _quotes(capsule.prose)),
        _section(
            "The next step's files as they are now",
            [_slice(part) for part in capsule.slices],
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _slice(part: FileSlice) -> str:
    fence = fence_for(part.text)
    return f"{part.path} lines {part.lines}\n{fence}\n{part.text}\n{fence}"


def note_line(quote: Quote) -> str:
    return f"- {quote.text} [e{quote.event}]"


def file_line(note: FileNote) -> str:
    events = " ".join(f"e{event}" for event in note.events)
    digest = f" {note.sha256[:8]}" if note.sha256 else ""
    return f"- {note.path}: {note.done}{digest} [{events}]"


def command_line(note: CommandNote) -> str:
    result = "killed at its deadline" if note.exit_code is None else f"exit {note.exit_code}"
    times = f", {note.times} times" if note.times > 1 else ""
    last = f": {note.last_line}" if note.last_line else ""
    return f"- `{note.command}` {result}{times}{last} [e{note.event}]"


def _lines(quotes: tuple[Quote, ...]) -> list[str]:
    return [note_line(quote) for quote in quotes]


def _quotes(quotes: tuple[Quote, ...]) -> list[str]:
    return [f"[e{quote.event}]\n{quote.text}" for quote in quotes]


def _section(title: str, lines: list[str], cut: int = 0) -> str:
    if not lines and not cut:
        return ""
    left_out = [f"({cut} older ones are not shown; recall finds them)"] if cut else []
    return "\n".join([f"## {title}", *left_out, *lines])
