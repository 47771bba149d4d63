from __future__ import annotations

import shlex
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from burnless.core.cancel import CancelToken
from burnless.core.errors import Cancelled, ConfigProblem, ModelProblem
from burnless.core.protocols import Worker, WorkerReply
from burnless.core.settings import Tier
from burnless.core.usage import Usage
from burnless.processes.runner import ProcessRunner
from burnless.processes.workers import Purpose, known_cli, worker_command, worker_for
from tests.support.fake_claude import FakeClaude, install_fake_claude


def shown(command: str, purpose: Purpose = "executor", args: str = "auto") -> str:
    return shlex.join(worker_command(Tier(command=command, args=args), purpose))


EXECUTORS = [
    (
        "claude --model haiku-4.5",
        (
            "claude --model haiku-4.5 --print --output-format stream-json --verbose"
            " --permission-mode acceptEdits"
        ),
    ),
    (
        "codex --model gpt-6-luna",
        "codex exec --model gpt-6-luna --json --skip-git-repo-check --sandbox workspace-write",
    ),
    ("gemini", "gemini --output-format json --approval-mode auto_edit"),
    ("opencode -m x/y", "opencode run -m x/y --format json --agent build"),
    ("cursor-agent", "cursor-agent --print --output-format json --trust --force"),
    ("qwen", "qwen --output-format json --approval-mode auto-edit"),
    ("copilot", "copilot --silent --no-ask-user --allow-tool=write"),
    ("./my-agent --fast", "./my-agent --fast"),
]

PLANNERS = [
    (
        "claude --model opus-4.8",
        (
            "claude --model opus-4.8 --print --output-format stream-json --verbose"
            " --tools Read,Grep,Glob --strict-mcp-config"
        ),
    ),
    ("codex", "codex exec --json --skip-git-repo-check --sandbox read-only"),
    ("gemini", "gemini --output-format json --approval-mode default"),
    ("opencode", "opencode run --format json --agent plan"),
    ("cursor-agent", "cursor-agent --print --output-format json --trust --mode plan"),
    ("qwen", "qwen --output-format json --approval-mode default"),
    ("copilot", "copilot --silent --no-ask-user --deny-tool=write --deny-tool=shell"),
]


@pytest.mark.parametrize(("command", "run"), EXECUTORS)
def test_an_executor_gets_headless_json_and_edit_flags(command: str, run: str) -> None:
    assert shown(command) == run


@pytest.mark.parametrize(("command", "run"), PLANNERS)
def test_a_planner_gets_flags_that_let_it_read_and_not_write(command: str, run: str) -> None:
    assert shown(command, "planner") == run


@pytest.mark.parametrize(
    ("command", "run"),
    [
        ("claude -p --output-format=json", "claude -p --output-format=json"),
        ("claude --print --output-format text", "claude --print --output-format text"),
    ],
)
def test_a_flag_the_user_gave_is_not_given_again(command: str, run: str) -> None:
    assert shown(command) == f"{run} --permission-mode acceptEdits"


def test_permissions_the_user_chose_stay() -> None:
    assert "--permission-mode" not in shown("claude --dangerously-skip-permissions")


def test_a_subcommand_the_user_wrote_stays_where_it_is() -> None:
    assert shown("codex -a never exec").startswith("codex -a never exec --json")


def test_exact_arguments_run_as_they_are_written() -> None:
    assert shown("claude --model haiku-4.5", args="exact") == "claude --model haiku-4.5"


def test_a_program_is_known_by_its_name_in_whatever_folder_it_is() -> None:
    found = known_cli("/opt/tools/claude --model haiku-4.5")
    assert found is not None
    assert (found.title, known_cli("claude-wrapper")) == ("Claude Code", None)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "command is empty"),
        ("claude 'open", "cannot be read"),
        ("claude | tee log", "needs a shell"),
        ("TOKEN=x claude", "needs a shell"),
    ],
)
def test_a_command_that_cannot_be_run_without_a_shell_is_a_config_problem(
    command: str, said: str
) -> None:
    with pytest.raises(ConfigProblem, match=said) as caught:
        worker_command(Tier(command=command), "executor")
    assert caught.value.hint


class Run:
    """One worker run in `cwd`: its reply, and what it showed."""

    def __init__(self, cwd: Path, command: str, purpose: Purpose, deadline_seconds: float) -> None:
        self.output: list[str] = []
        worker = worker_for("bronze", Tier(command=command), ProcessRunner(), cwd, purpose)
        self._worker: Worker = replace(worker, deadline_seconds=deadline_seconds)

    def reply(self, prompt: str = "step 1", cancel: CancelToken | None = None) -> WorkerReply:
        return self._worker.run(prompt, self.output.append, cancel or CancelToken())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    return folder


class Bench:
    """A workspace and a scripted `claude` beside it."""

    def __init__(self, tmp_path: Path, workspace: Path) -> None:
        self._bin = tmp_path / "bin"
        self._workspace = workspace

    def claude(self, *replies: Mapping[str, Any]) -> FakeClaude:
        return install_fake_claude(self._bin, replies)

    def run(
        self, command: str, purpose: Purpose = "executor", deadline_seconds: float = 30.0
    ) -> Run:
        return Run(self._workspace, command, purpose, deadline_seconds)


@pytest.fixture
def bench(tmp_path: Path, workspace: Path) -> Bench:
    return Bench(tmp_path, workspace)


def test_a_worker_edits_in_its_folder_and_says_what_it_used(bench: Bench, workspace: Path) -> None:
    claude = bench.claude({"text": "Wrote hello.txt.", "files": {"hello.txt": "hi\n"}})
    run = bench.run(f"{claude.path} --model haiku-4.5")
    reply = run.reply("write hello.txt")
    assert reply == WorkerReply(
        text="Wrote hello.txt.",
        exit_code=0,
        usage=Usage(fresh=12, cache_read=4000, cache_write_5m=200, cache_write_1h=100, output=50),
        served_model="claude-haiku-4-5",
        cost=12_300_000_000,
        included=True,
        seconds=reply.seconds,
    )
    assert (workspace / "hello.txt").read_text() == "hi\n"
    assert run.output == ["Wrote hello.txt.\n"]
    assert [(call["prompt"], call["cwd"]) for call in claude.calls] == [
        ("write hello.txt", str(workspace))
    ]


def test_a_worker_keeps_the_keys_of_the_environment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    claude = bench.claude({"text": "ok", "key_source": "ANTHROPIC_API_KEY"})
    reply = bench.run(str(claude.path)).reply()
    assert "ANTHROPIC_API_KEY" in claude.calls[0]["environment"]
    assert (reply.included, reply.cost) == (False, 12_300_000_000)


def test_a_gateway_in_the_environment_means_that_no_subscription_pays(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CODE_USE_BEDROCK", "1")
    claude = bench.claude({"text": "ok", "key_source": "none"})
    assert not bench.run(str(claude.path)).reply().included


def test_a_planner_answers_with_a_fenced_plan(bench: Bench) -> None:
    claude = bench.claude({"text": "Here it is.", "plan": {"goal": "x", "steps": []}})
    reply = bench.run(str(claude.path), "planner").reply("plan")
    assert reply.text == 'Here it is.\n\n```json\n{\n  "goal": "x",\n  "steps": []\n}\n```'
    assert "--tools" in claude.calls[0]["arguments"]


def test_plain_text_leaves_usage_unknown_and_the_model_unproved(bench: Bench) -> None:
    claude = bench.claude({"text": "All done.", "plain": True})
    reply = bench.run(str(claude.path)).reply()
    assert reply == WorkerReply("All done.", 0, seconds=reply.seconds)


def test_output_cut_in_the_middle_of_the_result_keeps_what_was_said(bench: Bench) -> None:
    claude = bench.claude({"text": "Half done.", "cut": True})
    reply = bench.run(str(claude.path)).reply()
    assert (reply.text, reply.usage, reply.cost) == ("Half done.", None, None)


def test_a_non_zero_exit_brings_the_tail_of_the_output(bench: Bench) -> None:
    claude = bench.claude({"text": "", "plain": True, "exit": 7, "stderr": "boom\nno quota left"})
    reply = bench.run(str(claude.path)).reply()
    assert (reply.text, reply.exit_code) == ("boom\nno quota left", 7)


def test_a_failure_after_an_answer_shows_both(bench: Bench) -> None:
    command = "sh -c 'cat >/dev/null; echo half; echo broken pipe >&2; exit 3'"
    reply = bench.run(command).reply()
    assert (reply.text, reply.exit_code) == ("half\nbroken pipe", 3)


def test_a_worker_that_calls_its_own_run_failed_has_failed(bench: Bench) -> None:
    claude = bench.claude({"text": "I got as far as this.", "error": "error_max_turns"})
    reply = bench.run(str(claude.path)).reply()
    assert (reply.text, reply.exit_code) == (
        "I got as far as this.\n\n[the worker says that it failed: error_max_turns]",
        1,
    )


def test_silence_is_an_empty_reply(bench: Bench) -> None:
    reply = bench.run("sh -c 'cat >/dev/null'").reply()
    assert reply == WorkerReply("", 0, seconds=reply.seconds)


def test_a_missing_program_says_what_to_install_or_change(bench: Bench) -> None:
    with pytest.raises(ModelProblem, match="bronze worker `/nowhere/claude`") as caught:
        bench.run("/nowhere/claude").reply()
    assert caught.value.hint == (
        "install Claude Code (npm install -g @anthropic-ai/claude-code),"
        " or change tiers.bronze.command"
    )


def test_a_deadline_is_said_in_the_reply(bench: Bench) -> None:
    run = bench.run("sh -c 'sleep 30'", deadline_seconds=0.1)
    reply = run.reply()
    assert reply.exit_code is None
    assert reply.text.startswith("[the worker was stopped after ")


def test_a_cancel_ends_the_worker_and_raises(bench: Bench) -> None:
    claude = bench.claude({"text": "never said", "seconds": 30})
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    with pytest.raises(Cancelled):
        bench.run(str(claude.path)).reply(cancel=cancel)


def test_the_prompt_is_never_an_argument(bench: Bench) -> None:
    claude = bench.claude({"text": "ok"})
    bench.run(str(claude.path)).reply("the secret plan")
    assert not [word for word in claude.calls[0]["arguments"] if "secret" in word]


def test_every_row_of_the_table_has_flags_for_both_purposes_and_a_shape_that_is_read() -> None:
    rows = [known_cli(command.split()[0]) for command, _ in PLANNERS]
    shapes = {"claude", "codex", "gemini", "opencode", "result", "text"}
    assert all(row and row.shape in shapes and row.executor and row.planner for row in rows)
