"""One file as a tool meets it: its bytes, its hash, its text; or why there is nothing to read."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from burnless.core.protocols import ToolOutcome
from burnless.tools.paths import Target, not_there
from burnless.tools.text_file import BinaryFile, TextFile, decode, sha256_of

LARGEST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    data: bytes
    sha256: str
    content: TextFile | BinaryFile


def failed(text: str) -> ToolOutcome:
    """An outcome the model has to do something about."""
    return ToolOutcome(text, is_error=True)


def load(target: Target, root: Path) -> Loaded | str:
    """The file, or in a sentence why it cannot be read and what to do."""
    try:
        status = target.real.stat()
        if stat.S_ISDIR(status.st_mode):
            return f"{target.given}: is a folder, not a file. read lists it."
        if not stat.S_ISREG(status.st_mode):
            return f"{target.given}: is no regular file (a device, pipe or socket): leave it alone."
        if status.st_size > LARGEST_BYTES:
            return (
                f"{target.given}: is too large to read whole ({status.st_size} bytes). "
                "Use search on it, or run_command with sed -n or tail."
            )
        data = target.real.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return not_there(target, root)
    except OSError as error:
        return f"{target.given}: cannot be read: {error.strerror or error}."
    return Loaded(data, sha256_of(data), decode(data))


def rows_of(text: str) -> list[str]:
    """Lines without their ends, numbered as editors and search do: by line feeds."""
    rows = text.replace("\r\n", "\n").split("\n")
    return rows[:-1] if rows[-1] == "" else rows


def numbered(rows: list[str], first: int) -> str:
    return "\n".join(f"{number}\t{row}" for number, row in enumerate(rows, first))


def count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
