from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from burnless.cli.demo.loopback import ScriptedReply
from burnless.core import events as ev
from burnless.core.messages import Role, Text, TextDelta
from burnless.core.protocols import CommandOutput, Signal
from tests.agent.conftest import Staging
from tests.support.play import WIRES, Stage, call, calls, finish, plan, read, run, text, write
from tests.support.wire_views import assert_sendable, pieces, results, said

NO_PLANNER = "planner: {when: never}"
SLOW = {"slow.sh": "echo $$ > pid\necho one > one.txt\necho begun\nsleep 60\necho two > two.txt\n"}
ALLOWED = ("Bash(sh slow.sh)",)


class Watching:
    """An EventSink that does something at the first signal that fits."""

    def __init__(
        self, play: Stage, fits: Callable[[Signal], bool], act: Callable[[], None]
    ) -> None:
        self._play = play
        self._fits = fits
        self._acts = [act]
        self.signals: list[Signal] = []

    def show(self, recorded: ev.Recorded) -> None:
        self._play.events.append(recorded)

    def signal(self, role: Role, signal: Signal) -> None:
        del role
        self.signals.append(signal)
        if self._acts and self._fits(signal):
            self._acts.pop()()


def is_gone(pid: int) -> bool:
    """A zombie is gone too: its parent has not looked yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return True
    return stat.rsplit(")", 1)[1].split()[0] == "Z"


@pytest.mark.parametrize("wire", WIRES)
def test_a_cancel_in_a_running_command_kills_it_and_keeps_what_was_done(
    stage: Staging, wire: str
) -> None:
    started = calls(
        call("run_command", "slow", command="sh slow.sh"),
        call("write", "later", path="later.txt", content="x\n"),
    )
    play = stage(
        {"mid": [started, finish("One was written.", files=[{"path": "one.txt"}])]},
        wire=wire,
        files=SLOW,
        config=NO_PLANNER,
    )
    interrupts: list[Callable[[], None]] = []
    sink = Watching(
        play,
        lambda signal: isinstance(signal, CommandOutput) and "begun" in signal.text,
        lambda: threading.Thread(target=interrupts[0]).start(),
    )
    engine = play.engine(sink=sink, allowed_tools=ALLOWED)
    interrupts.append(engine.interrupt)
    stopped = engine.run_turn("run slow.sh")
    pid = int((play.root / "pid").read_text("utf-8"))
    gone = is_gone(pid)
    result = engine.run_turn("leave it at that")
    engine.close()

    assert (stopped.status.value, stopped.exit_code) == ("interrupted", 130)
    assert gone
    assert sorted(stopped.changed) == ["one.txt", "pid"]
    assert not (play.root / "two.txt").exists()
    assert not (play.root / "later.txt").exists()
    after = play.asked("mid")[1]
    assert_sendable(after)
    told = results(after)
    assert told["slow"].startswith("interrupted by the user")
    assert "begun" in told["slow"]
    assert told["later"].startswith("Not run")
    assert (result.status.value, result.audit and result.audit.verdict.value) == ("done", "proven")


def test_cancel_from_another_thread_ends_run_with_what_was_done(stage: Staging) -> None:
    play = stage(
        {"mid": [write("a.txt"), run("sh slow.sh")]},
        files=SLOW,
        config=NO_PLANNER,
        allowed_tools=ALLOWED,
    )
    agent = play.agent()

    def cancel_when_it_runs() -> None:
        while not (play.root / "one.txt").exists():
            time.sleep(0.01)
        agent.cancel()

    thread = threading.Thread(target=cancel_when_it_runs)
    thread.start()
    result = agent.run("run it", "s")
    thread.join()

    assert (result.status, result.exit_code) == ("interrupted", 130)
    assert "a.txt" in result.files
    assert is_gone(int((play.root / "pid").read_text("utf-8")))
    agent.cancel()
    assert play.session("s").open_calls == {}


@pytest.mark.parametrize("wire", WIRES)
def test_text_is_shown_before_the_stream_ends_and_an_abort_bills_what_was_seen(
    stage: Staging, wire: str
) -> None:
    words = "It is a long story that begins in a small town. " * 20
    play = stage(
        {"mid": [ScriptedReply((Text(words),), hang_after_frames=8), text("Shortly: yes.")]},
        wire=wire,
        config=NO_PLANNER,
    )
    interrupts: list[Callable[[], None]] = []

    def interrupt() -> None:
        interrupts[0]()

    sink = Watching(play, lambda signal: isinstance(signal, TextDelta), interrupt)
    engine = play.engine(sink=sink, session_id="s")
    interrupts.append(engine.interrupt)
    stopped = engine.run_turn("tell it")
    engine.run_turn("shortly please")
    engine.close()

    shown = "".join(signal.text for signal in sink.signals if isinstance(signal, TextDelta))
    assert words.startswith(shown.removesuffix("Shortly: yes."))
    assert stopped.status.value == "interrupted"
    (failed,) = play.of(ev.CallFailed)
    assert failed.estimated
    assert failed.usage.output > 0
    assert failed.cost > 0
    assert play.session("s").spend[Role.EXECUTOR].calls == 2
    assert [piece.role for piece in pieces(play.asked("mid")[1])].count("assistant") == 0
    assert_sendable(play.asked("mid")[1])


@pytest.mark.parametrize("wire", WIRES)
def test_no_call_of_a_reply_that_was_cut_off_is_run_and_the_request_is_sent_again(
    stage: Staging, wire: str
) -> None:
    cut = write("a.txt", "from the reply that was cut\n")
    play = stage(
        {
            "mid": [
                ScriptedReply(cut.blocks, cut_after_frames=6 if wire == "responses" else 5),
                write("b.txt"),
                finish("Wrote b.txt."),
            ]
        },
        wire=wire,
        config=f"{NO_PLANNER}\nlimits: {{retry_wait_most: 0.01}}",
    )
    result = play.run("write it")

    assert (result.status, result.files) == ("done", ("b.txt",))
    first, second = play.asked("mid")[:2]
    assert first == second


def test_a_cancel_while_the_planner_thinks_leaves_a_session_that_plans_when_it_goes_on(
    stage: Staging,
) -> None:
    planned = plan("Write a.txt.")
    play = stage(
        {
            "big": [read("README.md"), ScriptedReply(planned.blocks, hang_after_frames=3), planned],
            "mid": [write("a.txt"), finish("Wrote a.txt.")],
        }
    )
    engine = play.engine()

    def interrupt_the_second() -> None:
        while len(play.asked("big")) < 2:
            time.sleep(0.01)
        engine.interrupt()

    thread = threading.Thread(target=interrupt_the_second)
    thread.start()
    stopped = engine.run_turn("write a.txt")
    thread.join()
    result = engine.resume_turn()
    engine.close()

    assert (stopped.status.value, result.status.value) == ("interrupted", "done")
    again = play.asked("big")[2]
    assert_sendable(again)
    assert "# a repository" in said(again)


def test_a_cancel_that_comes_while_the_session_is_opened_is_not_lost(stage: Staging) -> None:
    play = stage({})
    agent = play.agent()
    agent.on_event = lambda recorded: agent.cancel() if recorded.seq == 1 else None
    cancelled = agent.run("write it", "s")
    play.play_on({"mid": [text("Yes.")]})
    agent.on_event, agent.config_path = None, play.config_file()
    result = agent.run("is it there?", "s")

    assert (cancelled.status, cancelled.exit_code) == ("interrupted", 130)
    assert result.status == "answered"
