from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent_process import (
    AGENT,
    last_line,
    lines,
    run,
    session_ids,
    start,
    subcommand,
    variables,
)
from tests.support.play import (
    KEY_ENV,
    Route,
    Stage,
    by_model,
    every_tier,
    finish,
    in_order,
    plan,
    staged,
    text,
    write,
)
from tests.support.play import run as command

Open = Callable[..., Stage]
STEP = {"intent": "write hello.txt", "done_when": {"path": "hello.txt", "predicate": "exists"}}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """A stage where the planner has one step, and the executor the given replies."""
    stages: list[Stage] = []

    def start_stage(*executor: Any, planner: Route | None = None, **more: Any) -> Stage:
        route = by_model(big=planner or in_order(plan(STEP)), mid=in_order(*executor))
        stages.append(staged(tmp_path, route, **more))
        return stages[-1]

    yield start_stage
    for stage in stages:
        stage.close()


def honest(opened: Open, **more: Any) -> Stage:
    done = finish("Wrote hello.txt.", files=[{"path": "hello.txt"}])
    return opened(write("hello.txt"), done, **more)


def test_a_run_ends_with_the_answer_on_stdout_and_a_bill_on_stderr(opened: Open) -> None:
    stage = honest(opened)
    done = run(stage, "-p", "make hello.txt")
    assert (done.stdout, done.returncode) == ("Wrote hello.txt.\n", 0)
    assert "* write hello.txt" in done.stderr
    assert "Audit proven" in done.stderr
    assert "total         3" in done.stderr
    assert (stage.root / "hello.txt").read_text() == "hello\n"


def test_without_a_terminal_a_run_is_headless_whatever_the_flags(opened: Open) -> None:
    stage = honest(opened)
    done = run(stage, "make hello.txt")
    assert (done.stdout, done.returncode) == ("Wrote hello.txt.\n", 0)


def test_what_is_piped_follows_the_prompt(opened: Open) -> None:
    stage = opened(text("Because of line 2."), planner=in_order())
    done = run(stage, "--no-planner", "-p", "why?", stdin="line 1\nline 2\n")
    assert (done.stdout, done.returncode) == ("Because of line 2.\n", 0)
    assert "why?\\n\\nline 1\\nline 2" in str(stage.asked("mid")[0]).replace("\\\\n", "\\n")


def test_a_dash_reads_the_whole_prompt_from_stdin(opened: Open) -> None:
    stage = opened(text("Fine."), planner=in_order())
    done = run(stage, "--no-planner", "-p", "-", stdin="is it fine?")
    assert (done.stdout, done.returncode) == ("Fine.\n", 0)


def test_a_stream_has_init_first_and_the_result_last(opened: Open) -> None:
    stage = honest(opened)
    done = run(stage, "--output-format", "stream-json", "make hello.txt")
    told = lines(done.stdout)
    first, last = told[0], told[-1]
    assert (first["type"], first["subtype"]) == ("system", "init")
    assert first["models"] == {"planner": "anthropic/big", "executor": "anthropic/mid"}
    assert first["tools"][0] == "read"
    assert first["tools"][-1] == "finish"
    assert (last["subtype"], last["is_error"], last["result"]) == (
        "success",
        False,
        "Wrote hello.txt.",
    )
    assert last["num_turns"] == 2
    assert last["total_cost_usd"] == 0.0028
    assert last["modelUsage"]["anthropic/big"]["costUSD"] == 0.002
    assert last["audit"]["verdict"] == "proven"
    assert {line["session_id"] for line in told} == set(session_ids(stage))
    kinds = [line.get("subtype", line["type"]) for line in told]
    assert kinds.count("plan") == kinds.count("audit") == 1
    assert kinds.index("plan") < kinds.index("user")


def test_a_liar_ends_in_exit_3_with_both_lies_and_the_way_back(opened: Open) -> None:
    lie = finish(
        "Wrote report.txt and ran the tests.",
        files=[{"path": "report.txt", "bytes": 1200}],
        commands=["pytest -q"],
    )
    stage = opened(*[lie] * 9, planner=in_order(plan("write the report"), text("Look again.")))
    done = run(stage, "--output-format", "json", "-p", "report")
    (result,) = lines(done.stdout)
    assert (done.returncode, result["subtype"], result["is_error"]) == (3, "error_audit", True)
    said = " ".join(finding["text"] for finding in result["audit"]["findings"])
    assert "report.txt" in said
    assert "pytest -q" in said
    assert f"agent --resume {result['session_id']}" in last_line(done)


def test_no_key_is_exit_41_with_the_three_ways_out(opened: Open) -> None:
    stage = honest(opened)
    done = run(stage, "--output-format", "json", "-p", "x", **{KEY_ENV: ""})
    (result,) = lines(done.stdout)
    assert (done.returncode, result["is_error"], result["total_cost_usd"]) == (41, True, 0.0)
    for way in (KEY_ENV, "agent init", "agent demo"):
        assert way in last_line(done)
    assert done.stderr.count("\n") == 1


def test_nothing_configured_and_no_key_is_exit_41(tmp_path: Path) -> None:
    done = subprocess.run(
        [*AGENT, "-p", "x"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "BURNLESS_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 41
    assert "agent demo" in last_line(done)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["-p"], 42, 'agent -p "what to do"'),
        (["-c", "-p", "x"], 42, "start one"),
        (["--resume", "nope", "-p", "x"], 42, "agent sessions list"),
        (["--resume"], 2, "--resume ID"),
        (["--config", "missing.yaml", "-p", "x"], 52, "agent init"),
        (["--nonsense"], 2, "agent --help"),
        (["-p", "-"], 42, "pipe it in"),
    ],
)
def test_what_cannot_run_says_what_to_do_next(
    opened: Open, arguments: list[str], code: int, words: str
) -> None:
    done = run(honest(opened), *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in last_line(done)


def test_a_budget_that_would_be_crossed_is_exit_54_and_nothing_is_sent(opened: Open) -> None:
    stage = honest(opened)
    done = run(stage, "--output-format", "json", "--max-budget-usd", "0.000001", "-p", "x")
    (result,) = lines(done.stdout)
    assert (done.returncode, result["subtype"]) == (54, "error_max_budget_usd")
    assert result["total_cost_usd"] == 0.0
    assert stage.server.requests == []
    assert f"agent --resume {result['session_id']}" in last_line(done)


def test_a_turn_limit_is_exit_53_and_resumable(opened: Open) -> None:
    stage = honest(opened)
    done = run(stage, "--output-format", "json", "--max-turns", "1", "-p", "make hello.txt")
    (result,) = lines(done.stdout)
    assert (done.returncode, result["subtype"], result["num_turns"]) == (53, "error_max_turns", 1)
    again = run(stage, "-c", "-p")
    assert (again.stdout, again.returncode) == ("Wrote hello.txt.\n", 0)
    assert session_ids(stage) == [result["session_id"]]


def test_a_run_that_goes_on_has_its_calls_anew(opened: Open) -> None:
    stage = honest(opened)
    limit = ("--max-turns", "1", "--no-planner")
    first = run(stage, *limit, "-p", "make hello.txt")
    assert first.returncode == 53
    assert "resume to give it as many again, or raise --max-turns" in last_line(first)
    again = run(stage, *limit, "-c", "-p")
    assert (again.stdout, again.returncode) == ("Wrote hello.txt.\n", 0)
    assert len(stage.asked("mid")) == 2


def test_instructions_that_changed_are_named_as_what_they_are(opened: Open) -> None:
    stage = opened(*map(text, ("One.", "Two.", "Three.", "Four.")), planner=in_order())
    prefix = ("--no-planner", "-p")
    assert "system prompt" not in run(stage, *prefix, "one").stderr
    more = run(stage, "-c", "--append-system-prompt", "Be brief.", *prefix, "two").stderr
    assert "the appended system prompt is new" in more
    other = run(stage, "-c", "--append-system-prompt", "Be kind.", *prefix, "three").stderr
    assert "the appended system prompt is other than before" in other
    less = run(stage, "-c", *prefix, "four").stderr
    assert "the appended system prompt is no longer there" in less
    assert "other tools" not in more + other + less


def test_plan_mode_prints_the_plan_and_changes_nothing(opened: Open) -> None:
    stage = opened()
    done = run(stage, "--permission-mode", "plan", "-p", "make hello.txt")
    assert done.returncode == 0
    assert "write hello.txt" in done.stdout
    assert not (stage.root / "hello.txt").exists()
    assert stage.asked("mid") == []


def test_a_refused_command_names_the_rule_and_the_rule_allows_it(opened: Open) -> None:
    stage = opened(
        command("./task.sh"),
        command("./task.sh"),
        finish("Ran it.", commands=["./task.sh"]),
        planner=in_order(),
        files={"task.sh": "#!/bin/sh\necho ran > out.txt\n"},
    )
    (stage.root / "task.sh").chmod(0o755)
    refused = start(stage, "--no-planner", "--max-turns", "1", "-p", "run it")
    _, told = refused.communicate(timeout=60)
    assert '--allowedTools "Bash(./task.sh' in told
    assert not (stage.root / "out.txt").exists()
    done = run(stage, "--no-planner", "--allowedTools", "Bash(./task.sh)", "-c", "-p")
    assert done.returncode == 0, done.stderr
    assert (stage.root / "out.txt").exists()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_the_children_first_and_the_session_can_be_resumed(
    opened: Open, number: signal.Signals, code: int
) -> None:
    script = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(120)\n"
    stage = opened(
        command(f"{sys.executable} wait.py"), planner=in_order(), files={"wait.py": script}
    )
    flags = ["--no-planner", "--permission-mode", "bypassPermissions"]
    running = start(stage, *flags, "--output-format", "json", "-p", "wait")
    pid = wait_for_pid(stage.root / "pid", running)
    running.send_signal(number)
    out, told = running.communicate(timeout=60)
    assert running.returncode == code
    assert not Path(f"/proc/{pid}").exists() or is_zombie(pid)
    (result,) = lines(out)
    assert (result["subtype"], result["status"]) == ("error_during_execution", "interrupted")
    assert f"agent --resume {result['session_id']}" in told.strip().splitlines()[-1]


def wait_for_pid(path: Path, running: subprocess.Popen[str]) -> int:
    while running.poll() is None:
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.01)
    raise AssertionError(running.communicate())


def is_zombie(pid: int) -> bool:
    return ") Z " in Path(f"/proc/{pid}/stat").read_text()


def test_a_provider_that_is_down_is_exit_75(opened: Open) -> None:
    stage = honest(opened, config="limits: {max_attempts: 1}")
    stage.server.close()
    done = run(stage, "--no-planner", "-p", "x")
    assert done.returncode == 75, done.stderr
    assert "agent --resume" in last_line(done)


def test_what_a_session_did_can_be_looked_at_afterwards(opened: Open) -> None:
    stage = honest(opened, files={"AGENTS.md": "Be brief.\n", "CLAUDE.md": "Use tabs.\n"})
    assert run(stage, "-n", "greeting", "-p", "make hello.txt").returncode == 0
    (session_id,) = session_ids(stage)
    listed = subcommand(stage, "sessions").stdout
    assert listed.startswith(session_id)
    assert "done 1/1" in listed
    context = subcommand(stage, "context").stdout
    assert context.index("1. AGENTS.md") < context.index("2. CLAUDE.md")
    assert "executor ▸ anthropic/mid\n  tools" in context
    assert "planner       1" in subcommand(stage, "cost", "greeting").stdout
    (bill,) = lines(subcommand(stage, "cost", "--json").stdout)
    assert bill["total_cost"] == 2_800_000_000
    assert "Audit proven" in subcommand(stage, "audit", session_id).stdout
    assert subcommand(stage, "audit", "--json").returncode == 0
    shown = subcommand(stage, "sessions", "show").stdout
    assert "> make hello.txt\n" in shown
    assert "[done]: Wrote hello.txt." in shown
    exported = subcommand(stage, "sessions", "export", session_id, "--format", "json")
    assert lines(exported.stdout)[0]["session"] == session_id
    assert "is whole" in subcommand(stage, "sessions", "repair", session_id).stdout
    kept = subcommand(stage, "sessions", "rm", session_id)
    assert (kept.returncode, session_ids(stage)) == (2, [session_id])
    assert subcommand(stage, "sessions", "rm", "--yes", session_id).returncode == 0
    assert session_ids(stage) == []


def test_an_audit_can_be_held_again_and_sees_the_disk_as_it_is_now(opened: Open) -> None:
    stage = honest(opened)
    config = stage.root / ".burnless" / "config.yaml"
    config.parent.mkdir()
    config.write_text(stage.config_file().read_text())
    assert subcommand(stage, "trust").returncode == 0
    assert run(stage, "-p", "make hello.txt").returncode == 0
    assert subcommand(stage, "audit", "--again").returncode == 0
    (stage.root / "hello.txt").unlink()
    again = subcommand(stage, "audit", "--again")
    assert "hello.txt" in again.stdout


def test_the_audit_of_any_turn_can_be_looked_at(opened: Open) -> None:
    stage = opened(
        write("hello.txt"),
        finish("Wrote hello.txt.", files=[{"path": "hello.txt"}]),
        text("It says hello."),
        planner=in_order(),
    )
    assert run(stage, "--no-planner", "-p", "make hello.txt").returncode == 0
    assert run(stage, "--no-planner", "-c", "-p", "what does it say?").returncode == 0
    newest = subcommand(stage, "audit").stdout
    assert ", turn 2\nAudit nothing claimed" in newest
    assert "other turns (agent audit --turn N shows one)\n  turn 1: proven, 1 finding" in newest
    first = subcommand(stage, "audit", "--turn", "1")
    assert (first.returncode, first.stderr) == (0, "")
    assert ", turn 1\nAudit proven" in first.stdout
    assert "  turn 2: nothing claimed\n" in first.stdout
    assert lines(subcommand(stage, "audit", "--turn", "1", "--json").stdout)[0]["findings"]
    missing = subcommand(stage, "audit", "--turn", "3")
    assert missing.returncode == 42
    assert "turn 3" in last_line(missing)
    assert "these turns were: 1, 2" in last_line(missing)
    for wrong in (("--turn", "0"), ("--turn", "x"), ("--again", "--turn", "1")):
        assert subcommand(stage, "audit", *wrong).returncode == 2


def test_an_untrusted_project_is_exit_52_until_it_is_trusted(opened: Open) -> None:
    stage = honest(opened, tiers=every_tier())
    config = stage.root / ".burnless" / "config.yaml"
    config.parent.mkdir()
    config.write_text(stage.config_file().read_text())
    command_line = [*AGENT, "-p", "make hello.txt"]

    def bare() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command_line,
            cwd=stage.root,
            env=variables(stage),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    refused = bare()
    assert refused.returncode == 52
    assert "tiers.gold.base_url" in last_line(refused)
    assert "agent trust" in last_line(refused)
    assert subcommand(stage, "trust").returncode == 0
    assert bare().returncode == 0


def test_doctor_makes_a_call_only_when_asked_for_one(opened: Open) -> None:
    stage = opened(text("ok"), planner=in_order(text("ok")), config="roles: {executor: silver}")
    home = stage.root.parent / "home"
    home.mkdir()
    tiers = stage.config_file().read_text().replace("  bronze:", "  # bronze:")
    (home / "config.yaml").write_text(tiers)
    quiet = subcommand(stage, "doctor")
    assert (quiet.returncode, stage.server.requests) == (0, [])
    live = subcommand(stage, "doctor", "--live")
    assert live.returncode == 0
    assert "gold       answered by big in" in live.stdout
    assert "silver     answered by mid in" in live.stdout
    assert "for $0.0004" in live.stdout
    assert len(stage.server.requests) == 2
