"""Which files a workspace has: by git where there is one, else by walking it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from burnless.workspace.git import Git

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STATE_FOLDERS = frozenset({".git", ".burnless"})
"""Never part of the workspace: git's own files, and ours."""

_HEAVY_FOLDERS = frozenset(
    {"node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache", ".pytest_cache"}
)


def is_inside(path: str) -> bool:
    """Whether a workspace-relative path is the user's, not git's or ours."""
    return path.split("/", 1)[0] not in STATE_FOLDERS


def walk_files(root: Path, under: str = "") -> Iterator[str]:
    """Files and links below `under`, relative to `root`, sorted; `.gitignore` files are honoured.

    For folders without git: links are not followed, and folders of installed packages and caches
    are left out whatever the ignore files say.
    """
    yield from _walk(root, under, [])


def shown_files(root: Path, git: Git) -> list[str]:
    """What a model may be told of: neither ignored by git nor by `.agentignore`, sorted."""
    listed = git.names("ls-files", "-co", "--exclude-standard", "--deduplicate", "-z")
    if listed is None:
        found = list(walk_files(root))
    else:
        found = [path for path in listed if is_inside(path) and not path.endswith("/")]
    hidden = read_ignores(root / ".agentignore")
    if hidden is not None:
        found = [path for path in found if not hidden.check_file(path).include]
    return sorted(found)


def read_ignores(path: Path) -> GitIgnoreSpec | None:
    """The patterns of one ignore file; None where there is none."""
    try:
        if not path.is_file():  # a FIFO of that name would wait for ever
            return None
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - start-up budget

    return GitIgnoreSpec.from_lines(lines)


def _walk(root: Path, under: str, outer: list[tuple[str, GitIgnoreSpec]]) -> Iterator[str]:
    folder = root / under
    own = read_ignores(folder / ".gitignore")
    rules = outer if own is None else [*outer, (under, own)]
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = f"{under}/{entry.name}" if under else entry.name
        if entry.is_dir(follow_symlinks=False):
            skipped = entry.name in STATE_FOLDERS or entry.name in _HEAVY_FOLDERS
            if not skipped and not _is_ignored(f"{path}/", rules):
                yield from _walk(root, path, rules)
        elif not _is_ignored(path, rules):
            yield path


def _is_ignored(path: str, rules: list[tuple[str, GitIgnoreSpec]]) -> bool:
    """The innermost file that says something decides."""
    for prefix, ignores in reversed(rules):
        relative = path[len(prefix) + 1 :] if prefix else path
        said = ignores.check_file(relative).include
        if said is not None:
            return said
    return False
