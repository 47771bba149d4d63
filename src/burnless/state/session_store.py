"""The log of one session on disk, held by one process at a time."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.errors import InputProblem, SessionProblem
from burnless.core.protocols import Clock
from burnless.state.append_file import AppendFile
from burnless.state.blobs import FolderBlobs
from burnless.state.durable import sync_folder, try_lock, write_whole
from burnless.state.log_file import LOG_NAME, LoadedLog, Repair, load_log, repair_log
from burnless.state.log_lines import DamagedLine, decode_line, encode_line, split_line

LOCK_NAME = "lock"
SUMMARY_NAME = "summary.json"
_NOT_SEARCHED = frozenset(
    {"SessionStarted", "PrefixFixed", "ProjectFixed", "CallStarted", "ToolStarted", "Compacted"}
)
_SEARCH_TOOL = "recall"


class SessionFolder:
    """The SessionStore of one session: `log.jsonl`, `blobs/`, and views made from the log."""

    def __init__(self, folder: Path, clock: Clock, lock: int, loaded: LoadedLog) -> None:
        self._folder = folder
        self._clock = clock
        self._lock_file = lock
        self._guard = threading.Lock()
        self._file = AppendFile.open(folder / LOG_NAME)
        self._ends = list(loaded.ends)
        if self._file.size != loaded.size:
            self._file.truncate(loaded.size)

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def blobs(self) -> FolderBlobs:
        return FolderBlobs(self._folder / "blobs")

    def append(self, event: ev.Event, *, sync: bool) -> ev.Recorded:
        """One write of one line. Raises SessionProblem where the disk does not take it."""
        with self._guard:
            recorded = ev.Recorded(len(self._ends) + 1, round(self._clock.now(), 3), event)
            self._ends.append(self._file.append(encode_line(recorded), sync=sync))
            return recorded

    def read(self, seq: int) -> ev.Recorded:
        if not 1 <= seq <= len(self._ends):
            raise InputProblem(
                f"there is no event {seq}: the session has events 1 to {len(self._ends)}",
                hint="take the number from the capsule, or search for words of it",
            )
        return self._decode(self._line(seq))

    def search(self, text: str, limit: int) -> list[ev.Recorded]:
        """Newest first. What only repeats other events (capsules, prompts of the harness), and
        earlier searches themselves, is left out."""
        needle = text.casefold()
        raw_needle = canonical(text)[1:-1].casefold()
        found: list[ev.Recorded] = []
        if not needle or limit < 1:
            return found
        for line in self._newest_lines():
            if raw_needle in line.decode().casefold() and _says(line, needle):
                found.append(self._decode(line))
                if len(found) == limit:
                    break
        return found

    def write_view(self, name: str, text: str) -> None:
        """Views can be made again from the log, so they are whole but not waited for."""
        path = self._folder / name
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise InputProblem(f"a view cannot be outside the session: {name}")
        try:
            write_whole(path, text.encode("utf-8", "replace"), sync=False)
        except OSError as error:
            raise SessionProblem(
                f"cannot write {path}: {error.strerror}",
                hint="free disk space, then resume the session",
            ) from error

    def close(self) -> None:
        """Give the session back to other processes. May be called twice."""
        self._file.close()
        if self._lock_file >= 0:
            os.close(self._lock_file)
            self._lock_file = -1

    def __enter__(self) -> SessionFolder:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _line(self, seq: int) -> bytes:
        start = self._ends[seq - 2] if seq > 1 else 0
        return self._file.read(start, self._ends[seq - 1])

    def _newest_lines(self) -> Iterator[bytes]:
        for seq in range(len(self._ends), 0, -1):
            yield self._line(seq)

    def _decode(self, line: bytes) -> ev.Recorded:
        try:
            return decode_line(split_line(line))
        except DamagedLine as error:
            raise SessionProblem(
                f"the log of session {self._folder.name} changed under a running session: {error}",
                hint=f"`agent sessions repair {self._folder.name}`",
            ) from error


def create_session(folder: Path, clock: Clock) -> SessionFolder:
    """Take the empty `folder` of a new session. Raises SessionProblem."""
    store, _ = open_session(folder, clock)
    sync_folder(folder)
    sync_folder(folder.parent)
    return store


def open_session(folder: Path, clock: Clock) -> tuple[SessionFolder, LoadedLog]:
    """Lock, load, and cut a torn tail off. Raises SessionProblem: in use, damaged, too new."""
    lock = lock_session(folder)
    try:
        path = folder / LOG_NAME
        loaded = load_log(path) if path.exists() else LoadedLog((), (), 0)
        return SessionFolder(folder, clock, lock, loaded), loaded
    except OSError as error:
        os.close(lock)
        raise _unwritable(folder, error) from error
    except BaseException:
        os.close(lock)
        raise


def repair_session(folder: Path) -> Repair:
    """Cut the log before its first damaged line and keep a backup. Raises SessionProblem."""
    lock = lock_session(folder)
    try:
        (folder / SUMMARY_NAME).unlink(missing_ok=True)
        return repair_log(folder / LOG_NAME)
    finally:
        os.close(lock)


def lock_session(folder: Path) -> int:
    """The descriptor that holds the session; close it to let go. Raises SessionProblem."""
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not _lock_patiently(descriptor):
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise SessionProblem(
            f"session {folder.name} is in use by process {holder}",
            hint=f"end that one first, or work on a copy: agent --resume {folder.name}"
            " --fork-session",
        )
    # The number is only for that message: what holds the session is the kernel's lock.
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def _lock_patiently(descriptor: int) -> bool:
    """`agent sessions list` looks whether a session is held by locking it for an instant."""
    for _ in range(5):
        if try_lock(descriptor):
            return True
        time.sleep(0.02)
    return False


def is_in_use(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(folder: Path, error: OSError) -> SessionProblem:
    return SessionProblem(
        f"session {folder.name} cannot be opened for writing: {error.strerror}",
        hint=f"check that {folder} exists and can be written, and that the disk is not full",
    )


def _says(line: bytes, needle: str) -> bool:
    """Whether what was said or done holds the words, not only the JSON around it."""
    raw = split_line(line)
    if raw.type in _NOT_SEARCHED:
        return False
    value = json.loads(raw.data)
    if value.get("tool") == _SEARCH_TOOL:
        return False
    return any(needle in text.casefold() for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case {"type": "ToolCall", "name": name} if name == _SEARCH_TOOL:
            return
        case dict():
            for item in value.values():
                yield from _texts(item)
        case _:
            return
