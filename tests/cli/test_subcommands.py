from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from burnless.core.outcome import TurnStatus
from burnless.providers.catalog import providers
from tests.support.agent_process import AGENT

Agent = Callable[..., "subprocess.CompletedProcess[str]"]
SHOWN_NOWHERE = "sk-this-must-never-be-shown"


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    """Runs a subcommand in an empty folder, with a home of its own and no keys."""
    folder = tmp_path / "project"
    folder.mkdir()

    def run(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*AGENT, *arguments],
            cwd=folder,
            env={**os.environ, "BURNLESS_HOME": str(tmp_path / "home"), **more},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def config_of(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".burnless" / "config.yaml"


def test_init_writes_a_configuration_for_the_keys_it_finds(agent: Agent, tmp_path: Path) -> None:
    done = agent("init", GOOGLE_API_KEY=SHOWN_NOWHERE)
    assert done.returncode == 0
    assert "gemini: key found in GOOGLE_API_KEY" in done.stdout
    text = config_of(tmp_path).read_text()
    assert "gemini/" in text
    assert SHOWN_NOWHERE not in text + done.stdout + done.stderr
    assert agent("doctor", GOOGLE_API_KEY=SHOWN_NOWHERE).returncode == 0


def test_init_never_overwrites(agent: Agent, tmp_path: Path) -> None:
    assert agent("init").returncode == 0
    config_of(tmp_path).write_text("budget: {max_calls_per_session: 7}\n")
    again = agent("init")
    assert again.returncode == 42
    assert "exists already" in again.stderr
    assert config_of(tmp_path).read_text() == "budget: {max_calls_per_session: 7}\n"


def test_what_init_wrote_is_trusted(agent: Agent) -> None:
    assert agent("init", ANTHROPIC_API_KEY=SHOWN_NOWHERE).returncode == 0
    assert "without effect" not in agent("config").stdout
    assert "tiers.gold.model" in agent("config").stdout


@pytest.mark.parametrize("variable", ["GOOGLE_API_KEY", "GEMINI_API_KEY"])
def test_doctor_shows_which_provider_has_a_key_and_never_the_key(
    agent: Agent, variable: str
) -> None:
    done = agent("doctor", **{variable: SHOWN_NOWHERE})
    assert f"gemini     active, key in {variable}" in done.stdout
    assert "anthropic  no ANTHROPIC_API_KEY" in done.stdout
    assert f"key {variable} present" in done.stdout
    assert SHOWN_NOWHERE not in done.stdout + done.stderr
    assert done.returncode == 0


def test_doctor_without_anything_is_exit_41_with_the_ways_out(agent: Agent) -> None:
    done = agent("doctor")
    assert done.returncode == 41
    assert "agent init" in done.stdout
    assert "agent demo" in done.stdout


def test_doctor_shows_window_price_git_ripgrep_and_sandbox(agent: Agent) -> None:
    shown = agent("doctor", ANTHROPIC_API_KEY=SHOWN_NOWHERE).stdout
    assert "gold       anthropic/claude-opus-5-5 · key ANTHROPIC_API_KEY present" in shown
    assert "$4 in, $20 out, $0.2 cache read per million" in shown
    for name in ("git        git version", "ripgrep    ripgrep", "sandbox    none"):
        assert name in shown


def test_doctor_says_unknown_for_a_price_nobody_knows(agent: Agent, tmp_path: Path) -> None:
    config = tmp_path / "home" / "config.yaml"
    config.parent.mkdir()
    config.write_text(
        "tiers:\n  silver: {model: compatible/some-model, base_url: 'https://models.example/v1'}\n"
        "  gold: {command: 'no-such-agent --flag'}\n"
        "  bronze: {model: ollama/llama}\n"
    )
    done = agent("doctor")
    assert "compatible/some-model · no key needed · window 128,000 · price unknown" in done.stdout
    assert "worker `no-such-agent --flag` · not a known CLI" in done.stdout
    assert "the program no-such-agent is not on PATH" in done.stdout
    assert "· free" in done.stdout
    assert done.returncode == 1


def test_doctor_knows_the_command_of_a_worker_by_name(agent: Agent, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "claude"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 9\n")
    program.chmod(0o755)
    config = tmp_path / "home" / "config.yaml"
    config.parent.mkdir()
    tiers = ", ".join(f"{tier}: {{command: 'claude'}}" for tier in ("gold", "silver", "bronze"))
    config.write_text(f"tiers: {{{tiers}}}\n")
    done = agent("doctor", PATH=f"{program.parent}:{os.environ['PATH']}")
    assert "worker `claude` · Claude Code" in done.stdout
    assert done.returncode == 0


class _Models(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"data": [{"id": "llama-4"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def local_server() -> Iterator[str]:
    """Something that answers like a model server on a port one of them uses."""
    for provider in providers().values():
        if provider.key_env or not provider.base_url:
            continue
        port = int(provider.base_url.rpartition(":")[2].partition("/")[0])
        try:
            server = HTTPServer(("127.0.0.1", port), _Models)
        except OSError:
            continue
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield provider.name
        server.shutdown()
        thread.join()
        server.server_close()
        return
    pytest.fail("every port of a local model server is taken on this machine")


def test_init_finds_a_server_on_this_machine(
    agent: Agent, tmp_path: Path, local_server: str
) -> None:
    done = agent("init")
    assert f"{local_server}: answers at http://127.0.0.1" in done.stdout
    assert "llama-4" in config_of(tmp_path).read_text()
    assert "free" in agent("doctor").stdout


def test_a_mistyped_key_is_exit_52_with_its_line_and_the_nearest(
    agent: Agent, tmp_path: Path
) -> None:
    config_of(tmp_path).parent.mkdir()
    config_of(tmp_path).write_text("budget:\n  max_cost_per_tsk: 1\n")
    done = agent("config")
    assert done.returncode == 52
    assert "config.yaml:2" in done.stderr
    assert "max_cost_per_task" in done.stderr


def test_config_shows_each_value_with_its_place(agent: Agent, tmp_path: Path) -> None:
    config_of(tmp_path).parent.mkdir()
    config_of(tmp_path).write_text("budget:\n  max_calls_per_session: 7\nchecks: [make]\n")
    shown = agent("config").stdout
    place = config_of(tmp_path)
    assert f"budget.max_calls_per_session  7  ({place}:2)" in shown
    assert "without effect until you trust the file" in shown
    assert "checks: make  (line 3)" in shown
    assert agent("trust").returncode == 0
    assert "without effect" not in agent("config").stdout
    assert agent("trust", "--forget").returncode == 0
    assert "without effect" in agent("config").stdout


def test_there_is_nothing_to_trust_without_a_file(agent: Agent) -> None:
    done = agent("trust")
    assert done.returncode == 42
    assert "agent init" in done.stderr


def test_permissions_are_listed_deny_first_and_can_be_taken_back(
    agent: Agent, tmp_path: Path
) -> None:
    config = tmp_path / "home" / "config.yaml"
    config.parent.mkdir()
    config.write_text(
        "permissions: {mode: acceptEdits, allow: ['Read(**)'], deny: ['Bash(rm *)']}\n"
    )
    rows = agent("permissions").stdout.splitlines()
    assert rows == ["mode   acceptEdits", "deny   Bash(rm *)", "allow  Read(**)"]
    refused = agent("permissions", "forget", "Read(**)")
    assert refused.returncode == 42
    assert "agent permissions list" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sessions", "bogus"], "sessions --help"),
        (["cost", "a", "b"], "cost --help"),
        (["doctor", "--liev"], "--live"),
        (["sessions", "rm"], "sessions rm --help"),
        (["sessions", "export", "--format", "pdf"], "sessions export --help"),
    ],
)
def test_what_a_subcommand_does_not_take_is_exit_2(
    agent: Agent, arguments: list[str], words: str
) -> None:
    done = agent(*arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    command = [*AGENT, "config", "--keys"]
    printing = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert printing.stdout is not None
    assert printing.stderr is not None
    printing.stdout.close()
    with printing:
        assert printing.stderr.read() == ""
    assert printing.returncode == 1


def test_the_page_about_headless_runs_names_every_status() -> None:
    page = (Path(__file__).parents[2] / "docs" / "headless.md").read_text(encoding="utf-8")
    assert all(f"`{status.value}`" in page for status in TurnStatus)
    codes = page.partition("## Exit codes")[2].partition("## stream-json")[0]
    assert {str(status.exit_code) for status in TurnStatus} <= set(re.findall(r"\d+", codes))


def test_doctor_looks_at_the_file_that_a_run_would_be_given(agent: Agent, tmp_path: Path) -> None:
    config = tmp_path / "mine.yaml"
    config.write_text("tiers:\n  silver: ollama/llama\n  gold: ollama/llama-large\n")
    done = agent("doctor", "--config", str(config))
    assert done.returncode == 0
    assert "silver     ollama/llama" in done.stdout
    config.write_text('tiers:\n  silver: {model: a/b, base_url: "http://[::1"}\n')
    wrong = agent("doctor", "--config", str(config))
    assert wrong.returncode == 52
    assert f"{config}:2: tiers.silver.base_url: expected an address" in wrong.stderr


def test_a_proxy_nobody_can_use_is_a_problem_of_every_model(agent: Agent) -> None:
    there = {"ANTHROPIC_API_KEY": SHOWN_NOWHERE, "ALL_PROXY": "socks5://me:secret@127.0.0.1:1"}
    done = agent("doctor", **there)
    assert done.returncode == 52
    assert "gold: ALL_PROXY names a SOCKS proxy" in done.stdout
    run = agent("-p", "hello", **there)
    assert run.returncode == 52
    assert "agent: ALL_PROXY names a SOCKS proxy" in run.stderr
    assert "secret" not in done.stdout + run.stderr
