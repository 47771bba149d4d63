from __future__ import annotations

import pytest

from burnless.cli.demo.loopback import ScriptedError, ScriptedReply
from burnless.core import events as ev
from burnless.core.evidence import FindingKind, Verdict
from tests.agent.conftest import Staging
from tests.support.play import (
    WIRES,
    blocked,
    call,
    calls,
    finish,
    mark,
    notes,
    plan,
    run,
    text,
    write,
)
from tests.support.wire_views import said

NO_PLANNER = "planner: {when: never}"
TEST_FILE = (
    "import unittest\nfrom app import double\n\n\nclass DoubleTest(unittest.TestCase):\n"
    "    def test_two(self):\n        self.assertEqual(double(2), 4)\n\n"
    "    def test_three(self):\n        self.assertEqual(double(3), 6)\n\n\n"
    "if __name__ == '__main__':\n    unittest.main()\n"
)
CHECK = "python -m unittest -q test_app"
CHECKS = f'{NO_PLANNER}\nchecks: ["{CHECK}"]'
GOOD = "def double(value):\n    return value * 2\n"
BAD = "def double(value):\n    return value * value\n"
WORSE = "def double(value):\n    return value - 1\n"

LIES = finish(
    "Wrote report.txt (1200 bytes) and ran the tests: all pass.",
    files=[{"path": "report.txt", "bytes": 1200}],
    commands=[CHECK],
)


@pytest.mark.parametrize("wire", WIRES)
def test_the_liar_ends_in_exit_3_with_both_lies_named(stage: Staging, wire: str) -> None:
    play = stage(
        {"big": [plan("Write report.txt and run the tests."), text("Do it.")], "mid": [LIES] * 4},
        wire=wire,
        files={"app.py": GOOD, "test_app.py": TEST_FILE},
    )
    result = play.run("write report.txt and run the tests")

    assert (result.status, result.verdict, result.exit_code) == ("contradicted", "contradicted", 3)
    named = [finding.text for finding in result.findings if finding.verdict is Verdict.CONTRADICTED]
    assert named == [
        "claimed report.txt: not found",
        f"claimed `{CHECK}` ran: no such run in the log",
    ]
    kinds = {f.kind for f in result.findings if f.verdict is Verdict.CONTRADICTED}
    assert {FindingKind.MISSING, FindingKind.NOT_RUN} <= kinds
    assert all(line in result.reason for line in named)


@pytest.mark.parametrize("wire", WIRES)
def test_its_honest_twin_ends_proven_and_in_exit_0(stage: Staging, wire: str) -> None:
    play = stage(
        {
            "big": [plan("Write report.txt and run the tests.")],
            "mid": [write("report.txt", "r" * 1200), run(CHECK), LIES],
        },
        wire=wire,
        files={"app.py": GOOD, "test_app.py": TEST_FILE},
        allowed_tools=("Bash(python -m unittest *)",),
    )
    result = play.run("write report.txt and run the tests")

    assert (result.status, result.verdict, result.exit_code) == ("done", "proven", 0)
    assert {finding.verdict for finding in result.findings} == {Verdict.PROVEN}


@pytest.mark.parametrize(
    ("claims", "kind"),
    [
        ({"files": [{"path": "a.txt", "bytes": 999}]}, FindingKind.WRONG_SIZE),
        ({"files": [{"path": "README.md"}]}, FindingKind.UNCHANGED),
        ({"deleted": ["README.md"]}, FindingKind.STILL_THERE),
        ({"files": [{"path": "b.txt"}]}, FindingKind.MISSING),
        ({"commands": ["pytest -q"]}, FindingKind.NOT_RUN),
    ],
)
def test_each_kind_of_lie_is_found(
    stage: Staging, claims: dict[str, object], kind: FindingKind
) -> None:
    play = stage(
        {"mid": [write("a.txt", "12345"), finish("Done.", **claims)]},
        config=f"{NO_PLANNER}\naudit: {{returns: 0}}",
    )
    result = play.run("write it")
    assert result.exit_code == 3
    assert [f.kind for f in result.findings if f.verdict is Verdict.CONTRADICTED] == [kind]


@pytest.mark.parametrize("returns", [0, 1, 2, 6])
def test_a_contradicted_report_goes_back_n_times_then_to_the_planner_once_then_it_stands(
    stage: Staging, returns: int
) -> None:
    play = stage(
        {
            "big": [plan("Write report.txt."), text("Really write it.")],
            "mid": [LIES] * (returns + 2),
        },
        config=f"audit: {{returns: {returns}}}",
    )
    result = play.run("write report.txt")

    assert (result.status, result.exit_code) == ("contradicted", 3)
    assert [event.attempt for event in play.of(ev.Audited)] == list(range(1, returns + 3))
    assert len(play.of(ev.Consulted)) == 1
    bodies = play.asked("mid")
    told = [said(body).count("does not hold against the disk") for body in bodies]
    assert told == list(range(returns + 2))
    assert "Advice: Really write it." in said(bodies[-1])
    assert "claimed report.txt: not found" in said(bodies[-1])


def test_a_contradicted_report_that_is_put_right_ends_well(stage: Staging) -> None:
    play = stage(
        {"mid": [LIES, write("report.txt", "r" * 10), finish("Wrote report.txt, 10 bytes.")]},
        config=NO_PLANNER,
    )
    result = play.run("write report.txt")
    assert (result.status, result.verdict, result.exit_code) == ("done", "proven", 0)


def test_a_contradiction_stands_where_the_planner_cannot_be_asked(stage: Staging) -> None:
    refused = ScriptedReply(error=ScriptedError(400, {"error": {"message": "odd"}}))
    play = stage(
        {"big": [plan("Write report.txt."), refused], "mid": [LIES]},
        config="audit: {returns: 0}",
    )
    assert play.run("write report.txt").exit_code == 3


def test_a_lie_in_prose_is_a_lie_too(stage: Staging) -> None:
    play = stage(
        {"mid": [text("I created report.txt and ran `pytest -q`; all tests pass.")] * 4},
        config=f"{NO_PLANNER}\naudit: {{returns: 0}}",
    )
    result = play.run("create report.txt")
    assert result.exit_code == 3
    assert "claimed report.txt: not found" in [finding.text for finding in result.findings]


def test_an_answer_that_claims_nothing_is_no_claim(stage: Staging) -> None:
    play = stage({"mid": [text("It doubles its value.")]}, config=NO_PLANNER)
    result = play.run("what does it do?")
    assert (result.status, result.verdict, result.exit_code) == ("answered", "nothing_claimed", 0)


def edit_app(content: str) -> list[ScriptedReply]:
    return [calls(call("read", paths=[{"path": "app.py"}])), write("app.py", content)]


def test_a_repository_that_was_red_before_is_judged_by_new_failures_only(stage: Staging) -> None:
    play = stage(
        {"mid": [write("notes.txt"), finish("Wrote notes.txt.")]},
        files={"app.py": BAD, "test_app.py": TEST_FILE},
        config=CHECKS,
    )
    result = play.run("write notes.txt")

    assert (result.status, result.exit_code) == ("done", 0)
    baseline = [event.outcome for event in play.of(ev.CheckFinished) if event.phase == "baseline"]
    assert [len(outcome.failures) for outcome in baseline] == [1]
    assert play.kinds.index("CheckFinished") < play.kinds.index("ToolStarted")


def test_a_check_that_newly_fails_ends_in_exit_3(stage: Staging) -> None:
    play = stage(
        {"mid": [*edit_app(WORSE), *[finish("Changed app.py.")] * 4]},
        files={"app.py": BAD, "test_app.py": TEST_FILE},
        config=f"{CHECKS}\naudit: {{returns: 1}}",
    )
    result = play.run("change app.py")

    assert (result.status, result.exit_code) == ("check_failed", 3)
    (finding,) = [f for f in result.findings if f.verdict is Verdict.CONTRADICTED]
    assert "test_two" in finding.text
    assert "test_three" not in finding.text
    phases = [event.phase for event in play.of(ev.CheckFinished)]
    assert phases == ["baseline", "after", "again", "after", "again"]


def test_a_check_that_was_mended_is_proven(stage: Staging) -> None:
    play = stage(
        {"mid": [*edit_app(GOOD), finish("Changed app.py.")]},
        files={"app.py": BAD, "test_app.py": TEST_FILE},
        config=CHECKS,
    )
    result = play.run("change app.py")
    assert (result.status, result.verdict) == ("done", "proven")
    assert f"check `{CHECK}` passes" in [finding.text for finding in result.findings]


def test_checks_run_only_where_the_turn_changed_files(stage: Staging) -> None:
    play = stage(
        {"mid": [calls(call("read", paths=[{"path": "app.py"}])), finish("Read it.")]},
        files={"app.py": BAD, "test_app.py": TEST_FILE},
        config=CHECKS,
    )
    play.run("read app.py")
    assert play.of(ev.CheckFinished) == []


def test_a_proof_older_than_the_last_edit_is_run_again_instead_of_scolded(stage: Staging) -> None:
    play = stage(
        {
            "mid": [
                run(CHECK),
                *edit_app(GOOD + "\n\ndef triple(value):\n    return value * 3\n"),
                finish("Added triple to app.py; the tests pass.", commands=[CHECK]),
            ]
        },
        files={"app.py": GOOD, "test_app.py": TEST_FILE},
        config=NO_PLANNER,
        allowed_tools=("Bash(python -m unittest *)",),
    )
    result = play.run("add triple")

    assert (result.status, result.verdict) == ("done", "proven")
    assert [event.outcome.command for event in play.of(ev.CheckFinished)] == [CHECK]


def test_a_check_of_a_plan_that_may_not_run_leaves_the_step_unproven(stage: Staging) -> None:
    step = {"id": "1", "intent": "Write a.txt.", "done_when": {"command": "make prove"}}
    play = stage(
        {
            "big": [plan(step), plan(step)],
            "mid": [write("a.txt"), notes(mark("1")), finish("Wrote a.txt.")],
        }
    )
    result = play.run("write a.txt")

    assert (result.status, result.verdict, result.exit_code) == ("done", "unproven", 0)
    assert [event.outcome.refused != "" for event in play.of(ev.CheckFinished)] == [True]


def test_blocked_is_exit_1_with_the_reason(stage: Staging) -> None:
    play = stage({"mid": [blocked("I may not run make.")]}, config=NO_PLANNER)
    result = play.run("make it")
    assert (result.status, result.exit_code, result.reason) == (
        "blocked",
        1,
        "I may not run make.",
    )


def test_blocked_with_a_lie_is_exit_3(stage: Staging) -> None:
    lie = calls(
        call(
            "finish",
            status="blocked",
            summary="Wrote report.txt, the rest may not be done.",
            files=[{"path": "report.txt"}],
        )
    )
    play = stage({"mid": [lie]}, config=NO_PLANNER)
    result = play.run("make it")
    assert (result.status, result.exit_code) == ("contradicted", 3)


@pytest.mark.parametrize("wire", WIRES)
def test_prose_with_open_steps_is_told_once_and_then_incomplete(stage: Staging, wire: str) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt.", "Write b.txt.")],
            "mid": [write("a.txt"), text("That was that."), text("That was that.")],
        },
        wire=wire,
    )
    result = play.run("write both")

    assert (result.status, result.exit_code) == ("incomplete", 1)
    assert result.reason == "open steps: 1 (Write a.txt.); 2 (Write b.txt.)"
    told = ["still has open steps" in said(body) for body in play.asked("mid")]
    assert told == [False, False, True]


def test_incomplete_with_a_lie_is_exit_3(stage: Staging) -> None:
    lie = "I wrote b.txt and c.txt."
    play = stage(
        {
            "big": [plan("Write a.txt.", "Write b.txt.")],
            "mid": [write("a.txt"), text(lie), text(lie)],
        }
    )
    assert play.run("write both").exit_code == 3


@pytest.mark.parametrize("wire", WIRES)
def test_a_lie_in_prose_over_open_steps_is_told_with_its_evidence_and_on_resume(
    stage: Staging, wire: str
) -> None:
    lie = "I created report.txt with 1200 bytes and ran pytest; everything passed."
    play = stage(
        {
            "big": [plan("Write a.txt.", "Write b.txt.")],
            "mid": [write("a.txt"), text(lie), text(lie), text("Nothing more.")],
        },
        wire=wire,
    )
    result = play.run("write both", "s")
    play.run("what now?", "s")

    assert (result.status, result.exit_code) == ("contradicted", 3)
    first = [finding.text for finding in result.findings if finding.verdict == "contradicted"]
    assert len(first) > 1
    lies, _, steps = result.reason.partition("; open steps: ")
    assert (lies, steps) == ("; ".join(first), "1 (Write a.txt.); 2 (Write b.txt.)")
    told = [said(body).count("report.txt") for body in play.asked("mid")]
    assert told[1] == 0
    notices = [event for event in play.of(ev.NoticeGiven) if event.kind in {"unfinished", "audit"}]
    assert [event.kind for event in notices] == ["unfinished", "audit"]
    for place, notice in enumerate(notices, start=2):
        assert notice.text in said(play.asked("mid")[place])
        assert all(words in notice.text for words in first)
    assert "still has open steps" in notices[0].text


def test_before_done_the_planner_may_see_what_is_missing(stage: Staging) -> None:
    play = stage(
        {
            "big": [
                plan("Write a.txt."),
                calls(call("submit_plan", steps=[{"intent": "Write b.txt too."}])),
            ],
            "mid": [write("a.txt"), finish("A."), write("b.txt"), finish("A and B.")],
        },
        config="planner: {before_done: true}",
    )
    result = play.run("write it")

    assert (result.status, result.files) == ("done", ("a.txt", "b.txt"))
    assert [event.reason for event in play.of(ev.PlanMade)] == ["session_start", "before_done"]


def test_the_state_before_each_step_is_hashed_and_the_same_tree_has_the_same_hash(
    stage: Staging,
) -> None:
    work = [
        write("a.txt", "a\n"),
        notes(mark("1")),
        run("rm a.txt"),
        notes(mark("2")),
        write("b.txt", "b\n"),
        notes(mark("3")),
        finish("Wrote b.txt."),
    ]
    play = stage(
        {"big": [plan("Write.", "Remove.", "Write."), plan("Write.")], "mid": [*work, *work]},
        allowed_tools=("Bash(rm *)",),
    )
    play.run("write, remove, write")

    taken = play.of(ev.StateSnapshotted)
    assert [event.step for event in taken] == ["1", "2", "3"]
    first, second, third = (event.sha256 for event in taken)
    assert first == third
    assert first != second
