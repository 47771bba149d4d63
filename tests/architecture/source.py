"""The repository's own files, read for the tests of this folder."""

from __future__ import annotations

import ast
import functools
import io
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "burnless"
BUNDLED = PACKAGE / "cli" / "demo" / "repository"
"""A small repository that the demo copies: data of ours, not modules of ours."""

LEFT_BEHIND = {
    "__pycache__",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
}


def modules(*folders: str) -> list[Path]:
    """Python files under these folders of the repository, in order."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if BUNDLED not in path.parents)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line number and text of each comment; strings that look like one are none."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def repository_files() -> list[Path]:
    """What belongs to the repository: tracked files and new ones that are not ignored.

    A copy without git holds nothing else but what tools left behind.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        paths = [path for path in ROOT.rglob("*") if not LEFT_BEHIND & set(path.parts)]
    else:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return sorted({path for path in paths if path.is_file()})
