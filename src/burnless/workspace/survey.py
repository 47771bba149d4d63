"""What code can say of the workspace for $0: the project layer, the brief, and slices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from burnless.core.capsule import FileSlice
from burnless.core.plan import Step
from burnless.core.protocols import ProjectLayer, Runner
from burnless.workspace.found_commands import find_commands, read_text
from burnless.workspace.git import Git, as_text, split_names
from burnless.workspace.identifiers import find_identifiers
from burnless.workspace.layout import render_layout
from burnless.workspace.listing import shown_files
from burnless.workspace.memory_files import find_memories, render_memories
from burnless.workspace.slices import DEFINES, read_source, slice_files

BRIEF_CHARACTERS_MOST = 12_000
"""About 3k tokens."""

_MANIFESTS = (
    "pyproject.toml",
    "package.json",
    "Cargo.toml",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "composer.json",
    "Gemfile",
    "setup.cfg",
    "CMakeLists.txt",
)
_MANIFEST_LINES = 25
_MANIFESTS_MOST = 3
_DIRTY_MOST = 20
_SUBJECTS = 5
_FILES_A_NAME = 6
_DEFINITIONS_MOST = 20
_LINE_CHARACTERS_MOST = 160
_SEARCHED_FILES_MOST = 5_000
_SYMBOL_FILES_MOST = 3
_MANY_FILES = 20_000
_NAMES_IN_MANY_FILES = 4
"""Each name is one pass over the tree: about 0.4 s for 50,000 files."""


class WorkspaceSurveyor:
    """Implements `Surveyor`. The same tree gives the same text: no date, no absolute path.

    user_folder: where the user's own AGENTS.md may stand
    """

    def __init__(
        self, root: Path, cwd: Path, runner: Runner, user_folder: Path | None = None
    ) -> None:
        self._root = root
        self._cwd = cwd
        self._git = Git(root, runner)
        self._user_folder = user_folder

    def project_layer(self) -> ProjectLayer:
        memories = render_memories(find_memories(self._root, self._cwd, self._user_folder))
        files = shown_files(self._root, self._git)
        commands = find_commands(self._root)
        parts = [memories.text] if memories.text else []
        if commands:
            parts.append("## Commands found\n\n" + "\n".join(f"- {line}" for line in commands))
        parts.append(_layout_part(files))
        return ProjectLayer("\n\n".join(parts), memories.files)

    def brief(self, task: str) -> str:
        files = shown_files(self._root, self._git)
        parts = (
            _layout_part(files),
            self._manifests_part(),
            self._git_part(),
            self._names_part(task, files),
        )
        return _fit([part for part in parts if part], BRIEF_CHARACTERS_MOST)

    def slices(self, step: Step) -> tuple[FileSlice, ...]:
        paths = list(step.files) or self._files_defining(step.symbols)
        return slice_files(self._root, paths, step.symbols)

    def _manifests_part(self) -> str:
        found = [name for name in _MANIFESTS if (self._root / name).is_file()]
        parts = []
        for name in found[:_MANIFESTS_MOST]:
            lines = read_text(self._root / name).splitlines()
            head = "\n".join(line[:_LINE_CHARACTERS_MOST] for line in lines[:_MANIFEST_LINES])
            more = len(lines) - _MANIFEST_LINES
            parts.append(f"## {name}\n\n{head}" + (f"\n… {more} more lines" if more > 0 else ""))
        return "\n\n".join(parts)

    def _git_part(self) -> str:
        status, head, log = self._git.read_each(
            ("status", "--porcelain", "-z", "--no-renames"),
            ("symbolic-ref", "--short", "-q", "HEAD"),
            ("log", f"-{_SUBJECTS}", "--format=%s"),
        )
        if status is None:
            return "## Git\n\nnot a git repository"
        dirty, subjects = split_names(status), as_text(log).splitlines()
        lines = [f"branch: {as_text(head) or 'detached'}"]
        lines.extend(f"commit: {subject[:_LINE_CHARACTERS_MOST]}" for subject in subjects)
        lines.extend(f"dirty: {entry}" for entry in sorted(dirty)[:_DIRTY_MOST])
        more = len(dirty) - _DIRTY_MOST
        lines.extend([f"… {more} more dirty files"] if more > 0 else [])
        return "## Git\n\n" + "\n".join(lines)

    def _names_part(self, task: str, files: Sequence[str]) -> str:
        names = find_identifiers(task)
        if len(files) > _MANY_FILES:
            names = names[:_NAMES_IN_MANY_FILES]
        hits = self._hits(names, files)
        lines = [line for name, counts in hits.items() if (line := _where(name, counts, files))]
        lines.extend(f"defined: {line}" for line in self._definitions(hits))
        if not lines:
            return ""
        return "## Where the task's names occur (file: hits)\n\n" + "\n".join(lines)

    def _hits(self, names: Sequence[str], files: Sequence[str]) -> dict[str, Counter[str]]:
        """How often each file mentions each name."""
        options = ("grep", "-I", "-c", "-z", "-F", "-i", "--untracked", "-e")
        printed = self._git.read_each(*((*options, name) for name in names))
        if any(printed) or self._git.text("rev-parse", "--is-inside-work-tree"):
            shown = set(files)  # git grep fails where it finds nothing
            return {
                name: _parse_counts(found or b"", shown)
                for name, found in zip(names, printed, strict=True)
            }
        return self._hits_without_git(names, files)

    def _hits_without_git(
        self, names: Sequence[str], files: Sequence[str]
    ) -> dict[str, Counter[str]]:
        hits: dict[str, Counter[str]] = {name: Counter() for name in names}
        for path in files[:_SEARCHED_FILES_MOST] if names else ():
            text = read_source(self._root, path).lower()
            for name in names:
                number = text.count(name.lower())
                if number:
                    hits[name][path] = number
        return hits

    def _definitions(self, hits: Mapping[str, Counter[str]]) -> Iterator[str]:
        """Only the files that mention the names most are opened."""
        words = [re.escape(name) for name in hits if name.isidentifier()]
        if not words:
            return
        pattern = re.compile(rf"^\s*(?:{DEFINES})(?:{'|'.join(words)})\b")
        totals: Counter[str] = sum(hits.values(), Counter())
        left = _DEFINITIONS_MOST
        for path in sorted(_by_hits(totals)[: 2 * _DEFINITIONS_MOST]):
            for number, line in enumerate(read_source(self._root, path).splitlines(), 1):
                if left and pattern.match(line):
                    left -= 1
                    yield f"{path}:{number}: {line.strip()[:_LINE_CHARACTERS_MOST]}"

    def _files_defining(self, symbols: Sequence[str]) -> list[str]:
        if not symbols:
            return []
        names = [symbol.removesuffix("()").rpartition(".")[2] for symbol in symbols]
        files = shown_files(self._root, self._git)
        found = self._definitions(self._hits(names, files))
        return list(dict.fromkeys(line.split(":", 1)[0] for line in found))[:_SYMBOL_FILES_MOST]


def _where(name: str, counts: Counter[str], files: Sequence[str]) -> str:
    """Files whose path holds the name first, then those that mention it most."""
    named = [path for path in files if name.lower() in path.lower()]
    ordered = list(dict.fromkeys([*named[:_FILES_A_NAME], *_by_hits(counts)]))
    if not ordered:
        return ""
    shown = [f"{path}: {counts[path]}" for path in ordered[:_FILES_A_NAME]]
    more = len(ordered) - _FILES_A_NAME
    return f"{name} → {', '.join(shown)}" + (f", … {more} more files" if more > 0 else "")


def _by_hits(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda path: (-counts[path], path))


def _layout_part(files: Sequence[str]) -> str:
    return f"## Layout ({len(files):,} files)\n\n{render_layout(files)}".rstrip()


def _parse_counts(printed: bytes, shown: set[str]) -> Counter[str]:
    """Lines of path, NUL, number."""
    counts: Counter[str] = Counter()
    for line in printed.decode("utf-8", "surrogateescape").splitlines():
        path, _, number = line.partition("\0")
        if path in shown and number.isdigit():
            counts[path] = int(number)
    return counts


def _fit(parts: Sequence[str], most: int) -> str:
    """Each part may take an even share; what a part leaves over goes to those after it."""
    fitted: list[str] = []
    left = most
    for index, part in enumerate(parts):
        share = left // (len(parts) - index)
        kept = part if len(part) <= share else _cut(part, share)
        fitted.append(kept)
        left -= len(kept) + 2
    return "\n\n".join(fitted)


def _cut(part: str, most: int) -> str:
    note = "\n… cut"
    head = part[: most - len(note)]
    return head[: head.rfind("\n")] + note if "\n" in head else head + note
