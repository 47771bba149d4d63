from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from burnless.core.cancel import CancelToken
from burnless.core.errors import Cancelled
from burnless.core.permissions import ReadPath
from burnless.core.protocols import ProcessResult, ToolContext, ToolOutcome
from burnless.processes.runner import ProcessRunner
from burnless.tools.search import SearchEngine, SearchTool
from burnless.tools.search_plain import PlainSearch
from burnless.tools.search_ripgrep import RipgrepSearch, find_ripgrep
from tests.support.tool_desk import Desk

ENGINES = ["ripgrep", "ripgrep in git", "plain", "plain in git"]


class ImpatientRunner:
    """Satisfies `Runner`: the deadline it is given is not the one it keeps."""

    def run(
        self,
        command: str | Sequence[str],
        *,
        cwd: Path,
        deadline_seconds: float,
        cancel: CancelToken,
        on_output: Callable[[str], None] | None = None,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
        keep_keys: bool = False,
    ) -> ProcessResult:
        return ProcessRunner().run(command, cwd=cwd, deadline_seconds=0.2, cancel=cancel)


class Searcher:
    def __init__(self, desk: Desk, engine: SearchEngine) -> None:
        self.desk = desk
        self.unreadable: set[str] = set()
        self._tool = SearchTool(engine, lambda path: path not in self.unreadable)

    def find(self, **arguments: str | int) -> ToolOutcome:
        return self._tool.run(dict(arguments), self.desk.context)


@pytest.fixture(params=ENGINES)
def searcher(desk: Desk, request: pytest.FixtureRequest) -> Searcher:
    runner = ProcessRunner()
    if request.param.endswith("git"):
        subprocess.run(["git", "init", "-q", desk.root], check=True)
    desk.put(".gitignore", "build/\n*.log\n")
    desk.put(".agentignore", "private/\n")
    desk.put("src/app.py", "import os\n\ndef main():\n    return Parser()\n")
    desk.put("src/lib/parser.py", "class Parser:\n    limit = 3\n    Limit = 4\n")
    desk.put("src/lib/parser.ts", "class Parser { items[0]; }\n")
    desk.put(".github/ci.yml", "run: Parser\n")
    desk.put("build/out.py", "Parser\n")
    desk.put("debug.log", "Parser\n")
    desk.put(".burnless/sessions/s/log.jsonl", "Parser\n")
    desk.put("private/notes.py", "Parser\n")
    desk.put("image.bin", b"\0Parser\0\n")
    plain = request.param.startswith("plain")
    return Searcher(desk, PlainSearch(runner) if plain else RipgrepSearch(runner, find_ripgrep()))


def test_matches_come_by_file_with_line_numbers_and_without_ignored_files(
    searcher: Searcher,
) -> None:
    assert searcher.find(pattern="Parser") == ToolOutcome(
        "4 matches in 4 files\n"
        ".github/ci.yml\n1:run: Parser\n"
        "src/app.py\n4:    return Parser()\n"
        "src/lib/parser.py\n1:class Parser:\n"
        "src/lib/parser.ts\n1:class Parser { items[0]; }"
    )


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        ({"glob": "*.py"}, ["src/app.py", "src/lib/parser.py"]),
        ({"glob": "src/*.py"}, ["src/app.py"]),
        ({"glob": "**/*.{py,ts}"}, ["src/app.py", "src/lib/parser.py", "src/lib/parser.ts"]),
        ({"glob": "lib/*", "path": "src"}, ["src/lib/parser.py", "src/lib/parser.ts"]),
        ({"path": "src/lib"}, ["src/lib/parser.py", "src/lib/parser.ts"]),
        ({"path": "src/app.py"}, ["src/app.py"]),
    ],
)
def test_glob_and_path_narrow_the_files(
    searcher: Searcher, arguments: dict[str, str], files: list[str]
) -> None:
    rows = searcher.find(pattern="Parser", **arguments).text.split("\n")
    assert [row for row in rows if row.startswith("src/")] == files


def test_a_glob_never_reaches_ignored_files(searcher: Searcher) -> None:
    assert "No match for 'Parser' in 0 files" in searcher.find(pattern="Parser", glob="*.log").text


def test_a_glob_alone_lists_names(searcher: Searcher) -> None:
    assert searcher.find(glob="parser.*") == ToolOutcome(
        "2 files\nsrc/lib/parser.py\nsrc/lib/parser.ts"
    )


def test_context_lines_are_shown_with_a_dash(searcher: Searcher) -> None:
    assert searcher.find(pattern="def main", context=1) == ToolOutcome(
        "1 match in 1 file\nsrc/app.py\n2-\n3:def main():\n4-    return Parser()"
    )


def test_a_bad_regex_is_explained_and_taken_literally(searcher: Searcher) -> None:
    rows = searcher.find(pattern="main(").text.split("\n")
    assert rows[0].startswith("[not a regex (")
    assert rows[0].endswith("; taken literally:]")
    assert rows[1:] == ["1 match in 1 file", "src/app.py", "3:def main():"]


def test_a_bad_regex_that_occurs_nowhere_is_an_error(searcher: Searcher) -> None:
    outcome = searcher.find(pattern="nowhere(")
    assert outcome.is_error
    assert outcome.text.startswith("'nowhere(' is not a regex (")
    assert outcome.text.endswith(r"Escape what is meant literally with a backslash: name\(")


def test_a_regex_that_matches_nothing_is_also_taken_literally(searcher: Searcher) -> None:
    assert searcher.find(pattern="items[0]") == ToolOutcome(
        "[no regex match; taken literally:]\n1 match in 1 file\nsrc/lib/parser.ts\n"
        "1:class Parser { items[0]; }"
    )


def test_no_match_says_what_was_searched_and_what_ignoring_case_finds(searcher: Searcher) -> None:
    outcome = searcher.find(pattern="LIMIT", path="src", glob="*.py")
    assert outcome == ToolOutcome(
        "No match for 'LIMIT' in 2 files under src named '*.py'. Ignoring case there are 2, "
        "the first at src/lib/parser.py:2: limit = 3"
    )


def test_no_match_at_all_says_what_to_try(searcher: Searcher) -> None:
    assert searcher.find(pattern="absent", path="src") == ToolOutcome(
        "No match for 'absent' in 3 files under src. Try a shorter pattern, another word for it, "
        "or a wider path; ignored files are not searched."
    )


def test_no_such_name_shows_names_like_it(searcher: Searcher) -> None:
    outcome = searcher.find(glob="parsr.py")
    assert outcome.text.startswith("No file matches 'parsr.py' among the ")
    assert "Names like it: parser.py" in outcome.text


def test_a_missing_path_names_the_nearest(searcher: Searcher) -> None:
    outcome = searcher.find(pattern="x", path="src/ap.py")
    assert outcome.is_error
    assert outcome.text.startswith("Not searched. src/ap.py: no such file. Nearest: src/app.py.")


def test_files_the_rules_forbid_are_left_out_and_counted(searcher: Searcher) -> None:
    searcher.unreadable = {"src/lib/parser.py", ".github/ci.yml"}
    assert searcher.find(pattern="Parser") == ToolOutcome(
        "2 matches in 2 files\nsrc/app.py\n4:    return Parser()\n"
        "src/lib/parser.ts\n1:class Parser { items[0]; }\n"
        "[2 files left out: reading them is not allowed]"
    )
    assert (
        searcher.find(pattern="limit = 3")
        .text.split("\n")[1]
        .startswith("[1 files left out: reading them is not allowed]")
    )


def test_much_is_cut_by_file_and_in_all_and_counted(searcher: Searcher) -> None:
    for number in range(9):
        searcher.desk.put(f"many/{number}.txt", "needle\n" * 40)
    rows = searcher.find(pattern="needle").text.split("\n")
    assert rows[0] == "360 matches in 9 files"
    assert rows[1:3] == ["many/0.txt", "1:needle"]
    assert rows[32] == "[10 more in this file]"
    assert rows[-1] == "[4 more files: narrow it with glob or path]"


def test_a_long_line_is_cut(searcher: Searcher) -> None:
    searcher.desk.put("long.txt", "needle" + "x" * 1_000 + "\n")
    assert searcher.find(pattern="needle").text.endswith("x… [+706 characters]")


def test_a_cancelled_search_ends(searcher: Searcher) -> None:
    searcher.desk.cancel.cancel()
    with pytest.raises(Cancelled):
        searcher.find(pattern="Parser")


def test_nothing_to_search_for_is_said(desk: Desk) -> None:
    assert desk.call("search") == ToolOutcome(
        "Nothing to search for: give pattern (text), glob (names), or both.", is_error=True
    )


def test_look_around_works_where_ripgrep_has_it(desk: Desk) -> None:
    desk.put("a.txt", "foobar\nfoobaz\n")
    assert desk.call("search", pattern="foo(?=baz)").text == "1 match in 1 file\na.txt\n2:foobaz"


def test_a_pattern_over_several_lines_matches(desk: Desk) -> None:
    desk.put("a.txt", "one\ntwo\n")
    assert desk.call("search", pattern=r"one\ntwo").text.startswith(
        "2 matches in 1 file\na.txt\n1:one"
    )


def test_outside_the_workspace_is_searched_by_its_real_path(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.txt").write_text("needle\n")
    place = str(tmp_path / "other")
    assert desk.accesses("search", pattern="needle", path="../other") == (ReadPath(place),)
    outcome = desk.call("search", pattern="needle", path="../other")
    assert outcome.text == f"1 match in 1 file\n{place}/a.txt\n1:needle"


def test_a_pattern_that_looks_like_an_option_is_a_pattern(desk: Desk) -> None:
    desk.put("a.txt", "run --files now\n")
    assert desk.call("search", pattern="--files").text.endswith("1:run --files now")
    assert desk.call("search", pattern="-e").text.startswith("No match for '-e' in 1 files")


def test_a_search_that_takes_too_long_says_so(desk: Desk, tmp_path: Path) -> None:
    slow = tmp_path / "slow-rg"
    slow.write_text("#!/bin/sh\nsleep 100\n")
    slow.chmod(0o755)

    tool = SearchTool(RipgrepSearch(ImpatientRunner(), str(slow)), lambda path: True)
    outcome = tool.run({"pattern": "x"}, desk.context)
    assert outcome == ToolOutcome(
        "Not searched: the search took more than 30 s: narrow it with path, or with a pattern "
        "that starts with plain letters.",
        is_error=True,
    )


def test_the_wheels_ripgrep_is_found() -> None:
    assert Path(find_ripgrep()).name == "rg"


def test_the_context_of_a_search_needs_no_session(desk: Desk) -> None:
    desk.put("a.txt", "x\n")
    context = ToolContext(desk.root, desk.root, desk.session, CancelToken(), lambda text: None)
    assert (
        desk.tool("search").run({"pattern": "x"}, context).text == "1 match in 1 file\na.txt\n1:x"
    )


def test_a_name_with_a_line_break_is_shown_whole(searcher: Searcher) -> None:
    desk = searcher.desk
    desk.put("new\nline.txt", "needle\nneedle\n")
    desk.put("zz.txt", "needle\n")
    assert searcher.find(glob="*.txt").text == '2 files\n"new\\nline.txt"\nzz.txt'
    assert searcher.find(pattern="needle").text == (
        '3 matches in 2 files\n"new\\nline.txt"\n1:needle\n2:needle\nzz.txt\n1:needle'
    )
