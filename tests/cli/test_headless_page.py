from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.support.agent_process import AGENT

ROOT = Path(__file__).parents[2]


def examples() -> list[list[Any]]:
    page = (ROOT / "docs" / "headless.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)\n```", page, re.DOTALL)
    return [[json.loads(line) for line in block.splitlines()] for block in blocks]


def golden_lines() -> list[Any]:
    text = (ROOT / "tests" / "ui" / "golden" / "stream.jsonl.txt").read_text(encoding="utf-8")
    return [json.loads(each) for each in re.split(r"^(?=\{)", text, flags=re.MULTILINE) if each]


def kind(line: Any) -> tuple[str, str]:
    return line["type"], line.get("subtype", "")


def test_the_page_shows_a_line_of_each_kind_as_it_is_written() -> None:
    shown, written = examples()[0], golden_lines()
    assert [line for line in shown if line not in written] == []
    assert sorted(map(kind, shown)) == sorted({kind(line) for line in written})


def test_without_a_key_the_only_line_is_the_one_the_page_shows(tmp_path: Path) -> None:
    (wanted,) = examples()[1]
    done = subprocess.run(
        [*AGENT, "-p", "hi", "--output-format", "stream-json"],
        cwd=tmp_path,
        env={**os.environ, "BURNLESS_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 41
    assert json.loads(done.stdout) | {"duration_ms": 1} == wanted


def test_each_flag_the_page_calls_absent_is_refused_aloud(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "headless.md").read_text(encoding="utf-8")
    flags = re.findall(r"`(--[a-z-]+(?: stream-json)?)`", page.partition("## Not there")[2])
    assert flags
    for flag in flags:
        words = flag.split() if " " in flag else [flag, "x"]
        done = subprocess.run(
            [*AGENT, "-p", "hi", *words],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, ""), flag
        assert "not available yet" in done.stderr, done.stderr
