"""A small JSON file of the user's: texts by path, changed under a lock, replaced in one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from burnless.core.encoding import canonical
from burnless.core.errors import ConfigProblem
from burnless.state.durable import locked, write_whole

Texts: TypeAlias = tuple[str, ...]

_VERSION = 1
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a file can meet that is not what was written."""


class UserBook:
    """Texts by key. `what` names the file's purpose in messages."""

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        self._what = what

    def read(self) -> dict[str, Texts]:
        """Raises ConfigProblem where the file is not what was written."""
        try:
            return _entries(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return {}
        except (
            OSError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as error:
            raise ConfigProblem(
                f"{self._path} ({self._what}) cannot be read: {error}",
                hint=f"remove {self._path}; what it held will be asked again",
            ) from error

    def change(self, key: str, edit: Callable[[Texts], Texts]) -> None:
        """Read, edit the texts of `key` and write back, alone. Raises ConfigProblem."""
        try:
            with locked(self._path):
                entries = self.read()
                entries[key] = edit(entries.get(key, ()))
                kept = {name: list(texts) for name, texts in entries.items() if texts}
                text = canonical({"version": _VERSION, "entries": kept})
                write_whole(self._path, text.encode())
        except OSError as error:
            raise ConfigProblem(
                f"{self._path} ({self._what}) cannot be written: {error.strerror}",
                hint="make its folder writable, or set BURNLESS_HOME to another",
            ) from error


def _entries(value: Any) -> dict[str, Texts]:
    if value["version"] != _VERSION:
        raise ValueError(f"it has version {value['version']}, not {_VERSION}")
    return {str(key): tuple(map(str, texts)) for key, texts in value["entries"].items()}
