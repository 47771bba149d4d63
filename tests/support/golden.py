"""Texts that are compared with a file, and written anew when BURNLESS_GOLDEN=write is set."""

from __future__ import annotations

import os
from pathlib import Path


def compare_with_golden(path: Path, text: str) -> None:
    if os.environ.get("BURNLESS_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "look at the change; BURNLESS_GOLDEN=write"
