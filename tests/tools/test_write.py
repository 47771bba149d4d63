from __future__ import annotations

import codecs
import hashlib
import stat
from pathlib import Path

import pytest

from burnless.core import events as ev
from burnless.core.evidence import CommandOutcome, FileChange
from burnless.core.permissions import WritePath
from burnless.core.protocols import ToolOutcome
from tests.support.tool_desk import Desk


def sha(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def test_a_new_file_is_created_with_its_folders(desk: Desk) -> None:
    outcome = desk.call("write", path="src/deep/a.py", content="x = 1\n")
    assert (desk.root / "src/deep/a.py").read_text() == "x = 1\n"
    assert outcome == ToolOutcome(
        text="Created src/deep/a.py: 1 line, 6 bytes.",
        display="--- /dev/null\n+++ src/deep/a.py\n@@ -0,0 +1,1 @@\n+x = 1",
        changes=(FileChange("src/deep/a.py", "", sha("x = 1\n"), 6),),
    )


def test_a_file_that_was_read_is_replaced_and_can_be_restored(desk: Desk) -> None:
    desk.put_and_read("a.txt", "one\ntwo\n")
    outcome = desk.call("write", path="a.txt", content="one\n2\n")
    before = sha("one\ntwo\n")
    assert outcome == ToolOutcome(
        text="Replaced a.txt: +1 -1 lines; now 2 lines, 6 bytes.",
        display="--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2",
        changes=(FileChange("a.txt", before, sha("one\n2\n"), 6, preimage=before),),
    )
    assert desk.blobs.get(before) == b"one\ntwo\n"


def test_what_the_model_wrote_itself_it_may_write_again(desk: Desk) -> None:
    desk.call("write", path="a.txt", content="1\n")
    assert not desk.call("write", path="a.txt", content="2\n").is_error


def test_a_file_the_model_has_not_read_is_not_overwritten(desk: Desk) -> None:
    file = desk.put("a.txt", "mine\nyours\n")
    assert desk.call("write", path="a.txt", content="x") == ToolOutcome(
        "Not written: a.txt exists (2 lines) and you have not read it. "
        "Read it, then edit what has to change.",
        is_error=True,
    )
    assert file.read_text() == "mine\nyours\n"


def test_an_empty_file_may_be_filled_unread(desk: Desk) -> None:
    desk.put("pkg/__init__.py", "")
    assert not desk.call("write", path="pkg/__init__.py", content="x = 1\n").is_error


def test_a_file_somebody_changed_since_is_not_overwritten(desk: Desk) -> None:
    desk.put_and_read("a.txt", "one\n")
    file = desk.put("a.txt", "the user's\n")
    outcome = desk.call("write", path="a.txt", content="x")
    assert outcome == ToolOutcome(
        "Not written: a.txt changed since you read it, by somebody outside this session's tools. "
        "Read it again, then write it with that change kept.",
        is_error=True,
    )
    assert file.read_text() == "the user's\n"


def test_a_file_a_command_changed_since_is_not_overwritten_and_the_command_is_named(
    desk: Desk,
) -> None:
    desk.put_and_read("a.txt", "one\n")
    desk.put("a.txt", "two\n")
    seq = desk.record(
        ev.ToolFinished(
            "",
            "run_command",
            "exit 0",
            changes=(FileChange("a.txt", sha("one\n"), sha("two\n"), 4),),
            command=CommandOutcome("fmt a.txt", 0),
        )
    )
    outcome = desk.call("write", path="a.txt", content="x")
    assert f"changed since you read it, by `fmt a.txt` (e{seq})" in outcome.text
    desk.call("read", paths=[{"path": "a.txt"}])
    assert not desk.call("write", path="a.txt", content="x").is_error


def test_placeholder_text_is_refused_before_anything_is_written(desk: Desk) -> None:
    file = desk.put_and_read("a.py", "x = 1\ny = 2\n")
    outcome = desk.call(
        "write", path="a.py", content="x = 2\n# ... rest of the file unchanged ...\n"
    )
    assert outcome.is_error
    line = "# ... rest of the file unchanged ..."
    assert outcome.text.startswith(
        f"Not written: the line {line!r} stands for text that is missing."
    )
    assert file.read_text() == "x = 1\ny = 2\n"


def test_the_same_content_is_no_change(desk: Desk) -> None:
    desk.put_and_read("a.txt", "one\n")
    assert desk.call("write", path="a.txt", content="one\n") == ToolOutcome(
        "a.txt already holds exactly this: nothing to write."
    )


@pytest.mark.parametrize(
    ("before", "content", "after"),
    [
        (b"a\r\nb\r\n", "x\ny\n", b"x\r\ny\r\n"),
        (b"a\r\nb\r\n", "x\r\ny\r\n", b"x\r\ny\r\n"),
        (codecs.BOM_UTF8 + b"a\n", "x\n", codecs.BOM_UTF8 + b"x\n"),
        (codecs.BOM_UTF8 + b"a\n", "\ufeffx\n", codecs.BOM_UTF8 + b"x\n"),
        (b"caf\xe9\n", "th\u00e9\n", b"th\xe9\n"),
        (
            codecs.BOM_UTF16_LE + "a\n".encode("utf-16-le"),
            "\u00e4\n",
            codecs.BOM_UTF16_LE + "\u00e4\n".encode("utf-16-le"),
        ),
        (b"\x89PNG\0", "text now\n", b"text now\n"),
    ],
)
def test_newlines_mark_and_encoding_of_a_file_are_kept(
    desk: Desk, before: bytes, content: str, after: bytes
) -> None:
    file = desk.put_and_read("a.txt", before)
    assert not desk.call("write", path="a.txt", content=content).is_error
    assert file.read_bytes() == after


def test_what_the_encoding_of_a_file_cannot_hold_is_refused_with_the_place(desk: Desk) -> None:
    file = desk.put_and_read("a.txt", b"caf\xe9\n")
    outcome = desk.call("write", path="a.txt", content="ok\ncost \u20ac 5\n")
    assert outcome == ToolOutcome(
        "Not written. a.txt: '\\u20ac' in line 2 cannot be written in the file's encoding "
        "(latin-1). Use another character or an escape, or convert the file first "
        "(run_command: iconv).",
        is_error=True,
    )
    assert file.read_bytes() == b"caf\xe9\n"


def test_the_mode_of_a_file_is_kept(desk: Desk) -> None:
    file = desk.put_and_read("run.sh", "echo a\n")
    file.chmod(0o750)
    desk.call("write", path="run.sh", content="echo b\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_a_link_stays_a_link_and_its_file_is_written(desk: Desk) -> None:
    file = desk.put("real.txt", "one\n")
    (desk.root / "link.txt").symlink_to("real.txt")
    desk.call("read", paths=[{"path": "link.txt"}])
    outcome = desk.call("write", path="link.txt", content="two\n")
    assert (desk.root / "link.txt").is_symlink()
    assert file.read_text() == "two\n"
    assert [change.path for change in outcome.changes] == ["real.txt"]


def test_nothing_but_the_file_is_left_in_the_folder(desk: Desk) -> None:
    desk.call("write", path="a.txt", content="1\n")
    desk.call("write", path="a.txt", content="2\n")
    assert [entry.name for entry in desk.root.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("folder", "is a folder, not a file"),
        ("a.txt/b.txt", "cannot be written"),
        ("x" * 300, f"'{'x' * 60}'…: this path has a name of more than 255 bytes in it"),
        ("a/" * 2_100 + "b", "is longer than 4095 bytes"),
        ("a\0b", r"'a\x00b': this path has a NUL character in it"),
        ("s\ud800.txt", r"'s\ud800.txt': this path has half a character in it"),
        ("newdir/", "newdir/ ends with a slash, so it names a folder"),
        ("trail ", "'trail ' begins or ends with a blank. If that is a slip write 'trail'"),
        (" lead.txt", "begins or ends with a blank"),
    ],
)
def test_a_path_that_cannot_be_a_file_is_explained(desk: Desk, path: str, words: str) -> None:
    (desk.root / "folder").mkdir()
    desk.put("a.txt", "1\n")
    outcome = desk.call("write", path=path, content="x")
    assert outcome.is_error
    assert words in outcome.text


@pytest.mark.parametrize(
    ("path", "content", "warning"),
    [
        ("a.py", "def f(:\n", "line 1: invalid syntax"),
        ("a.json", '{"a": }', "line 1: Expecting value"),
        ("a.toml", "a = \n", "Invalid value (at line 1, column 5)"),
        ("a.yaml", "a:\tb\n", "line 1: a tab"),
    ],
)
def test_a_file_that_does_not_parse_is_written_with_a_warning(
    desk: Desk, path: str, content: str, warning: str
) -> None:
    outcome = desk.call("write", path=path, content=content)
    assert not outcome.is_error
    assert outcome.text.split("\n")[1] == (
        f"Warning: {path} does not parse now: {warning}. Mend it before you go on."
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [("a.py", 'x = "\\d"\n'), ("tsconfig.json", "{// c\n}"), ("a.txt", "def f(:\n")],
)
def test_what_is_no_mistake_of_syntax_gets_no_warning(desk: Desk, path: str, content: str) -> None:
    assert "Warning" not in desk.call("write", path=path, content=content).text


def test_accesses_name_the_real_path_outside_and_through_links(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (desk.root / "away").symlink_to(tmp_path / "out")
    outside = str(tmp_path / "out" / "x")
    assert desk.accesses("write", path="src/../a.txt", content="") == (WritePath("a.txt"),)
    assert desk.accesses("write", path="../out/x", content="") == (WritePath(outside),)
    assert desk.accesses("write", path="away/x", content="") == (
        WritePath("away/x"),
        WritePath(outside),
    )
    assert desk.accesses("write", path=str(desk.root / "b"), content="") == (WritePath("b"),)
    home = desk.accesses("write", path="~/x", content="")
    assert home == (WritePath(str(Path("~/x").expanduser().resolve())),)


def test_outside_the_workspace_the_pre_image_is_kept_too(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "outside.txt"
    file.write_text("old\n")
    desk.call("read", paths=[{"path": str(file)}])
    outcome = desk.call("write", path=str(file), content="new\n")
    assert outcome.changes == (
        FileChange(str(file), sha("old\n"), sha("new\n"), 4, preimage=sha("old\n")),
    )
    assert desk.blobs.get(sha("old\n")) == b"old\n"


def test_the_preview_is_the_diff(desk: Desk) -> None:
    desk.put_and_read("a.txt", "one\n")
    assert desk.preview("write", path="a.txt", content="two\n") == (
        "--- a.txt\n+++ a.txt\n@@ -1,1 +1,1 @@\n-one\n+two"
    )


def test_a_file_whose_name_ends_in_a_blank_is_reached_by_just_that_name(desk: Desk) -> None:
    odd = desk.put("trail ", "old\n")
    plain = desk.put("lead.txt", "plain\n")
    assert desk.call("read", paths=[{"path": "trail "}]).text == "== trail  (1 line) ==\n1\told"
    assert desk.call("write", path="trail ", content="new\n").text.startswith("Replaced trail ")
    assert odd.read_text() == "new\n"
    assert desk.call("read", paths=[{"path": " lead.txt\n"}]).text.startswith("== lead.txt ")
    assert plain.read_text() == "plain\n"


@pytest.mark.parametrize("tool", ["write", "edit"])
def test_a_read_only_file_is_not_replaced(desk: Desk, tool: str) -> None:
    file = desk.put_and_read("a.txt", "old\n")
    file.chmod(0o444)
    more = {"content": "new\n"} if tool == "write" else {"edits": [{"old": "old", "new": "new"}]}
    outcome = desk.call(tool, path="a.txt", **more)
    assert outcome.is_error
    assert "a.txt cannot be written: it is read-only (mode 0444). Nothing was changed" in (
        outcome.text
    )
    assert file.read_text() == "old\n"


def test_a_file_that_loses_its_hard_links_says_so(desk: Desk) -> None:
    file = desk.put_and_read("a.txt", "old\n")
    other = desk.root / "b.txt"
    other.hardlink_to(file)
    note = (
        "Note: the file had another name (hard links) with the old text; "
        "it is a file of its own now."
    )
    edited = desk.call("edit", path="a.txt", edits=[{"old": "old", "new": "new"}])
    assert note in edited.text
    assert (file.read_text(), other.read_text()) == ("new\n", "old\n")
    assert note not in desk.call("write", path="a.txt", content="newer\n").text
