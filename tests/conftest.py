"""For every test: nothing but loopback can be reached, and no real key is seen.

The guard is an audit hook, so it sees each connect and each name look-up of this process, whichever
library asks. It raises where the connection is made, and it also fails the test afterwards, in case
a library took the error for a network that is down. Programs that a test starts are not seen: give
them the address of a `ScriptedServer`.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

_attempts: list[str] = []


class OutsideConnection(AssertionError):
    """A test tried to reach something that is not on this machine."""


def _is_loopback(host: object) -> bool:
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket's path
            return
        host = address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        _attempts.append(f"{event} {host}")
        raise OutsideConnection(f"a test must stay on loopback, but asked for {host}")


sys.addaudithook(_refuse_outside)


@pytest.fixture(autouse=True)
def stays_on_loopback() -> Iterator[list[str]]:
    """Fails the test that tried to leave. A test of the guard itself empties the list."""
    _attempts.clear()
    yield _attempts
    attempts, _attempts[:] = list(_attempts), []
    assert not attempts, f"connections that left loopback: {attempts}"


@pytest.fixture(autouse=True)
def no_real_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, endpoints and proxies of whoever runs the suite stay outside."""
    for name in list(os.environ):
        if name.upper().endswith(("_API_KEY", "_BASE_URL", "_AUTH_TOKEN", "_PROXY")):
            monkeypatch.delenv(name)
