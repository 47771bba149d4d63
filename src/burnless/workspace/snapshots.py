"""Snapshots of the workspace: what an effect changed, and the bytes that undo it."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from burnless.core.evidence import FileChange
from burnless.core.protocols import Blobs, FileState, Runner, Snapshot
from burnless.workspace.git import Git
from burnless.workspace.listing import walk_files
from burnless.workspace.scan import GitScanner, Scan

PREIMAGE_BYTES_MOST = 10 * 1024 * 1024
"""Files above this are said to be not restorable."""

PREIMAGES_BYTES_MOST = 500 * 1024 * 1024
"""All files kept by one process: above it a folder full of data would be copied into the state."""

HASHED_BYTES_MOST = 256 * 1024 * 1024
"""Above this size and time of change stand for the content."""

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was looked at may change again within the same timestamp
(two seconds is the coarsest a file system keeps): it is hashed again next time."""

_RACY = -1
_GIT = "git:"


@dataclass(frozen=True, slots=True)
class LayeredFiles(Mapping[str, FileState]):
    """What git has as clean, and over it what was looked at on disk (None = not there).

    Two snapshots of an unchanged index share `clean`, so that comparing them costs only what
    differs from it. A clean file's `sha256` is "git:<object id>", its size and time 0.
    """

    clean: Mapping[str, FileState]
    seen: Mapping[str, FileState | None]

    def __getitem__(self, path: str) -> FileState:
        state = self.seen[path] if path in self.seen else self.clean[path]
        if state is None:
            raise KeyError(path)
        return state

    def __iter__(self) -> Iterator[str]:
        yield from (path for path in self.clean if path not in self.seen)
        yield from (path for path, state in self.seen.items() if state is not None)

    def __len__(self) -> int:
        hidden = sum(1 for path in self.seen if path in self.clean)
        return len(self.clean) - hidden + sum(state is not None for state in self.seen.values())


class WorkspaceSnapshots:
    """Implements `Snapshots` for one workspace folder.

    In a git work tree git says what is clean and only the rest is read; elsewhere every file is
    looked at. Links are never followed: a link's content is where it points.
    """

    def __init__(self, root: Path, runner: Runner, blobs: Blobs) -> None:
        self._root = root
        self._blobs = blobs
        self._git = Git(root, runner)
        self._scanner = GitScanner(root, self._git)
        self._last: Snapshot | None = None
        self._kept: set[str] = set()
        self._kept_bytes = 0
        self._object_ids: dict[str, str] = {}

    def take(self, previous: Snapshot | None = None) -> Snapshot:
        known = self._last if previous is None else previous
        scan = self._scanner.scan() or Scan({}, tuple(walk_files(self._root)))
        racy_since = time.time_ns() - RACY_NS
        seen = {path: self._look(path, known, racy_since) for path in scan.to_look_at}
        self._last = Snapshot(LayeredFiles(scan.clean, seen))
        return self._last

    def compare(self, before: Snapshot, after: Snapshot) -> tuple[FileChange, ...]:
        """Sorted by path. Bytes of clean files are fetched from git here, where they are needed."""
        differing = [
            path
            for path in sorted(_candidates(before.files, after.files))
            if _content(before, path) != _content(after, path)
        ]
        old = {path: before.files[path] for path in differing if path in before.files}
        new = {path: after.files[path] for path in differing if path in after.files}
        hashes_before = self._resolve(old)
        hashes_after = self._resolve(new)
        changes = (
            self._change(path, hashes_before.get(path, ""), hashes_after.get(path, ""), old, new)
            for path in differing
            if hashes_before.get(path) != hashes_after.get(path) or _mode_change(path, old, new)
        )
        return tuple(changes)

    def keep(self, path: str) -> tuple[str, bool]:
        """The bytes a file tool is about to replace. A link that leads outside is not followed."""
        target = self._root / path
        if not target.exists():
            return "", not target.is_symlink()
        root = self._root.resolve()
        leads_out = not Path(path).is_absolute() and not target.resolve().is_relative_to(root)
        if leads_out or not target.is_file() or target.stat().st_size > PREIMAGE_BYTES_MOST:
            return "", False
        try:
            return self._blobs.put(target.read_bytes()), True
        except OSError:
            return "", False

    def state_hash(self, snapshot: Snapshot) -> str:
        """The same files give the same hash, committed or not."""
        lines = []
        for path in sorted(snapshot.files):
            content = snapshot.files[path].sha256
            lines.append(f"{path}\0{self._object_ids.get(content, content)}\n")
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def _look(self, path: str, known: Snapshot | None, racy_since: int) -> FileState | None:
        """One file on disk; its hash is taken over where size and time of change are the same."""
        full = self._root / path
        try:
            info = full.lstat()
        except OSError:
            return None
        if stat.S_ISLNK(info.st_mode):
            return self._link(full)
        if not stat.S_ISREG(info.st_mode):
            return None
        # The later of the two: tools set mtime back (cp -p, tar), nothing sets ctime back.
        changed_ns = max(info.st_mtime_ns, info.st_ctime_ns)
        old = known.files.get(path) if known is not None else None
        if old is not None and (old.size, old.mtime_ns) == (info.st_size, changed_ns):
            return old
        stamp = _RACY if changed_ns >= racy_since else changed_ns
        executable = bool(info.st_mode & stat.S_IXUSR) if self._scanner.keeps_modes else None
        size, digest = self._hash(full, info.st_size, changed_ns)
        return FileState(size, stamp, digest, executable)

    def _link(self, full: Path) -> FileState:
        target = os.fsencode(full.readlink())
        digest = hashlib.sha256(b"link:" + target).hexdigest()
        self._object_ids[digest] = _GIT + self._scanner.object_id(target)
        return FileState(len(target), _RACY, digest)

    def _hash(self, full: Path, size: int, changed_ns: int) -> tuple[int, str]:
        """Bytes, and their hash or what stands for it."""
        if size > HASHED_BYTES_MOST:
            return size, f"stat:{size}:{changed_ns}"
        try:
            data = full.read_bytes()
        except OSError:
            return size, f"stat:{size}:{changed_ns}"
        digest = hashlib.sha256(data).hexdigest()
        self._object_ids[digest] = _GIT + self._scanner.object_id(data)
        self._store(digest, data)
        return len(data), digest

    def _store(self, digest: str, data: bytes) -> None:
        fits = len(data) <= PREIMAGE_BYTES_MOST
        if digest in self._kept or not fits or self._kept_bytes > PREIMAGES_BYTES_MOST:
            return
        self._blobs.put(data)
        self._kept.add(digest)
        self._kept_bytes += len(data)

    def _resolve(self, states: Mapping[str, FileState]) -> dict[str, str]:
        """Path to sha256, with what git has as clean read from its objects and kept."""
        hashes = {path: state.sha256 for path, state in states.items()}
        wanted = [
            (content.removeprefix(_GIT), path)
            for path, content in hashes.items()
            if content.startswith(_GIT)
        ]
        if not wanted:
            return hashes
        contents = self._git.objects(wanted, filtered=self._scanner.filters)
        for oid, path in wanted:
            data = contents.get(oid)
            if data is not None:
                hashes[path] = self._clean_hash(path, data)
        return hashes

    def _clean_hash(self, path: str, data: bytes) -> str:
        if self._scanner.is_link(path):
            return hashlib.sha256(b"link:" + data).hexdigest()
        digest = hashlib.sha256(data).hexdigest()
        self._store(digest, data)
        return digest

    def _change(
        self,
        path: str,
        before: str,
        after: str,
        old: Mapping[str, FileState],
        new: Mapping[str, FileState],
    ) -> FileChange:
        kept = before in self._kept
        return FileChange(
            path,
            before,
            after,
            size=self._size(path, new) if after else 0,
            preimage=before if kept else "",
            restorable=kept or not before,
            mode=_mode_change(path, old, new),
        )

    def _size(self, path: str, new: Mapping[str, FileState]) -> int:
        """A clean file's state holds no size: the disk still has it."""
        if new[path].sha256.startswith(_GIT):
            try:
                return (self._root / path).lstat().st_size
            except OSError:
                return 0
        return new[path].size


def _candidates(before: Mapping[str, FileState], after: Mapping[str, FileState]) -> Iterable[str]:
    """Paths that can differ: with one shared index only what lies over it."""
    match before, after:
        case LayeredFiles(clean_before, seen_before), LayeredFiles(clean_after, seen_after):
            if clean_before is clean_after:
                return seen_before.keys() | seen_after.keys()
        case _:
            pass
    return set(before) | set(after)


def _content(snapshot: Snapshot, path: str) -> tuple[str, bool | None] | None:
    state = snapshot.files.get(path)
    return (state.sha256, state.executable) if state else None


def _mode_change(path: str, old: Mapping[str, FileState], new: Mapping[str, FileState]) -> str:
    """Of a file that was there and still is: "+x" or "-x"; "" where nothing is known of it."""
    if path not in old or path not in new:
        return ""
    before, after = old[path].executable, new[path].executable
    if before is None or after is None or before is after:
        return ""
    return "+x" if after else "-x"
