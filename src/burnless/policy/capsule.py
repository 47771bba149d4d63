"""Building the capsule from the fold: what stays in view, what becomes an event id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from burnless.core.capsule import Capsule, CommandNote, FileNote, FileSlice, Quote
from burnless.core.messages import AssistantMessage
from burnless.core.session import Session
from burnless.core.settings import CompactionSettings
from burnless.core.tail import TailEntry
from burnless.policy.capsule_text import (
    command_line,
    file_line,
    note_line,
    render_capsule,
)
from burnless.policy.tokens import BYTES_PER_TOKEN, cut_to_tokens, estimate, estimate_message

__all__ = ["build_capsule", "keep_from", "render_capsule"]

# Tokens each part may take. They bound the capsule however long the session gets; together with
# the user's words they are what a fresh start costs. The notes' part is what keeps the bill of a
# very long session a straight line: older decisions are a `recall` away.
NOTES_TOKENS = 1_500
FILES_TOKENS = 1_500
COMMANDS_TOKENS = 1_000
FAILURES_TOKENS = 800
PROSE_TOKENS = 2_000
SLICES_TOKENS = 3_000

PARTS_SHARE = 0.15
"""In a small window those parts shrink together until they take at most this share of it."""

COMMAND_TOKENS = 80
"""A longer command (a script in a here-document, say) is cut; its event has the whole."""

TAIL_SHARE = 0.15
"""The raw tail takes at most this share of the window."""

MOST_RAW_SHARE = 0.5
"""A last exchange above this share of the window cannot stay: the next request has to fit."""

_PARTS_TOKENS = (
    NOTES_TOKENS + FILES_TOKENS + COMMANDS_TOKENS + FAILURES_TOKENS + PROSE_TOKENS + SLICES_TOKENS
)

LEAST_EXCHANGES = 3
"""Exchanges kept raw even above the limit, up to twice of it; one is always kept."""

EVENTS_OF_A_FILE = 4

_T = TypeVar("_T")


def build_capsule(
    session: Session,
    *,
    number: int,
    slices: tuple[FileSlice, ...],
    keep_from: int,
    settings: CompactionSettings,
    window: int,
) -> Capsule:
    """What stands for everything before event `keep_from`. From the fold alone, no model call.

    The user's words come first and get `settings.prompt_tokens` or a quarter of the window (in
    tokens); every other part has its own limit and says how many items were left out.
    """
    prompts, cut_prompts = _prompts(session.prompts, min(settings.prompt_tokens, window // 4))
    scale = min(1.0, PARTS_SHARE * window / _PARTS_TOKENS)
    notes = [Quote(note.seq, f"{note.kind}: {note.text}") for note in session.notes]
    kept_notes = _newest(notes, int(scale * NOTES_TOKENS), note_line)
    files = _files(session)
    kept_files = _newest(files, int(scale * FILES_TOKENS), file_line)
    commands = _commands(session)
    kept_commands = _newest(commands, int(scale * COMMANDS_TOKENS), command_line)
    return Capsule(
        number=number,
        through=keep_from - 1,
        prompts=prompts,
        plan=session.plan,
        notes=kept_notes,
        files=kept_files,
        commands=kept_commands,
        failures=_newest(_failures(session), int(scale * FAILURES_TOKENS), note_line),
        prose=_prose(session.tail, keep_from, int(scale * PROSE_TOKENS)),
        slices=_slices(slices, int(scale * SLICES_TOKENS)),
        cut_prompts=cut_prompts,
        cut_notes=len(notes) - len(kept_notes),
        cut_files=len(files) - len(kept_files),
        cut_commands=len(commands) - len(kept_commands),
    )


def keep_from(session: Session, tail_tokens: int, window: int) -> int:
    """The event the raw tail starts with: whole exchanges, cut only before a reply.

    At least one exchange stays, unless it alone fills half of the window, and up to three where
    they fit into twice the limit.
    """
    limit = min(tail_tokens, int(window * TAIL_SHARE))
    first = session.seq + 1
    used = exchanges = 0
    for entry in reversed(session.tail):
        used += estimate_message(entry.message)
        if not isinstance(entry.message, AssistantMessage):
            continue
        allowed = limit if exchanges >= LEAST_EXCHANGES else 2 * limit
        if used > (allowed if exchanges else window * MOST_RAW_SHARE):
            break
        first = entry.seq
        exchanges += 1
    replied = any(isinstance(entry.message, AssistantMessage) for entry in session.tail)
    if session.tail and not replied:
        return session.tail[0].seq
    return first


def _prompts(prompts: Sequence[Quote], limit: int) -> tuple[tuple[Quote, ...], int]:
    """Verbatim; where they do not all fit, the newest and the first stay, cut if they must be."""
    if not prompts:
        return (), 0
    held_back = min(estimate(prompts[0].text), limit // 2) if len(prompts) > 1 else 0
    newest = _cut(prompts[-1], limit - held_back)
    left = limit - estimate(newest.text)
    if len(prompts) == 1:
        return (newest,), 0
    first = _cut(prompts[0], left)
    between = _newest(prompts[1:-1], left - estimate(first.text), lambda quote: quote.text)
    return (first, *between, newest), len(prompts) - 2 - len(between)


def _cut(quote: Quote, most: int) -> Quote:
    said = f"[cut; recall e{quote.event} has the whole]"
    return Quote(quote.event, cut_to_tokens(quote.text, most, said))


def _files(session: Session) -> list[FileNote]:
    """In the order they were last touched; changed files after read ones, so that they stay."""
    done: dict[str, str] = {}
    for entry in session.changes:
        before = done.get(entry.change.path)
        kind = entry.change.kind
        done[entry.change.path] = "created" if before == "created" and kind == "changed" else kind
    notes = [
        FileNote(
            path,
            session.known_files.get(path, ""),
            done.get(path, "read"),
            tuple(events[-EVENTS_OF_A_FILE:]),
        )
        for path, events in session.file_events.items()
    ]
    return sorted(notes, key=lambda note: (note.done != "read", note.events[-1]))


def _commands(session: Session) -> list[CommandNote]:
    """Newest last; runs of the same command with the same result are one, counted."""
    merged: dict[tuple[str, int | None, str], CommandNote] = {}
    for entry in session.commands:
        outcome = entry.outcome
        key = (_cut_words(outcome.command), outcome.exit_code, _cut_words(outcome.last_line))
        times = merged.pop(key).times + 1 if key in merged else 1
        merged[key] = CommandNote(*key, entry.seq, times)
    return list(merged.values())


def _cut_words(text: str) -> str:
    return cut_to_tokens(text, COMMAND_TOKENS, "[cut]")


def _failures(session: Session) -> list[Quote]:
    """Each failure once, as it was last met, and what was found out since is in the notes."""
    latest: dict[str, Quote] = {}
    for quote in session.failures:
        latest.pop(quote.text, None)
        latest[quote.text] = quote
    return list(latest.values())


def _prose(tail: Sequence[TailEntry], keep_from: int, left: int) -> tuple[Quote, ...]:
    """What the executor last wrote in the part that is dropped."""
    quotes: list[Quote] = []
    for entry in reversed(tail):
        message = entry.message
        if entry.seq >= keep_from or not isinstance(message, AssistantMessage):
            continue
        text = message.text
        if not text:
            continue
        quotes.append(_cut(Quote(entry.seq, text), left))
        left -= estimate(text)
        if left <= 0:
            break
    return tuple(reversed(quotes))


def _slices(slices: Sequence[FileSlice], left: int) -> tuple[FileSlice, ...]:
    """In their order; what does not fit is cut between lines and says how to read the rest."""
    kept = []
    for part in slices:
        fitting = part if estimate(part.text) <= left else _cut_slice(part, left)
        left = max(left - estimate(fitting.text), 0)
        kept.append(fitting)
    return tuple(kept)


def _cut_slice(part: FileSlice, most: int) -> FileSlice:
    first = int(part.lines.partition("-")[0])
    shown: list[str] = []
    left = most * BYTES_PER_TOKEN
    for text in part.text.splitlines():
        left -= len(f"{text}\n".encode())
        if left < 0:
            break
        shown.append(text)
    following = first + len(shown)
    how = f"cut: read {part.path} from line {following}" if shown else f"left out: read {part.path}"
    lines = f"{first}-{following - 1}" if shown else part.lines
    return FileSlice(part.path, lines, "\n".join([*shown, f"[{how}]"]))


def _newest(items: Sequence[_T], limit: int, text: Callable[[_T], str]) -> tuple[_T, ...]:
    """The last items that fit, in their order."""
    return tuple(reversed(_first(tuple(reversed(items)), limit, text)))


def _first(items: Sequence[_T], limit: int, text: Callable[[_T], str]) -> tuple[_T, ...]:
    """One that is too long for what is left is passed over; it does not hide those behind it."""
    kept: list[_T] = []
    for item in items:
        size = estimate(text(item))
        if size <= limit:
            limit -= size
            kept.append(item)
    return tuple(kept)
