from __future__ import annotations

import codecs
import hashlib

import pytest

from burnless.core.evidence import FileSeen
from burnless.core.permissions import ReadPath
from burnless.core.protocols import ToolOutcome
from burnless.core.settings import Limits
from tests.support.tool_desk import Desk


def sha(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def test_several_files_come_with_numbered_lines_and_are_seen(desk: Desk) -> None:
    desk.put("a.txt", "one\ntwo\n")
    desk.put("b.txt", "three")
    assert desk.call("read", paths=[{"path": "a.txt"}, {"path": "b.txt"}]) == ToolOutcome(
        text="== a.txt (2 lines) ==\n1\tone\n2\ttwo\n\n== b.txt (1 line) ==\n1\tthree",
        seen=(FileSeen("a.txt", sha("one\ntwo\n")), FileSeen("b.txt", sha("three"))),
    )


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("2-3", "== a.txt (lines 2-3 of 4) ==\n2\tb\n3\tc"),
        ("3-2", "== a.txt (lines 2-3 of 4) ==\n2\tb\n3\tc"),
        ("L2:L3", "== a.txt (lines 2-3 of 4) ==\n2\tb\n3\tc"),
        ("4", "== a.txt (lines 4-4 of 4) ==\n4\td"),
        ("3-", "== a.txt (lines 3-4 of 4) ==\n3\tc\n4\td"),
        ("-2", "== a.txt (lines 1-2 of 4) ==\n1\ta\n2\tb"),
        ("1-99", "== a.txt (4 lines) ==\n1\ta\n2\tb\n3\tc\n4\td"),
        ("7-9", "a.txt: has only 4 lines, so there is no line 7."),
        ("all", "a.txt: lines 'all' is not a range like \"10-80\"."),
    ],
)
def test_a_range_of_lines(desk: Desk, lines: str, shown: str) -> None:
    desk.put("a.txt", "a\nb\nc\nd\n")
    assert desk.call("read", paths=[{"path": "a.txt", "lines": lines}]).text == shown


PYTHON = (
    "import x\n\n\nclass Shape:\n    @property\n    def area(self):\n        return 1\n\n"
    "    def name(self):\n        return 2\n\n\ndef area():\n    return 3\n"
)


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        (
            "Shape.area",
            (
                "== s.py (lines 5-7 of 14) ==\n5\t    @property\n6\t    def area(self):\n"
                "7\t        return 1"
            ),
        ),
        ("area", "== s.py (lines 13-14 of 14) ==\n13\tdef area():\n14\t    return 3"),
        ("name", "== s.py (lines 9-10 of 14) ==\n9\t    def name(self):\n10\t        return 2"),
    ],
)
def test_a_symbol_with_its_decorators(desk: Desk, symbol: str, shown: str) -> None:
    desk.put("s.py", PYTHON)
    text = desk.call("read", paths=[{"path": "s.py", "symbol": symbol}]).text
    assert text == shown


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("s.py", PYTHON, "Nearest: Shape.name."),
        ("t.py", "def alpha():\n    pass\n", "It has: alpha."),
        ("t.txt", "plain\n", "No definitions were recognised in it."),
    ],
)
def test_a_missing_symbol_names_the_nearest(desk: Desk, path: str, content: str, told: str) -> None:
    desk.put(path, content)
    text = desk.call("read", paths=[{"path": path, "symbol": "nane"}]).text
    count = content.count("\n")
    assert text == (
        f"{path}: no symbol 'nane' in its {count} line{'s' * (count > 1)}. {told} "
        "Read it by lines, or search for the name."
    )


def test_a_long_file_gives_an_outline_and_its_first_lines_and_says_how_to_go_on(
    desk: Desk,
) -> None:
    body = "".join(f"def f{n}():\n    return {n}\n\n" for n in range(200))
    desk.put("long.py", body)
    rows = desk.call("read", paths=[{"path": "long.py"}]).text.split("\n")
    assert rows[:3] == [
        "== long.py (lines 1-100 of 600) ==",
        "Outline (lines, definition):",
        "1-2 def f0():",
    ]
    assert rows[121:124] == ["358-359 def f119():", "[80 more, not shown]", "First 100 lines:"]
    assert rows[-1] == (
        '[500 more lines: read only what you need, by symbol, or with lines "101-200"]'
    )
    assert "100\tdef f33():" in rows
    assert not any(row.startswith("101\t") for row in rows)


def test_one_function_of_a_long_file_is_a_small_part_of_it(desk: Desk) -> None:
    body = "".join(f"def f{n}():\n    return {n}\n\n\n\n" for n in range(1000))
    desk.put("long.py", body)
    text = desk.call("read", paths=[{"path": "long.py", "symbol": "f700"}]).text
    assert len(text) < len(body) / 100


def test_what_does_not_fit_is_named_by_its_lines(desk: Desk) -> None:
    small = Desk(desk.root, Limits(result_lines=5))
    small.put("a.txt", "".join(f"{n}\n" for n in range(1, 9)))
    small.put("b.txt", "x\n")
    text = small.call("read", paths=[{"path": "a.txt"}, {"path": "b.txt"}]).text
    assert text == (
        "== a.txt (8 lines) ==\n1\t1\n2\t2\n3\t3\n4\t4\n5\t5\n"
        '[no room for lines 6-8: read them with lines "6-8"]\n\n'
        '== b.txt (1 line) ==\n[no room for lines 1-1: read them with lines "1-1"]'
    )


def test_a_very_long_line_is_cut_and_that_is_said(desk: Desk) -> None:
    desk.put("min.js", "x" * 5000 + "\n")
    text = desk.call("read", paths=[{"path": "min.js"}]).text
    assert text == "== min.js (1 line) ==\n1\t" + "x" * 2000 + "… [+3000 characters]"


@pytest.mark.parametrize(
    ("content", "head"),
    [
        (codecs.BOM_UTF8 + b"a\n", "(1 line; utf-8 with a byte order mark)"),
        (codecs.BOM_UTF16_LE + b"a\0\n\0", "(1 line; utf-16-le with a byte order mark)"),
        (b"caf\xe9\n", "(1 line; not UTF-8, read as latin-1)"),
        (b"a\r\nb\r\n", "(2 lines; CRLF newlines, kept by edit)"),
        (b"", "(empty)"),
        (b"\x89PNG\r\n\x1a\n\0\0", ": PNG image, 10 bytes, not shown as text"),
        (b"a\0b", ": binary data, 3 bytes, not shown as text"),
        (bytes(range(128, 160)) * 20, ": binary data, 640 bytes, not shown as text"),
        (codecs.BOM_UTF16_LE + b"\0\xd8a", ": binary data, 5 bytes, not shown as text"),
    ],
)
def test_encodings_and_binaries_are_told(desk: Desk, content: bytes, head: str) -> None:
    desk.put("f", content)
    outcome = desk.call("read", paths=[{"path": "f"}])
    assert head in outcome.text.split("\n")[0]
    assert outcome.seen == (FileSeen("f", sha(content)),)


def test_a_folder_is_listed(desk: Desk) -> None:
    desk.put("src/a.py", "abc")
    desk.put("src/lib/b.py", "x")
    desk.put("src/.git/config", "x")
    (desk.root / "src/broken").symlink_to("nowhere")
    assert desk.call("read", paths=[{"path": "src/"}]) == ToolOutcome(
        "== src (1 folder, 2 files) ==\nlib/\na.py (3 bytes)\nbroken (broken link)"
    )


def test_a_missing_file_names_the_nearest_and_the_others_are_read(desk: Desk) -> None:
    desk.put("src/config.py", "x\n")
    desk.put("README.md", "r\n")
    outcome = desk.call(
        "read", paths=[{"path": "config.py"}, {"path": "README.md"}, {"path": "REDME.md"}]
    )
    assert outcome == ToolOutcome(
        "config.py: no such file. Nearest: src/config.py. Paths count from the workspace root; "
        "find files by name with search (glob).\n\n"
        "== README.md (1 line) ==\n1\tr\n\n"
        "REDME.md: no such file. Nearest: README.md. Paths count from the workspace root; "
        "find files by name with search (glob).",
        seen=(FileSeen("README.md", sha("r\n")),),
    )
    assert desk.call("read", paths=[{"path": "REDME.md"}]).is_error


def test_what_is_no_regular_file_is_not_opened(desk: Desk) -> None:
    outcome = desk.call("read", paths=[{"path": "/dev/zero"}])
    assert outcome == ToolOutcome(
        "/dev/zero: is no regular file (a device, pipe or socket): leave it alone.", is_error=True
    )


def test_a_plain_string_is_taken_as_a_path(desk: Desk) -> None:
    desk.put("a.txt", "x\n")
    outcome = desk.tool("read").run({"paths": ["a.txt"]}, desk.context)
    assert outcome.text == "== a.txt (1 line) ==\n1\tx"


def test_accesses_are_all_paths_by_every_name(desk: Desk) -> None:
    (desk.root / "link").symlink_to("/etc")
    accesses = desk.accesses("read", paths=[{"path": "a"}, {"path": "link/hosts"}, {"path": ""}])
    assert accesses == (
        ReadPath("a"),
        ReadPath("link/hosts"),
        ReadPath("/etc/hosts"),
        ReadPath("."),
    )
