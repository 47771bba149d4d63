"""Building the capsule from the fold: what stays in view, what becomes an event id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from burnless.core.capsule import Capsule, CommandNote, FileNote, FileSlice, Quote
from burnless.core.messages import AssistantMessage
from burnless.core.session import Session, TailEntry
from burnless.core.settings import CompactionSettings
from burnless.policy.capsule_text import (
    command_line,
    file_line,
    note_line,
    render_capsule,
)
from burnless.policy.tokens import cut_to_tokens, estimate, estimate_message

__all__ = ["build_capsule", "keep_from", "render_capsule"]

# Tokens each part may take. They bound the capsule however long the session gets; together with
# the user's words they are what a fresh start costs.
NOTES_TOKENS = 2_500
FILES_TOKENS = 1_500
COMMANDS_TOKENS = 1_000
FAILURES_TOKENS = 800
PROSE_TOKENS = 2_000
SLICES_TOKENS = 3_000

TAIL_SHARE = 0.15
"""The raw tail takes at most this share of the window."""

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

    The user's words come first and get `settings.prompt_tokens` or a quarter of the window; every
    other part has its own limit and says how many items were left out.
    """
    prompts, cut_prompts = _prompts(session.prompts, min(settings.prompt_tokens, window // 4))
    notes = [Quote(note.seq, f"{note.kind}: {note.text}") for note in session.notes]
    kept_notes = _newest(notes, NOTES_TOKENS, note_line)
    files = _files(session)
    kept_files = _newest(files, FILES_TOKENS, file_line)
    commands = _commands(session)
    kept_commands = _newest(commands, COMMANDS_TOKENS, command_line)
    return Capsule(
        number=number,
        through=keep_from - 1,
        prompts=prompts,
        plan=session.plan,
        notes=kept_notes,
        files=kept_files,
        commands=kept_commands,
        failures=_newest(_failures(session), FAILURES_TOKENS, note_line),
        prose=_prose(session.tail, keep_from),
        slices=_first(slices, SLICES_TOKENS, lambda part: part.text),
        cut_prompts=cut_prompts,
        cut_notes=len(notes) - len(kept_notes),
        cut_files=len(files) - len(kept_files),
        cut_commands=len(commands) - len(kept_commands),
    )


def keep_from(session: Session, tail_tokens: int, window: int) -> int:
    """The event the raw tail starts with: whole exchanges, cut only before a reply.

    At least one exchange stays, and up to three where they fit into twice the limit.
    """
    limit = min(tail_tokens, int(window * TAIL_SHARE))
    first = session.seq + 1
    used = exchanges = 0
    for entry in reversed(session.tail):
        used += estimate_message(entry.message)
        if not isinstance(entry.message, AssistantMessage):
            continue
        allowed = limit if exchanges >= LEAST_EXCHANGES else 2 * limit
        if exchanges and used > allowed:
            break
        first = entry.seq
        exchanges += 1
    if not exchanges and session.tail:
        return session.tail[0].seq
    return first


def _prompts(prompts: Sequence[Quote], limit: int) -> tuple[tuple[Quote, ...], int]:
    """Verbatim; where they do not all fit, the first and the newest stay."""
    if not prompts:
        return (), 0
    first = Quote(prompts[0].event, _cut(prompts[0], limit // 2))
    rest = _newest(prompts[1:], limit - estimate(first.text), lambda quote: quote.text)
    if len(prompts) > 1 and not rest:
        last = prompts[-1]
        rest = (Quote(last.event, _cut(last, limit // 2)),)
    return (first, *rest), len(prompts) - 1 - len(rest)


def _cut(quote: Quote, most: int) -> str:
    return cut_to_tokens(quote.text, most, f"[cut; recall e{quote.event} has the whole]")


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
        key = (outcome.command, outcome.exit_code, outcome.last_line)
        times = merged.pop(key).times + 1 if key in merged else 1
        merged[key] = CommandNote(*key, entry.seq, times)
    return list(merged.values())


def _failures(session: Session) -> list[Quote]:
    """Each failure once, as it was last met, and what was found out since is in the notes."""
    latest: dict[str, Quote] = {}
    for quote in session.failures:
        latest.pop(quote.text, None)
        latest[quote.text] = quote
    return list(latest.values())


def _prose(tail: Sequence[TailEntry], keep_from: int) -> tuple[Quote, ...]:
    """What the executor last wrote in the part that is dropped."""
    quotes: list[Quote] = []
    left = PROSE_TOKENS
    for entry in reversed(tail):
        message = entry.message
        if entry.seq >= keep_from or not isinstance(message, AssistantMessage):
            continue
        text = message.text
        if not text:
            continue
        quotes.append(Quote(entry.seq, _cut(Quote(entry.seq, text), left)))
        left -= estimate(text)
        if left <= 0:
            break
    return tuple(reversed(quotes))


def _newest(items: Sequence[_T], limit: int, text: Callable[[_T], str]) -> tuple[_T, ...]:
    """The last items that fit, in their order."""
    return tuple(reversed(_first(tuple(reversed(items)), limit, text)))


def _first(items: Sequence[_T], limit: int, text: Callable[[_T], str]) -> tuple[_T, ...]:
    kept: list[_T] = []
    for item in items:
        limit -= estimate(text(item))
        if limit < 0:
            break
        kept.append(item)
    return tuple(kept)
