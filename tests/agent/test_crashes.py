from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from burnless.agent.tool_runner import INTERRUPTED
from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from burnless.core import events as ev
from burnless.core.errors import SessionProblem
from burnless.core.messages import Role
from burnless.core.session import Session
from burnless.state.log_file import load_log
from tests.agent.conftest import Staging
from tests.support import agent_process
from tests.support.crashing import CrashingAgents
from tests.support.fake_claude import install_fake_claude
from tests.support.play import (
    WIRES,
    Stage,
    call,
    calls,
    finish,
    mark,
    notes,
    plan,
    read,
    run,
    text,
    write,
)
from tests.support.wire_views import assert_sendable, pieces, replies, results, said, tool_names

NO_PLANNER = "planner: {when: never}"
TASK = "write a.txt and add a line to log.txt"
EFFECT = "echo once >> log.txt"


def by_what_it_was_told(request: CapturedRequest) -> ScriptedReply:
    """Answers from the request alone, as a model does: the same request has the same answer."""
    body = request.json
    if request.model == "big":
        if not tool_names(body):
            return text("Use echo.")
        return read("README.md") if replies(body) == 0 else plan("Write a.txt, add the line.")
    match replies(body):
        case 0:
            return read("README.md")
        case 1:
            return calls(call("write", "w", path="a.txt", content="a\n"), words="Now a.txt.")
        case 2:
            return calls(call("consult", "q", question="echo or cat?"))
        case 3:
            return run(EFFECT, "e")
        case 4:
            return notes(mark("1"))
        case _:
            return finish("I am through.")


@pytest.fixture(scope="module")
def crashing() -> Iterator[CrashingAgents]:
    with CrashingAgents() as agents:
        yield agents


@pytest.mark.parametrize("wire", WIRES)
def test_killed_behind_any_record_nothing_is_bought_or_done_twice(
    stage: Staging, wire: str, crashing: CrashingAgents
) -> None:
    play = stage(by_what_it_was_told, wire=wire)
    pristine = shutil.copytree(play.root, play.root.parent / "pristine")
    assert play.run(TASK, "s").exit_code == 0
    points = len(play.events)
    assert points > 30
    # Each point is killed at on one wire: the record is the same on all three.
    for kill_at in range(1 + list(WIRES).index(wire), points, len(WIRES)):
        shutil.rmtree(play.root)
        shutil.copytree(pristine, play.root)
        play.events.clear()
        play.server.requests.clear()
        job = {"config": str(play.config_file()), "workspace": str(play.root), "task": TASK}
        assert crashing.run_until(kill_at, session="s", **job)
        check_the_resumed(play, kill_at)


def check_the_resumed(play: Stage, kill_at: int) -> None:
    before = load_log(play.folder("s") / "log.jsonl").events
    assert [recorded.seq for recorded in before] == list(range(1, kill_at + 1))
    sent_before = len(play.server.requests)
    engine = play.engine(session_id="s")
    result = engine.resume_turn() if engine.session.turn else engine.run_turn(TASK)
    session = engine.session
    engine.close()

    where = f"killed behind event {kill_at}, {type(before[-1].event).__name__}"
    assert (result.status.value, result.exit_code) == ("done", 0), where
    resumed = play.server.requests[sent_before:]
    for request in play.server.requests:
        assert_sendable(request.json)
    assert_bought_once(before, resumed, where)
    assert_done_once(play, before, where)
    assert session.open_calls == {}
    assert session.open_reservations == {}
    reloaded = play.session("s")
    assert reloaded == session, where


def assert_bought_once(
    before: tuple[ev.Recorded, ...], resumed: list[CapturedRequest], where: str
) -> None:
    """A reply that was on the disk is part of every later request of its conversation."""
    paid = [r.event for r in before if isinstance(r.event, ev.CallReplied)]
    executor = [event for event in paid if event.role is Role.EXECUTOR]
    planning = [event for event in paid if event.purpose == "planning"]
    advice = [event for event in paid if event.purpose == "consult"]
    for request in resumed:
        if request.model == "mid":
            assert replies(request.json) >= len(executor), where
        elif tool_names(request.json):
            assert replies(request.json) >= len(planning), where
        else:
            assert not advice, where


def assert_done_once(play: Stage, before: tuple[ev.Recorded, ...], where: str) -> None:
    """An effect that had begun is not begun again by the harness, and the model is told."""
    begun = [r.event for r in before if isinstance(r.event, ev.ToolStarted) and r.event.effect]
    ended = {r.event.call for r in before if isinstance(r.event, ev.ToolFinished)}
    told = results(play.asked("mid")[-1])
    log = play.root / "log.txt"
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    assert lines in ([], ["once"]), where
    for event in begun:
        if event.call not in ended:
            assert told[event.call] == INTERRUPTED, where
    if any(event.call == "e" for event in begun) and "e" in ended:
        assert lines == ["once"], where


def test_a_real_run_killed_while_a_command_works_goes_on_and_does_not_repeat_it(
    stage: Staging,
) -> None:
    work = "echo begun >> log.txt\necho $$ > pid\nsleep 60\n"
    play = stage(
        {
            "mid": [
                calls(call("run_command", "c", command="sh work.sh"), words="I run it."),
                finish("It was interrupted."),
            ]
        },
        files={"work.sh": work},
        wire="chat",
        config=NO_PLANNER,
    )
    child = agent_process.start(
        play, "-p", "--session-id", "s", "--allowedTools", "Bash(sh work.sh)", "run work.sh"
    )
    pid = wait_for_text(play.root / "pid")
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    os.kill(int(pid), signal.SIGKILL)
    done = agent_process.run(play, "-p", "--resume", "s")

    assert done.returncode == 0, done.stderr
    assert (play.root / "log.txt").read_text("utf-8") == "begun\n"
    assert [request.model for request in play.server.requests] == ["mid", "mid"]
    after = play.asked("mid")[1]
    assert_sendable(after)
    assert results(after) == {"c": INTERRUPTED}
    assert "I run it." in said(after)


def test_a_real_run_killed_while_the_model_answers_asks_again_and_books_what_was_reserved(
    stage: Staging,
) -> None:
    running: list[Any] = []

    def mid(request: CapturedRequest) -> ScriptedReply:
        if request.number == 2:
            os.kill(running[0].pid, signal.SIGKILL)
            running[0].communicate()
        return read("README.md") if request.number == 1 else finish("Read it.")

    play = stage(mid, wire="responses", config=NO_PLANNER)
    running.append(agent_process.start(play, "-p", "--session-id", "s", "read it"))
    running[0].wait(30)
    while len(play.server.requests) < 2:
        time.sleep(0.01)
    done = agent_process.run(play, "-p", "-c")

    assert done.returncode == 0, done.stderr
    first, second, third = play.server.requests
    assert replies(first.json) == 0
    assert (replies(second.json), replies(third.json)) == (1, 1)
    session = play.session("s")
    log = [recorded.event for recorded in load_log(play.folder("s") / "log.jsonl").events]
    (failed,) = [event for event in log if isinstance(event, ev.CallFailed)]
    (reserved,) = [
        event for event in log if isinstance(event, ev.CallStarted) and event.call == failed.call
    ]
    assert failed.cost == reserved.reserved
    assert session.spend[Role.EXECUTOR].calls == 3


def test_a_final_answer_that_was_paid_for_is_the_answer_after_a_kill(
    stage: Staging, crashing: CrashingAgents
) -> None:
    play = stage({"mid": [text("The answer is four.")]}, wire="chat", config=NO_PLANNER)
    job = {"config": str(play.config_file()), "workspace": str(play.root)}
    killed_at = next(
        number
        for number in range(1, 30)
        if crashing.run_until(number, session=f"s{number}", task="say it", **job)
        and said_in(play.session(f"s{number}"))
    )
    engine = play.engine(session_id=f"s{killed_at}")
    result = engine.resume_turn()
    engine.close()

    assert (result.status.value, result.summary) == ("answered", "The answer is four.")
    assert len(play.server.requests) == 1


def said_in(session: Session) -> bool:
    return any(
        "four" in entry.message.text for entry in session.tail if hasattr(entry.message, "text")
    )


def wait_for_text(path: Path) -> str:
    for _ in range(3_000):
        if path.exists() and path.read_text("utf-8").endswith("\n"):
            return path.read_text("utf-8").strip()
        time.sleep(0.01)
    raise AssertionError(f"{path} did not come")


def test_a_second_process_is_told_who_holds_the_session(stage: Staging) -> None:
    play = stage({"mid": [text("Yes.")]})
    engine = play.engine(session_id="s")
    try:
        done = agent_process.run(play, "-p", "--resume", "s", "is it there?")
        with pytest.raises(SessionProblem, match=f"in use by process {os.getpid()}"):
            play.run("is it there?", "s")
    finally:
        engine.close()

    assert done.returncode == 42
    assert f"session s is in use by process {os.getpid()}" in done.stderr
    assert play.server.requests == []
    assert play.run("is it there?", "s").status == "answered"


def test_a_torn_last_line_is_dropped_and_the_session_goes_on(stage: Staging) -> None:
    play = stage({"mid": [text("Yes."), text("No.")]})
    play.run("is it there?", "s")
    log = play.folder("s") / "log.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + whole.splitlines(keepends=True)[-1][:40])
    assert play.run("is it there now?", "s").status == "answered"

    events = load_log(log).events
    assert [recorded.seq for recorded in events] == list(range(1, len(events) + 1))
    assert "is it there?" in said(play.asked("mid")[1])


def test_a_damaged_line_inside_is_an_error_with_its_number_and_nothing_is_sent(
    stage: Staging,
) -> None:
    play = stage({"mid": [text("Yes.")]})
    play.run("is it there?", "s")
    log = play.folder("s") / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:3], lines[3].replace(b"e", b"f", 1), *lines[4:]]))

    with pytest.raises(SessionProblem, match="line 4"):
        play.run("is it there now?", "s")
    assert len(play.server.requests) == 1


def test_two_runs_of_one_session_id_are_one_conversation(stage: Staging) -> None:
    play = stage({"mid": [text("Yes."), text("I said yes.")]})
    play.run("is it there?", "named")
    play.run("what did you say?", "named")
    spoken = [piece.text for piece in pieces(play.asked("mid")[1]) if piece.kind == "text"]
    assert spoken[-3:] == ["is it there?", "Yes.", "what did you say?"]


def test_a_fork_goes_on_beside_the_session_it_came_from(stage: Staging) -> None:
    play = stage({"mid": [text("Yes."), text("In the fork."), write("a.txt"), text("x")]})
    play.run("is it there?", "s")
    before = (play.folder("s") / "log.jsonl").read_bytes()
    engine = play.engine(resume="s", fork=True)
    engine.run_turn("and where are we?")
    engine.close()

    assert engine.session_id != "s"
    assert (play.folder("s") / "log.jsonl").read_bytes() == before
    assert "is it there?" in said(play.asked("mid")[1])


@pytest.mark.parametrize(
    ("behind", "runs", "told"),
    [("WorkerStarted", 1, True), ("CallReplied", 2, True), ("WorkerFinished", 1, False)],
)
def test_a_workers_run_that_ended_is_not_repeated_and_of_a_cut_one_the_next_is_told(
    stage: Staging,
    crashing: CrashingAgents,
    monkeypatch: pytest.MonkeyPatch,
    *,
    behind: str,
    runs: int,
    told: bool,
) -> None:
    wrote = {"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}}
    play = stage({})
    bin_folder = play.root.parent / "bin"
    fake = install_fake_claude(bin_folder, [wrote, {"text": "It was there.", **wrote}])
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    play.config_path = play.root.parent / "commands.yaml"
    play.config_path.write_text(
        'tiers: {silver: {command: "claude"}}\nplanner: {when: never}\n', "utf-8"
    )
    job = {"config": str(play.config_path), "workspace": str(play.root), "task": "write a.txt"}
    session = ""
    for number in range(1, 30):
        fake.forget()
        (play.root / "a.txt").unlink(missing_ok=True)
        session = f"s{number}"
        assert crashing.run_until(number, session=session, **job)
        if last_kind(play, session) == behind:
            break
    engine = play.engine(session_id=session)
    result = engine.resume_turn()
    engine.close()

    assert (result.status.value, result.exit_code) == ("done", 0)
    assert len(fake.calls) == runs
    assert ("An earlier run of this step was cut off" in fake.calls[-1]["prompt"]) is told


def last_kind(play: Stage, session_id: str) -> str:
    events = load_log(play.folder(session_id) / "log.jsonl").events
    return type(events[-1].event).__name__
