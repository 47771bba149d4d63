from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from burnless.cli.stdin import MOST_BYTES, read_prompt
from burnless.core.errors import InputProblem


def asked(given: str, piped: bytes, folder: Path) -> str:
    file = folder / "stdin"
    file.write_bytes(piped)
    with file.open(encoding="utf-8") as stdin:
        return read_prompt(given, stdin)


@pytest.mark.parametrize(
    ("given", "piped", "expected"),
    [
        ("why", b"", "why"),
        ("why", b"line 1\nline 2\n", "why\n\nline 1\nline 2"),
        ("why", b"  \n", "why"),
        ("", b"do this\n", "do this"),
        ("", b"", ""),
        ("-", b"do that\n", "do that"),
        ("why", b"caf\xe9", "why\n\ncaf\ufffd"),
    ],
)
def test_the_prompt_is_joined_from_words_and_pipe(
    given: str, piped: bytes, expected: str, tmp_path: Path
) -> None:
    assert asked(given, piped, tmp_path) == expected


def test_a_dash_without_anything_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="empty"):
        asked("-", b" \n", tmp_path)


def test_more_than_fits_a_prompt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="bytes on stdin"):
        asked("why", b"x" * (MOST_BYTES + 1), tmp_path)


def test_a_slow_pipe_is_waited_for() -> None:
    read_end, write_end = os.pipe()
    writer = threading.Timer(0.2, lambda: (os.write(write_end, b"late"), os.close(write_end)))
    writer.start()
    with os.fdopen(read_end, encoding="utf-8") as stdin:
        assert read_prompt("why", stdin) == "why\n\nlate"
    writer.join()


def test_dev_null_is_no_input() -> None:
    with Path(os.devnull).open(encoding="utf-8") as stdin:
        assert read_prompt("why", stdin) == "why"
