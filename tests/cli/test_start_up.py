from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from burnless.version import __version__

HEAVY = (
    "anthropic",
    "openai",
    "pydantic",
    "httpx",
    "httpx2",
    "genai_prices",
    "tiktoken",
    "rich",
    "prompt_toolkit",
    "typer",
    "yaml",
)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BURNLESS_HOME": str(folder / "home")}
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "burnless", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def imported(done: subprocess.CompletedProcess[str]) -> set[str]:
    rows = [row for row in done.stderr.splitlines() if row.startswith("import time:")]
    return {row.rpartition("|")[2].strip() for row in rows}


@pytest.mark.parametrize("arguments", [["--version"], ["-v"]])
def test_the_version_is_said_before_anything_is_imported(
    arguments: list[str], tmp_path: Path
) -> None:
    done = run(tmp_path, *arguments)
    assert (done.stdout, done.returncode) == (f"burnless {__version__}\n", 0)
    ours = {name for name in imported(done) if name.startswith("burnless")}
    assert ours <= {"burnless", "burnless.version"}
    assert not imported(done) & {"argparse", "dataclasses", "json", *HEAVY}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["sessions"], 0),
        (["sessions", "list", "--json"], 0),
        (["cost"], 42),
        (["context"], 42),
        (["sessions", "--help"], 0),
        (["--nonsense"], 2),
    ],
)
def test_what_needs_no_model_imports_nothing_heavy(
    arguments: list[str], code: int, tmp_path: Path
) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == code
    loaded = {name.partition(".")[0] for name in imported(done)}
    assert "argparse" in loaded
    assert not loaded & set(HEAVY)


def test_the_version_flag_also_works_beside_others(tmp_path: Path) -> None:
    done = run(tmp_path, "-p", "--version")
    assert (done.stdout, done.returncode) == (f"burnless {__version__}\n", 0)
