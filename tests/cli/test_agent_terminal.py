from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent_process import AGENT, session_ids, subcommand, terminal, variables
from tests.support.play import (
    Route,
    Stage,
    by_model,
    call,
    calls,
    finish,
    in_order,
    plan,
    read,
    staged,
    text,
    write,
)
from tests.support.play import run as command
from tests.support.terminal import Terminal

Open = Callable[..., Stage]
ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    stages: list[Stage] = []

    def start_stage(*executor: Any, planner: Route | None = None, **more: Any) -> Stage:
        route = by_model(big=planner or in_order(), mid=in_order(*executor))
        stages.append(staged(tmp_path, route, **more))
        return stages[-1]

    yield start_stage
    for stage in stages:
        stage.close()


@pytest.fixture
def on_screen() -> Iterator[Callable[..., Terminal]]:
    """The real agent on a pty, ready for its first prompt."""
    running: list[Terminal] = []

    def show(stage: Stage, *arguments: str, **size: int) -> Terminal:
        running.append(terminal(stage, *arguments, **size))
        running[-1].wait_for("/help")
        return running[-1]

    yield show
    for each in running:
        each.child.close(force=True)


def test_a_session_from_prompt_to_verdict_and_back(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened(
        write("hello.txt"),
        finish("Wrote hello.txt.", files=[{"path": "hello.txt"}]),
        text("It says hello."),
        planner=in_order(plan("write hello.txt")),
    )
    screen = on_screen(stage, "make hello.txt")
    screen.wait_for("? change hello.txt")
    screen.wait_for("yes for this [s]ession")
    screen.send("y")
    told = screen.wait_for("done · 1 file changed")
    for wanted in ("[ ] 1. write hello.txt", "+hello", "Audit proven", "Wrote hello.txt."):
        assert wanted in told
    screen.wait_for("executor ▸ mid · default")
    screen.send("/cost" + ENTER)
    screen.wait_for("planner       1")
    screen.send("/context" + ENTER)
    screen.wait_for("since the last compaction")
    screen.send(CTRL_D)
    assert screen.wait_exit() == 0
    (session_id,) = session_ids(stage)
    assert f"agent --resume {session_id}" in screen.text

    again = on_screen(stage, "--resume", session_id)
    again.send("what does it say?" + ENTER)
    again.wait_for("It says hello.")
    again.wait_for("answered")
    again.send("/sessions" + ENTER)
    again.wait_for("answered 1/1")
    again.send(CTRL_D)
    assert again.wait_exit() == 0
    assert session_ids(stage) == [session_id]


def test_an_answer_is_on_the_screen_before_the_provider_is_done(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    half = replace(text("The first half is seen. " * 6), hang_after_frames=4)
    stage = opened(half, text("Gone on."))
    screen = on_screen(stage, "--no-planner", "hello")
    screen.wait_for("The first half is seen.")
    screen.send(CTRL_C)
    screen.wait_for("interrupted")
    screen.send("go on" + ENTER)
    screen.wait_for("Gone on.")


def test_ctrl_c_ends_a_running_command_and_keeps_what_was_done(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened(
        calls(call("write", path="kept.txt", content="kept\n")),
        command("echo begun && sleep 100"),
        text("Stopped there."),
    )
    flags = ("--no-planner", "--permission-mode", "bypassPermissions")
    screen = on_screen(stage, *flags, "work")
    screen.wait_for("begun")
    screen.send(CTRL_C)
    screen.wait_for("interrupted")
    screen.wait_for("\n>")
    assert (stage.root / "kept.txt").read_text() == "kept\n"
    screen.send("where are we?" + ENTER)
    screen.wait_for("answered")
    screen.wait_until(lambda: screen.text.count("\n>") == 2, "the next prompt")
    screen.send(CTRL_D)
    assert screen.wait_exit() == 0


def test_a_plan_is_shown_and_waits_in_plan_mode(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened(
        write("hello.txt"),
        finish("Wrote hello.txt.", files=[{"path": "hello.txt"}]),
        planner=in_order(plan("write hello.txt")),
    )
    screen = on_screen(stage, "--permission-mode", "plan", "make hello.txt")
    screen.wait_for("Work on this plan?")
    assert not (stage.root / "hello.txt").exists()
    screen.send("y")
    screen.wait_for("? change hello.txt")
    screen.wait_for("yes for this [s]ession")
    screen.send("y")
    screen.wait_for("done · 1 file changed")
    screen.send(CTRL_D)
    assert screen.wait_exit() == 0


def test_no_in_always_and_instead_reach_the_model(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened(write("a.txt"), text("Then not."))
    screen = on_screen(stage, "--no-planner", "make a.txt")
    screen.wait_for("[n]o")
    screen.send("n")
    screen.wait_for("What should it do instead?")
    screen.send("ask me first" + ENTER)
    screen.wait_for("Then not.")
    assert "ask me first" in str(stage.asked("mid")[-1])
    assert not (stage.root / "a.txt").exists()


def test_an_always_is_asked_once_listed_and_kept(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened(
        write("a.txt"),
        write("a.txt", "again\n"),
        text("Written twice."),
        read("a.txt"),
        write("a.txt", "a third time\n"),
        text("Written once more."),
    )
    screen = on_screen(stage, "--no-planner", "write a.txt")
    screen.wait_for("[n]o")
    screen.send("p")
    screen.wait_for("Always in this project (Esc: go back): Edit(a.txt)")
    screen.send(ENTER)
    screen.wait_for("Written twice.")
    assert screen.text.count("? change a.txt") == 1
    screen.wait_for("\n>")
    screen.send("/permissions" + ENTER)
    screen.wait_for("allow  Edit(a.txt)")
    assert subcommand(stage, "permissions").stdout.count("Edit(a.txt)") == 1
    screen.send(CTRL_D)
    assert screen.wait_exit() == 0
    again = on_screen(stage, "--no-planner", "write it again")
    again.wait_for("Written once more.")
    assert "? change" not in again.text
    assert (stage.root / "a.txt").read_text() == "a third time\n"
    assert subcommand(stage, "permissions", "forget", "Edit(a.txt)").returncode == 0
    assert "no rules" in subcommand(stage, "permissions").stdout


def test_the_question_of_trust_is_asked_before_anything_is_sent(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened(text("Hello."))
    project = stage.root / ".burnless" / "config.yaml"
    project.parent.mkdir()
    project.write_text(stage.config_file().read_text())
    flags = ("--no-planner", "hello")
    with Terminal([*AGENT, *flags], cwd=stage.root, environment=variables(stage)) as screen:
        asked = screen.wait_for("Answer:")
        assert "tiers.gold.base_url" in asked
        assert stage.server.requests == []
        screen.send("1" + ENTER)
        screen.wait_for("Hello.")
    with Terminal([*AGENT, "--no-planner"], cwd=stage.root, environment=variables(stage)) as screen:
        screen.wait_for("/help")


def test_a_session_is_chosen_from_a_list(opened: Open, on_screen: Callable[..., Terminal]) -> None:
    stage = opened(text("One."), text("Two."), text("Three."))
    for prompt, said in (("first words", "One."), ("second words", "Two.")):
        screen = on_screen(stage, "--no-planner", prompt)
        screen.wait_for(said)
        screen.wait_for("answered")
        screen.send(CTRL_D)
        assert screen.wait_exit() == 0
    chooser = terminal(stage, "--no-planner", "--resume")
    try:
        shown = chooser.wait_for("Enter for 1:")
        assert shown.index("second words") < shown.index("first words")
        chooser.send("2" + ENTER)
        chooser.wait_for("/help")
        chooser.send("third words" + ENTER)
        chooser.wait_for("Three.")
    finally:
        chooser.child.close(force=True)
    assert "first words" in str(stage.asked("mid")[-1])


def test_a_session_without_a_prompt_leaves_nothing_behind(
    opened: Open, on_screen: Callable[..., Terminal]
) -> None:
    stage = opened()
    screen = on_screen(stage)
    screen.send("/permissions" + ENTER)
    screen.wait_for("no rules: the mode alone decides")
    screen.send("/config" + ENTER)
    screen.wait_for("tiers.gold.model")
    screen.send(CTRL_D)
    assert screen.wait_exit() == 0
    assert session_ids(stage) == []
