from __future__ import annotations

import http.client
import socket

import pytest

from tests.conftest import OutsideConnection
from tests.support.scripted_server import ScriptedServer, says


def test_an_address_outside_is_refused(stays_on_loopback: list[str]) -> None:
    with socket.socket() as connection, pytest.raises(OutsideConnection):
        connection.connect(("192.0.2.1", 80))
    assert stays_on_loopback == ["socket.connect 192.0.2.1"]
    stays_on_loopback.clear()


def test_a_name_outside_is_not_looked_up(stays_on_loopback: list[str]) -> None:
    with pytest.raises(OutsideConnection):
        socket.create_connection(("api.example.com", 443))
    assert stays_on_loopback == ["socket.getaddrinfo api.example.com"]
    stays_on_loopback.clear()


def test_loopback_is_reached_by_address_and_by_name() -> None:
    with ScriptedServer({"m": [says("hi")]}) as server:
        port = int(server.url.rsplit(":", 1)[1])
        for host in ("127.0.0.1", "localhost"):
            connection = http.client.HTTPConnection(host, port)
            connection.request("GET", "/v1/models")
            assert connection.getresponse().status == 200
            connection.close()
