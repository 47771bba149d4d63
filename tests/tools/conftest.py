from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tool_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    root = tmp_path / "workspace"
    root.mkdir()
    return Desk(root)
