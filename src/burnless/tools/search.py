"""The `search` tool: text in files, and files by name; an empty answer says what it means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Protocol

from burnless.core.cancel import CancelToken
from burnless.core.encoding import JsonObject
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access, ReadPath
from burnless.core.protocols import ToolContext, ToolOutcome
from burnless.tools.arguments import number_of, text_of
from burnless.tools.glob_pattern import name_filter
from burnless.tools.load_file import failed
from burnless.tools.paths import Target, locate, not_there
from burnless.tools.schema import load_schema
from burnless.tools.search_hits import Hit, Hits, render_hits, render_names
from burnless.tools.search_ripgrep import Where

_MOST_CONTEXT = 10
_NEAREST = 3
_SPECIAL = re.compile(r"[()\[\]{}.*+?^$|\\]")


class SearchEngine(Protocol):
    def contents(
        self, pattern: str, where: Where, context: int, *, literal: bool, cancel: CancelToken
    ) -> Hits: ...

    def names(self, where: Where, cancel: CancelToken) -> tuple[str, ...]: ...


class SearchTool:
    """`may_read`: whether the rules let the model see a file; others are left out, and counted."""

    reads_only = True
    may_write_anywhere = False

    def __init__(self, engine: SearchEngine, may_read: Callable[[str], bool]) -> None:
        self._engine = engine
        self._may_read = may_read

    @property
    def schema(self) -> ToolSchema:
        return load_schema("search")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        target = locate(text_of(arguments, "path"), context.root)
        return tuple(ReadPath(name) for name in target.accessed)

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return text_of(arguments, "pattern") or text_of(arguments, "glob")

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        pattern, glob = text_of(arguments, "pattern"), text_of(arguments, "glob")
        target = locate(text_of(arguments, "path"), context.root)
        if not pattern and not glob.strip():
            return failed("Nothing to search for: give pattern (text), glob (names), or both.")
        if not target.exists:
            return failed(f"Not searched. {not_there(target, context.root)}")
        looking = _Looking(self._engine, self._may_read, target, glob, context)
        if not pattern:
            return looking.for_names()
        lines = min(_MOST_CONTEXT, max(0, int(number_of(arguments, "context") or 0)))
        return looking.for_text(pattern, lines)


class _Looking:
    """One search: where, in which files, and what to try when nothing is found."""

    def __init__(
        self,
        engine: SearchEngine,
        may_read: Callable[[str], bool],
        target: Target,
        glob: str,
        context: ToolContext,
    ) -> None:
        self._engine = engine
        self._may_read = may_read
        self._where = Where(Path(locate("", context.root).real), target.name)
        self._glob = glob.strip()
        self._wanted = name_filter(glob, target.name)
        self._cancel = context.cancel
        self._unreadable: set[str] = set()

    def for_names(self) -> ToolOutcome:
        names = self._engine.names(self._where, self._cancel)
        found = [name for name in names if self._wanted(name)]
        if found:
            return ToolOutcome(render_names(found))
        near = difflib.get_close_matches(
            PurePosixPath(self._glob).name.strip("*"),
            {PurePosixPath(name).name: name for name in names},
            _NEAREST,
        )
        guess = f" Names like it: {', '.join(near)}." if near else ""
        return ToolOutcome(
            f"No file matches {self._glob!r} among the {len(names)} files {self._place()}.{guess} "
            'A glob without a slash matches file names anywhere ("*.py").'
        )

    def for_text(self, pattern: str, context: int) -> ToolOutcome:
        first = self._engine.contents(
            pattern, self._where, context, literal=False, cancel=self._cancel
        )
        if first.problem:
            return failed(f"Not searched: {first.problem}.")
        found = self._kept(first.hits)
        if found:
            return self._shown(found, "")
        if first.bad_pattern or _SPECIAL.search(pattern):
            literal = self._engine.contents(
                pattern, self._where, context, literal=True, cancel=self._cancel
            )
            why = f"not a regex ({first.bad_pattern})" if first.bad_pattern else "no regex match"
            if found := self._kept(literal.hits):
                return self._shown(found, f"[{why}; taken literally:]\n")
            if first.bad_pattern:
                return failed(
                    f"{pattern!r} is {why}, and taken literally it does not occur either. "
                    r"Escape what is meant literally with a backslash: name\("
                )
        return ToolOutcome(self._nothing(pattern))

    def _kept(self, hits: tuple[Hit, ...]) -> list[Hit]:
        allowed: dict[str, bool] = {}
        for path in dict.fromkeys(hit.path for hit in hits):
            wanted = self._wanted(path)
            allowed[path] = wanted and self._may_read(path)
            if wanted and not allowed[path]:
                self._unreadable.add(path)
        kept = [hit for hit in hits if allowed[hit.path]]
        return kept if any(hit.matches for hit in kept) else []

    def _shown(self, hits: list[Hit], note: str) -> ToolOutcome:
        return ToolOutcome(f"{note}{render_hits(hits)}{self._left_out()}")

    def _nothing(self, pattern: str) -> str:
        names = [
            name for name in self._engine.names(self._where, self._cancel) if self._wanted(name)
        ]
        said = f"No match for {pattern!r} in {len(names)} files {self._place()}"
        if not names:
            return f"{said}: no file there has such a name. Check glob and path."
        anyhow = self._engine.contents(
            f"(?i){pattern}", self._where, 0, literal=False, cancel=self._cancel
        )
        if found := self._kept(anyhow.hits):
            first = found[0]
            return (
                f"{said}. Ignoring case there are {len(found)}, the first at "
                f"{first.path}:{first.line}: {first.text.strip()}"
            )
        return (
            f"{said}{self._left_out()}. Try a shorter pattern, another word for it, or a wider "
            "path; ignored files are not searched."
        )

    def _left_out(self) -> str:
        count = len(self._unreadable)
        return f"\n[{count} files left out: reading them is not allowed]" if count else ""

    def _place(self) -> str:
        folder = "of the workspace" if self._where.name == "." else f"under {self._where.name}"
        return f"{folder} named {self._glob!r}" if self._glob else folder
