"""Keys and the user's folders of a play: nobody's own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPTED_KEY", "no-key-on-loopback")
    monkeypatch.setenv("BURNLESS_HOME", str(tmp_path / "home"))
