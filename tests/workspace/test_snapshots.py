from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burnless.core.evidence import FileChange
from burnless.workspace.snapshots import PREIMAGE_BYTES_MOST, WorkspaceSnapshots
from tests.support.direct_runner import DirectRunner
from tests.support.memory_blobs import MemoryBlobs
from tests.support.repositories import git, make_repository, write_files


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _make(root: Path, *, with_git: bool) -> Path:
    files = {"a.py": "one\n", "src/b.py": "two\n", ".gitignore": "*.log\nout/\n"}
    if with_git:
        return make_repository(root, files)
    root.mkdir(parents=True, exist_ok=True)
    write_files(root, files)
    return root


def _snapshots(root: Path) -> tuple[WorkspaceSnapshots, MemoryBlobs]:
    blobs = MemoryBlobs()
    return WorkspaceSnapshots(root, DirectRunner(), blobs), blobs


@pytest.mark.parametrize("with_git", [True, False])
def test_created_changed_and_deleted_files_are_found_with_their_hashes_and_pre_images(
    tmp_path: Path, with_git: bool
) -> None:
    root = _make(tmp_path / "repo", with_git=with_git)
    snapshots, blobs = _snapshots(root)
    before = snapshots.take()
    write_files(root, {"a.py": "ONE\n", "new/c.py": "three\n"})
    (root / "src/b.py").unlink()
    after = snapshots.take(before)
    assert snapshots.compare(before, after) == (
        FileChange("a.py", _sha("one\n"), _sha("ONE\n"), 4, _sha("one\n")),
        FileChange("new/c.py", "", _sha("three\n"), 6),
        FileChange("src/b.py", _sha("two\n"), "", 0, _sha("two\n")),
    )
    assert blobs.get(_sha("one\n")) == b"one\n"
    assert blobs.get(_sha("two\n")) == b"two\n"


@pytest.mark.parametrize("with_git", [True, False])
def test_ignored_files_and_the_state_folder_are_not_watched(tmp_path: Path, with_git: bool) -> None:
    root = _make(tmp_path / "repo", with_git=with_git)
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    write_files(root, {"x.log": "l", "out/y": "y", ".burnless/sessions/z": "z"})
    assert snapshots.compare(before, snapshots.take(before)) == ()


def test_files_hidden_from_the_model_are_still_evidence(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", {".agentignore": "secret.txt\n", "secret.txt": "a"})
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    write_files(root, {"secret.txt": "b"})
    found = snapshots.compare(before, snapshots.take(before))
    assert found == (FileChange("secret.txt", _sha("a"), _sha("b"), 1, _sha("a")),)


@pytest.mark.parametrize("with_git", [True, False])
def test_a_rewrite_with_the_same_size_and_mtime_is_found(tmp_path: Path, with_git: bool) -> None:
    root = _make(tmp_path / "repo", with_git=with_git)
    snapshots, _ = _snapshots(root)
    write_files(root, {"dirty.txt": "aaaa"})
    before = snapshots.take()
    stamp = (root / "dirty.txt").stat()
    (root / "dirty.txt").write_text("bbbb")
    os.utime(root / "dirty.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    found = snapshots.compare(before, snapshots.take(before))
    assert [(change.before, change.after) for change in found] == [(_sha("aaaa"), _sha("bbbb"))]


def test_a_file_that_rested_since_the_last_snapshot_is_not_read_again(tmp_path: Path) -> None:
    root = _make(tmp_path / "plain", with_git=False)
    snapshots, _ = _snapshots(root)
    young = snapshots.take().files["a.py"]
    time.sleep(2.1)  # as coarse as the coarsest file system
    rested = snapshots.take()
    again = snapshots.take(rested)
    assert young is not rested.files["a.py"]
    assert again.files["a.py"] is rested.files["a.py"]


def test_committing_staging_and_touching_change_no_file_and_no_state_hash(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    snapshots, _ = _snapshots(root)
    write_files(root, {"a.py": "dirty\n", "n.py": "new\n"})
    dirty = snapshots.take()
    git(root, "add", "-A")
    staged = snapshots.take(dirty)
    git(root, "commit", "-q", "-m", "More")
    (root / "src/b.py").touch()
    committed = snapshots.take(staged)
    assert snapshots.compare(dirty, staged) == ()
    assert snapshots.compare(dirty, committed) == ()
    assert len(dirty) == len(staged) == len(committed) == 4
    hashes = {snapshots.state_hash(snapshot) for snapshot in (dirty, staged, committed)}
    assert len(hashes) == 1
    write_files(root, {"a.py": "other\n"})
    assert snapshots.state_hash(snapshots.take()) not in hashes


def test_switching_a_branch_is_found_file_by_file_and_restorable(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    git(root, "switch", "-q", "-c", "other")
    write_files(root, {"a.py": "branch\n"})
    git(root, "commit", "-q", "-am", "Other")
    snapshots, blobs = _snapshots(root)
    before = snapshots.take()
    git(root, "switch", "-q", "main")
    found = snapshots.compare(before, snapshots.take(before))
    assert found == (FileChange("a.py", _sha("branch\n"), _sha("one\n"), 4, _sha("branch\n")),)
    assert blobs.get(found[0].preimage) == b"branch\n"


def test_line_endings_that_git_converts_do_not_look_like_a_change(tmp_path: Path) -> None:
    root = make_repository(
        tmp_path / "repo", {".gitattributes": "*.txt text eol=crlf\n", "a.txt": "x\ny\n"}
    )
    (root / "a.txt").unlink()
    git(root, "checkout", "-q", "--", "a.txt")
    assert (root / "a.txt").read_bytes() == b"x\r\ny\r\n"
    snapshots, blobs = _snapshots(root)
    before = snapshots.take()
    (root / "a.txt").write_bytes(b"x\r\nz\r\n")
    (change,) = snapshots.compare(before, snapshots.take(before))
    assert change.before == _sha("x\r\ny\r\n")
    assert blobs.get(change.preimage) == b"x\r\ny\r\n"


def test_links_are_compared_by_where_they_point_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    root = _make(tmp_path / "repo", with_git=True)
    (root / "way").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret.txt")
    snapshots, blobs = _snapshots(root)
    before = snapshots.take()
    assert not [path for path in before.files if "secret" in path]
    assert b"secret" not in blobs.kept.values()
    (outside / "secret.txt").write_text("changed outside")
    assert snapshots.compare(before, snapshots.take(before)) == ()
    (root / "file").unlink()
    (root / "file").symlink_to(outside)
    (change,) = snapshots.compare(before, snapshots.take(before))
    assert (change.path, change.restorable) == ("file", False)
    assert snapshots.keep("way/secret.txt") == ("", False)
    assert snapshots.keep(str(outside / "secret.txt")) == (_sha("changed outside"), True)


def test_files_over_the_limit_are_found_and_said_to_be_not_restorable(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    (root / "big.bin").write_bytes(b"\0" * (PREIMAGE_BYTES_MOST + 1))
    snapshots, blobs = _snapshots(root)
    before = snapshots.take()
    assert not [data for data in blobs.kept.values() if len(data) > PREIMAGE_BYTES_MOST]
    (root / "big.bin").unlink()
    (change,) = snapshots.compare(before, snapshots.take(before))
    assert (change.path, change.preimage, change.restorable) == ("big.bin", "", False)
    assert change.kind == "deleted"


def test_a_file_tool_keeps_what_it_is_about_to_replace(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    write_files(root, {"x.log": "ignored, yet kept"})
    snapshots, blobs = _snapshots(root)
    assert snapshots.keep("nothing.py") == ("", True)
    assert snapshots.keep("x.log") == (_sha("ignored, yet kept"), True)
    assert blobs.get(_sha("ignored, yet kept")) == b"ignored, yet kept"
    (root / "big.bin").write_bytes(b"\0" * (PREIMAGE_BYTES_MOST + 1))
    assert snapshots.keep("big.bin") == ("", False)


def test_a_repository_inside_the_repository_is_looked_into(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    make_repository(root / "vendor", {"inner.py": "1\n"})
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    write_files(root, {"vendor/inner.py": "2\n"})
    found = snapshots.compare(before, snapshots.take(before))
    assert [change.path for change in found] == ["vendor/inner.py"]


def test_a_submodule_is_looked_into(tmp_path: Path) -> None:
    inner = make_repository(tmp_path / "inner", {"inner.py": "1\n"})
    root = _make(tmp_path / "repo", with_git=True)
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    git(root, "commit", "-q", "-m", "Add it")
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    write_files(root, {"sub/inner.py": "2\n"})
    found = snapshots.compare(before, snapshots.take(before))
    assert [change.path for change in found] == ["sub/inner.py"]


def test_a_repository_that_appears_or_vanishes_changes_no_file(tmp_path: Path) -> None:
    root = _make(tmp_path / "plain", with_git=False)
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    git(root, "init", "-q")
    git(root, "add", "-A")
    after = snapshots.take(before)
    assert snapshots.compare(before, after) == ()
    assert snapshots.state_hash(after) == snapshots.state_hash(snapshots.take(after))


def test_a_listing_longer_than_the_runner_keeps_is_read_whole(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    snapshots = WorkspaceSnapshots(root, DirectRunner(most_bytes=100), MemoryBlobs())
    before = snapshots.take()
    write_files(root, {"a.py": "ONE\n", "x.log": "ignored"})
    found = snapshots.compare(before, snapshots.take(before))
    assert found == (FileChange("a.py", _sha("one\n"), _sha("ONE\n"), 4, _sha("one\n")),)


def test_a_folder_below_the_top_of_a_repository_is_walked(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    snapshots, _ = _snapshots(root / "src")
    assert set(snapshots.take().files) == {"b.py"}


def test_unmerged_names_with_spaces_and_odd_letters_are_listed_once(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", {"two words.txt": "a\n", "ümlaut\t.txt": "a\n"})
    git(root, "switch", "-q", "-c", "other")
    write_files(root, {"two words.txt": "b\n"})
    git(root, "commit", "-q", "-am", "B")
    git(root, "switch", "-q", "main")
    write_files(root, {"two words.txt": "c\n"})
    git(root, "commit", "-q", "-am", "C")
    with pytest.raises(Exception, match="merge"):
        git(root, "merge", "-q", "other")
    snapshots, _ = _snapshots(root)
    assert set(snapshots.take().files) == {"two words.txt", "ümlaut\t.txt"}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["a", "b", "d/c"]), st.one_of(st.none(), st.text(max_size=3))),
        max_size=6,
    )
)
def test_applying_what_was_found_to_the_files_before_gives_the_files_after(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None]]
) -> None:
    root = make_repository(tmp_path_factory.mktemp("law"), {"a": "1", "b": "2"})
    snapshots, blobs = _snapshots(root)
    before = snapshots.take()
    expected = {"a": _sha("1"), "b": _sha("2")}
    for path, text in steps:
        if text is None:
            (root / path).unlink(missing_ok=True)
            expected.pop(path, None)
        else:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(text.encode())
            expected[path] = _sha(text)
    contents = {"a": _sha("1"), "b": _sha("2")}
    for change in snapshots.compare(before, snapshots.take(before)):
        assert change.before == contents.get(change.path, "")
        assert change.before == change.preimage
        assert not change.preimage or change.preimage in blobs.kept
        contents.pop(change.path, None)
        if change.after:
            contents[change.path] = change.after
    assert contents == expected


@pytest.mark.parametrize("with_git", [True, False])
def test_a_file_that_becomes_executable_has_changed_and_its_bytes_have_not(
    tmp_path: Path, with_git: bool
) -> None:
    root = _make(tmp_path / "repo", with_git=with_git)
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    (root / "a.py").chmod(0o755)
    made = snapshots.take(before)
    (root / "a.py").chmod(0o644)
    unmade = snapshots.take(made)
    same = _sha("one\n")
    found = snapshots.compare(before, made)
    assert found == (FileChange("a.py", same, same, 4, same, mode="+x"),)
    assert [change.mode for change in snapshots.compare(made, unmade)] == ["-x"]
    assert snapshots.compare(before, unmade) == ()


def test_modes_are_nothing_where_git_heeds_none(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    git(root, "config", "core.fileMode", "false")
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    (root / "a.py").chmod(0o755)
    write_files(root, {"a.py": "ONE\n"})
    assert [change.mode for change in snapshots.compare(before, snapshots.take(before))] == [""]


def test_committing_an_executable_file_changes_nothing(tmp_path: Path) -> None:
    root = _make(tmp_path / "repo", with_git=True)
    (root / "a.py").chmod(0o755)
    snapshots, _ = _snapshots(root)
    before = snapshots.take()
    git(root, "commit", "-qam", "mode")
    assert snapshots.compare(before, snapshots.take(before)) == ()
