from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from burnless.state.token_files import count_tokens, place_vocabulary

NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_vocabulary_is_written_once_where_tiktoken_looks(tmp_path: Path) -> None:
    environ = {"BURNLESS_HOME": str(tmp_path)}
    folder = place_vocabulary(environ)
    assert (folder, hash_of(folder / NAME)) == (tmp_path / "cache" / "tiktoken", SHA256)
    written = (folder / NAME).stat().st_ino
    assert (place_vocabulary(environ) / NAME).stat().st_ino == written


def test_a_damaged_vocabulary_is_replaced(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"half a download")
    place_vocabulary({"TIKTOKEN_CACHE_DIR": str(tmp_path)})
    assert hash_of(tmp_path / NAME) == SHA256


def test_a_cache_that_cannot_be_written_has_a_stand_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = place_vocabulary({"TIKTOKEN_CACHE_DIR": str(tmp_path / "file")})
    assert folder != tmp_path / "file"
    assert hash_of(folder / NAME) == SHA256


def test_tokens_are_counted_as_o200k_counts_them_without_a_network(tmp_path: Path) -> None:
    program = (
        "import socket, sys\n"
        "sys.addaudithook(lambda event, _: sys.exit(event) if event.startswith('socket.') else 0)\n"
        "from burnless.state.token_files import count_tokens\n"
        "assert 'tiktoken' not in sys.modules\n"
        "print(count_tokens('hello world'), count_tokens('<|endoftext|>'), count_tokens(''))\n"
    )
    environ = {**os.environ, "BURNLESS_HOME": str(tmp_path)}
    environ.pop("TIKTOKEN_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("2 7 0\n", "")


def test_tokens_are_counted_in_this_process_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert count_tokens("hello world") == 2
