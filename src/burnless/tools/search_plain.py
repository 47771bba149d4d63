"""Searching without ripgrep: slower, but the same answers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.protocols import Runner
from burnless.tools.search_hits import Hit, Hits, clip
from burnless.tools.search_ripgrep import DEADLINE_SECONDS, Where
from burnless.tools.text_file import TextFile, decode

_LARGEST_BYTES = 5_000_000
_MOST_HITS = 5_000
_STATE = ".burnless"
"""The session's own log would be found wherever something was said before."""


class PlainSearch:
    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def contents(
        self, pattern: str, where: Where, context: int, *, literal: bool, cancel: CancelToken
    ) -> Hits:
        """As RipgrepSearch.contents, with Python's own regular expressions."""
        try:
            wanted = re.compile(re.escape(pattern) if literal else pattern)
        except re.error as error:
            return Hits(bad_pattern=str(error))
        hits: list[Hit] = []
        for name in self.names(where, cancel):
            cancel.check()
            hits += _hits_in(name, where.root / name, wanted, context)
            if len(hits) >= _MOST_HITS:
                break
        return Hits(tuple(hits))

    def names(self, where: Where, cancel: CancelToken) -> tuple[str, ...]:
        """The files that are not ignored. Raises Cancelled."""
        start = where.root / where.name
        if start.is_file():
            return (where.name,)
        listed = self._by_git(where, cancel)
        names = _walk(where) if listed is None else listed
        ignored = _ignored_by(where.root / ".agentignore")
        state = f"{_STATE}/"
        return tuple(name for name in names if not (ignored(name) or name.startswith(state)))

    def _by_git(self, where: Where, cancel: CancelToken) -> list[str] | None:
        """What git does not ignore; None where there is no repository (or no git)."""
        if where.name.startswith("/"):
            return None
        result = self._runner.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard", "--", where.name or "."],
            cwd=where.root,
            deadline_seconds=DEADLINE_SECONDS,
            cancel=cancel,
        )
        cancel.check()
        if result.exit_code != 0:
            return None
        return [name for name in result.stdout.split("\0") if (where.root / name).is_file()]


def _walk(where: Where) -> Iterator[str]:
    ignored = _ignored_by(where.root / ".gitignore")
    for folder, folders, files in os.walk(where.root / where.name):
        at = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if name not in {".git", _STATE} and not ignored(f"{_name(at / name, where.root)}/")
        )
        names = (_name(at / name, where.root) for name in sorted(files))
        yield from (name for name in names if not ignored(name))


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


class _Ignored:
    """The patterns of one ignore file at the root."""

    def __init__(self, rows: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - start-up budget

        self._spec = GitIgnoreSpec.from_lines(rows)

    def __call__(self, name: str) -> bool:
        return not name.startswith("/") and self._spec.match_file(name)


def _ignored_by(file: Path) -> _Ignored:
    try:
        rows = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        rows = []
    return _Ignored(rows)


def _hits_in(name: str, path: Path, wanted: re.Pattern[str], context: int) -> Iterator[Hit]:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            return
        content = decode(path.read_bytes())
    except OSError:
        return
    if not isinstance(content, TextFile):
        return
    rows = content.text.replace("\r\n", "\n").split("\n")
    matching = {number for number, row in enumerate(rows, 1) if wanted.search(row)}
    shown = {
        near
        for number in matching
        for near in range(max(1, number - context), min(len(rows), number + context) + 1)
    }
    for number in sorted(shown):
        yield Hit(name, number, clip(rows[number - 1]), number in matching)
