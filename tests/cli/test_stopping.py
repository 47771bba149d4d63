from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from burnless.cli.headless_run import run_headless
from burnless.cli.invocation import Invocation, OutputFormat
from burnless.cli.options import RunOptions
from burnless.core.outcome import TurnResult
from burnless.core.protocols import Approver, EventSink
from tests.support.agent_process import lines, run, session_ids, start
from tests.support.play import Stage, by_model, in_order, staged, text, write
from tests.support.play import run as command
from tests.support.scripted_engine import ScriptedEngine, done, replied

BYPASS = ("--no-planner", "--permission-mode", "bypassPermissions")
DEAF = """
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
child = os.fork()
pathlib.Path('child' if child else 'parent').touch()
time.sleep(2)
pathlib.Path('late').touch()
time.sleep(100)
"""


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[Stage]:
    """Runs a command whose processes ignore every polite signal."""
    replies = (command(f"{sys.executable} deaf.py"), text("Stopped there."))
    stage = staged(tmp_path, by_model(mid=in_order(*replies)), files={"deaf.py": DEAF})
    yield stage
    stage.close()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_the_second_signal_leaves_no_process_behind_and_one_result_line(
    deaf: Stage, number: signal.Signals, code: int
) -> None:
    running = start(deaf, *BYPASS, "--output-format", "stream-json", "-p", "go")
    while not ((deaf.root / "child").exists() and (deaf.root / "parent").exists()):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(number)
    time.sleep(0.05)
    running.send_signal(number)
    out, told = running.communicate(timeout=60)
    assert running.returncode == code
    assert f"agent --resume {session_ids(deaf)[0]}" in told.splitlines()[-1]
    results = [line for line in lines(out) if line["type"] == "result"]
    assert results == [lines(out)[-1]]
    assert (results[0]["status"], results[0]["is_error"]) == ("interrupted", True)
    assert alive_in(deaf.root) == []
    assert not (deaf.root / "late").exists()
    again = run(deaf, *BYPASS, "-c", "-p", "where are we?")
    assert (again.stdout, again.returncode) == ("Stopped there.\n", 0)
    assert "nterrupted" in str(deaf.asked("mid")[-1])


def alive_in(folder: Path) -> list[str]:
    """The commands of the processes that have this working folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").resolve() == folder:
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return [each for each in found if "deaf.py" in each]


def played(play: Callable[[ScriptedEngine], TurnResult]) -> tuple[int, ScriptedEngine]:
    """One stream-json run of a scripted turn, in this process."""
    engines: list[ScriptedEngine] = []

    def open_engine(options: RunOptions, approver: Approver, sink: EventSink) -> ScriptedEngine:
        del options
        engines.append(ScriptedEngine(approver, sink, lambda engine, _prompt: play(engine)))
        return engines[-1]

    invocation = Invocation(
        RunOptions(cwd=Path.cwd()), "go", headless=True, output_format=OutputFormat.STREAM_JSON
    )
    code = run_headless(invocation, open_engine)
    return code, engines[-1]


def test_a_turn_that_does_not_end_when_killed_is_left_with_a_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    let_go, gone = threading.Event(), threading.Event()

    def deaf_turn(engine: ScriptedEngine) -> TurnResult:
        os.kill(os.getpid(), signal.SIGINT)
        while not engine.cancel.cancelled:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
        let_go.wait()
        engine.record(replied("late"))
        gone.set()
        return done(engine, "too late")

    code, engine = played(deaf_turn)
    let_go.set()
    assert gone.wait(30)
    told = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert (code, engine.killed, engine.closed) == (130, True, True)
    assert [line["type"] for line in told] == ["system", "result"]
    assert told[-1]["subtype"] == "error_during_execution"


def test_a_signal_while_a_session_is_opened_is_a_result_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def open_engine(options: RunOptions, approver: Approver, sink: EventSink) -> ScriptedEngine:
        del options
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)
        return ScriptedEngine(approver, sink, lambda engine, _prompt: done(engine, "never"))

    invocation = Invocation(
        RunOptions(cwd=Path.cwd()), "go", headless=True, output_format=OutputFormat.STREAM_JSON
    )
    assert run_headless(invocation, open_engine) == 143
    (result,) = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert (result["type"], result["status"]) == ("result", "interrupted")


def test_a_pipe_where_a_file_belongs_keeps_nobody_waiting(tmp_path: Path) -> None:
    stage = staged(tmp_path, by_model(mid=in_order(write("a.txt"), text("Written."))))
    for name in (".gitignore", ".agentignore", "AGENTS.md", "CLAUDE.md", "MEMORY.md"):
        os.mkfifo(stage.root / name)
    try:
        done = run(stage, "--no-planner", "-p", "write a.txt")
    finally:
        stage.close()
    assert (done.stdout, done.returncode) == ("Written.\n", 0), done.stderr
    assert (stage.root / "a.txt").exists()


def test_one_signal_ends_a_git_that_waits_for_ever(tmp_path: Path) -> None:
    stage = staged(tmp_path, by_model(mid=in_order(write("a.txt"))))
    (stage.root / "inner").mkdir()
    os.mkfifo(stage.root / "inner" / ".gitignore")  # git opens it, and waits for a writer
    running = start(stage, "--no-planner", "--output-format", "stream-json", "-p", "write a.txt")
    assert running.stdout is not None
    first = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    stage.close()
    assert json.loads(first)["subtype"] == "init"
    assert running.returncode == 130
    assert lines(out)[-1]["status"] == "interrupted"
