from __future__ import annotations

import io
import json
from typing import Any

from burnless.core import events as ev
from burnless.core.evidence import CommandOutcome
from burnless.core.messages import Role, TextDelta, ToolCall
from burnless.core.outcome import TurnResult, TurnStatus
from burnless.core.permissions import Answer, Question, RunCommand
from burnless.core.protocols import Waiting
from burnless.ui.headless import (
    HeadlessApprover,
    HeadlessFrontend,
    JsonFrontend,
    StreamJsonFrontend,
    TextFrontend,
)
from burnless.ui.wire_json import Opening
from tests.support.scripted_engine import replied
from tests.ui.events import PLAN

OPENING = Opening("s1", "/repo", ("read",), {"executor": "m"}, "acceptEdits", "0.1.0")
OLD_CALL = ev.CallFailed("c0", Role.EXECUTOR, "silver", "m", "interrupted", cost=99)
WORK = (
    replied("Looking.", ToolCall("t1", "run_command", '{"command": "make"}')),
    ev.ToolStarted("t1", "run_command", '{"command": "make"}', effect=True),
    ev.ToolFinished("t1", "run_command", "ok", command=CommandOutcome("make", 0), seconds=1.0),
    replied("All good.", cost=700_000_000),
    ev.TurnFinished(1, "done", "All good."),
)
DONE = TurnResult(TurnStatus.DONE, "All good.", "s1", changed=("a.py",))


def drive(frontend: HeadlessFrontend, result: TurnResult = DONE) -> None:
    show(frontend, OLD_CALL)
    frontend.begin(OPENING)
    show(frontend, *WORK)
    frontend.signal(Role.EXECUTOR, TextDelta("All"))
    frontend.signal(Role.EXECUTOR, Waiting("overloaded", 2.0))
    frontend.signal(Role.EXECUTOR, Waiting("the capsule layer is new"))
    frontend.end(result)


def show(frontend: HeadlessFrontend, *events: ev.Event) -> None:
    for seq, event in enumerate(events, 1):
        frontend.show(ev.Recorded(seq, 0.0, event))


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(row) for row in text.splitlines()]


def test_text_puts_only_the_answer_on_stdout() -> None:
    out, progress = io.StringIO(), io.StringIO()
    drive(TextFrontend(out, progress))
    assert out.getvalue() == "All good.\n"
    assert progress.getvalue().splitlines() == [
        "executor call failed: interrupted",
        "session s1 · executor m",
        "Looking.",
        "* run_command make  1.0s  exit 0",
        "executor: waiting, 2s at most: overloaded",
        "executor: the capsule layer is new",
    ]


def test_json_is_one_object_with_the_cost_of_this_run() -> None:
    out = io.StringIO()
    drive(JsonFrontend(out, io.StringIO()))
    (result,) = objects(out.getvalue())
    assert result["result"] == "All good."
    assert result["num_turns"] == 2
    assert result["files"] == ["a.py"]


def test_a_stream_starts_with_init_and_ends_with_the_result() -> None:
    out = io.StringIO()
    drive(StreamJsonFrontend(out))
    lines = objects(out.getvalue())
    kinds = [(line["type"], line.get("subtype")) for line in lines]
    assert kinds == [
        ("system", "init"),
        ("assistant", None),
        ("user", None),
        ("assistant", None),
        ("system", "api_retry"),
        ("result", "success"),
    ]
    assert {line["session_id"] for line in lines} == {"s1"}
    assert lines[-1]["total_cost_usd"] == 0.013
    assert lines[-1]["usage"]["input_tokens"] == 200


def test_an_error_before_the_engine_is_open_still_ends_in_a_result() -> None:
    out = io.StringIO()
    frontend = StreamJsonFrontend(out)
    frontend.end(TurnResult(TurnStatus.FAILED, "", "", "no key", exit_code=41, hint="set one"))
    (line,) = objects(out.getvalue())
    assert (line["is_error"], line["result"], line["total_cost_usd"]) == (True, "no key", 0.0)
    assert line["error"] == {"message": "no key", "hint": "set one"}


def test_a_run_without_an_answer_prints_nothing_on_stdout() -> None:
    out = io.StringIO()
    drive(TextFrontend(out, io.StringIO()), TurnResult(TurnStatus.FAILED, "", "s1", "why"))
    assert out.getvalue() == ""


def test_escape_sequences_of_a_model_do_not_reach_the_terminal() -> None:
    out = io.StringIO()
    frontend = TextFrontend(out, io.StringIO())
    frontend.end(TurnResult(TurnStatus.DONE, "\x1b]0;owned\x07fine\x1b[2J", "s1"))
    assert out.getvalue() == "fine\n"


def test_nobody_is_there_to_answer_and_a_plan_is_taken_as_it_is() -> None:
    approver = HeadlessApprover()
    question = Question(RunCommand("make all"), "commands ask in this mode", "Bash(make *)")
    assert approver.approve(question) == Answer("no")
    assert approver.ask("which?", ["a"]) is None
    assert approver.review_plan(PLAN, "") is PLAN
    assert not approver.interactive
