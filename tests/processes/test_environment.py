from __future__ import annotations

import pytest

from burnless.processes.environment import QUIET, command_environment, is_secret


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
        "HOME": "/h",
        "ADDED_KEY": "on purpose",
    }
