from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.cancel import CancelToken
from burnless.core.encoding import JsonObject
from burnless.core.errors import BurnlessError, KeyProblem
from burnless.core.messages import ModelRequest, Reply, Text, UserMessage
from burnless.core.settings import CacheSettings
from burnless.providers.cards import build_model
from burnless.providers.key_cover import cover_key
from burnless.providers.problems import Endpoint
from burnless.providers.wire import endpoint_of
from tests.providers.cases import request
from tests.providers.test_round_trips import WIRES, RealClock
from tests.support.scripted_server import ScriptedError, ScriptedReply, ScriptedServer, in_turn

KEY = "sk-secret-abcdef123456"
START = KEY[:8]
ASK = request(UserMessage("go"))
TEXTS = {
    "whole": f"Incorrect API key provided: {KEY}; go on",
    "bearer": f"refused: Authorization: Bearer {KEY}, go on",
    "beginning": f"refused: {KEY[:15]}... go on",
    "cut in the middle": "x" * 290 + KEY,
}


@contextmanager
def asking(
    wire: str, reply: ScriptedReply, bodies: list[bytes] | None = None
) -> Iterator[Callable[[ModelRequest], Reply]]:
    with ScriptedServer(in_turn(reply)) as server:
        version = "" if wire == "anthropic" else "/v1"
        card = replace(WIRES[wire], base_url=server.url + version, first_party=False)
        keep = bodies.append if bodies is not None else None
        model = build_model(card, {card.key_env: KEY}, CacheSettings(), RealClock(), on_body=keep)
        try:
            yield lambda asked: model.complete(asked, lambda delta: None, CancelToken())
        finally:
            model.close()


def told(wire: str, reply: ScriptedReply) -> str:
    """All that can be read off the error a reply becomes, its chain and trace included."""
    with asking(wire, reply) as ask, pytest.raises(BurnlessError) as caught:
        ask(ASK)
    seen: list[str] = []
    error: BaseException | None = caught.value
    while error is not None:
        seen += [str(error), repr(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return "\n".join([*seen, *traceback.format_exception(caught.value)])


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("status", [400, 401, 402, 404, 413, 429, 500])
def test_a_key_in_a_refusal_is_told_to_nobody(wire: str, text: str, status: int) -> None:
    body: JsonObject = {"error": {"type": "x", "message": text}}
    seen = told(wire, ScriptedReply(error=ScriptedError(status, body)))
    assert "[key]" in seen
    assert START not in seen


@pytest.mark.parametrize("wire", WIRES)
def test_a_key_in_a_body_that_is_no_json_is_told_to_nobody(wire: str) -> None:
    seen = told(wire, ScriptedReply(error=ScriptedError(500, f"no, {KEY}".encode())))
    assert "no, [key]" in seen
    assert START not in seen


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", ["authentication_error", "invalid_request_error", "other"])
def test_a_key_in_an_error_event_is_told_to_nobody(wire: str, kind: str) -> None:
    event: JsonObject = {"type": "error", "error": {"type": kind, "message": f"no: Bearer {KEY}"}}
    reply = ScriptedReply((Text("hello"),), cut_after_frames=3, error_event=event)
    seen = told(wire, reply)
    assert "no: [key]" in seen
    assert START not in seen


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("data", [f"no JSON {KEY}", f'["{KEY}"]', "x" * 48 + KEY])
def test_a_key_in_a_broken_event_is_told_to_nobody(wire: str, data: str) -> None:
    garbage = f"data: {data}\n\n".encode()
    seen = told(wire, ScriptedReply((Text("hello"),), cut_after_frames=3, garbage=garbage))
    assert "[key]" in seen
    assert START not in seen


@pytest.mark.parametrize("wire", WIRES)
def test_a_key_in_a_header_is_told_to_nobody(wire: str) -> None:
    headers = {"retry-after": KEY, "location": f"http://127.0.0.1/{KEY}", "request-id": KEY}
    for status in (307, 429):
        assert START not in told(wire, ScriptedReply(error=ScriptedError(status, b"", headers)))


@pytest.mark.parametrize("wire", WIRES)
def test_a_key_as_the_name_of_who_answered_is_covered(wire: str) -> None:
    with asking(wire, ScriptedReply((Text("hi"),), model=f"model-{KEY}")) as ask:
        assert ask(ASK).served_model == "model-[key]"


@pytest.mark.parametrize("wire", WIRES)
def test_a_key_in_the_conversation_is_not_in_the_bodies_kept_for_debugging(wire: str) -> None:
    bodies: list[bytes] = []
    with asking(wire, ScriptedReply((Text("hi"),)), bodies) as ask:
        ask(request(UserMessage(f"the key is {KEY}, \u00e9")))
    assert "the key is [key], é" in bodies[0].decode()
    assert START.encode() not in bodies[0]


@pytest.mark.parametrize(
    "key", ["sk-secret-\u00e9-long", "sk-secret-\x01-long", "sk-secret-\n-long"]
)
def test_a_key_that_no_header_can_carry_is_a_key_problem_that_does_not_quote_it(key: str) -> None:
    card = WIRES["chat"]
    with pytest.raises(KeyProblem, match=card.key_env) as caught:
        build_model(card, {card.key_env: key}, CacheSettings(), RealClock())
    assert START not in f"{caught.value!r} {caught.value.hint}"


def test_an_endpoint_does_not_show_its_key() -> None:
    assert START not in repr(endpoint_of(WIRES["chat"], KEY))
    assert Endpoint("p", "m", key=KEY).cover(KEY) == "[key]"


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        (f"{KEY}{KEY} {KEY}", "[key][key] [key]"),
        (f"bearer  {KEY}", "[key]"),
        (f"{KEY[:8]}", "[key]"),
        (f"{KEY[:7]}", KEY[:7]),
        (f"{KEY[:12]}****", "[key]****"),
        (f"{KEY}789", "[key]789"),
        ("Bearer of news", "Bearer of news"),
        ("", ""),
    ],
)
def test_the_key_and_each_longer_beginning_of_it_is_covered(text: str, covered: str) -> None:
    assert cover_key(text, KEY) == covered


@pytest.mark.parametrize("key", ["", "none", "local"])
def test_a_short_key_is_a_word_and_stays(key: str) -> None:
    assert cover_key(f"none of the local models, {key}", key) == f"none of the local models, {key}"


def test_a_key_of_six_characters_is_covered_whole_only() -> None:
    assert cover_key("abcdef abcde", "abcdef") == "[key] abcde"


def test_a_key_is_found_as_bytes_are_quoted() -> None:
    key = "sk-\x01secret-\u00e9-long"
    assert cover_key(f"Illegal header value {f'Bearer {key}'.encode()!r}", key) == (
        "Illegal header value b'[key]'"
    )


@given(st.lists(st.sampled_from([KEY, KEY[:9], KEY[4:], "sk-", "-", "x"])).map("".join))
def test_no_key_is_left_whatever_stands_around_it(text: str) -> None:
    assert START not in cover_key(text, KEY)
