from __future__ import annotations

import os
import resource
import secrets
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.errors import InputProblem, SessionProblem
from burnless.core.messages import AssistantMessage, Role, StopReason, Text, ToolCall
from burnless.state.append_file import AppendFile
from burnless.state.log_file import LoadedLog, load_log
from burnless.state.session_store import is_in_use, open_session, repair_session
from tests.state.folders import layout_in, loaded_events, write_session
from tests.state.samples import EVENTS
from tests.support.clocks import SetClock

ROOT = Path(__file__).parent.parent.parent


def note(text: str) -> ev.NoteTaken:
    return ev.NoteTaken("fact", text)


def test_events_come_back_by_number_in_any_order(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS)
    store, loaded = open_session(folder, SetClock(7.0))
    with store:
        added = store.append(note("later"), sync=True)
        assert added == ev.Recorded(len(EVENTS) + 1, 7.0, note("later"))
        found = [store.read(seq) for seq in range(added.seq, 0, -1)]
    assert found == [added, *reversed(loaded.events)]


def test_an_event_that_is_not_there_says_which_are(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:2])
    store, _ = open_session(folder, SetClock())
    with store:
        for seq in (0, 3, -1):
            with pytest.raises(InputProblem) as raised:
                store.read(seq)
            assert str(raised.value) == f"there is no event {seq}: the session has events 1 to 2"


def test_a_torn_tail_is_cut_off_so_that_nothing_glues_itself_to_it(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:3])
    with (folder / "log.jsonl").open("ab") as log:
        log.write(b'{"seq":4,"type":"Note')
    store, loaded = open_session(folder, SetClock())
    with store:
        store.append(note("after"), sync=True)
    assert loaded.dropped_tail_bytes == 21
    assert loaded_events(folder) == [*EVENTS[:3], note("after")]


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", [])
    acknowledged = 0
    for _ in range(6):
        wanted = acknowledged + 1 + secrets.randbelow(60)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.state.appender", str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            for line in child.stdout:
                acknowledged = int(line)
                if acknowledged >= wanted:
                    break
            child.kill()
            rest = child.stdout.read().splitlines()
            acknowledged = max([acknowledged, *map(int, rest[:-1])])
        numbers = [recorded.seq for recorded in load_log(folder / "log.jsonl").events]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= acknowledged


def test_a_second_process_is_told_who_holds_the_session(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "busy", EVENTS[:1])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.state.appender", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(SessionProblem) as raised:
            open_session(folder, SetClock())
        assert is_in_use(folder)
        child.kill()
    assert (str(raised.value), raised.value.hint) == (
        f"session busy is in use by process {child.pid}",
        "end that one first, or work on a copy: agent --resume busy --fork-session",
    )
    assert not is_in_use(folder)
    open_session(folder, SetClock())[0].close()


def test_a_lock_file_that_was_left_behind_holds_nothing(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:1])
    (folder / "lock").write_text(f"{os.getppid()}\n")
    assert loaded_events(folder) == list(EVENTS[:1])


def test_the_same_process_cannot_hold_a_session_twice_but_again_after_closing(
    tmp_path: Path,
) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:1])
    store, _ = open_session(folder, SetClock())
    with pytest.raises(SessionProblem, match=f"in use by process {os.getpid()}"):
        open_session(folder, SetClock())
    store.close()
    store.close()
    assert loaded_events(folder) == list(EVENTS[:1])


def test_a_damaged_log_does_not_keep_the_lock(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:2])
    (folder / "log.jsonl").write_bytes(b"garbage\n")
    for _ in range(2):
        with pytest.raises(SessionProblem, match="line 1 of session a is damaged"):
            open_session(folder, SetClock())
    assert repair_session(folder).cut_lines == 1
    assert loaded_events(folder) == []


def test_a_session_in_use_is_not_repaired(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:2])
    store, _ = open_session(folder, SetClock())
    with store, pytest.raises(SessionProblem, match="in use"):
        repair_session(folder)


def test_a_full_disk_is_said_and_the_session_stays_whole(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:2])
    before = (folder / "log.jsonl").read_bytes()
    store, _ = open_session(folder, SetClock())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
    try:
        with pytest.raises(SessionProblem) as raised:
            store.append(note("x" * 500), sync=True)
        with pytest.raises(SessionProblem):
            store.append(note("x" * 600), sync=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(raised.value) == (
        "the session's log cannot be written: only 100 of 607 bytes fitted"
    )
    assert raised.value.hint == (
        "free disk space or fix the disk, then `agent --resume` the session"
    )
    assert (folder / "log.jsonl").read_bytes() == before
    with store:
        store.append(note("room again"), sync=True)
    assert loaded_events(folder) == [*EVENTS[:2], note("room again")]


def test_a_repair_that_has_no_room_for_the_backup_cuts_nothing(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:2])
    with (folder / "log.jsonl").open("ab") as log:
        log.write(b"garbage\n")
    before = (folder / "log.jsonl").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(SessionProblem, match="session a cannot be repaired"):
            repair_session(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (folder / "log.jsonl").read_bytes() == before


def test_a_write_that_is_refused_is_said(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.touch()
    file = AppendFile(os.open(path, os.O_RDONLY), 0)
    with pytest.raises(SessionProblem, match="cannot be written: Bad file descriptor"):
        file.append(b"line\n", sync=True)
    assert file.size == 0
    file.close()


def test_after_a_sync_that_failed_nothing_more_is_taken() -> None:
    reader, writer = os.pipe()
    file = AppendFile(writer, 0)
    for line in (b"one\n", b"two\n"):
        with pytest.raises(SessionProblem, match="cannot be written"):
            file.append(line, sync=True)
    file.close()
    assert os.read(reader, 100) == b"one\n"
    os.close(reader)


def test_half_a_line_that_cannot_be_taken_back_ends_the_writing() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    file = AppendFile(writer, 0)
    with pytest.raises(SessionProblem, match="bytes fitted"):
        file.append(b"x" * 10_000_000, sync=False)
    os.read(reader, 10_000_000)
    with pytest.raises(SessionProblem, match="cannot be written"):
        file.append(b"small\n", sync=False)
    file.close()
    os.close(reader)


def test_threads_never_share_a_number(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", [])
    store, _ = open_session(folder, SetClock())

    def append_some() -> None:
        for number in range(50):
            store.append(note(str(number)), sync=False)

    threads = [threading.Thread(target=append_some) for _ in range(4)]
    with store:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(loaded_events(folder)) == 200


def reply(text: str, *calls: ToolCall) -> ev.CallReplied:
    message = AssistantMessage((Text(text), *calls))
    return ev.CallReplied(
        "c", Role.EXECUTOR, "silver", "a/b", None, message, StopReason.END, None, 0
    )


def test_search_finds_the_newest_first_whatever_the_case(tmp_path: Path) -> None:
    events = [
        ev.PrefixFixed(Role.EXECUTOR, "[]", "Mind the Leeway.", "h"),
        ev.PromptReceived("What LEEWAY do we allow?", 1),
        reply("nothing of it"),
        reply("The leeway is 30 seconds."),
        ev.ToolFinished("c1", "read", "LEEWAY = 30\n"),
    ]
    folder = write_session(layout_in(tmp_path), "a", events)
    store, loaded = open_session(folder, SetClock())
    with store:
        assert store.search("leeway", 9) == [loaded.events[n] for n in (4, 3, 1)]
        assert store.search("leeway", 1) == [loaded.events[4]]
        assert store.search("leeway", 0) == store.search("", 9) == store.search("absent", 9) == []


def test_search_reads_through_json_and_finds_no_escape_characters(tmp_path: Path) -> None:
    events = [note('say "grüße"\nnow'), note("tab\there"), note("plain now")]
    folder = write_session(layout_in(tmp_path), "a", events)
    store, loaded = open_session(folder, SetClock())
    with store:
        assert store.search('"GRÜSSE"\nnow', 9) == [loaded.events[0]]
        assert store.search("nnow", 9) == []
        assert store.search("kind", 9) == []


def test_search_does_not_find_itself(tmp_path: Path) -> None:
    query = ToolCall("r1", "recall", canonical({"search": "needle"}))
    events = [
        note("needle one"),
        reply("let me look", query),
        ev.ToolStarted("r1", "recall", query.arguments),
        ev.ToolFinished("r1", "recall", "e1: needle one"),
    ]
    folder = write_session(layout_in(tmp_path), "a", events)
    store, loaded = open_session(folder, SetClock())
    with store:
        assert store.search("needle", 9) == [loaded.events[0]]


def test_a_view_replaces_the_one_before_and_stays_in_the_folder(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", [])
    store, _ = open_session(folder, SetClock())
    with store:
        store.write_view("capsules/1.json", "old, and longer")
        store.write_view("capsules/1.json", "new")
        assert [p.name for p in (folder / "capsules").iterdir()] == ["1.json"]
        assert (folder / "capsules" / "1.json").read_text() == "new"
        with pytest.raises(InputProblem, match="cannot be outside the session"):
            store.write_view("../x", "")
        (folder / "plan.md").mkdir()
        (folder / "plan.md" / "inside").touch()
        with pytest.raises(SessionProblem, match="cannot write"):
            store.write_view("plan.md", "text")


def test_a_session_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(SessionProblem, match="session gone cannot be opened for writing"):
        open_session(tmp_path / "gone", SetClock())


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "log.jsonl").symlink_to(tmp_path / "nowhere" / "log.jsonl")
    with pytest.raises(SessionProblem, match="session s cannot be opened for writing"):
        open_session(folder, SetClock())


def test_a_log_changed_under_a_running_session_is_noticed(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", EVENTS[:3])
    store, _ = open_session(folder, SetClock())
    with store:
        (folder / "log.jsonl").write_bytes(b"x" * 5_000)
        with pytest.raises(SessionProblem, match="changed under a running session"):
            store.read(2)


def test_an_empty_log_is_a_session_without_events(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", [])
    store, loaded = open_session(folder, SetClock())
    store.close()
    assert loaded == LoadedLog((), (), 0)


def test_the_blobs_of_a_session_lie_in_its_folder(tmp_path: Path) -> None:
    folder = write_session(layout_in(tmp_path), "a", [])
    store, _ = open_session(folder, SetClock())
    with store:
        name = store.blobs.put(b"bytes")
    assert (folder / "blobs" / name[:2] / name[2:]).read_bytes() == b"bytes"
