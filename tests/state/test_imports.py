from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.state.folders import layout_in, write_session
from tests.state.samples import EVENTS

HEAVY = {"anthropic", "openai", "pydantic", "genai_prices", "tiktoken", "yaml", "rich", "httpx2"}


def modules_after(program: str, tmp_path: Path) -> set[str]:
    environ = {**os.environ, "BURNLESS_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        cwd=tmp_path / "work",
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_listing_sessions_and_their_cost_imports_nothing_heavy(tmp_path: Path) -> None:
    write_session(layout_in(tmp_path), "a", EVENTS)
    program = (
        "import os, pathlib\n"
        "from burnless.state.layout import layout_of\n"
        "from burnless.state.sessions import list_sessions, find_session, read_session\n"
        "layout = layout_of(pathlib.Path.cwd(), os.environ)\n"
        "assert list_sessions(layout)[0].cost == 2690000000\n"
        "assert read_session(find_session(layout, 'a'))[0].total_spend.unknown == 1\n"
    )
    assert modules_after(program, tmp_path) & HEAVY == set()


def test_a_configuration_without_files_needs_no_yaml(tmp_path: Path) -> None:
    layout_in(tmp_path)
    program = (
        "import os, pathlib\n"
        "from burnless.state.config import load_settings\n"
        "from burnless.state.layout import layout_of\n"
        "import burnless.state.price_book, burnless.state.token_files\n"
        "load_settings(layout_of(pathlib.Path.cwd(), os.environ), environ=os.environ)\n"
    )
    assert modules_after(program, tmp_path) & HEAVY == set()
