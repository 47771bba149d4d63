"""What code can say of the workspace for $0: the project layer, the brief, and slices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from burnless.core.capsule import FileSlice
from burnless.core.plan import Step
from burnless.core.protocols import ProjectLayer, Runner
from burnless.workspace.found_commands import find_commands, read_text
from burnless.workspace.git import Git, as_text, split_names
from burnless.workspace.identifiers import find_identifiers
from burnless.workspace.layout import render_layout
from burnless.workspace.listing import is_inside, shown_files
from burnless.workspace.memory_files import find_memories, render_memories
from burnless.workspace.named_places import NamedPlaces
from burnless.workspace.slices import slice_files

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
_LINE_CHARACTERS_MOST = 160
_SYMBOL_FILES_MOST = 3


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

    def brief(self, task: str, known: str = "") -> str:
        files = shown_files(self._root, self._git)
        parts = (
            _layout_part(files),
            self._manifests_part(),
            self._git_part(),
            self._names_part(task, files),
        )
        new = [part for part in parts if part and part not in known]
        return _fit(new, BRIEF_CHARACTERS_MOST)

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
        dirty = [entry for entry in split_names(status) if is_inside(entry[len("XY ") :])]
        subjects = as_text(log).splitlines()
        lines = [f"branch: {as_text(head) or 'detached'}"]
        lines.extend(f"commit: {subject[:_LINE_CHARACTERS_MOST]}" for subject in subjects)
        lines.extend(f"dirty: {entry}" for entry in sorted(dirty)[:_DIRTY_MOST])
        more = len(dirty) - _DIRTY_MOST
        lines.extend([f"… {more} more dirty files"] if more > 0 else [])
        return "## Git\n\n" + "\n".join(lines)

    def _names_part(self, task: str, files: Sequence[str]) -> str:
        lines = NamedPlaces(self._root, self._git, files).lines(find_identifiers(task))
        if not lines:
            return ""
        return "## Where the task's names occur (file: hits)\n\n" + "\n".join(lines)

    def _files_defining(self, symbols: Sequence[str]) -> list[str]:
        if not symbols:
            return []
        files = shown_files(self._root, self._git)
        return NamedPlaces(self._root, self._git, files).defining(symbols)[:_SYMBOL_FILES_MOST]


def _layout_part(files: Sequence[str]) -> str:
    return f"## Layout ({len(files):,} files)\n\n{render_layout(files)}".rstrip()


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
