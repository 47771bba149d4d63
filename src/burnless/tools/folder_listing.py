"""One folder as a list: its folders, then its files with their sizes."""

from __future__ import annotations

from pathlib import Path

from burnless.tools.load_file import count
from burnless.tools.paths import Target

_MOST_ENTRIES = 200
_HIDDEN = frozenset({".git", ".burnless"})


def list_folder(target: Target) -> str:
    try:
        entries = sorted(entry for entry in target.real.iterdir() if entry.name not in _HIDDEN)
    except OSError as error:
        return f"{target.given}: the folder cannot be listed: {error.strerror or error}."
    folders = [f"{entry.name}/" for entry in entries if entry.is_dir()]
    files = [f"{entry.name} ({_size(entry)})" for entry in entries if not entry.is_dir()]
    rows = [*folders, *files]
    inside = f"{count(len(folders), 'folder')}, {count(len(files), 'file')}"
    head = f"== {target.name} ({inside}) =="
    more = len(rows) - _MOST_ENTRIES
    note = [f"[{more} more: search with glob finds files by name]"] if more > 0 else []
    return "\n".join([head, *rows[:_MOST_ENTRIES], *note])


def _size(path: Path) -> str:
    try:
        return f"{path.stat().st_size} bytes"
    except OSError:
        return "broken link"
