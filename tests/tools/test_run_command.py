from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from burnless.core.evidence import CommandOutcome
from burnless.core.permissions import RunCommand
from burnless.core.protocols import ToolOutcome
from burnless.core.settings import Limits
from tests.support.tool_desk import Desk


def run(desk: Desk, **arguments: object) -> ToolOutcome:
    """Without the time it took: no two runs take the same."""
    outcome = desk.call("run_command", **arguments)
    assert outcome.command is not None
    return replace(outcome, command=replace(outcome.command, seconds=0.0))


def test_the_exit_code_comes_first_and_the_outcome_is_reported(desk: Desk) -> None:
    assert run(desk, command="echo a; echo b >&2; sleep 0.1; exit 3") == ToolOutcome(
        "exit 3\na\nb", command=CommandOutcome("echo a; echo b >&2; sleep 0.1; exit 3", 3, "b")
    )
    assert run(desk, command="true") == ToolOutcome(
        "exit 0\n(no output)", command=CommandOutcome("true", 0)
    )


def test_the_same_command_with_the_same_output_gives_the_same_text(desk: Desk) -> None:
    texts = {run(desk, command="sleep 0.0$RANDOM; echo a").text for _ in range(3)}
    assert texts == {"exit 0\na"}


def test_output_is_heard_while_it_runs(desk: Desk) -> None:
    run(desk, command="echo a; echo b")
    assert "".join(desk.heard) == "a\nb\n"


def test_a_command_starts_where_the_user_stands_or_in_the_folder_it_names(desk: Desk) -> None:
    (desk.root / "src/lib").mkdir(parents=True)
    desk.cwd = desk.root / "src"
    assert run(desk, command="pwd").text == f"exit 0\n{desk.root}/src"
    assert run(desk, command="pwd", cwd="src/lib").text == f"exit 0\n{desk.root}/src/lib"
    assert run(desk, command="pwd", cwd=".").text == f"exit 0\n{desk.root}"


def test_permission_is_asked_for_the_command_as_typed_where_the_user_stands(desk: Desk) -> None:
    (desk.root / "a b").mkdir()
    (desk.root / "src").mkdir()
    desk.cwd = desk.root / "src"
    typed = "cd '../a b' && rm x"
    assert desk.accesses("run_command", command="rm x") == (RunCommand("rm x"),)
    assert desk.accesses("run_command", command="rm x", cwd="src") == (RunCommand("rm x"),)
    assert desk.accesses("run_command", command="rm x", cwd="a b") == (RunCommand(typed),)
    assert desk.preview("run_command", command="rm x", cwd="a b") == typed


@pytest.mark.parametrize(
    ("cwd", "text"),
    [
        (
            "..",
            "Not run: cwd .. is outside the workspace. Leave it out, or use a folder in it.",
        ),
        (
            "nowhere",
            (
                "Not run: cwd nowhere is no folder. It counts from the workspace root; "
                "read lists folders."
            ),
        ),
    ],
)
def test_a_folder_that_will_not_do_is_refused(desk: Desk, cwd: str, text: str) -> None:
    outcome = desk.call("run_command", command="touch made", cwd=cwd)
    assert outcome == ToolOutcome(text, is_error=True)


def test_an_empty_command_is_refused(desk: Desk) -> None:
    assert desk.call("run_command", command=" ") == ToolOutcome(
        "Not run: command is empty.", is_error=True
    )


def test_a_timeout_says_so_and_what_to_do(desk: Desk) -> None:
    outcome = run(desk, command="echo begun; sleep 100", timeout_seconds=0.5)
    assert outcome == ToolOutcome(
        "timed out after 0.5 s and was killed with its children; no exit code. Is what it printed "
        "enough? Else run a smaller part, or a form of it that ends; a longer timeout_seconds "
        "helps only what was about to end.\nbegun",
        is_error=True,
        command=CommandOutcome("echo begun; sleep 100", None, "begun", timed_out=True),
    )


def test_the_limits_hold_for_what_is_asked(desk: Desk) -> None:
    strict = Desk(desk.root, Limits(command_seconds=0.3, command_seconds_most=0.5))
    assert run(strict, command="sleep 100").text.startswith("timed out after 0.3 s")
    longest = run(strict, command="sleep 100", timeout_seconds=99).text
    assert "timed out after 0.5 s" in longest
    assert "(timeout_seconds can be 0.5 at most)" in longest


def test_an_interrupt_keeps_what_was_printed(desk: Desk) -> None:
    timer = threading.Timer(0.3, desk.cancel.cancel)
    timer.start()
    outcome = run(desk, command="echo begun; sleep 100")
    timer.join()
    assert outcome == ToolOutcome(
        "interrupted by the user; no exit code\nbegun",
        is_error=True,
        command=CommandOutcome("echo begun; sleep 100", None, "begun"),
    )


def test_a_long_output_keeps_head_and_tail_and_points_to_the_rest(desk: Desk) -> None:
    small = Desk(desk.root, Limits(result_lines=10))
    outcome = run(small, command="seq 1 100")
    rows = outcome.text.split("\n")
    assert (
        rows
        == [
            "exit 0",
            *(str(number) for number in range(1, 5)),
            f"[90 lines (273 bytes) left out here; the whole: recall blob {outcome.blob}]",
            *(str(number) for number in range(96, 101)),
        ]
        or rows[-1] == "100"
    )
    assert small.blobs.get(outcome.blob) == "".join(f"{n}\n" for n in range(1, 101)).encode()


def test_what_the_runner_cut_for_reading_is_whole_in_the_blob(desk: Desk) -> None:
    outcome = run(desk, command="seq 1 200000")
    whole = "".join(f"{number}\n" for number in range(1, 200_001))
    assert desk.blobs.get(outcome.blob).decode() == whole
    assert len(outcome.text) < 51_000
    assert outcome.text.endswith("\n200000")
    assert desk.call("recall", id=outcome.blob, offset=len(whole) - 7).text == "200000"


def test_an_unknown_program_is_explained(desk: Desk) -> None:
    assert run(desk, command="no-such-program-xyz").text.startswith(
        "exit 127 (no such program here: check the name, or what the project uses instead)\n"
    )


def test_keys_are_not_in_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    assert run(desk, command="echo [$SOME_API_KEY]").text == "exit 0\n[]"


def test_it_may_write_anywhere_and_is_no_reader(desk: Desk) -> None:
    tool = desk.tool("run_command")
    assert (tool.may_write_anywhere, tool.reads_only) == (True, False)
