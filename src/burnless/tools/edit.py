"""The `edit` tool: several edits on one file, all or none, each in a place that is certain."""

from __future__ import annotations

from dataclasses import dataclass

from burnless.core.encoding import JsonObject
from burnless.core.errors import BurnlessError
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access, WritePath
from burnless.core.protocols import ToolContext, ToolOutcome
from burnless.tools.arguments import objects_of, text_of
from burnless.tools.diffs import capped, counts, unified_diff
from burnless.tools.edit_text import Applied, Edit, Refused, apply_edits
from burnless.tools.edit_words import why_refused, why_stale
from burnless.tools.file_changer import FileChanger
from burnless.tools.freshness import Freshness, State, freshness
from burnless.tools.load_file import Loaded, failed, load
from burnless.tools.paths import Target, locate
from burnless.tools.placeholders import find_placeholder, refusal
from burnless.tools.replace_file import other_names
from burnless.tools.schema import load_schema
from burnless.tools.syntax_check import SyntaxChecks
from burnless.tools.text_file import TextFile, encode, why_not_encodable
from burnless.tools.write import DISPLAY_BYTES, DISPLAY_LINES, cannot_write, told_of_split

_TOLD_LINES, _TOLD_BYTES = 60, 4_000


@dataclass(frozen=True, slots=True)
class _Ready:
    """An edit that can be made: the file as it is, and what it becomes."""

    before: Loaded
    old: TextFile
    applied: Applied
    data: bytes
    fresh: Freshness


class EditTool:
    reads_only = False
    may_write_anywhere = False

    def __init__(self, changer: FileChanger, checks: SyntaxChecks) -> None:
        self._changer = changer
        self._checks = checks

    @property
    def schema(self) -> ToolSchema:
        return load_schema("edit")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        target = locate(text_of(arguments, "path"), context.root)
        return tuple(WritePath(name) for name in target.accessed)

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        target = locate(text_of(arguments, "path"), context.root)
        ready = _prepare(target, _edits(arguments), context)
        if isinstance(ready, str):
            return ready
        return unified_diff(target.name, ready.old.text, ready.applied.text)

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        target = locate(text_of(arguments, "path"), context.root)
        ready = _prepare(target, _edits(arguments), context)
        if isinstance(ready, str):
            return failed(ready)
        split = other_names(target.real)
        try:
            change = self._changer.replace(target, ready.before, ready.data)
        except (OSError, BurnlessError) as error:
            return failed(cannot_write(target, error))
        diff = unified_diff(target.name, ready.old.text, ready.applied.text)
        warning = self._checks.warning(target.name, ready.old.text, ready.applied.text)
        rows = [
            f"Edited {target.name}: {counts(diff)} lines.",
            *(f"Note: {note}." for note in ready.applied.notes),
            *_told_of_others(ready.fresh),
            *told_of_split(split),
            *([warning] if warning else []),
            capped(diff, _TOLD_LINES, _TOLD_BYTES),
        ]
        display = capped(diff, DISPLAY_LINES, DISPLAY_BYTES)
        return ToolOutcome("\n".join(rows).rstrip("\n"), display=display, changes=(change,))


def _edits(arguments: JsonObject) -> list[Edit]:
    return [
        Edit(text_of(entry, "old"), text_of(entry, "new"), entry.get("all") is True)
        for entry in objects_of(arguments, "edits")
    ]


def _prepare(target: Target, edits: list[Edit], context: ToolContext) -> _Ready | str:
    before = load(target, context.root)
    if isinstance(before, str):
        new_file = "" if target.exists else " For a new file use write."
        return f"Nothing was changed. {before}{new_file}"
    old = before.content
    if not isinstance(old, TextFile):
        return f"Nothing was changed: {target.name} is no text ({old.kind})."
    if not edits:
        return "Nothing was changed: edits is empty. Give at least one {old, new}."
    for edit in edits:
        if line := find_placeholder(edit.new, edit.old + old.text):
            return refusal(line)
    fresh = freshness(context.session, target.name, before.sha256)
    if fresh.state is State.STALE:
        return why_stale(target.name, fresh.by, old.text, edits[0].old)
    outcome = apply_edits(old.text, edits)
    # After a known change only what is quoted exactly is certainly what was meant.
    inexact = isinstance(outcome, Refused) or outcome.notes
    if fresh.state is State.JOURNALED and inexact:
        return why_stale(target.name, fresh.by, old.text, edits[0].old)
    if isinstance(outcome, Refused):
        return why_refused(target.name, outcome, edits, unread=fresh.state is State.UNREAD)
    try:
        return _Ready(before, old, outcome, encode(outcome.text, old), fresh)
    except UnicodeEncodeError as error:
        return f"Nothing was changed. {target.name}: {why_not_encodable(error)}"


def _told_of_others(fresh: Freshness) -> list[str]:
    if fresh.state is not State.JOURNALED:
        return []
    return [f"Note: the file had been changed {fresh.by} since you read it; that stayed."]
