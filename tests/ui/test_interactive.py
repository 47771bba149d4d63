from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from burnless.ui.lines import cells
from tests.support.terminal import Terminal

ENTER, CTRL_C, CTRL_D, CTRL_J, ESCAPE = "\r", "\x03", "\x04", "\n", "\x1b"
PROMPT = "\n>"


class Opener(Protocol):
    def __call__(
        self, scenario: str, *flags: str, columns: int = 80, rows: int = 24, **environment: str
    ) -> Terminal: ...


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Opener]:
    """Starts the frontend over a scripted engine, ready for the first prompt."""
    opened: list[Terminal] = []

    def start(
        scenario: str, *flags: str, columns: int = 80, rows: int = 24, **environment: str
    ) -> Terminal:
        command = [sys.executable, "-m", "tests.support.scripted_terminal", scenario, *flags]
        terminal = Terminal(
            command, cwd=tmp_path, environment=environment, columns=columns, rows=rows
        )
        opened.append(terminal)
        terminal.wait_for("\n>" if "--prompt" not in flags else "Burnless")
        return terminal

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def test_an_answer_streams_and_is_not_told_twice(play: Opener) -> None:
    terminal = play("answer")
    terminal.send("hello" + ENTER)
    text = terminal.wait_for("answered · 1 call")
    assert text.count("You said: hello — 日本語 ok") == 1


def test_the_status_line_stands_below_the_prompt(play: Opener) -> None:
    terminal = play("answer")
    terminal.wait_for("executor ▸ claude-sonnet-5-5 · default")
    terminal.send("hello" + ENTER)
    terminal.wait_for("context 1% · $0.0123")


def test_plan_tools_diff_and_verdict_are_on_the_screen(play: Opener) -> None:
    terminal = play("work", rows=60)
    terminal.send("go" + ENTER)
    text = terminal.wait_for("a claim is contradicted; look at the findings")
    for wanted in (
        "  [x] 1. Use Decimal in till.py",
        "  [ ] 2. Run the tests",
        "Working.",
        "● run_command make  1.2s  exit 2",
        "    boom",
        "  +total = Decimal(0)",
        "  contradicted: claimed report.txt: not found  (e9)",
        "I did it all.",
        "contradicted · 1 file changed · 1 call",
    ):
        assert wanted in text


def test_questions_take_one_key_and_a_rule_can_be_edited(play: Opener) -> None:
    terminal = play("approve", rows=40)
    terminal.send("go" + ENTER)
    terminal.wait_for("[s] and [p] allow: Bash(npm test *)")
    terminal.wait_for("yes for this [s]ession  always in [p]roject  [n]o, do this instead")
    terminal.send("p")
    terminal.wait_for("Always in this project (Esc: go back): Bash(npm test *)")
    terminal.send("\x7f\x7f --all)" + ENTER)
    terminal.wait_for("? change till.py")
    terminal.send("n")
    terminal.wait_for("What should it do instead?")
    terminal.send("leave it" + ENTER)
    terminal.wait_for("Answer:")
    terminal.send("2" + ENTER)
    terminal.wait_for("project=Bash(npm test  --all) no=leave it postgres")


def test_keys_of_before_a_question_do_not_answer_it(play: Opener) -> None:
    terminal = play("approve", rows=40)
    terminal.send("go" + ENTER)
    terminal.wait_for("yes for this [s]ession")
    terminal.send("yyy")
    terminal.wait_for("? change till.py")
    terminal.wait_until(lambda: terminal.text.count("[n]o, do this") == 2, "a second question")
    terminal.send("n")
    terminal.wait_for("What should it do instead?")
    terminal.send("wait" + ENTER)
    terminal.wait_for("Answer:")
    terminal.send("1" + ENTER)
    terminal.wait_for("yes=Bash(npm test *) no=wait sqlite")


def test_words_typed_at_a_question_are_no_answer(play: Opener) -> None:
    terminal = play("approve", rows=40)
    terminal.send("go" + ENTER)
    terminal.wait_for("do this instead")
    terminal.send("/help")
    terminal.wait_for("do this instead /help")
    terminal.send(ENTER)
    terminal.wait_until(lambda: "/help" not in terminal.display.split("go", 1)[1], "an empty line")
    assert "Always in this project" not in terminal.text
    terminal.send("y")
    terminal.wait_for("? change till.py")


@pytest.mark.parametrize("back", [ESCAPE, CTRL_D])
def test_nothing_is_allowed_for_good_without_its_enter(play: Opener, back: str) -> None:
    terminal = play("approve", rows=40)
    terminal.send("go" + ENTER)
    terminal.wait_for("do this instead")
    terminal.send("p" + ENTER)
    terminal.wait_for("Always in this project (Esc: go back): Bash(npm test *)")
    terminal.send("\x15" if back == CTRL_D else back)  # Ctrl-D leaves an empty line only
    terminal.send(back if back == CTRL_D else "")
    terminal.wait_until(lambda: terminal.text.count("do this instead") == 2, "the question again")
    terminal.send("y")
    terminal.wait_for("? change till.py")


def test_a_yes_holds_for_the_session_where_the_user_says_so(play: Opener) -> None:
    terminal = play("approve", rows=40)
    terminal.send("go" + ENTER)
    terminal.wait_for("yes for this [s]ession")
    terminal.send("s")
    terminal.wait_for("? change till.py")
    terminal.send("y")
    terminal.wait_for("Answer:")
    terminal.send("neither of them" + ENTER)
    terminal.wait_for("session=Bash(npm test *) yes= neither of them")


def test_ctrl_c_in_a_question_is_a_no_and_nothing_more_is_asked(play: Opener) -> None:
    terminal = play("approve", rows=40)
    terminal.send("go" + ENTER)
    terminal.wait_for("yes for this [s]ession")
    terminal.send(CTRL_C)
    text = terminal.wait_for("no= no= None")
    assert "Which database?" not in text


@pytest.mark.parametrize("key", [CTRL_C, ESCAPE])
def test_an_interrupt_ends_the_turn_and_the_session_goes_on(play: Opener, key: str) -> None:
    terminal = play("wait")
    terminal.send("go" + ENTER)
    terminal.wait_for("still going")
    terminal.send(key)
    terminal.wait_for("● run_command sleep 60  interrupted")
    terminal.wait_until(lambda: terminal.text.count(PROMPT) == 2, "a second prompt")
    terminal.send(CTRL_D)
    assert terminal.wait_exit() == 0


def test_the_second_ctrl_c_leaves_an_engine_that_does_not_listen(play: Opener) -> None:
    terminal = play("stubborn")
    terminal.send("go" + ENTER)
    terminal.wait_for("deaf to go")
    terminal.send(CTRL_C)
    terminal.wait_for("once more leaves at once")
    terminal.send(CTRL_C)
    assert terminal.wait_exit() == 130
    assert "come back with: agent --resume 20261122-mend-the-till-7f3a" in terminal.text


def test_what_is_typed_meanwhile_is_queued_and_the_rest_kept(play: Opener) -> None:
    terminal = play("wait")
    terminal.send("go" + ENTER)
    terminal.wait_for("still going")
    terminal.send("and then this" + ENTER + "half a")
    terminal.wait_for("1 queued > half a")
    terminal.send(CTRL_C)
    terminal.wait_for("> and then this")
    terminal.wait_for("still going")
    terminal.send(CTRL_C)
    terminal.wait_for("\n> half a")
    terminal.send(" word" + ENTER)
    terminal.wait_for("still going")
    terminal.send(ESCAPE)
    terminal.wait_until(lambda: terminal.text.count("  interrupted\n") == 3, "three interrupts")
    terminal.send(CTRL_D)
    assert terminal.wait_exit() == 0
    assert "prompts ['go', 'and then this', 'half a word']" in terminal.text.replace("\n", "")


def test_ctrl_d_while_it_works_leaves_once_the_turn_is_over(play: Opener) -> None:
    terminal = play("wait")
    terminal.send("go" + ENTER)
    terminal.wait_for("still going")
    terminal.send(CTRL_D)
    terminal.send(ESCAPE)
    assert terminal.wait_exit() == 0
    assert "run_command sleep 60  interrupted" in terminal.text


def test_ctrl_c_on_an_empty_line_leaves_only_the_second_time(play: Opener) -> None:
    terminal = play("answer")
    terminal.send("draft" + CTRL_C)
    terminal.send(CTRL_C)
    terminal.wait_for("Ctrl-C again to leave")
    terminal.send(CTRL_C)
    assert terminal.wait_exit() == 0
    assert "prompts []" in terminal.text


def test_a_prompt_of_several_lines_is_one_prompt(play: Opener) -> None:
    terminal = play("answer")
    terminal.send("one" + CTRL_J + "two\\" + ENTER + "three" + ENTER)
    terminal.wait_for("answered")
    terminal.send(CTRL_D)
    assert terminal.wait_exit() == 0
    assert r"prompts ['one\ntwo\nthree']" in terminal.text


def test_a_prompt_on_the_command_line_comes_first(play: Opener) -> None:
    terminal = play("answer", "--prompt")
    terminal.wait_for("You said: first words")


def test_an_approved_plan_leaves_plan_mode_and_is_worked_on(play: Opener) -> None:
    terminal = play("plan")
    terminal.send("fix it" + ENTER)
    terminal.wait_for("Work on this plan?")
    terminal.send("y")
    terminal.wait_for("worked on First, Second in default")


def test_a_refused_plan_is_not_started(play: Opener) -> None:
    terminal = play("plan")
    terminal.send("fix it" + ENTER)
    terminal.wait_for("Work on this plan?")
    terminal.send("n")
    text = terminal.wait_for("the plan was not accepted")
    assert "worked on" not in text


def test_a_plan_is_edited_in_the_user_s_editor(play: Opener, tmp_path: Path) -> None:
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\nsed -i s/First/Begin/ "$1"\necho "- Third" >> "$1"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    terminal = play("plan", EDITOR=f"'{editor}'", VISUAL="")
    terminal.send("fix it" + ENTER)
    terminal.wait_for("Work on this plan?")
    terminal.send("e")
    terminal.wait_for("Begin")
    terminal.send("y")
    terminal.wait_for("worked on Begin, Second, Third in default")


def test_slash_commands_answer_without_a_turn(play: Opener) -> None:
    terminal = play("answer", rows=50)
    for command, wanted in (
        ("/cost", "no model call was made"),
        ("/plan", "no plan yet"),
        ("/diff", "no edits yet"),
        ("/status", "executor   anthropic/claude-sonnet-5-5"),
        ("/sessions", "no sessions"),
        ("/context", "no context; look elsewhere"),
        ("/audit", "Audit nothing claimed"),
        ("/permissions acceptedits", "mode acceptEdits"),
        ("/permissions yolo", "no mode yolo"),
        ("/undo", "/undo is not available yet"),
        ("/cots", "did you mean /cost?"),
        ("/compact keep the API", "nothing was compacted"),
    ):
        terminal.send(command + ENTER)
        terminal.wait_for(wanted)
    terminal.send("/exit" + ENTER)
    assert terminal.wait_exit() == 0
    assert "prompts []" in terminal.text


def test_an_error_outside_a_turn_is_one_line_and_the_session_goes_on(play: Opener) -> None:
    terminal = play("fail")
    terminal.send("luck" + ENTER)
    terminal.wait_for("no luck; try another")
    terminal.wait_until(lambda: terminal.text.count(PROMPT) == 2, "a second prompt")


def test_tab_completes_a_command(play: Opener) -> None:
    terminal = play("answer")
    terminal.send("/cos\t")
    terminal.wait_for("> /cost")
    terminal.send(ENTER)
    terminal.wait_for("no model call was made")


def test_the_history_is_kept_for_the_next_run(play: Opener, tmp_path: Path) -> None:
    terminal = play("answer")
    terminal.send("remember me" + ENTER)
    terminal.wait_for("answered")
    terminal.send(CTRL_D)
    assert terminal.wait_exit() == 0
    again = play("answer")
    again.send("\x1b[A")
    again.wait_for("> remember me")
    assert stat.S_IMODE((tmp_path / "history").stat().st_mode) == 0o600


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("scenario", ["answer", "wait", "plan"])
def test_a_signal_ends_the_turn_first_and_says_how_to_come_back(
    play: Opener, scenario: str, signal_number: signal.Signals
) -> None:
    terminal = play(scenario)
    terminal.send("go" + ENTER)
    begun = {"answer": "answered", "wait": "still going", "plan": "Work on this plan?"}
    terminal.wait_for(begun[scenario])
    if scenario == "answer":
        terminal.wait_until(lambda: terminal.text.count(PROMPT) == 2, "a second prompt")
    os.kill(terminal.child.pid, signal_number)
    assert terminal.wait_exit() == 128 + signal_number
    assert "come back with: agent --resume" in terminal.text


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (80, 24), (200, 60)])
def test_it_works_in_terminals_of_any_size(play: Opener, columns: int, rows: int) -> None:
    terminal = play("work", columns=columns, rows=rows)
    terminal.send("go" + ENTER)
    terminal.wait_for("look at the findings" if columns > 40 else "findings")
    text = terminal.text
    assert all(cells(row) <= columns for row in text.splitlines())
    assert "claimed report.txt" in text
    terminal.wait_until(lambda: "executor ▸" in terminal.display, "the status line")


def test_without_colour_no_colour_is_sent(play: Opener) -> None:
    for terminal in (play("work", NO_COLOR="1"), play("work", "--plain")):
        terminal.send("go" + ENTER)
        terminal.wait_for("look at the findings")
        shown = [cell for row in terminal.screen.buffer.values() for cell in row.values()]
        assert {cell.fg for cell in shown} == {"default"}


def test_with_colour_added_and_removed_lines_differ(play: Opener) -> None:
    terminal = play("work", rows=60)
    terminal.send("go" + ENTER)
    terminal.wait_for("look at the findings")
    colours = {
        row[2].data: row[2].fg
        for row in terminal.screen.buffer.values()
        if row[2].data in {"+", "-"} and row[3].data == "t"
    }
    assert colours == {"+": "green", "-": "red"}


def test_a_dumb_terminal_gets_plain_lines(play: Opener) -> None:
    terminal = play("answer", TERM="dumb")
    terminal.send("hello" + ENTER)
    terminal.wait_for("answered · 1 call")
    terminal.send("/exit" + ENTER)
    assert terminal.wait_exit() == 0
