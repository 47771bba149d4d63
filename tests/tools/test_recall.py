from __future__ import annotations

import pytest

from burnless.core import events as ev
from burnless.core.capsule import Capsule
from burnless.core.evidence import CheckOutcome, CommandOutcome, FileChange
from burnless.core.messages import AssistantMessage, Role, StopReason, Text, ToolCall
from burnless.core.plan import Plan, StepStatus
from burnless.core.protocols import ToolOutcome
from burnless.core.settings import Limits
from tests.support.tool_desk import Desk

EVENTS: list[tuple[ev.Event, str]] = [
    (ev.PromptReceived("do it", 1), "e1 the user said\ndo it"),
    (
        ev.CallReplied(
            "c1",
            Role.EXECUTOR,
            "silver",
            "m",
            None,
            AssistantMessage((Text("I look"), ToolCall("t1", "read", '{"paths":[]}'))),
            StopReason.TOOL_CALLS,
            None,
            None,
        ),
        'e1 reply of the executor\nI look\n[read {"paths":[]}]',
    ),
    (ev.ToolStarted("t1", "write", '{"path":"a"}', True), 'e1 write was started\n{"path":"a"}'),
    (
        ev.ToolFinished(
            "t1",
            "run_command",
            "exit 1\nboom",
            changes=(FileChange("a.txt", "", "ff"),),
            command=CommandOutcome("make", 1),
            blob="ab12",
        ),
        (
            "e1 run_command `make`, ok\nexit 1\nboom\n[created a.txt]\n"
            "[the whole output: recall blob ab12]"
        ),
    ),
    (
        ev.ToolFinished("t1", "write", "Created a", display="@@ -0,0 +1,1 @@\n+x"),
        "e1 write, ok\nCreated a\n@@ -0,0 +1,1 @@\n+x",
    ),
    (ev.NoticeGiven("go on", "unfinished"), "e1 notice (unfinished)\ngo on"),
    (ev.NoteTaken("decision", "use sqlite"), "e1 decision\nuse sqlite"),
    (ev.Consulted("which?", "this one"), "e1 consultation\nwhich?\n-> this one"),
    (ev.StepMarked("s1", StepStatus.DONE, "seen"), "e1 step s1: done\nseen"),
    (
        ev.CheckFinished(CheckOutcome("pytest", 1, (), "1 failed"), "after"),
        "e1 check `pytest`: exit 1\n1 failed",
    ),
    (
        ev.CheckFinished(CheckOutcome("pytest", None, refused="not allowed"), "after"),
        "e1 check `pytest`: not allowed",
    ),
    (ev.PlanMade(Plan("g", ()), "start", "planner", "1. do"), "e1 plan, revision 1 (start)\n1. do"),
    (
        ev.Compacted(Capsule(1, 4, (), None), "capsule text", 5, "rent"),
        "e1 compaction 1 (rent)\ncapsule text",
    ),
    (
        ev.WorkerFinished("s1", "claude", 0, "did it", (FileChange("b", "aa", ""),)),
        "e1 worker, step s1, exit 0\ndid it\ndeleted b",
    ),
    (ev.TurnFinished(1, "done", "all well"), "e1 turn 1 ended: done\nall well"),
    (ev.ModelPinned("m", "m-1"), 'e1 ModelPinned\n{"model":"m","served":"m-1"}'),
]


@pytest.mark.parametrize(("event", "text"), EVENTS, ids=lambda value: type(value).__name__)
def test_an_event_is_shown_whole_and_readable(desk: Desk, event: ev.Event, text: str) -> None:
    desk.record(event)
    assert desk.call("recall", id="e1") == ToolOutcome(text)


@pytest.mark.parametrize("spelling", ["e2", "2", "E2", "event 2", " e2 "])
def test_an_event_id_may_be_spelt_in_several_ways(desk: Desk, spelling: str) -> None:
    desk.record(ev.PromptReceived("one", 1))
    desk.record(ev.PromptReceived("two", 2))
    assert desk.call("recall", id=spelling).text == "e2 the user said\ntwo"


def test_a_blob_is_paged_in_whole_lines(desk: Desk) -> None:
    small = Desk(desk.root, Limits(result_bytes=20))
    name = small.blobs.put("".join(f"line {n}\n" for n in range(6)).encode())
    first = small.call("recall", id=name)
    assert first.text == "line 0\nline 1\n[bytes 0-14 of 42; go on with offset 14]"
    second = small.call("recall", id=f"blob {name}", offset=14)
    assert second.text == "line 2\nline 3\n[bytes 14-28 of 42; go on with offset 28]"
    assert small.call("recall", id=name, offset=28).text == "line 4\nline 5"


def test_a_page_has_no_more_lines_than_a_result_may_have(desk: Desk) -> None:
    small = Desk(desk.root, Limits(result_lines=3))
    name = small.blobs.put(b"a\nb\nc\nd\ne\n")
    assert small.call("recall", id=name).text == "a\nb\nc\n[bytes 0-6 of 10; go on with offset 6]"
    assert small.call("recall", id=name, offset=6).text == "d\ne"


def test_every_byte_of_a_blob_is_on_some_page(desk: Desk) -> None:
    small = Desk(desk.root, Limits(result_bytes=50, result_lines=4))
    data = ("x" * 130 + "\n" + "short\n" * 30 + "y" * 60).encode()
    name = small.blobs.put(data)
    seen, offset = "", 0
    while True:
        text, _, more = small.call("recall", id=name, offset=offset).text.partition("\n[bytes ")
        seen += text
        if not more:
            break
        offset = int(more.rsplit(" ", 1)[1].rstrip("]"))
    assert seen.replace("\n", "") == data.decode().replace("\n", "")


def test_the_first_digits_of_a_blob_are_enough_where_the_log_knows_it(desk: Desk) -> None:
    name = desk.blobs.put(b"the whole output\n")
    desk.record(ev.ToolFinished("t", "run_command", "cut", blob=name))
    assert desk.call("recall", id=name[:12]).text == "the whole output"


def test_an_old_reading_says_which_of_its_files_have_changed_since(desk: Desk) -> None:
    for name in ("same.py", "edited.py", "foreign.py", "gone.py"):
        desk.put(name, f"# {name}\n")
    paths = [{"path": name} for name in ("same.py", "edited.py", "foreign.py", "gone.py")]
    then = desk.call("read", paths=paths).text
    assert desk.call("recall", id="e1").text == f"e1 read, ok\n{then}"
    desk.call("edit", path="edited.py", edits=[{"old": "# edited.py", "new": "# changed"}])
    desk.put("foreign.py", "# by another hand\n")
    (desk.root / "gone.py").unlink()
    assert desk.call("recall", id="e1") == ToolOutcome(
        "[as it was then; changed since: edited.py (e3), foreign.py (outside this session), "
        f"gone.py (not there now). Read again what you need.]\ne1 read, ok\n{then}"
    )


def test_an_old_edit_says_that_its_file_has_changed_since(desk: Desk) -> None:
    desk.call("write", path="a.py", content="x = 1\n")
    assert desk.call("recall", id="e1").text.startswith("e1 write, ok\n")
    desk.call("edit", path="a.py", edits=[{"old": "1", "new": "2"}])
    note = "[as it was then; changed since: a.py (e3). Read again what you need.]\n"
    assert desk.call("recall", id="e1").text.startswith(f"{note}e1 write, ok\n")


def test_escapes_in_a_blob_are_not_shown(desk: Desk) -> None:
    name = desk.blobs.put(b"\x1b[31mred\x1b[0m \xff\n")
    assert desk.call("recall", id=name).text == "red \ufffd"


def test_a_search_gives_a_line_a_hit_with_its_id(desk: Desk) -> None:
    desk.record(ev.PromptReceived("please use the SQLite store\nand nothing else", 1))
    desk.record(ev.NoteTaken("fact", "nothing"))
    desk.record(ev.ToolFinished("t", "read", "x " * 100 + "sqlite3.connect" + " y" * 200))
    around = "x " * 30 + "sqlite3.connect" + " y" * 62 + " "
    assert desk.call("recall", search="sqlite") == ToolOutcome(
        "Newest first; recall an id for the whole:\n"
        f"e3 …{around}…\n"
        "e1 the user said: please use the SQLite store and nothing else"
    )


def test_many_hits_are_cut_and_that_is_said(desk: Desk) -> None:
    for turn in range(20):
        desk.record(ev.PromptReceived("again", turn))
    rows = desk.call("recall", search="again").text.split("\n")
    assert rows[1] == "e20 the user said: again"
    assert rows[-1] == "[there may be older ones: use more words]"
    assert len(rows) == 14


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({}, 'Give an id ("e12", or a blob id), or a text to search for.'),
        (
            {"id": "e99"},
            (
                "There is no event e99; this session has e1 to e1. "
                "To find something by its words use search."
            ),
        ),
        (
            {"id": "parser.py"},
            (
                "'parser.py' is no id: events look like \"e12\", blobs like 64 hex digits. "
                "To find something by its words use search."
            ),
        ),
        (
            {"id": "ab" * 32},
            (
                f"There is no blob {'ab' * 32}. Copy the id from the message that named it; "
                "recall with search finds the message."
            ),
        ),
        ({"id": "e1", "offset": 500}, "e1 has only 20 bytes: offset 500 is past its end."),
    ],
)
def test_what_cannot_be_found_is_explained(
    desk: Desk, arguments: dict[str, object], text: str
) -> None:
    desk.record(ev.PromptReceived("one", 1))
    assert desk.call("recall", **arguments) == ToolOutcome(text, is_error=True)


def test_a_search_without_hits_says_what_to_try(desk: Desk) -> None:
    assert desk.call("recall", search="absent") == ToolOutcome(
        "Nothing in this session's history holds 'absent'. Try fewer or other words; "
        "for text in files use search."
    )
