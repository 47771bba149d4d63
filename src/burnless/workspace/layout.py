"""The shape of a tree in a few lines: two levels, with counts, and names where they fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

FOLDERS_MOST = 40
SUBFOLDERS_MOST = 12
FILES_MOST = 40
NAMES_MOST = 80
"""Names of files below folders, in all."""
NAMES_A_FOLDER = 12
FEW_FILES = 60
"""So many are all named, however they lie."""


def render_layout(files: Sequence[str]) -> str:
    """`files` are workspace-relative and sorted. The same files always give the same text."""
    top = [path for path in files if "/" not in path]
    names = _Names(most_a_folder=FEW_FILES if len(files) <= FEW_FILES else NAMES_A_FOLDER)
    trees = _by_folder(path for path in files if "/" in path)
    lines = []
    for folder, inner in list(trees.items())[:FOLDERS_MOST]:
        direct = [path for path in inner if "/" not in path]
        lines.append(f"{folder}/ ({_files(len(inner))}){names.of(direct)}")
        below = _by_folder(path for path in inner if "/" in path)
        lines.extend(
            f"  {name}/ ({_files(len(deep))}){names.of(deep)}"
            for name, deep in list(below.items())[:SUBFOLDERS_MOST]
        )
        lines.extend(_rest(len(below) - SUBFOLDERS_MOST, "  ", "folders"))
    lines.extend(_rest(len(trees) - FOLDERS_MOST, "", "folders"))
    lines.extend(top[:FILES_MOST])
    lines.extend(_rest(len(top) - FILES_MOST, "", "files"))
    return "\n".join(lines)


class _Names:
    """Hands out what room there is for names, folder by folder."""

    def __init__(self, most_a_folder: int) -> None:
        self._most_a_folder = most_a_folder
        self._left = NAMES_MOST

    def of(self, names: Sequence[str]) -> str:
        if not 0 < len(names) <= min(self._most_a_folder, self._left):
            return ""
        self._left -= len(names)
        return f": {', '.join(names)}"


def _by_folder(paths: Iterable[str]) -> Mapping[str, list[str]]:
    """First part of each path → the rests, folders sorted."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder, _, rest = path.partition("/")
        found[folder].append(rest)
    return dict(sorted(found.items()))


def _files(number: int) -> str:
    return f"{number:,} file{'s' if number != 1 else ''}"


def _rest(number: int, indent: str, what: str) -> list[str]:
    return [f"{indent}… {number:,} more {what}"] if number > 0 else []
