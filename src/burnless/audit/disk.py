"""The disk as the auditor sees it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from burnless.core.protocols import FileState, Snapshots

TEXT_BYTES_MOST = 4_000_000
"""Larger files are not read for a name or a count of lines."""


class DiskView(Protocol):
    """Paths are workspace-relative with forward slashes, or absolute where they lie outside."""

    def locate(self, named: str) -> str:
        """A path as a report writes it, spelled as the journal does."""

    def exists(self, path: str) -> bool: ...

    def is_folder(self, path: str) -> bool: ...

    def size(self, path: str) -> int:
        """Bytes; 0 where there is no file."""

    def text(self, path: str) -> str | None:
        """None where there is no file, or one that is too large or no text."""

    def sha256(self, path: str) -> str:
        """Of the bytes; "" where there is no file."""

    def watches(self, path: str) -> bool:
        """Snapshots would have seen a change of this file: it is neither ignored nor outside."""

    def find(self, tail: str) -> tuple[str, ...]:
        """Watched files whose path ends with `tail`."""

    def find_alike(self, tail: str) -> tuple[str, ...]:
        """Watched files whose path ends with what `are_alike` takes for `tail`."""

    def find_below(self, folder: str) -> tuple[str, ...]:
        """Watched files in a folder."""


@dataclass(slots=True)
class WorkspaceDisk:
    """Implements `DiskView`. What is watched is what a snapshot lists, taken when first asked."""

    root: Path
    cwd: Path
    snapshots: Snapshots
    _files: Mapping[str, FileState] | None = field(default=None)

    def locate(self, named: str) -> str:
        path = _at_home(Path(named))
        if not path.is_absolute():
            here = _normal(self.cwd / path)
            if not _is_there(self._on_disk(named)) and _is_there(here):
                return self._relative(here)
            return self._relative(_normal(self.root / path))
        return self._relative(_normal(path))

    def exists(self, path: str) -> bool:
        return _is_there(self._on_disk(path))

    def is_folder(self, path: str) -> bool:
        try:
            return self._on_disk(path).is_dir()
        except OSError:
            return False

    def size(self, path: str) -> int:
        try:
            full = self._on_disk(path)
            return full.stat().st_size if full.is_file() else 0
        except OSError:
            return 0

    def text(self, path: str) -> str | None:
        if self.size(path) > TEXT_BYTES_MOST:
            return None
        try:
            return self._on_disk(path).read_text("utf-8")
        except (OSError, ValueError):
            return None

    def sha256(self, path: str) -> str:
        try:
            with self._on_disk(path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""

    def watches(self, path: str) -> bool:
        return path in self._listed

    def find(self, tail: str) -> tuple[str, ...]:
        ending = f"/{tail}"
        return tuple(path for path in self._listed if path == tail or path.endswith(ending))

    def find_alike(self, tail: str) -> tuple[str, ...]:
        return tuple(path for path in self._listed if are_alike(path, tail))

    def find_below(self, folder: str) -> tuple[str, ...]:
        return tuple(path for path in self._listed if path.startswith(f"{folder}/"))

    @property
    def _listed(self) -> Mapping[str, FileState]:
        if self._files is None:
            self._files = self.snapshots.take().files
        return self._files

    def _on_disk(self, path: str) -> Path:
        return self.root / path

    def _relative(self, full: Path) -> str:
        """A link to the workspace's own folder is another name for it."""
        for path, root in (
            (full, self.root),
            (full.parent.resolve() / full.name, self.root.resolve()),
        ):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return full.as_posix()


def are_alike(path: str, tail: str) -> bool:
    """`path` ends with `tail` but for case, how an accent is encoded, or the ending of a name that
    people leave off: "README" is README.md."""
    wanted, folded = (f"/{unicodedata.normalize('NFC', each).casefold()}" for each in (tail, path))
    if folded.endswith(wanted):
        return True
    stem, dot, ending = folded.rpartition(".")
    left_off = "." not in wanted.rpartition("/")[2] and dot and "/" not in ending
    return bool(left_off) and stem.endswith(wanted)


def _is_there(path: Path) -> bool:
    """Also a link that leads nowhere; a name that no file can have is not there."""
    try:
        return path.exists() or path.is_symlink()
    except OSError:
        return False


def _at_home(path: Path) -> Path:
    """`~` as people mean it; the home of nobody known is taken by its name."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _normal(path: Path) -> Path:
    """`..` taken out by name, as people mean it."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and len(parts) > 1:
            parts.pop()
        else:
            parts.append(part)
    return Path(*parts)
