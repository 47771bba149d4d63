import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.policy.workspace_paths import (
    absolute,
    guarded_folder,
    inside,
    is_device,
    is_free_to_read,
    is_secret,
    relative,
)


@pytest.mark.parametrize(
    ("path", "start", "result"),
    [
        ("a/../b", "/w", "/w/b"),
        ("../x", "/w", "/x"),
        ("/etc//passwd", "/w", "/etc/passwd"),
        ("//etc/passwd", "/w", "/etc/passwd"),
        ("../../../..", "/w", "/"),
        (".", "/w", "/w"),
    ],
)
def test_paths_are_made_absolute_without_dots(path: str, start: str, result: str) -> None:
    assert absolute(path, start) == result


@given(st.lists(st.sampled_from(["..", ".", "a", "b", "/"]), max_size=8))
def test_a_path_that_says_it_is_inside_never_climbs_out(parts: list[str]) -> None:
    path = absolute("/".join(parts) or ".", "/w/r")
    assert path.startswith("/")
    assert ".." not in path.split("/")
    if inside(path, "/w/r"):
        assert absolute(relative(path, "/w/r"), "/w/r") == path
    else:
        assert relative(path, "/w/r") == path


def test_a_sibling_that_only_begins_alike_is_not_inside() -> None:
    assert inside("/w/r", "/w/r")
    assert inside("/w/r/a", "/w/r")
    assert not inside("/w/r2/a", "/w/r")
    assert inside("/anything", "/")


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/w/.git/config", ".git"),
        ("/w/sub/.GIT/hooks/x", ".git"),
        ("/w/.git", ".git"),
        ("/w/.burnless/config.yaml", ".burnless"),
        ("/w/.gitignore", ""),
        ("/w/git/x", ""),
    ],
)
def test_guarded_folders_are_found_at_any_depth_and_case(path: str, folder: str) -> None:
    assert guarded_folder(path) == folder


@pytest.mark.parametrize(
    "path",
    [
        "/w/.env",
        "/w/.env.production",
        "/w/.ENV",
        "/w/deploy/prod.env",
        "/w/id_rsa",
        "/w/server.pem",
        "/w/private.key",
        "/w/credentials",
        "/w/credentials.json",
        "/srv/ada/.aws/config",
        "/srv/ada/.ssh/known_hosts",
        "/w/.env*",
        "/w/.e*",
        "/w/*.pem",
        "/w/[.]env",
        "/w/id_*",
    ],
)
def test_names_that_usually_hold_keys_are_secret(path: str) -> None:
    assert is_secret(path)


@pytest.mark.parametrize(
    "path",
    [
        "/w/.env.example",
        "/w/.env.sample",
        "/w/id_rsa.pub",
        "/srv/ada/.ssh/id_rsa.pub",
        "/w/src/credentials.py",
        "/w/environment.py",
        "/w/*",
        "/w/*.py",
        "/w/**",
        "/w/s*",
        "/w/README.md",
    ],
)
def test_everyday_names_are_not_secret(path: str) -> None:
    assert not is_secret(path)


def test_temporary_files_installed_programs_and_devices_are_free_to_read() -> None:
    paths = ("/tmp/x", "/usr/include/stdio.h", "/dev/null", "/etc/passwd", "/srv/ada/x")  # noqa: S108 - only names
    assert [is_free_to_read(path) for path in paths] == [True, True, True, False, False]
    assert [is_device(path) for path in ("/dev/null", "/dev/fd/3", "/dev/sda")] == [
        True,
        True,
        False,
    ]
