"""The `finish` tool: the report that the auditor holds against journal and disk."""

from __future__ import annotations

from typing import Literal

from burnless.core.encoding import JsonObject
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.protocols import FinishReport, ToolContext, ToolOutcome
from burnless.tools.arguments import number_of, objects_of, text_of, texts_of
from burnless.tools.load_file import failed
from burnless.tools.paths import locate
from burnless.tools.schema import load_schema


class FinishTool:
    reads_only = True
    may_write_anywhere = False

    @property
    def schema(self) -> ToolSchema:
        return load_schema("finish")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return text_of(arguments, "summary")

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        summary = text_of(arguments, "summary").strip()
        if not summary:
            return failed("Not finished: summary is empty. Say what changed and what proves it.")
        status: Literal["done", "blocked"] = (
            "blocked" if text_of(arguments, "status") == "blocked" else "done"
        )
        report = FinishReport(
            status=status,
            summary=summary,
            files=tuple(_file(entry, context) for entry in objects_of(arguments, "files")),
            deleted=tuple(_deleted(path, context) for path in texts_of(arguments, "deleted")),
            commands=texts_of(arguments, "commands"),
        )
        return ToolOutcome(
            "Reported. It is compared with what was done; what does not hold comes back.",
            finish=report,
        )


def _file(entry: JsonObject, context: ToolContext) -> tuple[str, int | None]:
    """The name the journal has for it, and the size that was claimed."""
    target = locate(text_of(entry, "path"), context.root)
    size = number_of(entry, "bytes")
    return target.name, None if size is None else int(size)


def _deleted(path: str, context: ToolContext) -> str:
    """By its own name: what is gone is a link, not what it led to."""
    return locate(path, context.root).accessed[0]
