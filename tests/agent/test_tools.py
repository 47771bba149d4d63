from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from burnless.agent.tool_runner import NOT_REACHED
from burnless.agent.turn import TurnRunner
from burnless.cli.demo.loopback import ScriptedReply
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.encoding import JsonObject
from burnless.core.messages import StopReason, Text, ToolCall, ToolSchema
from burnless.core.protocols import ToolContext, ToolOutcome
from tests.agent.conftest import Staging
from tests.support.play import WIRES, Stage, call, calls, finish, plan, read, run, text, write
from tests.support.wire_views import assert_sendable, results, said, tool_names

NO_PLANNER = "planner: {when: never}"
TOOLS = [
    "read",
    "write",
    "edit",
    "search",
    "run_command",
    "plan_notes",
    "recall",
    "ask",
    "consult",
    "finish",
]


class Meeting:
    """A Tool that only comes to an end when two of its calls run at the same time; the first call
    ends last."""

    schema = ToolSchema("meet", "Meet.", '{"type":"object","properties":{"n":{"type":"integer"}}}')
    reads_only = True
    may_write_anywhere = False

    def __init__(self) -> None:
        self._both = threading.Barrier(2, timeout=20)
        self._second_is_over = threading.Event()

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[()]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return ""

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        self._both.wait()
        if arguments["n"] == 1:
            assert self._second_is_over.wait(20)
        else:
            self._second_is_over.set()
        return ToolOutcome(f"met as {arguments['n']}")


@pytest.mark.parametrize("wire", WIRES)
def test_calls_that_only_read_run_together_and_their_results_keep_the_order_of_the_calls(
    stage: Staging, wire: str
) -> None:
    both = calls(call("meet", "one", n=1), call("meet", "two", n=2))
    play = stage({"mid": [both, finish("Met.")]}, wire=wire, config=NO_PLANNER)
    engine = play.engine()
    kit = replace(engine.kit, tools=(*engine.kit.tools, Meeting()))
    TurnRunner(kit).run_turn("meet", CancelToken())
    engine.close()

    assert list(results(play.asked("mid")[1]).items()) == [
        ("one", "met as 1"),
        ("two", "met as 2"),
    ]
    assert tool_log(play)[:4] == ["start one", "start two", "end one", "end two"]


def tool_log(play: Stage) -> list[str]:
    told = []
    for recorded in play.events:
        match recorded.event:
            case ev.ToolStarted(call=name):
                told.append(f"start {name}")
            case ev.ToolFinished(call=name):
                told.append(f"end {name}")
            case _:
                pass
    return told


def test_anything_but_reading_is_a_barrier(stage: Staging) -> None:
    mixed = calls(
        call("read", "r1", paths=[{"path": "a.txt"}]),
        call("read", "r2", paths=[{"path": "b.txt"}]),
        call("write", "w", path="c.txt", content="c\n"),
        call("read", "r3", paths=[{"path": "c.txt"}]),
    )
    play = stage(
        {"mid": [mixed, finish("Mixed.")]},
        files={"a.txt": "a\n", "b.txt": "b\n"},
        config=NO_PLANNER,
    )
    play.run("mix")

    assert tool_log(play)[:8] == [
        "start r1",
        "start r2",
        "end r1",
        "end r2",
        "start w",
        "end w",
        "start r3",
        "end r3",
    ]
    assert "1\tc" in results(play.asked("mid")[1])["r3"]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("depth", [300, 970, 5_000])
def test_deeply_nested_arguments_are_refused_and_the_turn_goes_on(
    stage: Staging, wire: str, depth: int
) -> None:
    deep = '{"paths":' + "[" * depth + "]" * depth + "}"
    asked = ScriptedReply((ToolCall("deep", "read", deep),), StopReason.TOOL_CALLS)
    play = stage({"mid": [asked, finish("Read it.")]}, wire=wire, config=NO_PLANNER)
    play.run("read")
    told = results(play.asked("mid")[1])["deep"]
    assert "nested more than 100 levels deep" in told


@pytest.mark.parametrize("wire", WIRES)
def test_call_ids_of_an_earlier_reply_are_not_sent_twice(stage: Staging, wire: str) -> None:
    same = [calls(call("read", "same", paths=["a.txt"]))] * 3
    play = stage({"mid": [*same, finish("Read it.")]}, wire=wire, config=NO_PLANNER)
    play.run("read")
    last = play.asked("mid")[-1]
    assert_sendable(last)
    assert len(results(last)) == 3


def test_a_screen_that_fails_does_not_end_the_turn(stage: Staging) -> None:
    play = stage({"mid": [write("a.txt"), finish("Wrote it.")]}, config=NO_PLANNER)
    agent = play.agent()

    def fail(recorded: ev.Recorded) -> None:
        raise RecursionError(recorded.seq)

    agent.on_event = fail
    assert agent.run("write it", "s").status == "done"
    assert (play.root / "a.txt").exists()


@pytest.mark.parametrize("wire", WIRES)
def test_no_call_starts_before_the_whole_reply_is_on_the_disk(stage: Staging, wire: str) -> None:
    play = stage(
        {"mid": [write("a.txt", id="w"), finish("Wrote it.")]}, wire=wire, config=NO_PLANNER
    )
    agent = play.agent()
    on_disk_at_start: list[bool] = []

    def watch(recorded: ev.Recorded) -> None:
        if isinstance(recorded.event, ev.ToolStarted):
            lines = (play.folder("s") / "log.jsonl").read_text("utf-8").splitlines()
            replies = [line for line in lines if '"type":"CallReplied"' in line]
            on_disk_at_start.append(recorded.event.call in replies[-1])
            on_disk_at_start.append(not (play.root / "a.txt").exists())

    agent.on_event = watch
    agent.run("write it", "s")
    assert on_disk_at_start == [True, True, True, False]


@pytest.mark.parametrize("wire", WIRES)
def test_the_same_tools_in_the_same_order_are_sent_in_every_mode(stage: Staging, wire: str) -> None:
    play = stage({"mid": [text("Yes.")] * 2}, wire=wire)
    for mode in ("default", "bypassPermissions"):
        play.options = {"permission_mode": mode}
        play.run("is it there?")
    assert [tool_names(body) for body in play.asked("mid")] == [TOOLS, TOOLS]


def test_a_refused_command_names_the_rule_that_would_allow_it(stage: Staging) -> None:
    play = stage({"mid": [run("make all", "c"), finish("Not made.")]}, config=NO_PLANNER)
    result = play.run("make it")

    told = results(play.asked("mid")[1])["c"]
    assert told.startswith("Denied, not run: ")
    assert '--allowedTools "Bash(make ' in told
    assert [event.outcome for event in play.of(ev.ToolFinished)] == ["denied", "ok"]
    assert play.of(ev.StateSnapshotted) == [] or result.files == ()


def test_what_a_rule_allows_runs_and_its_changes_are_found(stage: Staging) -> None:
    play = stage(
        {"mid": [run("./make.sh", "c"), finish("Made it.", files=[{"path": "made.txt"}])]},
        files={"make.sh": "#!/bin/sh\necho made > made.txt\n"},
        config=NO_PLANNER,
        allowed_tools=("Bash(sh make.sh)", "Bash(./make.sh)"),
    )
    (play.root / "make.sh").chmod(0o755)
    result = play.run("make it")

    assert results(play.asked("mid")[1])["c"].startswith("exit 0")
    assert (result.status, result.verdict, result.files) == ("done", "proven", ("made.txt",))


@pytest.mark.parametrize(
    ("wire", "stop"),
    [*((wire, StopReason.MAX_TOKENS) for wire in WIRES), ("anthropic", StopReason.CONTEXT)],
)
def test_a_call_that_was_cut_off_is_not_run_and_those_before_it_are(
    stage: Staging, wire: str, stop: StopReason
) -> None:
    whole = call("write", "whole", path="whole.txt", content="all of it\n")
    cut = ToolCall("cut", "write", '{"path": "cut.txt", "content": "half of i')
    play = stage(
        {"mid": [ScriptedReply((whole, cut), stop=stop), finish("Wrote whole.txt.")]},
        wire=wire,
        config=NO_PLANNER,
    )
    play.run("write both")

    assert (play.root / "whole.txt").exists()
    assert not (play.root / "cut.txt").exists()
    after = play.asked("mid")[1]
    assert_sendable(after)
    assert results(after)["cut"].startswith("Not run: the call was cut off")


def test_a_cut_call_whose_arguments_happen_to_be_whole_is_not_run_either(stage: Staging) -> None:
    looks_whole = call("write", "cut", path="cut.txt", content="the first half")
    play = stage(
        {
            "mid": [
                ScriptedReply((looks_whole,), stop=StopReason.MAX_TOKENS),
                finish("Nothing done."),
            ]
        },
        config=NO_PLANNER,
    )
    play.run("write it")
    assert not (play.root / "cut.txt").exists()


@pytest.mark.parametrize("wire", WIRES)
def test_an_unknown_tool_and_arguments_that_are_no_json_are_told_the_nearest_truth(
    stage: Staging, wire: str
) -> None:
    odd = ScriptedReply(
        (
            ToolCall("u", "reed", "{}"),
            ToolCall("j", "read", "{paths: oops"),
            ToolCall("m", "read", "{}"),
        )
    )
    play = stage({"mid": [odd, finish("Odd.")]}, wire=wire, config=NO_PLANNER)
    result = play.run("look")

    after = play.asked("mid")[1]
    assert_sendable(after)
    told = results(after)
    assert told["u"].startswith("Not run: there is no tool 'reed'. Did you mean read?")
    assert "are not valid JSON" in told["j"]
    assert "paths" in told["m"]
    assert result.status == "done"


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("given", ["same", ""])
def test_two_calls_of_one_id_in_a_reply_do_not_poison_the_session(
    stage: Staging, wire: str, given: str
) -> None:
    twice = ScriptedReply(
        (
            ToolCall(given, "write", json.dumps({"path": "a.txt", "content": "a\n"})),
            ToolCall(given, "write", json.dumps({"path": "b.txt", "content": "b\n"})),
        )
    )
    play = stage({"mid": [twice, finish("Wrote both.")]}, wire=wire, config=NO_PLANNER)
    result = play.run("write both", "s")

    assert result.files == ("a.txt", "b.txt")
    assert_sendable(play.asked("mid")[1])
    assert len(results(play.asked("mid")[1])) == 2
    assert play.session("s").open_calls == {}


@pytest.mark.parametrize("wire", WIRES)
def test_an_empty_reply_is_nudged_twice_and_then_ends_the_turn(stage: Staging, wire: str) -> None:
    play = stage({"mid": [ScriptedReply(())] * 3}, wire=wire, config=NO_PLANNER)
    result = play.run("work")

    assert (result.status, result.exit_code) == ("failed", 1)
    assert result.reason == "the model sent 3 empty replies in a row"
    nudges = [said(body).count("Your reply was empty.") for body in play.asked("mid")]
    assert nudges == [0, 1, 2]
    for body in play.asked("mid"):
        assert_sendable(body)


def test_a_refusal_ends_the_turn_in_its_own_words(stage: Staging) -> None:
    play = stage(
        {"mid": [ScriptedReply((Text("I will not."),), stop=StopReason.REFUSAL)]},
        config=NO_PLANNER,
    )
    result = play.run("work")
    assert (result.status, result.summary, result.exit_code) == ("refused", "I will not.", 1)


@pytest.mark.parametrize("wire", WIRES)
def test_a_refusal_in_the_middle_of_calls_leaves_a_session_that_goes_on(
    stage: Staging, wire: str
) -> None:
    refused = calls(call("write", "w", path="a.txt", content="a\n"), stop=StopReason.REFUSAL)
    play = stage({"mid": [refused, finish("Nothing done.")]}, wire=wire, config=NO_PLANNER)
    engine = play.engine()
    engine.run_turn("work")
    engine.run_turn("then leave it")
    engine.close()

    after = play.asked("mid")[1]
    assert_sendable(after)
    assert results(after)["w"] == NOT_REACHED
    assert not (play.root / "a.txt").exists()


def test_prose_that_was_cut_off_is_not_taken_for_the_answer(stage: Staging) -> None:
    cut = ScriptedReply((Text("The answer is that"),), stop=StopReason.MAX_TOKENS)
    play = stage({"mid": [cut, text("it is four.")]}, config=NO_PLANNER)
    assert play.run("what is it?").summary == "it is four."
    assert "cut off at the output limit" in said(play.asked("mid")[1])


@pytest.mark.parametrize("wire", WIRES)
def test_one_function_of_a_long_file_puts_less_than_a_tenth_of_it_into_the_request(
    stage: Staging, wire: str
) -> None:
    functions = "".join(
        f"def step_{number}(value):\n    changed = value + {number}\n    return changed\n\n\n"
        for number in range(1_000)
    )
    look = calls(call("read", "r", paths=[{"path": "long.py", "symbol": "step_700"}]))
    play = stage(
        {"mid": [look, finish("Read it.")]},
        wire=wire,
        config=NO_PLANNER,
        files={"long.py": functions},
    )
    play.run("what does step_700 do, please look")

    first, second = (len(said(body)) for body in play.asked("mid"))
    assert "changed = value + 700" in said(play.asked("mid")[1])
    assert second - first < len(functions) / 10


def test_a_long_file_read_without_a_part_comes_as_outline_and_head(stage: Staging) -> None:
    long = "".join(
        f"def step_{number}():\n" + f"    return {number}\n" * 20 for number in range(30)
    )
    play = stage(
        {"mid": [read("long.py"), finish("Read it.")]}, config=NO_PLANNER, files={"long.py": long}
    )
    play.run("look")
    told = said(play.asked("mid")[1])
    assert "def step_29()" in told
    assert "return 29" not in told


@pytest.mark.parametrize(
    "path", ["a\0b", "x" * 5_000, "\ud800", "../../../etc/passwd", "~nobody/x", ""]
)
def test_no_path_a_model_can_write_breaks_the_turn(stage: Staging, path: str) -> None:
    wild = calls(
        call("read", paths=[{"path": path}]),
        call("write", path=path, content="x"),
        call("edit", path=path, edits=[{"old": "a", "new": "b"}]),
        call("search", pattern="x", path=path),
        call("run_command", command="ls", cwd=path),
    )
    play = stage(
        {
            "mid": [
                wild,
                calls(call("finish", status="done", summary="d", files=[{"path": path}])),
                *[finish("Nothing.")] * 4,
            ],
            "big": [plan("x"), text("x")],
        },
    )
    result = play.run("go wild")
    assert result.status in {"done", "contradicted"}
    play.server.problems.clear()
