from __future__ import annotations

import codecs
import hashlib
import stat

import pytest

from burnless.core import events as ev
from burnless.core.evidence import CommandOutcome, FileChange
from burnless.core.permissions import WritePath
from burnless.core.protocols import ToolOutcome
from tests.support.tool_desk import Desk

SOURCE = "def area(width, height):\n    return width * height\n\n\ndef name():\n    return 'a'\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_several_edits_are_applied_at_once_and_shown_as_a_diff(desk: Desk) -> None:
    file = desk.put_and_read("shapes.py", SOURCE)
    edits = [
        {"old": "width * height", "new": "width * height / 2"},
        {"old": "return 'a'", "new": "return 'b'"},
    ]
    after = SOURCE.replace("height\n", "height / 2\n", 1).replace("'a'", "'b'")
    diff = (
        "--- shapes.py\n+++ shapes.py\n@@ -1,6 +1,6 @@\n def area(width, height):\n"
        "-    return width * height\n+    return width * height / 2\n \n \n def name():\n"
        "-    return 'a'\n+    return 'b'"
    )
    assert desk.preview("edit", path="shapes.py", edits=edits) == diff
    assert desk.call("edit", path="shapes.py", edits=edits) == ToolOutcome(
        text=f"Edited shapes.py: +2 -2 lines.\n{diff}",
        display=diff,
        changes=(
            FileChange("shapes.py", sha(SOURCE), sha(after), len(after), preimage=sha(SOURCE)),
        ),
    )
    assert file.read_text() == after


def test_when_one_edit_fails_none_is_made(desk: Desk) -> None:
    file = desk.put_and_read("shapes.py", SOURCE)
    edits = [{"old": "width * height", "new": "0"}, {"old": "return 'z'", "new": "return 'b'"}]
    assert desk.call("edit", path="shapes.py", edits=edits) == ToolOutcome(
        "Nothing was changed in shapes.py, and no edit was made: edit 2 of 2: old is not in the "
        "file. Nearest lines, as the edits before would leave them:\n"
        "5\tdef name():\n6\t    return 'a'\n---\n1\tdef area(width, height):\n"
        "2\t    return 0\n3\t\n"
        "Copy old exactly from the place you mean, line for line and without the numbers, and "
        "send all edits again.",
        is_error=True,
    )
    assert file.read_text() == SOURCE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\r\nold\r\nb\r\n", b"a\r\nnew\r\nline\r\nb\r\n"),
        (codecs.BOM_UTF8 + b"a\nold\nb\n", codecs.BOM_UTF8 + b"a\nnew\nline\nb\n"),
        (b"\xe9\nold\nb", b"\xe9\nnew\nline\nb"),
        (
            codecs.BOM_UTF16_BE + "\u00e9\nold\n".encode("utf-16-be"),
            codecs.BOM_UTF16_BE + "\u00e9\nnew\nline\n".encode("utf-16-be"),
        ),
    ],
)
def test_newlines_mark_and_encoding_stay(desk: Desk, before: bytes, after: bytes) -> None:
    file = desk.put_and_read("a.txt", before)
    desk.call("edit", path="a.txt", edits=[{"old": "old", "new": "new\nline"}])
    assert file.read_bytes() == after


def test_the_mode_stays_and_a_link_is_followed(desk: Desk) -> None:
    file = desk.put_and_read("run.sh", "echo a\n")
    file.chmod(0o755)
    (desk.root / "link.sh").symlink_to("run.sh")
    outcome = desk.call("edit", path="link.sh", edits=[{"old": "a", "new": "b"}])
    assert file.read_text() == "echo b\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o755
    assert [change.path for change in outcome.changes] == ["run.sh"]
    assert desk.accesses("edit", path="link.sh", edits=[{"old": "a", "new": "b"}]) == (
        WritePath("link.sh"),
        WritePath("run.sh"),
    )


def test_a_file_that_was_quoted_in_the_plan_can_be_edited_unread(desk: Desk) -> None:
    desk.put("a.py", "x = 1\n")
    assert not desk.call("edit", path="a.py", edits=[{"old": "x = 1", "new": "x = 2"}]).is_error


def test_the_next_edit_needs_no_new_read(desk: Desk) -> None:
    file = desk.put_and_read("a.py", "x = 1\n")
    desk.call("edit", path="a.py", edits=[{"old": "1", "new": "2"}])
    desk.call("edit", path="a.py", edits=[{"old": "2", "new": "3"}])
    assert file.read_text() == "x = 3\n"


def test_a_file_somebody_else_changed_is_not_edited_and_the_place_is_shown(desk: Desk) -> None:
    desk.put_and_read("a.py", "x = 1\ny = 2\n")
    file = desk.put("a.py", "# new\nx = 1\ny = 3\n")
    outcome = desk.call("edit", path="a.py", edits=[{"old": "x = 1", "new": "x = 2"}])
    assert outcome == ToolOutcome(
        "Nothing was changed: a.py changed since you read it, by somebody outside this session's "
        "tools. The lines around that place now:\n1\t# new\n2\tx = 1\n3\ty = 3\n"
        "Read a.py again (the part you edit is enough), then edit what is there now.",
        is_error=True,
    )
    assert file.read_text() == "# new\nx = 1\ny = 3\n"


def change_by_command(desk: Desk, path: str, before: str, after: str) -> int:
    desk.put(path, after)
    return desk.record(
        ev.ToolFinished(
            "",
            "run_command",
            "exit 0",
            changes=(FileChange(path, sha(before), sha(after), len(after)),),
            command=CommandOutcome("black .", 0),
        )
    )


def test_after_a_known_command_an_exact_edit_is_made_and_the_command_named(desk: Desk) -> None:
    desk.put_and_read("a.py", "x=1\ny = 2\n")
    seq = change_by_command(desk, "a.py", "x=1\ny = 2\n", "x = 1\ny = 2\n")
    outcome = desk.call("edit", path="a.py", edits=[{"old": "y = 2", "new": "y = 3"}])
    assert outcome.text.split("\n")[:2] == [
        "Edited a.py: +1 -1 lines.",
        f"Note: the file had been changed by `black .` (e{seq}) since you read it; that stayed.",
    ]


def test_after_a_known_command_an_inexact_edit_is_refused_and_the_command_named(
    desk: Desk,
) -> None:
    desk.put_and_read("a.py", "x=1\ny = 2\n")
    seq = change_by_command(desk, "a.py", "x=1\ny = 2\n", "x = 1\ny = 2\n")
    outcome = desk.call("edit", path="a.py", edits=[{"old": "x=1", "new": "x=2"}])
    assert outcome == ToolOutcome(
        f"Nothing was changed: a.py changed since you read it, by `black .` (e{seq}). "
        "The lines around that place now:\n1\tx = 1\n2\ty = 2\n"
        "Read a.py again (the part you edit is enough), then edit what is there now.",
        is_error=True,
    )


@pytest.mark.parametrize(
    ("content", "edits", "text"),
    [
        (
            "a\nb\na\n",
            [{"old": "a", "new": "c"}],
            (
                "Nothing was changed in f.txt: old stands in several places:\n1\ta\n3\ta\n"
                "Which one do you mean? Put more of its line, or the lines around it, into old "
                "and send the edit again. all: true only if every place has to change."
            ),
        ),
        (
            "a\n",
            [{"old": "a", "new": "a"}],
            (
                "Nothing was changed in f.txt: old and new are the same text. Say in new "
                "what has to be different."
            ),
        ),
        (
            "a\n",
            [{"old": "", "new": "c"}],
            (
                "Nothing was changed in f.txt: old is empty. To insert, take the line beside the "
                "place as old and repeat it in new; for a whole file use write."
            ),
        ),
        (
            "alpha = 1\n",
            [{"old": "zzz", "new": "alpha = 1"}],
            (
                "Nothing was changed in f.txt: old is not there, but new already is (line 1): this "
                "edit seems to be made already. If that is the place you mean, go on."
            ),
        ),
        (
            "alpha = 1\n",
            [{"old": "@@@@@@@@", "new": "x"}],
            (
                "Nothing was changed in f.txt: old is not in the file, and no line is like it. "
                "Is it the right file? search for it, or read the file, then send the edit again."
            ),
        ),
        ("a\n", [{"old": "a", "new": "# ... rest of the code ..."}], "Not written: the line"),
        (b"\x89PNG\0", [{"old": "a", "new": "b"}], "f.txt is no text (PNG image)"),
        (
            b"caf\xe9\n",
            [{"old": "caf", "new": "\u20ac"}],
            "cannot be written in the file's encoding",
        ),
    ],
)
def test_a_refusal_says_what_was_wrong_and_what_to_do(
    desk: Desk, content: str | bytes, edits: list[dict[str, str]], text: str
) -> None:
    file = desk.put_and_read("f.txt", content)
    before = file.read_bytes()
    outcome = desk.call("edit", path="f.txt", edits=edits)
    assert outcome.is_error
    assert text in outcome.text
    assert file.read_bytes() == before


def test_a_missing_file_names_its_nearest_and_points_to_write(desk: Desk) -> None:
    desk.put("src/parser.py", "x\n")
    outcome = desk.call("edit", path="src/parsers.py", edits=[{"old": "a", "new": "b"}])
    assert outcome == ToolOutcome(
        "Nothing was changed. src/parsers.py: no such file. Nearest: src/parser.py. Paths count "
        "from the workspace root; find files by name with search (glob). "
        "For a new file use write.",
        is_error=True,
    )


def test_an_unread_file_is_said_to_be_unread_when_the_edit_fails(desk: Desk) -> None:
    desk.put("a.py", "x = 1\n")
    outcome = desk.call("edit", path="a.py", edits=[{"old": "x = 3", "new": "x = 2"}])
    assert "You have not read this file in this session." in outcome.text


def test_the_diff_told_to_the_model_is_capped_and_the_users_is_longer(desk: Desk) -> None:
    desk.put_and_read("a.txt", "".join(f"{n}\n" for n in range(200)))
    new = "".join(f"new {n}\n" for n in range(200))
    old = "".join(f"{n}\n" for n in range(200))
    outcome = desk.call("edit", path="a.txt", edits=[{"old": old, "new": new}])
    assert outcome.text.endswith("more lines of the diff]")
    assert len(outcome.text.splitlines()) == 62
    assert len(outcome.display.splitlines()) == 401


def test_a_file_that_no_longer_parses_is_told(desk: Desk) -> None:
    desk.put_and_read("a.py", "def f():\n    return 1\n")
    outcome = desk.call("edit", path="a.py", edits=[{"old": "return 1", "new": "return ("}])
    assert "Warning: a.py does not parse now: line 2: '(' was never closed." in outcome.text
    outcome = desk.call("edit", path="a.py", edits=[{"old": "return (", "new": "return (("}])
    assert "does not parse (it did not before either)" in outcome.text


def test_a_preview_of_an_edit_that_fails_is_the_reason(desk: Desk) -> None:
    desk.put("a.py", "x = 1\n")
    preview = desk.preview("edit", path="a.py", edits=[{"old": "", "new": "x"}])
    assert preview.startswith("Nothing was changed in a.py: old is empty.")
