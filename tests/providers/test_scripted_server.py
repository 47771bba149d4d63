from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from burnless.core.messages import Text
from tests.support.scripted_server import (
    ScriptedReply,
    ScriptedServer,
    ScriptExhausted,
    in_turn,
    says,
)


def post(server: ScriptedServer, path: str, **body: Any) -> tuple[int, str]:
    host, port = server.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    connection.request("POST", path, json.dumps(body))
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


PATHS = ["/v1/messages", "/messages", "/v1/responses", "/responses", "/v1/chat/completions"]


@pytest.mark.parametrize("path", PATHS)
def test_each_wire_is_spoken_with_and_without_a_version(path: str) -> None:
    with ScriptedServer({"m": [says("hello")]}) as server:
        status, body = post(server, path, model="m")
    assert status == 200
    assert "hello" in body
    captured = server.requests[0]
    assert (captured.number, captured.path, captured.model) == (1, path, "m")
    assert captured.body == b'{"model": "m"}'


def test_each_model_has_its_own_replies_in_order() -> None:
    with ScriptedServer({"a": [says("one"), says("three")], "b": [says("two")]}) as server:
        heard = [post(server, "/messages", model=name)[1] for name in ("a", "b", "a")]
    assert [word in text for word, text in zip(("one", "two", "three"), heard, strict=True)] == [
        True
    ] * 3
    assert len(server.requests_for("a")) == 2


def test_a_script_that_runs_out_answers_400_and_fails_at_the_end() -> None:
    server = ScriptedServer({"m": []}).start()
    status, body = post(server, "/messages", model="m")
    assert status == 400
    assert "no reply left" in body
    with pytest.raises(ScriptExhausted, match="no reply left for model 'm'"):
        server.__exit__(None, None, None)


def test_a_route_that_raises_is_told_and_not_swallowed() -> None:
    server = ScriptedServer(in_turn()).start()
    assert post(server, "/messages", model="m")[0] == 400
    with pytest.raises(ScriptExhausted):
        server.__exit__(None, None, None)


def test_a_path_no_wire_has_is_a_problem() -> None:
    server = ScriptedServer({"m": [says("hi")]}).start()
    assert post(server, "/v1/embeddings", model="m")[0] == 400
    with pytest.raises(ScriptExhausted, match="embeddings"):
        server.__exit__(None, None, None)


def test_a_long_benchmark_keeps_no_requests() -> None:
    with ScriptedServer({"m": [says("hi")]}, keep=False) as server:
        post(server, "/messages", model="m")
    assert server.requests == []


@pytest.mark.parametrize("path", PATHS)
def test_the_same_script_gives_the_same_bytes(path: str) -> None:
    reply = ScriptedReply((Text("hello " * 50),))
    heard = []
    for _ in range(2):
        with ScriptedServer({"m": [reply]}) as server:
            heard.append(post(server, path, model="m"))
    assert heard[0] == heard[1]
