from __future__ import annotations

from collections.abc import Iterator

import pytest

from burnless.cli.demo.loopback import ScriptedReply
from burnless.core import events as ev
from burnless.core.evidence import Verdict
from tests.agent.conftest import Staging
from tests.support.crashing import CrashingAgents
from tests.support.play import Stage, finish, mark, notes, plan, read, text, write

CHECK = "python -m unittest -q test_app"
CHECKS = f'planner: {{when: never}}\naudit: {{returns: 0}}\nchecks: ["{CHECK}"]'
TEST_FILE = (
    "import unittest\nfrom app import double\n\n\nclass DoubleTest(unittest.TestCase):\n"
    "    def test_two(self):\n        self.assertEqual(double(2), 4)\n"
)
GOOD = "def double(value):\n    return value * 2\n"
BROKEN = "def double(value):\n    return value - 1\n"
FILES = {"app.py": GOOD, "test_app.py": TEST_FILE}
BREAKING = (read("app.py"), write("app.py", BROKEN))


@pytest.fixture(scope="module")
def crashing() -> Iterator[CrashingAgents]:
    with CrashingAgents() as agents:
        yield agents


def stop_after(play: Stage, calls: int, task: str = "change it") -> None:
    """A turn that ends before anything of it was judged."""
    engine = play.engine(session_id="s", max_turns=calls)
    assert engine.run_turn(task).status.value == "turn_limit"
    engine.close()


def test_what_a_stopped_turn_broke_is_found_when_the_next_one_only_finishes(
    stage: Staging,
) -> None:
    replies: list[ScriptedReply] = [*BREAKING, finish("It is done."), read("app.py"), finish("Ok.")]
    play = stage({"mid": replies}, files=FILES, config=CHECKS)
    stop_after(play, 2)
    result = play.run("continue", "s")
    assert (result.status, result.exit_code) == ("check_failed", 3)
    assert "newly fails: test_two" in result.reason
    later = play.run("look at it again", "s")
    assert (later.status, later.exit_code) == ("done", 0), "judged and said once"


def test_what_a_stopped_turn_broke_was_not_red_before_the_work(stage: Staging) -> None:
    replies: list[ScriptedReply] = [*BREAKING, write("notes.txt"), finish("Wrote notes.txt.")]
    play = stage({"mid": replies}, files=FILES, config=CHECKS)
    stop_after(play, 2)
    assert play.run("continue", "s").status == "check_failed"


def test_a_question_in_between_leaves_what_was_stopped_to_be_judged(stage: Staging) -> None:
    replies: list[ScriptedReply] = [*BREAKING, text("It takes one off."), finish("It is done.")]
    play = stage({"mid": replies}, files=FILES, config=CHECKS)
    stop_after(play, 2)
    answered = play.run("what does it do now?", "s")
    assert (answered.status, answered.verdict) == ("answered", "nothing_claimed")
    assert play.run("continue", "s").status == "check_failed"


def test_a_step_that_a_stopped_turn_closed_is_judged_by_the_turn_after_it(stage: Staging) -> None:
    step = {
        "id": "1",
        "intent": "Write a.txt.",
        "done_when": {"path": "a.txt", "predicate": "exists"},
    }
    play = stage(
        {"big": [plan(step)], "mid": [write("a.txt"), notes(mark("1")), finish("It is done.")]},
        config="planner: {when: start}",
    )
    stop_after(play, 2)
    (play.root / "a.txt").unlink()
    result = play.run("go on", "s")
    assert (result.status, result.verdict) == ("done", "unproven")
    assert [finding.text for finding in result.findings if finding.verdict is Verdict.UNPROVEN] == [
        "step 1 was done, but its check holds no more: a.txt exists"
    ]


def test_what_a_killed_turn_changed_is_judged_by_the_turn_after_it(
    stage: Staging, crashing: CrashingAgents
) -> None:
    replies: list[ScriptedReply] = [*BREAKING, *BREAKING, finish("It is done.")]
    play = stage({"mid": replies}, files=FILES, config=CHECKS)
    job = {"config": str(play.config_file()), "workspace": str(play.root), "task": "change it"}
    assert crashing.run_until(changed_at(play), session="s", **job)
    assert play.run("continue", "s").status == "check_failed"


def changed_at(play: Stage) -> int:
    """The event behind which the file is changed and nothing is said of it."""
    trial = play.engine(session_id="trial", max_turns=2)
    trial.run_turn("change it")
    trial.close()
    (play.root / "app.py").write_text(GOOD)
    changes = [r.seq for r in play.events if isinstance(r.event, ev.ToolFinished)]
    return changes[-1]


def test_a_second_look_at_unchanged_files_is_no_second_failure_of_the_step(stage: Staging) -> None:
    step = {
        "id": "1",
        "intent": "Write ok into state.txt.",
        "done_when": {"path": "state.txt", "predicate": "contains", "text": "ok"},
    }
    play = stage(
        {
            "big": [plan(step)],
            "mid": [
                write("state.txt", "OK\n"),
                notes(mark("1")),
                finish("Wrote state.txt."),
                write("state.txt", "ok\n"),
                finish("Wrote state.txt."),
            ],
        }
    )
    assert play.run("write it").status == "done"
    assert [event.reason for event in play.of(ev.PlanMade)] == ["session_start"]
    assert [event.phase for event in play.of(ev.CheckFinished)] == ["done_when", "finish", "finish"]
