"""Which content of which configuration file the user has said yes to."""

from __future__ import annotations

import hashlib
from pathlib import Path

from burnless.core.errors import InputProblem
from burnless.state.user_book import UserBook

_KEPT = 20
"""Contents kept for each file, newest last: switching branches should not ask again."""


class TrustBook:
    """A yes holds for one file with exactly these bytes: any change asks again."""

    def __init__(self, path: Path) -> None:
        self._book = UserBook(path, "trusted configuration")

    def is_trusted(self, file: Path, sha256: str) -> bool:
        return sha256 in self._book.read().get(_key(file), ())

    def trust(self, file: Path, sha256: str) -> None:
        """`sha256` is of the bytes the user was shown, not of what the file may hold by now."""
        self._book.change(
            _key(file), lambda known: (*(k for k in known if k != sha256), sha256)[-_KEPT:]
        )

    def trust_file(self, file: Path) -> str:
        """Trust the file as it is now; returns the hash. Raises InputProblem: no such file."""
        try:
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            raise InputProblem(
                f"{file} cannot be read: {error.strerror}", hint="check the path"
            ) from error
        self.trust(file, sha256)
        return sha256

    def forget(self, file: Path) -> None:
        self._book.change(_key(file), lambda _known: ())


def _key(file: Path) -> str:
    return str(file.resolve())
