"""A capsule as a model reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from burnless.core.capsule import Capsule, CommandNote, FileNote, FileSlice, Quote
from burnless.core.plan import Plan
from burnless.policy.plan_rendering import fence_for, render_plan

_FOR_THE_EXECUTOR = """\
# The session so far
Older messages were dropped; this stands for them. Nothing is lost: the tool recall opens any id \
given here (e12), or searches the whole session by text. Go on with the next step; do not start \
over."""
_FOR_OTHERS = """\
# The session so far
What the user said, what was planned, and what was done and found out."""


def render_capsule(capsule: Capsule, *, can_recall: bool = True) -> str:
    """The same capsule is always the same text.

    can_recall: its reader is the executor, whose tool recall opens event ids; for a planner or a
    worker they are left out
    """
    shown = _Shown(can_recall)
    speaker = "you" if can_recall else "the executor"
    parts = [
        _FOR_THE_EXECUTOR if can_recall else _FOR_OTHERS,
        shown.section("The user's words", shown.quotes(capsule.prompts), capsule.cut_prompts),
        render_plan(_quoted_once(capsule.plan, capsule.slices)) if capsule.plan else "",
        shown.section("Decisions and facts", shown.lines(capsule.notes), capsule.cut_notes),
        shown.section("Files", [shown.file(note) for note in capsule.files], capsule.cut_files),
        shown.section(
            "Commands that ran",
            [shown.command(note) for note in capsule.commands],
            capsule.cut_commands,
        ),
        shown.section("What failed", shown.lines(capsule.failures)),
        shown.section(f"What {speaker} last said", shown.quotes(capsule.prose)),
        shown.section(
            "The next step's files as they are now",
            [_slice(part) for part in capsule.slices],
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def note_line(quote: Quote) -> str:
    return _EXECUTOR.lines((quote,))[0]


def file_line(note: FileNote) -> str:
    return _EXECUTOR.file(note)


def command_line(note: CommandNote) -> str:
    return _EXECUTOR.command(note)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Lines with the event ids that recall opens, or without them."""

    ids: bool

    def lines(self, quotes: tuple[Quote, ...]) -> list[str]:
        return [f"- {quote.text}{self._ids(quote.event)}" for quote in quotes]

    def quotes(self, quotes: tuple[Quote, ...]) -> list[str]:
        if self.ids:
            return [f"[e{quote.event}]\n{quote.text}" for quote in quotes]
        return ["\n---\n".join(quote.text for quote in quotes)] if quotes else []

    def file(self, note: FileNote) -> str:
        digest = f" {note.sha256[:8]}" if note.sha256 and self.ids else ""
        return f"- {note.path}: {note.done}{digest}{self._ids(*note.events)}"

    def command(self, note: CommandNote) -> str:
        result = "killed at its deadline" if note.exit_code is None else f"exit {note.exit_code}"
        times = f", {note.times} times" if note.times > 1 else ""
        last = f": {note.last_line}" if note.last_line else ""
        return f"- `{note.command}` {result}{times}{last}{self._ids(note.event)}"

    def section(self, title: str, lines: list[str], cut: int = 0) -> str:
        if not lines and not cut:
            return ""
        where = "; recall finds them" if self.ids else ""
        left_out = [f"({cut} older ones are not shown{where})"] if cut else []
        return "\n".join([f"## {title}", *left_out, *lines])

    def _ids(self, *events: int) -> str:
        return f" [{' '.join(f'e{event}' for event in events)}]" if self.ids else ""


_EXECUTOR = _Shown(ids=True)


def _quoted_once(plan: Plan, slices: tuple[FileSlice, ...]) -> Plan:
    """Without the excerpts that stand in a slice: that one is how the file is now."""
    kept = tuple(
        excerpt
        for excerpt in plan.excerpts
        if not any(
            part.path == excerpt.path and excerpt.text.strip("\n") in part.text for part in slices
        )
    )
    return replace(plan, excerpts=kept)


def _slice(part: FileSlice) -> str:
    fence = fence_for(part.text)
    return f"{part.path} lines {part.lines}\n{fence}\n{part.text}\n{fence}"
