from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.agent_process import AGENT


def without_keys(tmp_path: Path) -> dict[str, str]:
    own = {"BURNLESS_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}
    return {name: value for name, value in os.environ.items() if "_KEY" not in name} | own


def demo(tmp_path: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AGENT, "demo", *flags],
        cwd=tmp_path,
        env=without_keys(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demo_plans_compacts_catches_a_lie_and_ends_green(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    shown = done.stdout
    assert "replies are recorded" in shown
    order = [
        "-> FAILED (failures=3)",
        "planning (session start)",
        "Audit contradicted",
        "Audit proven",
        "-> OK",
        "average per call",
    ]
    places = [shown.index(each) for each in order]
    assert places == sorted(places)
    assert "\ncompacted (" in shown
    assert "call failed" not in shown
    assert list(tmp_path.glob("burnless-demo-*")) == []


@pytest.mark.parametrize("compact_at", [3_000, 5_000, 40_000])
def test_the_demo_ends_green_however_often_its_prompt_is_compacted(
    tmp_path: Path, compact_at: int
) -> None:
    run = f"raise SystemExit(run_demo(compact_at={compact_at}))"
    done = subprocess.run(
        [sys.executable, "-c", f"from burnless.cli.demo.command import run_demo; {run}"],
        cwd=tmp_path,
        env=without_keys(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Audit proven" in done.stdout


def test_a_kept_demo_can_be_looked_at(tmp_path: Path) -> None:
    done = demo(tmp_path, "--keep")
    kept = re.search(r"Left to look at: (\S+) \(agent sessions show (\S+)\)", done.stdout)
    assert kept is not None
    folder, session_id = Path(kept[1]), kept[2]
    tests = [sys.executable, "-m", "unittest", "-q"]
    assert subprocess.run(tests, cwd=folder, capture_output=True, check=False).returncode == 0
    shown = subprocess.run(
        [*AGENT, "audit", session_id],
        cwd=folder,
        env=without_keys(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Audit proven" in shown.stdout
