"""Reading a whole log: every line checked, a torn tail told, a bad line named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from burnless.core import events as ev
from burnless.core.errors import SessionProblem
from burnless.state.durable import sync_file, sync_folder
from burnless.state.log_lines import DamagedLine, ForeignLine, RawLine, decode_line, split_line

LOG_NAME = "log.jsonl"


@dataclass(frozen=True, slots=True)
class LoadedLog:
    """A log as it was read.

    ends:               for each event the byte offset where its line ends
    dropped_tail_bytes: bytes after the last newline: a write that never ended, not an event
    """

    events: tuple[ev.Recorded, ...]
    ends: tuple[int, ...]
    dropped_tail_bytes: int

    @property
    def size(self) -> int:
        return self.ends[-1] if self.ends else 0


@dataclass(frozen=True, slots=True)
class Repair:
    """What `repair_log` kept and cut. `backup` holds the log as it was; None = nothing to do."""

    kept: int
    cut_lines: int
    backup: Path | None


def load_log(path: Path) -> LoadedLog:
    """Raises SessionProblem for a bad line inside, or one from a newer Burnless."""
    session_id = path.parent.name
    events: list[ev.Recorded] = []
    ends: list[int] = []
    dropped = 0
    with _open_log(path) as file:
        for line in file:
            if not line.endswith(b"\n"):
                dropped = len(line)
                break
            number = len(events) + 1
            try:
                events.append(decode_line(_split_in_order(line, number)))
            except DamagedLine as error:
                raise damaged(session_id, number, error) from error
            except ForeignLine as error:
                raise foreign(session_id, number, error) from error
            ends.append((ends[-1] if ends else 0) + len(line))
    return LoadedLog(tuple(events), tuple(ends), dropped)


def raw_lines(path: Path, *, offset: int = 0, first: int = 1) -> Iterator[tuple[RawLine, int]]:
    """Whole lines from `offset` on (line number `first`), each with the offset where it ends.

    Data stays undecoded. Raises SessionProblem for a bad line inside.
    """
    with _open_log(path) as file:
        file.seek(offset)
        for number, line in enumerate(file, start=first):
            if not line.endswith(b"\n"):
                return
            offset += len(line)
            try:
                yield _split_in_order(line, number), offset
            except DamagedLine as error:
                raise damaged(path.parent.name, number, error) from error


def repair_log(path: Path) -> Repair:
    """Cut the log before its first damaged line; the whole of it stays beside it as a backup.

    The caller holds the session's lock. A log from a newer Burnless is not damaged: SessionProblem.
    """
    size, kept, cut_lines = _measure(path)
    if not cut_lines:
        load_log(path)
        return Repair(kept, 0, None)
    backup = _free_name(path)
    try:
        shutil.copyfile(path, backup)
        with backup.open("rb") as copy:
            sync_file(copy.fileno())
        sync_folder(path.parent)
        with path.open("r+b") as file:
            file.truncate(size)
            sync_file(file.fileno())
    except OSError as error:
        raise SessionProblem(
            f"session {path.parent.name} cannot be repaired: {error.strerror}",
            hint=f"free disk space, or make {path.parent} writable",
        ) from error
    load_log(path)
    return Repair(kept, cut_lines, backup)


def damaged(session_id: str, number: int, error: DamagedLine) -> SessionProblem:
    return SessionProblem(
        f"line {number} of session {session_id} is damaged: {error}",
        hint=f"`agent sessions repair {session_id}` keeps what stands before it, and a backup",
    )


def foreign(session_id: str, number: int, error: ForeignLine) -> SessionProblem:
    return SessionProblem(
        f"line {number} of session {session_id} was written by another Burnless: {error}",
        hint="upgrade Burnless to the version that wrote it; nothing was changed",
    )


def _open_log(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise SessionProblem(
            f"session {path.parent.name} has no log that can be read: {error.strerror}",
            hint="`agent sessions list` shows the sessions there are",
        ) from error


def _split_in_order(line: bytes, number: int) -> RawLine:
    raw = split_line(line)
    if raw.seq != number:
        raise DamagedLine(f"it says it is event {raw.seq}")
    return raw


def _measure(path: Path) -> tuple[int, int, int]:
    """Bytes and lines before the first damaged line, and the number of lines from there on."""
    size = kept = cut_lines = 0
    with _open_log(path) as file:
        for line in file:
            if not cut_lines and _is_whole(line, kept + 1):
                size, kept = size + len(line), kept + 1
            else:
                cut_lines += 1
    return size, kept, cut_lines


def _is_whole(line: bytes, number: int) -> bool:
    try:
        _split_in_order(line, number)
    except DamagedLine:
        return False
    return True


def _free_name(path: Path) -> Path:
    number = 1
    while (backup := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return backup
