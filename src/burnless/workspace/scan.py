"""What git says of a work tree: which files are clean, and which have to be looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from burnless.core.protocols import FileState
from burnless.workspace.git import Git, split_names
from burnless.workspace.listing import is_inside, walk_files

_LINK_MODE = "120000"
_SUBMODULE_MODE = "160000"
_EXECUTABLE_MODE = "100755"
_STATUS_FIELDS = {"1": 8, "u": 10}
"""`git status --porcelain=v2`: how many spaces stand before the path of an entry."""


@dataclass(frozen=True, slots=True)
class Scan:
    """`clean`: as the index has them. `to_look_at`: changed, untracked or gone, to be read."""

    clean: Mapping[str, FileState]
    to_look_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """The index as read once; `stamp` tells when it has to be read again."""

    stamp: tuple[int, int, int]
    clean: Mapping[str, FileState]
    links: frozenset[str]
    submodules: tuple[str, ...]
    filters: bool
    keeps_modes: bool


class GitScanner:
    """Two git calls for the first scan, one for each that follows while the index is the same.

    git compares size, times and inode of each file in parallel C, and reads a file itself where
    its timestamp is too young to be trusted: this is both faster and stricter than doing it here.
    """

    def __init__(self, root: Path, git: Git) -> None:
        self._root = root
        self._git = git
        self._index: _Index | None = None
        self._index_file: Path | None = None
        self._object_hash = "sha1"

    @property
    def filters(self) -> bool:
        """Whether files may lie on disk with other bytes than in git (line endings)."""
        return self._index is not None and self._index.filters

    @property
    def keeps_modes(self) -> bool:
        """Whether git heeds the executable bit: where the disk has none, it does not."""
        return self._index is None or self._index.keeps_modes

    def is_link(self, path: str) -> bool:
        return self._index is not None and path in self._index.links

    def object_id(self, data: bytes) -> str:
        """The name git would give these bytes."""
        blob = hashlib.new(self._object_hash, usedforsecurity=False)
        blob.update(b"blob %d\0" % len(data))
        blob.update(data)
        return blob.hexdigest()

    def scan(self) -> Scan | None:
        """None where the folder is not the top of a work tree, or git cannot say."""
        if not self._find_index():
            return None
        printed = self._git.read(
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=all",
        )
        index = self._read_index()
        if printed is None or index is None:
            return None
        listed = [path for path in _unclean(split_names(printed)) if is_inside(path)]
        paths = [path for path in listed if not path.endswith("/")]
        # git reports a repository inside this one as a folder: its files are looked at one by one.
        nested = [path.rstrip("/") for path in listed if path.endswith("/")]
        for folder in (*nested, *index.submodules):
            paths.extend(walk_files(self._root, folder))
        return Scan(index.clean, tuple(paths))

    def _find_index(self) -> bool:
        if self._index_file is not None:
            return True
        if not (self._root / ".git").exists():
            return False
        said = self._git.text(
            "rev-parse", "--show-toplevel", "--git-path", "index", "--show-object-format"
        ).splitlines()
        match said:
            case [top, index, object_hash] if Path(top).resolve() == self._root.resolve():
                self._index_file = self._root / index
                self._object_hash = object_hash
                return True
            case _:
                return False

    def _read_index(self) -> _Index | None:
        stamp = self._stamp()
        if self._index is not None and self._index.stamp == stamp:
            return self._index
        printed = self._git.read("ls-files", "-s", "-z")
        if printed is None:
            return None
        self._index = _parse_index(
            printed, stamp, filters=self._has_filters(), keeps_modes=self._heeds_modes()
        )
        return self._index

    def _stamp(self) -> tuple[int, int, int]:
        if self._index_file is None:
            return (0, 0, 0)
        try:
            info = self._index_file.stat()
        except OSError:  # a repository before its first `git add` has no index
            return (0, 0, 0)
        return (info.st_mtime_ns, info.st_size, info.st_ino)

    def _heeds_modes(self) -> bool:
        return self._git.text("config", "--get", "core.fileMode") != "false"

    def _has_filters(self) -> bool:
        converts = self._git.text("config", "--get", "core.autocrlf") in {"true", "input"}
        return converts or bool(self._git.text("ls-files", "-co", "--", "*.gitattributes"))


def _parse_index(
    printed: bytes, stamp: tuple[int, int, int], *, filters: bool, keeps_modes: bool
) -> _Index:
    """Entries are `<mode> <object> <stage>`, a tab, the path; an unmerged path has several."""
    clean: dict[str, FileState] = {}
    links: set[str] = set()
    submodules: list[str] = []
    for entry in split_names(printed):
        meta, _, path = entry.partition("\t")
        mode, oid, _ = meta.split(" ")
        if not is_inside(path):
            continue
        if mode == _SUBMODULE_MODE:
            submodules.append(path)
            continue
        if mode == _LINK_MODE:
            links.add(path)
        executable = mode == _EXECUTABLE_MODE if keeps_modes and mode != _LINK_MODE else None
        clean[path] = FileState(0, 0, f"git:{oid}", executable)
    return _Index(stamp, clean, frozenset(links), tuple(submodules), filters, keeps_modes)


def _unclean(entries: list[str]) -> list[str]:
    """Paths whose bytes on disk are not the index's. Staged and otherwise untouched is clean."""
    paths = []
    for entry in entries:
        kind = entry[:1]
        if kind == "?":
            paths.append(entry[2:])
        elif kind in _STATUS_FIELDS:
            in_worktree = entry[3]
            if in_worktree != "." or kind == "u":
                paths.append(entry.split(" ", _STATUS_FIELDS[kind])[-1])
    return paths
