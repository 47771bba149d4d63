from dataclasses import replace

import pytest

from burnless.core import events as ev
from burnless.core.capsule import Capsule, Quote
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    CommandOutcome,
    FileChange,
    FileSeen,
    Verdict,
)
from burnless.core.journal import JournaledAttempt, JournaledChange, JournaledCommand, JournaledNote
from burnless.core.last_reply import last_assistant
from burnless.core.messages import (
    AssistantMessage,
    Notice,
    Role,
    StopReason,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.core.outcome import Spend
from burnless.core.plan import Plan, Step, StepStatus
from burnless.core.session import Session
from burnless.core.turn import ToolSignature
from burnless.core.usage import Usage
from tests.core.folding import fold, reply


def test_an_empty_session_knows_nothing() -> None:
    session = Session()
    assert (session.id, session.in_turn, session.turn_spend, session.total_spend) == (
        "",
        False,
        Spend(),
        Spend(),
    )
    assert last_assistant(session) is None


def test_the_newest_reply_is_found_behind_later_messages() -> None:
    session = fold([reply(text="old"), reply(text="new"), ev.NoticeGiven("n", "k")])
    assert last_assistant(session) == reply(text="new").message


def test_notices_and_prompts_wait_until_no_call_is_open() -> None:
    session = fold(
        [
            ev.PromptReceived("go", 1),
            reply("a", "b"),
            ev.NoticeGiven("first", "budget"),
            ev.ToolFinished("b", "read", "B"),
            ev.PromptReceived("also this", 2),
            ev.ToolFinished("a", "read", "A"),
            ev.NoticeGiven("second", "budget"),
        ]
    )
    assert [m for m in session.messages if not isinstance(m, AssistantMessage)] == [
        UserMessage("go"),
        ToolResult("b", "B"),
        ToolResult("a", "A"),
        Notice("first"),
        UserMessage("also this"),
        Notice("second"),
    ]


def test_a_result_nobody_called_for_reaches_the_journal_but_not_the_prompt() -> None:
    session = fold([ev.ToolFinished("x", "planner.read", "t", seen=(FileSeen("a", "h"),))])
    assert (session.tail, session.known_files) == ([], {"a": "h"})


def test_side_calls_are_paid_but_never_enter_the_conversation() -> None:
    usage = Usage(fresh=5)
    session = fold(
        [
            ev.PromptReceived("go", 1),
            reply("x", role=Role.PLANNER, purpose="planning", usage=usage, cost=7),
            reply("y", purpose="delegate", usage=usage, cost=1),
        ]
    )
    assert session.messages == [UserMessage("go")]
    assert session.open_calls == {}
    assert session.spend == {
        Role.PLANNER: Spend(1, usage, 7),
        Role.EXECUTOR: Spend(1, usage, 1),
    }
    assert session.turn_spend == Spend(2, Usage(fresh=10), 8)


def test_unknown_and_included_costs_are_kept_apart_from_what_is_owed() -> None:
    session = fold([reply(cost=None), reply(cost=9, included=True), reply(cost=4)])
    assert session.total_spend == Spend(calls=3, cost=4, included=9, unknown=1)


def test_an_estimate_that_costs_something_is_counted_as_one() -> None:
    told = [replace(reply(cost=cost), estimated=True) for cost in (4, 0)]
    session = fold([*told, reply(cost=1)])
    assert session.total_spend == Spend(calls=3, cost=5, estimated=1)


def test_the_context_is_measured_by_usage_and_by_the_estimate_where_there_is_none() -> None:
    session = fold(
        [
            ev.CallStarted("1", Role.EXECUTOR, "silver", "m", None, 900, 50),
            reply(call="1"),
            reply(usage=Usage(fresh=100, cache_read=1_000, output=20)),
            reply(call="nobody started it"),
        ]
    )
    measured = (
        session.context_base,
        session.context_tokens,
        session.context_sum,
        session.context_calls,
    )
    assert measured == (900, 1_120, 2_000, 2)


def test_a_compaction_drops_what_came_before_and_starts_the_meter_again() -> None:
    capsule = Capsule(1, 3, (), None)
    session = fold(
        [
            ev.PromptReceived("go", 1),
            reply("a", usage=Usage(fresh=10)),
            ev.ToolFinished("a", "read", "A"),
            reply(usage=Usage(fresh=20)),
            ev.Compacted(capsule, "the capsule", 4, "asked"),
        ]
    )
    assert [entry.seq for entry in session.tail] == [4]
    assert session.head_text == "the capsule"
    assert session.compactions[0].capsule == capsule
    assert session.context_tokens == session.context_base == session.context_calls == 0
    assert session.progress_at_compaction == [session.progress]
    assert last_assistant(session) == reply().message


PLAN = Plan("g", (Step("1", "i"), Step("2", "j")))


def test_a_plan_stands_in_the_head_or_the_tail_or_waits_for_its_capsule() -> None:
    def made(placement: str) -> Session:
        return fold([ev.PlanMade(PLAN, "r", "planner", "text", placement)])

    assert (made("head").head_text, made("head").messages) == ("text", [])
    assert (made("tail").head_text, made("tail").messages) == ("", [Notice("text")])
    assert (made("capsule").head_text, made("capsule").messages) == ("", [])
    assert made("capsule").plan == PLAN


def test_a_refused_plan_leaves_what_was_before_it() -> None:
    before = ev.PlanMade(Plan("old", PLAN.steps), "r", "planner", "old text")
    empty = fold([ev.PlanMade(PLAN, "r", "planner", "text"), ev.PlanRefused()])
    assert (empty.plan, empty.head_text, empty.messages) == (None, "", [])

    tail = ev.PlanMade(PLAN, "r", "planner", "text", "tail")
    kept = fold([before, tail, ev.PlanRefused(before.plan)])
    assert (kept.plan, kept.head_text, kept.messages) == (before.plan, "old text", [])


def test_a_marked_step_changes_the_plan_and_an_unknown_one_does_not() -> None:
    plan = ev.PlanMade(PLAN, "r", "planner", "text")
    done = Step("1", "i", status=StepStatus.DONE, evidence="e9")
    session = fold([plan, ev.StepMarked("1", StepStatus.DONE, "e9")])
    assert session.plan == Plan("g", (done, PLAN.steps[1]))
    assert fold([plan, ev.StepMarked("9", StepStatus.DONE)]).plan == PLAN
    assert fold([ev.StepMarked("1", StepStatus.DONE)]).plan is None


def test_the_journal_knows_changes_commands_and_what_was_seen() -> None:
    change = FileChange("a.py", "1", "2")
    command = CommandOutcome("make", 0, "ok")
    session = fold(
        [
            ev.PromptReceived("go", 7),
            reply("a"),
            ev.ToolStarted("a", "run_command", "{}", effect=True),
            ev.ToolFinished(
                "a",
                "run_command",
                "\nboom\nmore",
                "error",
                seen=(FileSeen("b.py", "b"),),
                changes=(change,),
                command=command,
            ),
            reply("e"),
            ev.ToolFinished("e", "edit", " ", "error"),
            ev.NoteTaken("fact", "f"),
        ]
    )
    assert session.changes == [JournaledChange(4, 7, "run_command", change)]
    assert session.commands == [JournaledCommand(4, 7, command, 1)]
    assert session.notes == [JournaledNote(7, "fact", "f")]
    assert session.known_files == {"a.py": "2", "b.py": "b"}
    assert session.file_events == {"b.py": [4], "a.py": [4]}
    assert session.failures == [Quote(4, "run_command: boom"), Quote(6, "edit: failed")]
    assert session.open_effects == {}
    assert session.turn is not None
    assert list(session.turn.signatures) == [
        ToolSignature("read", "{}", "\nboom\nmore", "error"),
        ToolSignature("read", "{}", " ", "error"),
    ]
    assert session.turn.effects == 1


def test_an_interrupted_effect_without_known_changes_is_remembered_as_unseen() -> None:
    def interrupted(*changes: FileChange) -> Session:
        return fold(
            [
                reply("a"),
                ev.ToolStarted("a", "run_command", "{}", effect=True),
                ev.ToolFinished("a", "run_command", "?", "interrupted", changes=changes),
            ]
        )

    assert interrupted().unseen_effects == [3]
    assert interrupted(FileChange("a", "", "1")).unseen_effects == []


def test_a_workers_step_is_unseen_until_it_ended_and_its_changes_were_found() -> None:
    started = ev.WorkerStarted("1", "claude")
    change = FileChange("a.py", "", "1")
    finished = ev.WorkerFinished("1", "claude", 0, "done", (change,))
    assert fold([started]).unseen_effects == [1]
    session = fold([ev.PromptReceived("go", 1), started, finished])
    assert (session.unseen_effects, session.worker_runs) == ([], [3])
    assert session.changes == [JournaledChange(3, 1, "worker", change)]
    assert session.turn is not None
    assert (session.turn.effects, session.turn.executor_calls) == (1, 1)
    assert fold([finished]).worker_runs == [1]


def test_checks_set_the_baseline_count_failures_and_run_as_commands() -> None:
    red = CheckOutcome("pytest", 1, ("t",), "x\n1 failed\n")
    silent = CheckOutcome("make", 0)
    refused = CheckOutcome("rm", None, refused="no")
    session = fold(
        [
            ev.CheckFinished(red, "baseline"),
            ev.CheckFinished(red, "done_when", "1"),
            ev.CheckFinished(red, "done_when", "1"),
            ev.CheckFinished(silent, "after"),
            ev.CheckFinished(refused, "after"),
        ]
    )
    assert session.baseline == {"pytest": red}
    assert session.check_failures == {"1": 2}
    assert [entry.outcome for entry in session.commands] == [
        CommandOutcome("pytest", 1, "1 failed"),
        CommandOutcome("pytest", 1, "1 failed"),
        CommandOutcome("make", 0, ""),
    ]


def test_a_turn_counts_what_it_did() -> None:
    ended = ev.TurnFinished(1, "done", "s")
    session = fold(
        [
            ev.PromptReceived("go", 1),
            ev.PlanningStarted("asked"),
            ev.PlanningFailed("asked", "e"),
            ev.NoticeGiven("n", "unfinished"),
            ev.Audited(AuditReport((), Verdict.NOTHING), 1),
            ended,
        ]
    )
    turn = session.turn
    assert turn is not None
    assert (turn.plannings, turn.unfinished_notices, turn.audits, turn.over) == (1, 1, 1, ended)
    assert not session.in_turn


def test_outside_of_a_turn_the_same_events_are_taken_in() -> None:
    session = fold(
        [
            ev.PlanningStarted("asked"),
            ev.NoticeGiven("n", "unfinished"),
            ev.Audited(AuditReport((), Verdict.NOTHING), 1),
            reply("a"),
            ev.ToolStarted("a", "edit", "{}", effect=True),
            ev.ToolStarted("a", "read", "{}"),
            ev.ToolFinished("a", "edit", "ok", changes=(FileChange("a", "", "1"),)),
            ev.WorkerStarted("1", "w"),
            ev.TurnFinished(1, "done", "s"),
        ]
    )
    assert session.turn is None
    assert session.changes[0].turn == 0


def test_a_session_keeps_its_heads_pins_rules_and_places() -> None:
    prefix = ev.PrefixFixed(Role.EXECUTOR, "[]", "sys", "h")
    project = ev.ProjectFixed("text")
    session = fold(
        [
            ev.SessionStarted("id", "/old", "0.1"),
            prefix,
            project,
            ev.ModelPinned("m", "m-2026"),
            ev.ApprovalGiven("pytest", "session", "Bash(pytest *)"),
            ev.ApprovalGiven("ls", "yes", "Bash(ls *)"),
            ev.Consulted("q", "a"),
            ev.StateSnapshotted("1", "h", 3),
            ev.SessionResumed("0.2", "/new"),
            ev.SessionResumed("0.3"),
        ]
    )
    assert (session.id, session.workspace, session.burnless) == ("id", "/new", "0.3")
    assert (session.prefixes, session.project) == ({Role.EXECUTOR: prefix}, project)
    assert (session.pins, session.rules_given) == ({"m": "m-2026"}, ["Bash(pytest *)"])
    assert (session.consults, session.snapshotted_step) == (1, "1")


@pytest.mark.parametrize(
    ("event", "grows"),
    [
        (ev.NoteTaken("fact", "f"), True),
        (ev.CheckFinished(CheckOutcome("make", 0), "after"), True),
        (ev.ToolFinished("x", "edit", "", changes=(FileChange("a", "", "1"),)), True),
        (ev.NoticeGiven("n", "k"), False),
        (ev.PlanMade(PLAN, "r", "planner", "t"), False),
    ],
)
def test_progress_is_what_was_done_and_learned(event: ev.Event, grows: bool) -> None:
    assert (fold([event]).progress > 0) is grows


def test_a_look_at_a_file_is_no_command_that_ran() -> None:
    session = Session()
    looked = CheckOutcome("a.md exists", 0, looked=True)
    ran = CheckOutcome("make check", 0)
    for seq, outcome in enumerate((looked, ran), 1):
        session.apply(ev.Recorded(seq, 0.0, ev.CheckFinished(outcome, "done_when", "1")))
    assert [entry.outcome.command for entry in session.commands] == ["make check"]


def test_a_second_look_at_the_end_counts_only_where_files_changed_since_the_first() -> None:
    failed = CheckOutcome("make", 1)
    marked = ev.CheckFinished(failed, "done_when", "1")
    looked = ev.CheckFinished(failed, "finish", "1")
    changed = ev.ToolFinished("x", "edit", "", changes=(FileChange("a", "", "1"),))
    assert fold([marked, looked, looked]).check_failures == {"1": 1}
    assert fold([marked, changed, looked, looked]).check_failures == {"1": 2}
    assert fold([looked, marked]).check_failures == {"1": 2}


def test_work_that_no_audit_looked_at_is_left_for_the_next_turn() -> None:
    effect = ev.ToolStarted("a", "edit", "{}", effect=True)
    stopped = ev.TurnFinished(1, "interrupted", "")
    judged = ev.TurnFinished(1, "done", "", verdict="proven")
    answered = ev.TurnFinished(2, "answered", "", verdict="nothing_claimed")

    def left(*log: ev.Event) -> tuple[int, int]:
        session = fold([ev.PromptReceived("go", 1), effect, *log])
        return session.judged_through, session.unjudged_effects

    again = ev.PromptReceived("go on", 2)
    assert left(again) == left(stopped, again) == (0, 1)
    assert left(judged, again) == (4, 0)
    assert left(stopped, again, answered, ev.PromptReceived("so?", 3)) == (0, 1)


def test_a_command_that_was_refused_or_cut_off_is_an_attempt() -> None:
    asked = ev.CallReplied(
        "c",
        Role.EXECUTOR,
        "silver",
        "m",
        None,
        AssistantMessage(
            (
                ToolCall("a", "run_command", '{"command": "git push"}'),
                ToolCall("b", "run_command", '{"command": "make"'),
                ToolCall("d", "run_command", '["make"]'),
            )
        ),
        StopReason.TOOL_CALLS,
        None,
        0,
    )
    denied = [ev.ToolFinished(each, "run_command", "no", "denied") for each in "abd"]
    started = ev.ToolStarted("e", "run_command", '{"command": "sleep 9"}', effect=True)
    cut_off = ev.ToolFinished("e", "run_command", "", "interrupted", seconds=1.5)
    session = fold([asked, *denied, started, cut_off])
    assert session.attempts == [
        JournaledAttempt(2, "git push", "denied"),
        JournaledAttempt(6, "sleep 9", "interrupted"),
    ]
    assert session.unseen_effects == [], "snapshots saw how it ended"
