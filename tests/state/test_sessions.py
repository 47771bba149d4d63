from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core import events as ev
from burnless.core.encoding import canonical, to_json
from burnless.core.errors import InputProblem, SessionProblem
from burnless.core.messages import AssistantMessage, Role, StopReason, Text
from burnless.core.plan import Plan, Step, StepStatus
from burnless.state.layout import Layout
from burnless.state.period_spend import PeriodSpend, spend_of_period
from burnless.state.session_export import export_json, export_markdown
from burnless.state.session_ids import check_session_id, new_session_id, slug
from burnless.state.session_store import open_session, repair_session
from burnless.state.session_summary import DaySpend, SessionSummary, StepState, summarize
from burnless.state.sessions import (
    find_session,
    fork_session,
    known_workspaces,
    list_sessions,
    newest_session,
    read_session,
    remove_session,
    session_folders,
    start_session,
)
from tests.state.folders import layout_in, loaded_events, write_session
from tests.state.samples import EVENTS
from tests.support.clocks import SetClock

NOON = 1_763_812_800.0  # 2025-11-22, 12:00 UTC
DAY = 86_400.0
PLAN = Plan("goal", (Step("s1", "one"), Step("s2", "two"), Step("s3", "three")))


def started(name: str = "") -> ev.SessionStarted:
    return ev.SessionStarted("x", "/srv/app", "0.1.0", name=name)


def reply(cost: int | None, *, included: bool = False) -> ev.CallReplied:
    return ev.CallReplied(
        "c",
        Role.EXECUTOR,
        "silver",
        "a/b",
        None,
        AssistantMessage((Text("Done: `a.py`."),)),
        StopReason.END,
        None,
        cost,
        included=included,
    )


WORK: tuple[ev.Event, ...] = (
    started("login"),
    ev.PromptReceived("  refactor\n auth, please " + "x" * 500, 1),
    ev.PlanMade(PLAN, "start", "planner", "the plan"),
    ev.StepMarked("s1", StepStatus.DONE),
    ev.StepMarked("s2", StepStatus.FAILED),
    reply(2_000),
    reply(None),
    reply(5, included=True),
    ev.CallFailed("c9", Role.EXECUTOR, "silver", "a/b", "cut", cost=7),
    ev.CallFailed("c8", Role.EXECUTOR, "silver", "a/b", "529"),
    ev.TurnFinished(1, "done", "It is done."),
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return layout_in(tmp_path)


def test_a_session_at_a_glance(layout: Layout) -> None:
    folder = write_session(layout, "a", WORK, at=NOON)
    summary = summarize(folder)
    assert summary == SessionSummary(
        id="a",
        name="login",
        workspace="/srv/app",
        first_words=("refactor auth, please " + "x" * 100)[:80],
        started_at=NOON,
        updated_at=NOON + 10,
        turns=1,
        calls=5,
        cost=2_007,
        included=5,
        unknown=1,
        status="done",
        steps=(StepState("s1", "done"), StepState("s2", "failed"), StepState("s3")),
        days=(DaySpend("2025-11-22", 2_007),),
        bytes=(folder / "log.jsonl").stat().st_size,
        lines=11,
    )
    assert summary.steps_done == 1


def test_a_remembered_summary_is_counted_on_from_where_it_ended(layout: Layout) -> None:
    counted_at_once = summarize(write_session(layout, "b", [*WORK, *WORK[1:]], at=NOON))
    folder = write_session(layout, "a", WORK, at=NOON)
    summarize(folder)
    store, _ = open_session(folder, clock := SetClock(NOON + 11))
    with store:
        for event in WORK[1:]:
            store.append(event, sync=False)
            clock.seconds += 1
    assert summarize(folder) == replace(counted_at_once, id="a")
    assert summarize(folder).turns == 2


def test_a_summary_is_believed_only_as_far_as_the_log_goes(layout: Layout) -> None:
    folder = write_session(layout, "a", WORK)
    expected = summarize(folder)
    (folder / "summary.json").write_text("no json")
    assert summarize(folder) == expected
    (folder / "summary.json").write_text('{"id": 5}')
    assert summarize(folder) == expected
    (folder / "summary.json").write_text("[" * 100_000)
    assert summarize(folder) == expected
    for inside_a_line in (7, -7):
        torn = replace(expected, calls=99, bytes=inside_a_line, lines=1)
        (folder / "summary.json").write_text(canonical(to_json(torn)))
        assert summarize(folder) == expected
    (folder / "log.jsonl").write_bytes(b"")
    assert summarize(folder) == SessionSummary("a")


def test_a_summary_that_cannot_be_remembered_is_counted_again(layout: Layout) -> None:
    folder = write_session(layout, "a", WORK)
    (folder / "summary.json" / "inside").mkdir(parents=True)
    assert (summarize(folder).turns, summarize(folder).turns) == (1, 1)


def test_a_session_that_moved_knows_its_new_workspace(layout: Layout) -> None:
    moved = [started(), ev.SessionResumed("0.1.0", "/new"), ev.SessionResumed("0.1.0")]
    assert summarize(write_session(layout, "a", moved)).workspace == "/new"


def test_a_session_whose_log_went_away_is_damaged(layout: Layout) -> None:
    folder = write_session(layout, "a", WORK)
    (folder / "log.jsonl").unlink()
    assert summarize(folder).problem == "session a has no log: No such file or directory"


def test_how_a_session_stands(layout: Layout) -> None:
    write_session(layout, "empty", [])
    write_session(layout, "cut-off", WORK[:3])
    write_session(layout, "done", WORK)
    held, _ = open_session(write_session(layout, "held", WORK[:2]), SetClock())
    bad = write_session(layout, "bad", WORK[:2])
    with (bad / "log.jsonl").open("ab") as log:
        log.write(b"garbage\n")
    with held:
        status = {summary.id: summary.status for summary in list_sessions(layout)}
    assert status == {
        "empty": "empty",
        "cut-off": "interrupted",
        "done": "done",
        "held": "running",
        "bad": "damaged",
    }
    assert summarize(bad).problem.startswith("line 3 of session bad is damaged")
    repair_session(bad)
    assert summarize(bad).status == "interrupted"


def test_the_list_is_newest_first_and_knows_both_places(layout: Layout) -> None:
    write_session(layout, "old", WORK, at=NOON)
    write_session(layout, "new", WORK, at=NOON + 50)
    outside = layout.session_roots[1]
    outside.mkdir(parents=True)
    (layout.session_roots[0] / "old").rename(outside / "old")
    (layout.session_roots[0] / "not-a-session").mkdir()
    assert [summary.id for summary in list_sessions(layout)] == ["new", "old"]


def test_a_workspace_without_sessions_has_none(layout: Layout) -> None:
    assert (list_sessions(layout), newest_session(layout)) == ([], None)


def test_the_newest_session_is_the_one_written_last(layout: Layout) -> None:
    older = write_session(layout, "older", WORK)
    newer = write_session(layout, "newer", WORK)
    empty = write_session(layout, "empty", [])
    for second, folder in enumerate((newer, older, empty)):
        os.utime(folder / "log.jsonl", (second, second))
    assert newest_session(layout) == older


def test_a_session_is_found_by_id_name_or_unique_prefix(layout: Layout) -> None:
    first = write_session(layout, "20261122-auth-7f3a", WORK)
    second = write_session(layout, "20261122-bill-0001", [started("money")])
    assert find_session(layout, "20261122-auth-7f3a") == first
    assert find_session(layout, "20261122-a") == first
    assert find_session(layout, "money") == second
    with pytest.raises(InputProblem) as raised:
        find_session(layout, "2026")
    assert str(raised.value) == (
        "'2026' may be any of 2 sessions: 20261122-auth-7f3a, 20261122-bill-0001"
    )
    for wanted in ("nothing", "", "../20261122-auth-7f3a"):
        with pytest.raises(InputProblem, match="there is no session"):
            find_session(layout, wanted)


def test_an_exact_id_beats_a_longer_one_that_starts_like_it(layout: Layout) -> None:
    short = write_session(layout, "auth", WORK)
    write_session(layout, "auth-2", WORK)
    assert find_session(layout, "auth") == short


def test_a_new_session_is_named_after_date_and_prompt(layout: Layout) -> None:
    with start_session(layout, SetClock(NOON), prompt="Refactor the auth module!") as store:
        assert re.fullmatch(r"20251122-refactor-the-auth-module-[0-9a-f]{4}", store.folder.name)
        assert store.folder.parent == layout.session_roots[0]


@given(st.text())
def test_any_prompt_gives_a_name_that_can_be_a_folder(prompt: str) -> None:
    assert check_session_id(new_session_id(prompt, NOON))
    assert len(slug(prompt)) <= 24


def test_a_slug_keeps_whole_words_in_plain_letters() -> None:
    assert [
        slug(text) for text in ("Überprüfe den Zähler", "日本語", "a" * 40, "x " + "a" * 40)
    ] == [
        "uberprufe-den-zahler",
        "",
        "a" * 24,
        "x",
    ]


@pytest.mark.parametrize("wanted", ["", "../x", "a/b", ".hidden", "-x", "a b", "x" * 101, "a\n"])
def test_an_id_that_cannot_be_a_folder_is_refused(wanted: str) -> None:
    with pytest.raises(InputProblem, match="cannot be a session's ID"):
        check_session_id(wanted)


def test_a_given_id_is_used_as_it_is_and_only_once(layout: Layout) -> None:
    start_session(layout, SetClock(), session_id="auth-refactor-2026").close()
    with pytest.raises(InputProblem) as raised:
        start_session(layout, SetClock(), session_id="auth-refactor-2026")
    assert (str(raised.value), raised.value.hint) == (
        "there is a session auth-refactor-2026 already",
        "agent --resume auth-refactor-2026, or choose another ID",
    )


def test_a_fork_has_the_same_past_and_its_own_name(layout: Layout) -> None:
    source = write_session(layout, "a", [started("login"), *EVENTS[1:]], at=NOON)
    store, loaded = open_session(source, SetClock(NOON))
    with store:
        blob = store.blobs.put(b"kept")
        fork = fork_session(layout, source, SetClock(NOON + 2 * DAY), session_id="b")
    forked, copy = open_session(fork, SetClock())
    with forked:
        assert forked.blobs.get(blob) == b"kept"
    first = ev.SessionStarted("b", "/srv/app", "0.1.0", forked_from="a")
    assert copy.events == (ev.Recorded(1, NOON + 2 * DAY, first), *loaded.events[1:])


def test_a_fork_without_a_name_is_named_after_the_first_prompt(layout: Layout) -> None:
    source = write_session(layout, "a", [started(), ev.PromptReceived("fix login", 1)])
    assert re.fullmatch(
        r"\d{8}-fix-login-[0-9a-f]{4}", fork_session(layout, source, SetClock()).name
    )


def test_an_empty_session_cannot_be_forked(layout: Layout) -> None:
    with pytest.raises(InputProblem, match="session a is empty: nothing to copy"):
        fork_session(layout, write_session(layout, "a", []), SetClock())


def test_a_session_in_use_is_not_removed(layout: Layout) -> None:
    folder = write_session(layout, "a", WORK)
    store, _ = open_session(folder, SetClock())
    with store, pytest.raises(SessionProblem, match="session a is in use"):
        remove_session(folder)
    remove_session(folder)
    assert session_folders(layout) == []


def test_reading_a_session_folds_its_log_without_locking(layout: Layout) -> None:
    folder = write_session(layout, "a", WORK)
    store, _ = open_session(folder, SetClock())
    with store:
        session, loaded = read_session(folder)
    assert (session.total_spend.cost, session.seq) == (2_007, len(loaded.events))


def test_workspaces_with_sessions_are_known_once_each(tmp_path: Path, layout: Layout) -> None:
    other = Layout(tmp_path / "other \n 日", layout.user)
    other.workspace.mkdir()
    for session_layout, session_id in ((layout, "a"), (other, "b"), (layout, "c")):
        write_session(session_layout, session_id, WORK)
    with layout.user.workspaces_file.open("a") as file:
        file.write("torn\n5\n")
    assert known_workspaces(layout.user) == [layout.workspace, other.workspace]


def test_a_user_folder_that_cannot_be_written_stops_no_session(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    (tmp_path / "home").write_text("a file")
    start_session(layout, SetClock()).close()
    assert len(session_folders(layout)) == 1
    assert known_workspaces(layout.user) == []


def test_day_and_month_are_summed_over_all_workspaces(tmp_path: Path, layout: Layout) -> None:
    other = Layout(tmp_path / "other", layout.user)
    other.workspace.mkdir()
    write_session(layout, "today", [started(), reply(100), reply(None)], at=NOON)
    write_session(other, "yesterday", [started(), reply(20)], at=NOON - DAY)
    write_session(other, "last-month", [started(), reply(3)], at=NOON - 30 * DAY)
    ancient = write_session(other, "ancient", [started(), reply(1_000)], at=NOON)
    os.utime(ancient / "log.jsonl", (NOON - 40 * DAY, NOON - 40 * DAY))
    assert spend_of_period(layout.user, NOON) == PeriodSpend(today=100, month=120)


def test_what_a_fork_copied_is_counted_to_no_day_twice(layout: Layout) -> None:
    source = write_session(layout, "a", [started(), reply(100)], at=NOON)
    fork = fork_session(layout, source, clock := SetClock(NOON + 60), session_id="b")
    store, _ = open_session(fork, clock)
    with store:
        store.append(reply(7), sync=False)
    assert summarize(fork).cost == 107
    assert spend_of_period(layout.user, NOON) == PeriodSpend(today=107, month=107)


def test_the_json_export_is_the_whole_log(layout: Layout) -> None:
    session, loaded = read_session(write_session(layout, "a", EVENTS))
    exported = json.loads(export_json(session, loaded.events))
    assert (exported["session"], exported["log_version"]) == ("20261122-login-7f3a", 1)
    assert [(e["seq"], e["type"]) for e in exported["events"]] == [
        (n, type(event).__name__) for n, event in enumerate(EVENTS, start=1)
    ]
    assert exported["events"][3]["data"] == {
        "text": 'make "login" reject\nexpired tokens',
        "turn": 1,
    }


def test_the_markdown_export_reads_like_the_session(layout: Layout) -> None:
    events = [
        started("login"),
        ev.PromptReceived("fix login\nplease", 1),
        ev.PlanMade(PLAN, "start", "planner", "1. one\n2. two"),
        reply(2_000_000_000_000),
        reply(None),
        ev.ToolStarted("t", "run_command", '{"command": "cat x"}'),
        ev.ToolFinished("t", "run_command", "```\ninside\n```"),
        ev.TurnFinished(1, "done", "It is done."),
    ]
    session, loaded = read_session(write_session(layout, "a", events))
    text = export_markdown(session, loaded.events)
    assert text.split("\n\n", 2)[2] == (
        "## Turn 1\n\n> fix login\n> please\n\n"
        "### Plan (start)\n\n1. one\n2. two\n\n"
        "Done: `a.py`.\n\n"
        "Done: `a.py`.\n\n"
        '**run_command**\n\n```json\n{"command": "cat x"}\n```\n\n'
        "run_command: ok\n\n````\n```\ninside\n```\n````\n\n"
        "**Turn ended: done.** It is done.\n\n"
        "## Bill\n\n| role | calls | cost |\n| --- | --- | --- |\n"
        "| executor | 2 | $2.00 + 1 calls of unknown price |\n"
        "| total | 2 | $2.00 + 1 calls of unknown price |\n"
    )
    assert text.startswith("# Session x (login)\n\n- workspace: /srv/app\n- from 20")


def test_an_unknown_bill_is_unknown_and_an_included_one_is_said(layout: Layout) -> None:
    unknown, loaded = read_session(write_session(layout, "a", [started(), reply(None)]))
    assert "| total | 1 | unknown |" in export_markdown(unknown, loaded.events)
    flat = [started(), reply(3_000_000_000_000, included=True)]
    included, loaded = read_session(write_session(layout, "b", flat))
    text = export_markdown(included, loaded.events)
    assert "| total | 1 | $0.0000 + $3.00 included in a plan |" in text


def test_every_event_can_be_exported(layout: Layout) -> None:
    session, loaded = read_session(write_session(layout, "a", EVENTS))
    text = export_markdown(session, loaded.events)
    assert "- claimed report.txt: not found" in text
    assert loaded_events(layout.session_roots[0] / "a") == list(EVENTS)
