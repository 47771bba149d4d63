"""A file that only grows: one write a line, undone when it did not fit."""

from __future__ import annotations

import os
from pathlib import Path

from burnless.core.errors import SessionProblem
from burnless.state.durable import sync_file


class AppendFile:
    """Owns a descriptor opened with O_APPEND. Not safe for threads by itself.

    After a sync that failed nobody knows what is on the disk, so nothing more is taken.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._broken = ""

    @classmethod
    def open(cls, path: Path) -> AppendFile:
        """Create or open `path`. Raises OSError."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        return cls(descriptor, os.fstat(descriptor).st_size)

    @property
    def size(self) -> int:
        return self._size

    @property
    def descriptor(self) -> int:
        return self._descriptor

    def append(self, line: bytes, *, sync: bool) -> int:
        """Write the whole line or nothing; returns the new size. Raises SessionProblem."""
        if self._broken:
            raise _not_written(self._broken)
        try:
            written = os.write(self._descriptor, line)
        except OSError as error:
            raise _not_written(error.strerror or str(error)) from error
        if written != len(line):
            self._take_back()
            raise _not_written(f"only {written} of {len(line)} bytes fitted")
        if sync:
            self._sync()
        self._size += len(line)
        return self._size

    def read(self, start: int, end: int) -> bytes:
        return os.pread(self._descriptor, end - start, start)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)
        sync_file(self._descriptor)
        self._size = size

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _sync(self) -> None:
        try:
            sync_file(self._descriptor)
        except OSError as error:
            self._broken = error.strerror or str(error)
            raise _not_written(self._broken) from error

    def _take_back(self) -> None:
        """Half a line would glue itself to the next one."""
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError as error:
            self._broken = error.strerror or str(error)


def _not_written(reason: str) -> SessionProblem:
    return SessionProblem(
        f"the session's log cannot be written: {reason}",
        hint="free disk space or fix the disk, then `agent --resume` the session",
    )
