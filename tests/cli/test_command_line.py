from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from burnless.cli.command_line import main, parse
from burnless.cli.flags import run_parser
from burnless.cli.invocation import Invocation, OutputFormat, split_rules
from burnless.cli.options import RunOptions
from burnless.cli.subcommands import subcommand_parsers
from burnless.core.errors import UsageProblem
from burnless.core.settings import PermissionMode
from burnless.core.usage import PICODOLLARS

BASE = RunOptions(cwd=Path.cwd())


def options(**changes: object) -> RunOptions:
    return replace(BASE, **changes)


def asks(prompt: str = "", **changes: object) -> Invocation:
    return Invocation(options(**changes), prompt)


UNDERSTOOD = [
    ([], asks()),
    (["fix the bug"], asks("fix the bug")),
    (["fix", "the", "bug"], asks("fix the bug")),
    (["-p", "why"], Invocation(BASE, "why", headless=True)),
    (["why", "--print"], Invocation(BASE, "why", headless=True)),
    (["-"], asks("-")),
    (["-p", "-"], Invocation(BASE, "-", headless=True)),
    (["init the repo"], asks("init the repo")),
    (["--", "init"], asks("init")),
    (["--", "-p"], asks("-p")),
    (["-p", "init"], Invocation(BASE, "init", headless=True)),
    (
        ["--output-format", "json", "x"],
        Invocation(BASE, "x", headless=True, output_format=OutputFormat.JSON),
    ),
    (
        ["--output-format=stream-json", "x"],
        Invocation(BASE, "x", headless=True, output_format=OutputFormat.STREAM_JSON),
    ),
    (["--plain", "--verbose"], Invocation(BASE, plain=True, verbose=True)),
    (["-c"], asks(continue_newest=True)),
    (["--continue", "go on"], asks("go on", continue_newest=True)),
    (["-r", "abc"], asks(resume="abc")),
    (["--resume", "abc", "go on"], asks("go on", resume="abc")),
    (["--resume=abc"], asks(resume="abc")),
    (["-r"], Invocation(BASE, pick_session=True)),
    (["--resume"], Invocation(BASE, pick_session=True)),
    (["--resume", "--plain"], Invocation(BASE, pick_session=True, plain=True)),
    (["--", "--resume"], asks("--resume")),
    (["--session-id", "mine"], asks(session_id="mine")),
    (["-r", "abc", "--fork-session"], asks(resume="abc", fork=True)),
    (
        ["-c", "--fork-session", "--session-id", "copy"],
        asks(continue_newest=True, fork=True, session_id="copy"),
    ),
    (["-n", "login", "x"], asks("x", name="login")),
    (["--model", "openai/gpt-6.1-sol"], asks(model="openai/gpt-6.1-sol")),
    (["--tier", "bronze"], asks(tier="bronze")),
    (["--planner", "gold", "--executor", "bronze"], asks(planner="gold", executor="bronze")),
    (["--no-planner"], asks(no_planner=True)),
    (["--effort", "high"], asks(effort="high")),
    (["--append-system-prompt", "be brief"], asks(append_system_prompt="be brief")),
    (["--max-turns", "7"], asks(max_turns=7)),
    (["--max-calls", "70"], asks(max_calls=70)),
    (["--max-budget-usd", "0.50"], asks(max_budget_usd=PICODOLLARS // 2)),
    (["--max-budget-usd", "$2"], asks(max_budget_usd=2 * PICODOLLARS)),
    (["--permission-mode", "plan"], asks(permission_mode=PermissionMode.PLAN)),
    (["--dangerously-skip-permissions"], asks(permission_mode=PermissionMode.BYPASS)),
    (
        ["--allowedTools", "Bash(npm test *)", "--allowed-tools", "Read,Edit(src/**)"],
        asks(allowed_tools=("Bash(npm test *)", "Read", "Edit(src/**)")),
    ),
    (["--disallowedTools", "Bash(rm *)"], asks(disallowed_tools=("Bash(rm *)",))),
    (["--trust"], asks(trust=True)),
    (["--config", "c.yaml"], asks(config_path=Path("c.yaml"))),
    (["--bare", "--debug"], asks(bare=True, debug=True)),
]


@pytest.mark.parametrize(("argv", "expected"), UNDERSTOOD, ids=lambda value: str(value)[:60])
def test_a_command_line_becomes_an_invocation(argv: list[str], expected: Invocation) -> None:
    assert parse(argv) == expected


REFUSED = [
    (["--nonsense"], "no --nonsense"),
    (["--resum", "x"], "--resume"),
    (["--max-turns", "0"], "--max-turns"),
    (["--max-turns", "many"], "--max-turns"),
    (["--max-budget-usd", "lots"], "not an amount"),
    (["--max-budget-usd", "-1"], "not an amount"),
    (["--max-budget-usd", "nan"], "not an amount"),
    (["--tier", "platinum"], "platinum"),
    (["--permission-mode", "yolo"], "yolo"),
    (["--output-format", "xml"], "xml"),
    (["--json-schema", "{}"], "not available yet"),
    (["--add-dir", "x"], "not available yet"),
    (["-c", "-r", "x"], "both choose a session"),
    (["-r", "x", "--session-id", "y"], "--session-id"),
    (["--fork-session"], "--fork-session"),
    (["--planner", "gold", "--no-planner"], "contradict"),
    (["--tier", "gold", "--executor", "silver"], "both choose"),
    (["-p", "-r"], "nobody to ask"),
    (["--dangerously-skip-permissions", "--permission-mode", "plan"], "contradicts"),
    (["--profile", "free"], "not available yet"),
    (["--record"], "not available yet"),
    (["--input-format", "stream-json"], "not available yet"),
    (["--input-format", "xml"], "unknown"),
]


@pytest.mark.parametrize(("argv", "words"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_cannot_be_meant_is_refused_with_a_next_step(argv: list[str], words: str) -> None:
    with pytest.raises(UsageProblem, match=words) as caught:
        parse(argv)
    assert caught.value.hint


@pytest.mark.parametrize("word", ["undo", "cache", "bench", "review"])
def test_a_reserved_word_says_how_to_use_it_as_a_prompt(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word]) == 2
    assert f"agent -- {word}" in capsys.readouterr().err


def test_a_usage_error_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--nonsense"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "agent --help" in captured.err


def test_a_comma_in_brackets_belongs_to_its_rule() -> None:
    assert split_rules(["Bash(git log, --oneline),Read", "Edit(a,b)", " , "]) == (
        "Bash(git log, --oneline)",
        "Read",
        "Edit(a,b)",
    )


def test_every_help_text_fits_a_terminal_of_eighty_columns() -> None:
    _, subcommands = subcommand_parsers(80)
    for parser in (run_parser(80), *subcommands):
        too_long = [row for row in parser.format_help().splitlines() if len(row) > 80]
        assert too_long == []
