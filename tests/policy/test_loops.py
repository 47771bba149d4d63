import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.turn import ToolSignature
from burnless.policy.loops import LoopAction, judge, next_action

NONE, TELL, PLANNER, STOP = LoopAction
ACTIONS = [NONE, NONE, NONE, TELL, PLANNER, STOP, STOP]


def read(path: str, result: str = "text") -> ToolSignature:
    return ToolSignature("read", json.dumps({"path": path}), result, "ok")


def failing_edit(old: str, error: str = "line 3: not found\nnearest: …") -> ToolSignature:
    return ToolSignature("edit", json.dumps({"path": "a.py", "old": old}), error, "error")


A, B, C = read("a"), read("b"), read("c")


@pytest.mark.parametrize("times", range(7))
def test_the_same_call_is_told_at_three_planned_at_four_and_stopped_at_five(times: int) -> None:
    assert judge([B, C, *[A] * times]) is ACTIONS[times]


@pytest.mark.parametrize(
    ("calls", "action"),
    [
        ([A, B, A, B], NONE),
        ([A, B, A, B, A], TELL),
        ([A, B, A, B, A, B], TELL),
        ([A, B] * 4, PLANNER),
        ([A, B] * 5, STOP),
        ([A, B, C] * 3, TELL),
        ([A, B, C] * 5, STOP),
        ([read(str(n)) for n in range(5)] * 3, TELL),
        ([read(str(n)) for n in range(6)] * 5, STOP),
        ([read(str(n)) for n in range(8)] * 5, STOP),
        ([read(str(n)) for n in range(9)] * 5, NONE),
        ([A, B, A, C, A, B, C, A], NONE),
    ],
)
def test_cycles_of_several_calls_count_their_rounds(
    calls: list[ToolSignature], action: LoopAction
) -> None:
    assert judge(calls) is action


def test_testing_again_after_each_different_edit_is_no_loop() -> None:
    test = ToolSignature("run_command", '{"command": "pytest"}', "1 failed in 0.10s", "ok")
    calls = []
    for n in range(9):
        edit = ToolSignature("edit", json.dumps({"path": "a.py", "old": str(n)}), "ok", "ok")
        calls += [edit, test]
    assert judge(calls) is NONE


def test_waiting_on_changing_output_is_no_loop_but_a_test_runs_seconds_are_no_change() -> None:
    waiting = [read("log", f"{n}% built") for n in range(10)]
    assert judge(waiting) is NONE
    timed = [read("log", f"3 passed in 0.{n}1s") for n in range(5)]
    assert judge(timed) is STOP


@pytest.mark.parametrize("times", range(6))
def test_edits_that_fail_with_the_same_error_count_whatever_stands_between(times: int) -> None:
    calls: list[ToolSignature] = []
    for n in range(times):
        calls += [read(str(n)), failing_edit(f"try {n}", f"line {n}: not found\nnearest: {n}")]
    assert judge(calls) is ACTIONS[times]


def test_another_error_another_file_or_a_success_starts_the_count_again() -> None:
    other_error = failing_edit("x", "placeholder text")
    success = ToolSignature("edit", '{"path": "a.py", "old": "q"}', "edited", "ok")
    for between in (other_error, success):
        calls = [failing_edit("1"), failing_edit("2"), between, failing_edit("3")]
        assert judge(calls) is NONE
    elsewhere = ToolSignature("edit", '{"path": "b.py"}', "line 1: not found", "error")
    assert judge([failing_edit("1"), failing_edit("2"), elsewhere]) is NONE
    assert judge([failing_edit("1"), elsewhere, failing_edit("2"), failing_edit("3")]) is TELL


@pytest.mark.parametrize("arguments", ["not json", "[]", "[" * 100_000])
def test_arguments_that_are_no_object_are_one_unknown_file(arguments: str) -> None:
    edits = [ToolSignature("write", arguments + " " * n, "bad", "error") for n in range(3)]
    assert judge(edits) is TELL


@given(st.lists(st.sampled_from([A, B, C, failing_edit("1")]), max_size=40))
def test_a_new_call_ends_every_loop(calls: list[ToolSignature]) -> None:
    assert judge([*calls, read("never seen")]) is NONE


@given(st.lists(st.integers(), unique=True, max_size=64))
def test_calls_that_all_differ_are_never_a_loop(numbers: list[int]) -> None:
    assert judge([read(str(n)) for n in numbers]) is NONE


def test_a_loop_that_came_all_at_once_is_answered_one_level_at_a_time() -> None:
    taken, answers = NONE, []
    for _ in range(4):
        taken = next_action(STOP, taken)
        answers.append(taken)
    assert answers == [TELL, PLANNER, STOP, STOP]
    assert [next_action(seen, NONE) for seen in LoopAction] == [NONE, TELL, TELL, TELL]
    assert next_action(TELL, PLANNER) is TELL
    assert next_action(NONE, STOP) is NONE
