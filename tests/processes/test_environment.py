from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from burnless.processes.environment import QUIET, SAFE_GIT, command_environment, is_secret


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "x"),
        ("openai_api_key", "x"),
        ("GITHUB_TOKEN", "x"),
        ("CI_JOB_TOKEN_2", "x"),
        ("NPM_CONFIG_//registry/:_authToken", "x"),
        ("CLIENT_SECRET", "x"),
        ("PGPASSWORD", "x"),
        ("MYSQL_PWD", "x"),
        ("DB_PASS", "x"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/k.json"),
        ("AWS_PROFILE", "prod"),
        ("GH_HOST", "x"),
        ("SSH_AUTH_SOCK", "/run/agent"),
        ("BASH_ENV", "/run/evil"),
        ("DATABASE_URL", "postgres://ann:hunter2@db/app"),
        ("HTTPS_PROXY", "http://u:p@proxy:3128"),
        ("INNOCENT", "sk-ant-0123456789"),
        ("PEM", "-----BEGIN RSA PRIVATE KEY-----\nx"),
    ],
)
def test_credentials_are_known_by_name_or_by_value(name: str, value: str) -> None:
    assert is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOME", "/home/ann"),
        ("PATH", "/bin"),
        ("PWD", "/w"),
        ("OLDPWD", "/w"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("KEYBOARD_LAYOUT", "de"),
        ("MONKEY", "banana"),
        ("AUTHOR", "ann"),
        ("DATABASE_URL", "postgres://db/app"),
        ("COMPASS", "north"),
        ("PYTEST_ADDOPTS", "-q"),
    ],
)
def test_plain_variables_stay(name: str, value: str) -> None:
    assert not is_secret(name, value)


def test_a_command_gets_the_clean_quiet_environment_and_what_is_added() -> None:
    parent = {"HOME": "/h", "PAGER": "less", "X_TOKEN": "t", "CI": ""}
    assert command_environment(parent, {"ADDED_KEY": "on purpose"}) == {
        **QUIET,
        **SAFE_GIT,
        "HOME": "/h",
        "ADDED_KEY": "on purpose",
    }


def test_git_starts_nothing_for_files_that_look_like_a_repository(tmp_path: Path) -> None:
    environment = command_environment(os.environ)
    evil = tmp_path / "evil"
    subprocess.run(["git", "init", "-q", "--bare", str(evil)], check=True, env=environment)
    mark = tmp_path / "started"
    (evil / "config").write_text(
        f'[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = "touch {mark}; false"\n'
    )
    done = subprocess.run(
        ["git", "status"], cwd=evil, env=environment, capture_output=True, check=False
    )
    assert (done.returncode != 0, mark.exists()) == (True, False)
