"""Blobs in memory, for tests that only ask what was kept."""

from __future__ import annotations

import hashlib

from burnless.core.errors import InputProblem


class MemoryBlobs:
    """Satisfies `Blobs`."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.kept[name] = data
        return name

    def get(self, name: str) -> bytes:
        try:
            return self.kept[name]
        except KeyError:
            raise InputProblem(f"there is no blob {name}") from None
