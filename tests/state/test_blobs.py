from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.errors import InputProblem, SessionProblem
from burnless.state.blobs import FolderBlobs


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@given(st.binary())
def test_bytes_come_back_under_their_hash(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    blobs = FolderBlobs(tmp_path_factory.mktemp("blobs"))
    name = blobs.put(data)
    assert (name, blobs.get(name)) == (hashlib.sha256(data).hexdigest(), data)


def test_the_same_bytes_are_stored_once_and_nothing_else_is_left(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"same")
    before = (tmp_path / name[:2] / name[2:]).stat()
    blobs.put(b"same")
    assert files_below(tmp_path) == [tmp_path / name[:2] / name[2:]]
    assert (tmp_path / name[:2] / name[2:]).stat().st_ino == before.st_ino


def test_a_blob_cut_short_is_written_again(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"whole")
    (tmp_path / name[:2] / name[2:]).write_bytes(b"wh")
    blobs.put(b"whole")
    assert blobs.get(name) == b"whole"


def test_damaged_bytes_are_never_handed_out(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"whole")
    (tmp_path / name[:2] / name[2:]).write_bytes(b"WHOLE")
    with pytest.raises(InputProblem, match=f"blob {name} is damaged"):
        blobs.get(name)


@pytest.mark.parametrize("name", ["", "../log.jsonl", "A" * 64, "a" * 63])
def test_what_is_no_name_of_a_blob_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputProblem, match="is not the name of a blob"):
        FolderBlobs(tmp_path).get(name)


def test_a_blob_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=f"there is no blob {'a' * 64}"):
        FolderBlobs(tmp_path).get("a" * 64)


def test_a_folder_that_takes_no_bytes_is_said(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(SessionProblem, match="cannot store 3 bytes") as raised:
        FolderBlobs(tmp_path / "blobs").put(b"abc")
    assert raised.value.hint == "free disk space, then resume the session"
