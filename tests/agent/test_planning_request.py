from __future__ import annotations

from tests.agent.conftest import Staging
from tests.support.play import call, calls, finish, mark, notes, plan, run, text, update, write
from tests.support.wire_views import said

FILES = {"app.py": "def login(user):\n    return user\n", "README.md": "# app\n"}


def test_the_planner_is_shown_the_end_of_what_failed_and_what_the_executor_last_said(
    stage: Staging,
) -> None:
    step = {"id": "1", "intent": "Mend it.", "done_when": {"command": "python3 check.py"}}
    noise = "".join(f"print('line {n}')\n" for n in range(100))
    play = stage(
        {
            "big": [plan(step), update(handoff="2 is right.")],
            "mid": [
                calls(call("edit", path="app.py", edits=[{"old": "nothing", "new": "x"}])),
                run("python3 other.py"),
                notes(mark("1")),
                calls(call("plan_notes", steps=[mark("1")]), words="The number looks right to me."),
                text("I stop."),
                text("I stop."),
            ],
        },
        files={
            **FILES,
            "check.py": noise + "raise SystemExit('FAIL: wanted 2, got 1')\n",
            "other.py": noise + "raise SystemExit('FAIL: other')\n",
        },
        config='permissions: {allow: ["Bash(python3 *)"]}',
    )
    play.run("mend it")

    trouble = said(play.asked("big")[1]).partition("<trouble>\n")[2].partition("\n</trouble>")[0]
    first, second, third, last = trouble.split("\n\n")
    assert first.startswith("edit failed: ")
    assert len(first.splitlines()) == 1
    assert second == "`python3 other.py` exited 1: FAIL: other"
    assert third.startswith("The check of 1 failed 2 times, at last: python3 check.py\n")
    assert third.endswith("line 98\nline 99\nFAIL: wanted 2, got 1")
    assert len(third.splitlines()) == 21
    assert last == "What it last said: The number looks right to me."


def test_a_planner_asked_out_of_a_loop_is_told_what_repeats(stage: Staging) -> None:
    play = stage(
        {
            "big": [plan("Look."), update(handoff="Look elsewhere.")],
            "mid": [calls(call("read", f"r{n}", paths=[{"path": "app.py"}])) for n in range(5)],
        },
        files=FILES,
    )
    play.run("look")
    second = said(play.asked("big")[1])
    assert 'It repeats: read {"paths": [{"path": "app.py"}]}\nwhich gives: ' in second
    assert "def login(user):" in second.partition("which gives:")[2].partition("</trouble>")[0]


def test_a_planning_at_the_first_effect_sees_the_last_answer_and_what_is_about_to_run(
    stage: Staging,
) -> None:
    play = stage(
        {
            "mid": [text("It could raise UnknownUser."), write("a.txt", "new\n"), finish("A.")],
            "big": [plan("Write a.txt.")],
        },
        files=FILES,
        config="planner: {when: first_effect}",
    )
    play.run("What should login do?", "s")
    play.run("Do that.", "s")

    asked = said(play.asked("big")[0])
    assert "<last_answer>\nIt could raise UnknownUser.\n</last_answer>" in asked
    assert '<about_to_run>\nwrite {"path": "a.txt", "content": "new\\n"}\n</about_to_run>' in asked
