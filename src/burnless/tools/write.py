"""The `write` tool: a whole file, and nobody's work lost under it."""

from __future__ import annotations

from burnless.core.encoding import JsonObject
from burnless.core.errors import BurnlessError
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access, WritePath
from burnless.core.protocols import ToolContext, ToolOutcome
from burnless.core.session import Session
from burnless.tools.arguments import text_of
from burnless.tools.diffs import capped, counts, unified_diff
from burnless.tools.file_changer import FileChanger
from burnless.tools.freshness import State, freshness
from burnless.tools.load_file import Loaded, count, failed, load, rows_of
from burnless.tools.paths import Target, locate, why_no_new_file
from burnless.tools.placeholders import find_placeholder, refusal
from burnless.tools.replace_file import other_names
from burnless.tools.schema import load_schema
from burnless.tools.syntax_check import SyntaxChecks
from burnless.tools.text_file import TextFile, encode, why_not_encodable

DISPLAY_LINES, DISPLAY_BYTES = 400, 40_000


class WriteTool:
    reads_only = False
    may_write_anywhere = False

    def __init__(self, changer: FileChanger, checks: SyntaxChecks) -> None:
        self._changer = changer
        self._checks = checks

    @property
    def schema(self) -> ToolSchema:
        return load_schema("write")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        target = locate(text_of(arguments, "path"), context.root)
        return tuple(WritePath(name) for name in target.accessed)

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        target = locate(text_of(arguments, "path"), context.root)
        before = load(target, context.root)
        old = before.content if isinstance(before, Loaded) else None
        text = old.text if isinstance(old, TextFile) else ""
        return unified_diff(target.name, text, text_of(arguments, "content"))

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        target = locate(text_of(arguments, "path"), context.root)
        content = text_of(arguments, "content")
        found = load(target, context.root) if target.exists else None
        if found is None and (why := why_no_new_file(target)):
            return failed(why)
        if isinstance(found, str):
            return failed(f"Not written. {found}")
        before = found
        like = _like(before)
        stop = _why_not_over(context.session, target, before) if before else ""
        line = find_placeholder(content, like.text)
        if stop or line:
            return failed(stop or refusal(line))
        try:
            data = encode(_in_style(content, like, is_new=before is None), like)
        except UnicodeEncodeError as error:
            return failed(f"Not written. {target.given}: {why_not_encodable(error)}")
        if before and data == before.data:
            return ToolOutcome(f"{target.name} already holds exactly this: nothing to write.")
        return self._replace(target, before, data, like.text, content)

    def _replace(
        self, target: Target, before: Loaded | None, data: bytes, old: str, new: str
    ) -> ToolOutcome:
        split = other_names(target.real)
        try:
            change = self._changer.replace(target, before, data)
        except (OSError, BurnlessError) as error:
            return failed(cannot_write(target, error))
        diff = unified_diff(target.name, old, new)
        size = f"{count(len(rows_of(new)), 'line')}, {len(data)} bytes"
        said = (
            f"Replaced {target.name}: {counts(diff)} lines; now {size}."
            if before
            else f"Created {target.name}: {size}."
        )
        rows = [said, *told_of_split(split), self._checks.warning(target.name, old, new)]
        return ToolOutcome(
            text="\n".join(row for row in rows if row),
            display=capped(diff, DISPLAY_LINES, DISPLAY_BYTES),
            changes=(change,),
        )


def _like(before: Loaded | None) -> TextFile:
    """What the new text has to look like: the file as it was, or UTF-8."""
    if before is not None and isinstance(before.content, TextFile):
        return before.content
    return TextFile("")


def _why_not_over(session: Session, target: Target, before: Loaded) -> str:
    fresh = freshness(session, target.name, before.sha256)
    if not before.data or fresh.state is State.CURRENT:
        return ""
    if fresh.state is State.UNREAD:
        size = f"{len(before.data)} bytes"
        if isinstance(before.content, TextFile):
            size = count(len(rows_of(before.content.text)), "line")
        return (
            f"Not written: {target.name} exists ({size}) and you have not read it. "
            "Read it, then edit what has to change."
        )
    return (
        f"Not written: {target.name} changed since you read it, {fresh.by}. "
        "Read it again, then write it with that change kept."
    )


def _in_style(content: str, like: TextFile, *, is_new: bool) -> str:
    """The file's own newlines and no second byte order mark; a new file is written as sent."""
    if is_new:
        return content
    content = content.removeprefix("\ufeff") if like.mark else content
    if like.newline == "\r\n":
        return content.replace("\r\n", "\n").replace("\n", "\r\n")
    return content


def told_of_split(other_names: int) -> list[str]:
    if not other_names:
        return []
    names = "another name" if other_names == 1 else f"{other_names} other names"
    text = f"the file had {names} (hard links) with the old text; it is a file of its own now"
    return [f"Note: {text}."]


def cannot_write(target: Target, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (
        f"Not written: {target.given} cannot be written: {reason}. Nothing was changed. "
        "Check the path (search with glob shows what is there), or choose another."
    )
