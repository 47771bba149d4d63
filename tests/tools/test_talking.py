from __future__ import annotations

import threading

import pytest

from burnless.core import events as ev
from burnless.core.errors import BudgetExceeded, Cancelled
from burnless.core.protocols import FinishReport, ToolOutcome
from burnless.tools.ask import NOBODY
from tests.support.tool_desk import Desk


def test_the_user_answers_a_question(desk: Desk) -> None:
    desk.approver.answer = "keep both"
    outcome = desk.call("ask", question="Which?", options=["keep both", "drop one"])
    assert outcome == ToolOutcome("The user answers: keep both")
    assert desk.approver.asked == [("Which?", ("keep both", "drop one"))]


def test_when_nobody_is_there_the_model_decides_and_notes_it(desk: Desk) -> None:
    assert desk.call("ask", question="Which?") == ToolOutcome(NOBODY)
    assert "note the decision with plan_notes" in NOBODY


def test_an_empty_answer_is_no_answer(desk: Desk) -> None:
    desk.approver.answer = " "
    assert desk.call("ask", question="Which?").text.startswith(
        "The user gave no answer. Decide yourself"
    )


@pytest.mark.parametrize("tool", ["ask", "consult"])
def test_an_empty_question_is_not_asked(desk: Desk, tool: str) -> None:
    outcome = desk.call(tool, question=" ")
    assert outcome.is_error
    assert outcome.text.startswith("Not asked: question is empty.")


def test_advice_is_given_counted_and_logged(desk: Desk) -> None:
    assert desk.call("consult", question="A or B?") == ToolOutcome(
        "advice on: A or B?\n[1 consultations left]",
        events=(ev.Consulted("A or B?", "advice on: A or B?"),),
    )
    assert desk.session.consults == 1


def test_beyond_the_cap_a_consultation_is_refused_with_the_reason(desk: Desk) -> None:
    desk.call("consult", question="1")
    desk.call("consult", question="2")
    assert desk.call("consult", question="3") == ToolOutcome(
        "Not asked: the 2 consultations of this session are used up. Decide yourself, note the "
        "decision with plan_notes, or finish as blocked and say why.",
        is_error=True,
    )


def test_consultations_side_by_side_do_not_pass_the_cap(desk: Desk) -> None:
    outcomes: list[ToolOutcome] = []
    tool = desk.tool("consult")
    threads = [
        threading.Thread(target=lambda: outcomes.append(tool.run({"question": "?"}, desk.context)))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.is_error for outcome in outcomes) == [False, False, True, True, True]


def test_a_planner_that_cannot_be_asked_costs_no_consultation(desk: Desk) -> None:
    def too_dear(question: str) -> str:
        raise BudgetExceeded("the task's limit of $1.00 would be crossed")

    desk.advisor.advice = too_dear
    for _ in range(3):
        assert desk.call("consult", question="A?") == ToolOutcome(
            "The planner could not be asked: the task's limit of $1.00 would be crossed. Decide "
            "yourself, note the decision with plan_notes, or finish as blocked and say why.",
            is_error=True,
        )


def test_a_cancelled_consultation_ends_the_call(desk: Desk) -> None:
    def interrupted(question: str) -> str:
        raise Cancelled("interrupted")

    desk.advisor.advice = interrupted
    with pytest.raises(Cancelled):
        desk.call("consult", question="A?")


def test_the_report_names_files_as_the_journal_does(desk: Desk) -> None:
    desk.put("src/a.py", "x\n")
    (desk.root / "link.py").symlink_to("src/a.py")
    outcome = desk.call(
        "finish",
        status="done",
        summary=" Split the parser. ",
        files=[{"path": "./src/a.py", "bytes": 2}, {"path": "link.py"}, {"path": "/etc/hosts"}],
        deleted=["src/../old.py", "link.py"],
        commands=["pytest -q"],
    )
    assert outcome == ToolOutcome(
        "Reported. It is compared with what was done; what does not hold comes back.",
        finish=FinishReport(
            "done",
            "Split the parser.",
            (("src/a.py", 2), ("src/a.py", None), ("/etc/hosts", None)),
            ("old.py", "link.py"),
            ("pytest -q",),
        ),
    )


def test_blocked_needs_no_proof_but_words(desk: Desk) -> None:
    report = desk.call("finish", status="blocked", summary="no network").finish
    assert report == FinishReport("blocked", "no network")
    outcome = desk.call("finish", status="done", summary=" ")
    assert outcome == ToolOutcome(
        "Not finished: summary is empty. Say what changed and what proves it.", is_error=True
    )
