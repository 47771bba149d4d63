from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from burnless.core.errors import SessionProblem
from burnless.state.layout import (
    Layout,
    UserFolders,
    find_workspace,
    layout_of,
    make_session_folder,
    prepare_state,
    user_folders,
)
from burnless.state.sessions import session_folders, start_session
from tests.state.folders import layout_in
from tests.support.clocks import SetClock


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "repo"
    (root / "src" / "deep").mkdir(parents=True)
    git(root, "init", "-q")
    return root


def test_the_workspace_is_the_top_of_the_repository(repository: Path) -> None:
    assert find_workspace(repository / "src" / "deep") == repository
    assert find_workspace(repository) == repository


def test_a_worktree_is_a_workspace_of_its_own(repository: Path) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "start")
    git(repository, "worktree", "add", "-q", str(repository.parent / "tree"))
    (repository.parent / "tree" / "inner").mkdir()
    assert find_workspace(repository.parent / "tree" / "inner") == repository.parent / "tree"


def test_without_a_repository_the_folder_itself_is_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "plain" / ".git").mkdir(parents=True)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / ".git").write_text("nothing")
    for name in ("plain", "odd"):
        assert find_workspace(tmp_path / name) == (tmp_path / name).resolve()


def test_a_link_into_a_repository_leads_to_it(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository / "src")
    assert find_workspace(tmp_path / "link") == repository


def test_one_variable_moves_everything_of_the_users(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert layout_of(tmp_path, {"BURNLESS_HOME": str(home)}) == Layout(
        tmp_path.resolve(), UserFolders(home, home, home / "cache")
    )


def test_else_the_systems_own_places_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    folders = user_folders({})
    for folder in (folders.config, folders.state, folders.cache):
        assert folder.is_relative_to(tmp_path)
        assert folder.name == "burnless"


def test_state_hides_itself_from_git_but_for_the_configuration(repository: Path) -> None:
    layout = Layout(repository, UserFolders(*[repository.parent / "home"] * 3))
    start_session(layout, SetClock(), session_id="a").close()
    layout.config_file.write_text("checks: []\n")
    listed = subprocess.run(
        ["git", "status", "--porcelain", "-uall"],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout.split() == ["??", ".burnless/config.yaml"]


def test_a_gitignore_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine")
    prepare_state(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine"


def test_a_workspace_that_cannot_be_written_keeps_its_sessions_outside(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    layout.state.write_text("a file where the folder should be")
    start_session(layout, SetClock(), session_id="a").close()
    assert session_folders(layout) == [layout.outside_state / "sessions" / "a"]
    assert layout.outside_state.name.startswith("work-")


def test_two_workspaces_of_one_name_have_different_places_outside(tmp_path: Path) -> None:
    user = UserFolders(tmp_path, tmp_path, tmp_path)
    places = {Layout(Path(f"/{parent}/app"), user).outside_state for parent in ("a", "b")}
    assert len(places) == 2


def test_no_place_at_all_is_said(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    layout.state.write_text("a file")
    (tmp_path / "home").write_text("a file")
    with pytest.raises(SessionProblem) as raised:
        make_session_folder(layout, "a")
    assert str(raised.value).startswith("no place for the session: neither")
    assert "BURNLESS_HOME" in raised.value.hint


def test_an_id_that_is_taken_is_not_given_twice(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    make_session_folder(layout, "a")
    with pytest.raises(FileExistsError):
        make_session_folder(layout, "a")


def test_an_id_that_is_taken_outside_is_not_given_twice(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    layout.state.write_text("a file")
    make_session_folder(layout, "a")
    with pytest.raises(FileExistsError):
        make_session_folder(layout, "a")


def test_a_workspace_that_is_no_folder_keeps_its_sessions_outside(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    layout.workspace.rmdir()
    layout.workspace.write_text("a file")
    assert make_session_folder(layout, "a") == layout.outside_state / "sessions" / "a"
