"""The shape of a tree in a few lines: two levels, with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

FOLDERS_MOST = 40
SUBFOLDERS_MOST = 12
FILES_MOST = 40


def render_layout(files: Sequence[str]) -> str:
    """`files` are workspace-relative and sorted. The same files always give the same text."""
    top = [path for path in files if "/" not in path]
    counts = Counter(path.split("/", 1)[0] for path in files if "/" in path)
    below = Counter("/".join(path.split("/", 2)[:2]) for path in files if path.count("/") > 1)
    lines = []
    for folder in sorted(counts)[:FOLDERS_MOST]:
        lines.append(f"{folder}/ ({_files(counts[folder])})")
        inner = sorted(name for name in below if name.startswith(f"{folder}/"))
        lines.extend(
            f"  {name.split('/', 1)[1]}/ ({_files(below[name])})"
            for name in inner[:SUBFOLDERS_MOST]
        )
        lines.extend(_rest(len(inner) - SUBFOLDERS_MOST, "  ", "folders"))
    lines.extend(_rest(len(counts) - FOLDERS_MOST, "", "folders"))
    lines.extend(top[:FILES_MOST])
    lines.extend(_rest(len(top) - FILES_MOST, "", "files"))
    return "\n".join(lines)


def _files(number: int) -> str:
    return f"{number:,} file{'s' if number != 1 else ''}"


def _rest(number: int, indent: str, what: str) -> list[str]:
    return [f"{indent}… {number:,} more {what}"] if number > 0 else []
