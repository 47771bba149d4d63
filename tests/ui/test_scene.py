from __future__ import annotations

import typing
from pathlib import Path

from burnless.core import events as ev
from burnless.core.evidence import AuditReport, CheckOutcome, CommandOutcome, Verdict
from burnless.core.messages import Role
from burnless.core.plan import Plan
from burnless.ui.lines import Style, plain_text
from burnless.ui.scene import Scene
from tests.support.golden import compare_with_golden
from tests.ui.events import DIFF, EVENTS, PLAN, REPLY

GOLDEN = Path(__file__).parent / "golden"


def told(*events: ev.Event, **how: bool) -> str:
    scene = Scene(bullet="*", **how)
    return "".join(plain_text(scene.lines(event)) for event in events)


def test_the_table_has_every_kind_of_event() -> None:
    assert {type(event) for event in EVENTS} == set(typing.get_args(ev.Event))


def test_every_event_is_told_as_written_down() -> None:
    rows = []
    scene = Scene(bullet="*", verbose=True, prose=True)
    for event in EVENTS:
        rows.append(f"[{type(event).__name__}]\n{plain_text(scene.lines(event))}")
    compare_with_golden(GOLDEN / "scene.txt", "".join(rows))


def test_model_calls_are_told_only_when_asked_for() -> None:
    assert told(REPLY) == "2 reasoning blocks of another model family were not sent\n"
    assert "12,345" not in told(REPLY)
    assert "claude-sonnet-5-5-20261001" in told(REPLY, verbose=True)


def test_the_target_of_a_call_comes_from_the_reply_that_asked_for_it() -> None:
    finished = ev.ToolFinished("t1", "read", "1 line", seconds=0.05)
    assert told(REPLY, finished).splitlines()[-1] == "* read till.py"


def test_arguments_that_are_no_json_are_shown_as_they_are() -> None:
    finished = ev.ToolFinished("t2", "read", "not JSON", outcome="error")
    assert "* read {broken  failed" in told(REPLY, finished)


def test_a_failing_command_shows_the_end_of_its_output() -> None:
    output = "\n".join(f"line {number}" for number in range(50))
    failed = ev.ToolFinished(
        "x", "run_command", output, command=CommandOutcome("make", 2), seconds=3.0
    )
    assert told(failed).splitlines() == [
        "* run_command   3.0s  exit 2",
        *(f"    line {number}" for number in range(45, 50)),
    ]


def test_a_command_that_ran_out_of_time_says_so() -> None:
    late = ev.ToolFinished(
        "x", "run_command", "", command=CommandOutcome("m", None, timed_out=True)
    )
    assert told(late) == "* run_command   timed out\n"


def test_a_long_diff_is_folded_and_kept_whole_for_later() -> None:
    long = "@@ -1 +1 @@\n" + "".join(f"+line {number}\n" for number in range(100))
    scene = Scene(bullet="*")
    lines = scene.lines(ev.ToolFinished("x", "edit", "ok", display=long))
    assert lines[-1].text == "  … 61 more lines (/diff shows all)"
    assert len(lines) == 42
    assert scene.diffs == [long]


def test_a_diff_is_coloured_by_what_each_line_is() -> None:
    lines = Scene(bullet="*").lines(ev.ToolFinished("x", "edit", "ok", display=DIFF))
    assert [each.spans[0].style for each in lines[1:]] == [
        Style.STRONG,
        Style.STRONG,
        Style.HUNK,
        Style.REMOVED,
        Style.ADDED,
        Style.DIM,
    ]


def test_a_fallback_plan_is_said_to_be_one() -> None:
    plan = Plan("fix it", PLAN.steps[1:2])
    text = told(ev.PlanMade(plan, "session_start", "fallback", ""))
    assert text.splitlines()[-1] == "  no plan came back: this is a fallback"


def test_checks_are_told_by_how_they_ended() -> None:
    ended = (
        CheckOutcome("a", 0),
        CheckOutcome("b", None),
        CheckOutcome("c", None, refused="not permitted"),
    )
    assert told(*(ev.CheckFinished(each, "done_when") for each in ended)).splitlines() == [
        "check `a`: passed",
        "check `b`: timed out",
        "check `c`: not run, not permitted",
    ]


def test_a_refusal_is_told_up_to_the_rule_that_would_allow_it() -> None:
    why = f'not known to be harmless. {"Do without it. " * 15}Allow it with --allowedTools "X".'
    denied = ev.ToolFinished("x", "run_command", why, outcome="denied")
    assert told(denied).splitlines() == ["* run_command   not permitted", f"    {why}"]


ANSWERED = (
    ev.PromptReceived("what is it?", 1),
    ev.Audited(AuditReport((), Verdict.NOTHING), 0),
    ev.TurnFinished(1, "answered", "A till."),
)


def test_an_answer_without_claims_and_effects_needs_no_verdict() -> None:
    assert told(*ANSWERED) == ""
    assert told(*ANSWERED, ANSWERED[1]) == "Audit nothing claimed\n"


def test_a_turn_with_an_effect_says_that_nothing_was_claimed_of_it() -> None:
    effect = ev.ToolStarted("t1", "write", "{}", effect=True)
    assert told(ANSWERED[0], effect, ANSWERED[1]) == "Audit nothing claimed\n"


def test_a_diff_that_a_question_showed_is_not_shown_again() -> None:
    scene = Scene(bullet="*")
    edited = ev.ToolFinished("x", "edit", "ok", display=DIFF)
    scene.asked(DIFF)
    assert [each.text for each in scene.lines(edited)] == ["* edit "]
    assert len(scene.lines(edited)) > 1
    assert scene.diffs == [DIFF, DIFF]


def test_people_are_not_told_the_names_of_exceptions() -> None:
    failed = ev.CallFailed("c1", Role.EXECUTOR, "silver", "a/b", "Temporary: 529: overloaded")
    assert told(failed) == "executor call failed: 529: overloaded\n"


def test_a_notice_is_its_first_row_and_does_not_end_in_a_colon() -> None:
    notice = ev.NoticeGiven("Step s3 is not done, its check failed:\nAssertionError", "check")
    assert told(notice) == "notice: Step s3 is not done, its check failed\n"
    assert told(ev.NoticeGiven("The user asks to keep this in mind: x", "focus")) == ""
