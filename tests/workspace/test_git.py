from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from burnless.processes.runner import ProcessRunner
from burnless.workspace.git import Git

NAMES = ("ls-files", "-z")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    for name in ("a b.txt", "ü.txt"):
        (tmp_path / name).write_text(f"{name} says hello\n", "utf-8")
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return Git(tmp_path, ProcessRunner())


def test_each_command_gets_its_own_answer_and_a_failure_is_none(git: Git) -> None:
    answers = git.read_each(
        NAMES,
        ("grep", "-c", "-z", "-e", "nowhere"),
        ("grep", "-c", "-z", "--untracked", "-e", "b.txt says"),
        ("no-such-command",),
        ("rev-parse", "--is-inside-work-tree"),
    )

    names = "a b.txt\0ü.txt".encode()
    assert answers == [names, None, b"a b.txt\x001\n", None, b"true\n"]


def test_one_answer_is_the_same_alone_and_among_others(git: Git) -> None:
    alone = git.read(*NAMES)
    first, second = git.read_each(NAMES, NAMES)

    assert alone is not None
    assert first == second == alone.removesuffix(b"\0")


def test_nothing_asked_is_nothing_answered(git: Git) -> None:
    assert git.read_each() == []


def test_a_long_answer_is_whole(git: Git, tmp_path: Path) -> None:
    line = "x" * 1000
    (tmp_path / "long.txt").write_text(f"{line}\n" * 20_000, "utf-8")

    short, long = git.read_each(NAMES, ("grep", "-h", "--untracked", "-e", "xx"))

    assert short is not None
    assert long == f"{line}\n".encode() * 20_000


def test_outside_a_repository_every_command_fails(tmp_path: Path) -> None:
    git = Git(tmp_path / "..", ProcessRunner())

    assert git.read_each(NAMES, ("status",)) == [None, None]
