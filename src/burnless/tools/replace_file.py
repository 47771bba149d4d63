"""A file's new bytes, all or nothing: written beside it, made durable, then renamed over it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

_ANY_WRITE = 0o222


def replace_file(path: Path, data: bytes) -> None:
    """Create or replace `path`; parents are made, the mode of an existing file stays.

    Raises OSError; then the file is as it was. A file that nobody may write is not replaced: a
    rename would not ask it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = _mode_of(path)
    if mode is not None and not mode & _ANY_WRITE:
        raise PermissionError(errno.EACCES, f"it is read-only (mode {mode:04o})", str(path))
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.tmp")
    # 0o666 lets the umask decide, as for every new file.
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    _make_durable(path.parent)


def other_names(path: Path) -> int:
    """How many more hard links a file has: a rename over one of them leaves the others behind."""
    try:
        status = path.stat()
    except OSError:
        return 0
    return status.st_nlink - 1 if stat.S_ISREG(status.st_mode) else 0


def _mode_of(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _make_durable(folder: Path) -> None:
    """Best effort: some file systems cannot sync a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
