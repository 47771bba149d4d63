"""The environment of commands: the parent's, without credentials, and quiet.

What is taken out, and why:

| names                                            | reason                                      |
| ------------------------------------------------ | ------------------------------------------- |
| *_KEY, *APIKEY, *TOKEN, *SECRET, *PASSWORD,      | a secret by its name, also in the middle    |
| *PASSWD, *PASSPHRASE, *CREDENTIAL(S), *_PASS,    | of one (FOO_TOKEN_2) as a whole word        |
| *_PAT, *_PWD, *_AUTH, *_DSN                      | (PWD and OLDPWD stay)                       |
| AWS_*, AZURE_*, GH_*, GITHUB_TOKEN, GOOGLE_APPLICATION_CREDENTIALS, VAULT_*, DOCKER_AUTH_* |
|                                                  | clouds and forges: whole families           |
| SSH_AUTH_SOCK, SSH_AGENT_PID, GPG_AGENT_INFO,    | no secret itself, but whoever has it can    |
| KRB5CCNAME                                       | sign in and sign as the user                |
| BASH_ENV, ENV                                    | make every shell run a file first           |
| a value like scheme://user:password@host, or of  | secrets under an innocent name              |
| the shape of a known key (sk-..., ghp_..., AKIA) | (DATABASE_URL, HTTPS_PROXY)                 |

`HOME` and `PATH` stay: tools need them. What lies in files is the sandbox's concern.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

QUIET = {
    "CI": "1",
    "DEBIAN_FRONTEND": "noninteractive",
    "EDITOR": "true",
    "GIT_EDITOR": "true",
    "GIT_PAGER": "cat",
    "GIT_SEQUENCE_EDITOR": "true",
    "GIT_TERMINAL_PROMPT": "0",
    "MANPAGER": "cat",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "PIP_NO_INPUT": "1",
    "SYSTEMD_PAGER": "cat",
    "TERM": "dumb",
    "VISUAL": "true",
}
"""Nobody is there to page, to edit or to answer; colours would only cost tokens."""

SAFE_GIT = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.bareRepository",
    "GIT_CONFIG_VALUE_0": "explicit",
}
"""A folder of files can look like a bare repository whose configuration names a program: `git
status` in it would start that. Settings of the parent's own under these names are not passed on:
they may hold credentials."""

_SECRET_NAME = re.compile(
    r"""
      (?:^|_)(?:APIKEY|KEY|TOKENS?|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)(?:_|$)
    | (?:APIKEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE)$
    | _(?:PASS|PAT|PWD|AUTH|DSN)$
    | ^(?:AWS|AZURE|GH|VAULT|DOCKER_AUTH)_
    | ^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|SSHPASS|GPG_AGENT_INFO|KRB5CCNAME|BASH_ENV|ENV)$
    """,
    re.VERBOSE,
)
_SECRET_VALUE = re.compile(
    r"://[^/\s:@]*:[^/\s@]+@"
    r"|^(?:sk-|sk_live_|gh[opsu]_|github_pat_|glpat-|xox[abp]-|AKIA|AIza)[A-Za-z0-9_-]{8,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)


def is_secret(name: str, value: str) -> bool:
    """Whether a variable looks like a credential, by its name or by its value."""
    return bool(_SECRET_NAME.search(name.upper()) or _SECRET_VALUE.search(value))


def command_environment(
    parent: Mapping[str, str], extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of a model's command: no credentials of `parent`, quiet, plus `extra`."""
    kept = {name: value for name, value in parent.items() if not is_secret(name, value)}
    return {**kept, **QUIET, **SAFE_GIT, **(extra or {})}
