"""Content-addressed bytes: the same bytes are stored once, under their sha256."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from burnless.core.errors import InputProblem, SessionProblem
from burnless.state.durable import write_whole

_NAME = re.compile(r"[0-9a-f]{64}")


class FolderBlobs:
    """Blobs of one session, in `blobs/ab/cdef…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """The blob is on the disk when this returns. Raises SessionProblem on a full disk."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        if self._holds(path, len(data)):
            return name
        try:
            write_whole(path, data)
        except OSError as error:
            raise SessionProblem(
                f"cannot store {len(data)} bytes in {self._folder}: {error.strerror}",
                hint="free disk space, then resume the session",
            ) from error
        return name

    def get(self, name: str) -> bytes:
        """Raises InputProblem where there is no such blob, or its bytes are not what was stored."""
        if not _NAME.fullmatch(name):
            raise InputProblem(
                f"{name!r} is not the name of a blob",
                hint="a blob's name is 64 hexadecimal digits; take it from the event that has it",
            )
        try:
            data = self._path(name).read_bytes()
        except OSError as error:
            raise InputProblem(
                f"there is no blob {name} in this session",
                hint="take the name from the event that has it",
            ) from error
        if hashlib.sha256(data).hexdigest() != name:
            raise InputProblem(
                f"blob {name} is damaged: its bytes do not match its name",
                hint="what it held is lost; the log itself is not affected",
            )
        return data

    def _holds(self, path: Path, size: int) -> bool:
        """Rename is the last step of a write, so a blob of the right size is a whole one."""
        try:
            return path.stat().st_size == size
        except OSError:
            return False

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:]
