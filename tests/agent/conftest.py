from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from burnless.cli.demo.loopback import Script
from tests.support.play import KEY_ENV, Stage, staged

Staging = Callable[..., Stage]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No file of whoever runs the suite is read or written."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("BURNLESS_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv(KEY_ENV, "a-key")
    return home


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Staging]:
    """Makes stages; at the end each is closed, and a script that was too short fails the test."""
    made: list[Stage] = []

    def make(script: Script, **more: Any) -> Stage:
        made.append(staged(tmp_path, script, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()
