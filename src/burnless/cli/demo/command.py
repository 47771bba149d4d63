"""`agent demo`: the real agent on a small repository, over real HTTP, with recorded replies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from burnless.cli.demo.loopback import ScriptedServer
from burnless.cli.demo.recording import Player, load_recording
from burnless.cli.options import RunOptions
from burnless.cli.wiring import open_engine
from burnless.core.outcome import TurnResult
from burnless.core.session import Session
from burnless.core.settings import PermissionMode
from burnless.ui.cost_report import cost_table
from burnless.ui.headless import HeadlessApprover, TextFrontend
from burnless.ui.lines import wrap

REPOSITORY = Path(__file__).with_name("repository")
MODELS = {"gold": "claude-opus-5-5", "silver": "claude-sonnet-5-5"}
KEY_VARIABLE = "BURNLESS_DEMO_KEY"

_CONFIG = """\
tiers:
  gold:   {{model: anthropic/{gold}, base_url: {url}, api_key_env: {key}}}
  silver: {{model: anthropic/{silver}, base_url: {url}, api_key_env: {key}}}
roles: {{planner: gold, executor: silver}}
compaction: {{max_context: {compact_at}, tail_tokens: 400}}
checks: ["python3 -m unittest -q"]
permissions: {{allow: ["Bash(python3 -m unittest *)"]}}
"""

COMPACT_AT = 6_200
"""Tokens: low, so that a session this short shows a compaction."""


def run_demo(*, keep: bool = False, compact_at: int = COMPACT_AT) -> int:
    """Exit code 0 when the run ended well and the tests went from red to green."""
    say = sys.stdout.write
    say(
        "The models' replies are recorded. All else is real: the agent, its tools, the\n"
        "HTTP (a server on loopback plays the replies), the SDK, the audit, the tests.\n\n"
    )
    with _workspace(keep=keep) as folder:
        before = _tests(folder)
        say(f"$ cd {folder}\n$ python3 -m unittest -q        -> {before[1]}\n")
        result, session = _run(folder, compact_at)
        after = _tests(folder)
        say(f"\n$ python3 -m unittest -q        -> {after[1]}\n\n{cost_table(session)}\n")
        say(
            "The prices are list prices. Tokens are counted from the requests really sent,\n"
            "at four bytes each, and cached as the provider's rules say.\n"
        )
        if keep:
            say(f"Left to look at: {folder} (agent sessions show {result.session_id})\n")
    return result.exit_code or after[0]


@contextmanager
def _workspace(*, keep: bool) -> Iterator[Path]:
    """A copy of the bundled repository, under git where there is git."""
    parent = Path(tempfile.mkdtemp(prefix="burnless-demo-"))
    folder = parent / "tillroll"
    try:
        shutil.copytree(REPOSITORY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
        _commit(folder)
        yield folder
    finally:
        if not keep:
            shutil.rmtree(parent, ignore_errors=True)


def _commit(folder: Path) -> None:
    git = shutil.which("git")
    if git is None:
        return
    identity = ["-c", "user.name=demo", "-c", "user.email=demo@example.invalid"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "Start"]):
        subprocess.run([git, *words], cwd=folder, check=True, capture_output=True)  # noqa: S603 - fixed words


def _tests(folder: Path) -> tuple[int, str]:
    """Exit code and last line of the repository's own tests."""
    done = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "-q"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.strip().splitlines()
    return done.returncode, lines[-1] if lines else ""


def _run(folder: Path, compact_at: int) -> tuple[TurnResult, Session]:
    recording = load_recording()
    replies = {MODELS[tier]: played for tier, played in recording.replies.items()}
    with ScriptedServer(Player(replies, recording.update)) as server:
        os.environ[KEY_VARIABLE] = "no-key-needed-on-loopback"
        config = folder.parent / "config.yaml"
        config.write_text(
            _CONFIG.format(url=server.url, key=KEY_VARIABLE, compact_at=compact_at, **MODELS),
            encoding="utf-8",
        )
        columns = shutil.get_terminal_size().columns
        sys.stdout.write("\n".join([*wrap(f'$ agent -p "{recording.task}"', columns), "\n"]))
        sys.stdout.flush()
        front = TextFrontend(sys.stdout, sys.stdout)
        options = RunOptions(
            cwd=folder,
            config_path=config,
            permission_mode=PermissionMode.ACCEPT_EDITS,
            first_prompt=recording.task,
        )
        engine = open_engine(options, HeadlessApprover(), front)
        try:
            result = engine.run_turn(recording.task)
            front.end(result)
            return result, engine.session
        finally:
            engine.close()
