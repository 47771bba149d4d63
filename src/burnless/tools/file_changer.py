"""The one way tools change a file: keep what was there, replace it whole, say what changed."""

from __future__ import annotations

from collections.abc import Callable

from burnless.core.evidence import FileChange
from burnless.core.protocols import Blobs
from burnless.tools.load_file import Loaded
from burnless.tools.paths import Target
from burnless.tools.replace_file import replace_file
from burnless.tools.text_file import sha256_of

Keep = Callable[[str], tuple[str, bool]]
"""`Snapshots.keep`: a workspace path to its pre-image's blob, and whether it can be restored."""


class FileChanger:
    def __init__(self, keep: Keep, blobs: Blobs) -> None:
        self._keep = keep
        self._blobs = blobs

    def replace(self, target: Target, before: Loaded | None, data: bytes) -> FileChange:
        """Raises OSError and BurnlessError; then nothing was changed."""
        preimage, restorable = self._kept(target, before)
        replace_file(target.real, data)
        return FileChange(
            path=target.name,
            before=before.sha256 if before else "",
            after=sha256_of(data),
            size=len(data),
            preimage=preimage,
            restorable=restorable,
        )

    def _kept(self, target: Target, before: Loaded | None) -> tuple[str, bool]:
        if target.inside:
            return self._keep(target.name)
        # Snapshots know the workspace only; what is outside is kept here.
        return (self._blobs.put(before.data), True) if before else ("", True)
