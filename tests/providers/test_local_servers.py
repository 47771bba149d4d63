from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from burnless.providers.local_servers import list_models
from tests.support.scripted_server import ScriptedServer


def test_a_server_lists_its_models() -> None:
    with ScriptedServer({}, models=["qwen3", "gemma"]) as server:
        assert list_models(f"{server.url}/v1") == ("qwen3", "gemma")
        assert list_models(server.url) == ("qwen3", "gemma")


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"data": 3}', b"{}"])
def test_a_server_of_something_else_is_none(answer: bytes) -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert list_models(f"http://127.0.0.1:{server.server_port}/v1") is None
        thread.join()


def test_nobody_is_none() -> None:
    with ScriptedServer({}) as server:
        address = server.url
    assert list_models(f"{address}/v1") is None
