from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from burnless.core.cancel import CancelToken
from burnless.core.errors import (
    Cancelled,
    ContextExceeded,
    KeyProblem,
    ModelProblem,
    Temporary,
)
from burnless.core.messages import (
    AssistantMessage,
    Delta,
    ModelRequest,
    Reasoning,
    Reply,
    StopReason,
    Text,
    TextDelta,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.core.models import ModelCard
from burnless.core.settings import CacheSettings
from burnless.core.usage import Usage
from burnless.providers.cards import build_model
from burnless.providers.transport import Patience
from burnless.providers.wire import SoFar
from burnless.providers.wire_model import WireModel
from tests.providers.cases import ANTHROPIC, CARDS, CHAT, RESPONSES, THOUGHTS, reads, request
from tests.support.scripted_server import (
    CapturedRequest,
    ScriptedError,
    ScriptedReply,
    ScriptedServer,
    Thinking,
    in_turn,
    says,
)

WIRES = {"anthropic": ANTHROPIC, "responses": RESPONSES, "chat": CHAT}
KEY = "sk-test-not-a-real-key"
ASK = request(UserMessage("go"))


class RealClock:
    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Line:
    """A model at a scripted server."""

    server: ScriptedServer
    model: WireModel

    def ask(
        self,
        asked: ModelRequest = ASK,
        cancel: CancelToken | None = None,
        on_delta: Callable[[Delta], None] = lambda delta: None,
    ) -> Reply:
        return self.model.complete(asked, on_delta, cancel or CancelToken())


Opener = Callable[..., Line]


@pytest.fixture
def connect() -> Iterator[Opener]:
    """Opens lines, and closes them after the test."""
    lines: list[Line] = []

    def open_line(
        wire: str,
        route: Callable[[CapturedRequest], ScriptedReply],
        patience: Patience | None = None,
        **changes: Any,
    ) -> Line:
        server = ScriptedServer(route).start()
        version = "" if wire == "anthropic" else "/v1"
        card: ModelCard = replace(WIRES[wire], base_url=server.url + version, **changes)
        env = {card.key_env: KEY}
        model = build_model(card, env, CacheSettings(), RealClock(), patience=patience)
        lines.append(Line(server, model))
        return lines[-1]

    yield open_line
    for line in lines:
        line.model.close()
        line.server.close()
        assert line.server.problems == []


FULL = ScriptedReply(
    (
        Thinking("I should look.", "c2ln"),
        Text("Looking."),
        ToolCall("call_1", "read", '{"path":"a.py"}'),
        ToolCall("call_2", "read", '{"path":"b.py"}'),
    ),
    usage=Usage(100, 2_000, 300, 0, 50, 20),
)


@pytest.mark.parametrize("wire", WIRES)
def test_a_reply_comes_through_the_real_sdk_whole(wire: str, connect: Opener) -> None:
    line = connect(wire, in_turn(FULL))
    deltas: list[Delta] = []
    reply = line.ask(on_delta=deltas.append)
    assert [b for b in reply.message.blocks if not isinstance(b, Reasoning)] == [*FULL.blocks[1:]]
    assert [b.text for b in reply.message.blocks if isinstance(b, Reasoning)] == ["I should look."]
    assert (reply.message.model, reply.message.family) == (
        line.model.card.id,
        line.model.card.family,
    )
    assert (reply.stop, reply.usage) == (StopReason.TOOL_CALLS, FULL.usage)
    assert reply.served_model == line.model.card.name
    assert reply.first_token_seconds is not None
    assert reply.seconds >= reply.first_token_seconds
    assert TextDelta("Looking.") in deltas
    assert line.model.so_far() == SoFar(sent=True, usage=FULL.usage)


@pytest.mark.parametrize("wire", WIRES)
def test_what_the_wire_gave_goes_back_as_it_was(wire: str, connect: Opener) -> None:
    line = connect(wire, in_turn(FULL, says("done")))
    first = line.ask()
    reply = line.ask(
        request(
            UserMessage("go"),
            first.message,
            ToolResult("call_1", "text of a"),
            ToolResult("call_2", "text of b"),
        )
    )
    thought = next(b for b in first.message.blocks if isinstance(b, Reasoning))
    body = line.server.requests[1].body.decode()
    assert thought.payload.removeprefix("{").removesuffix("}") in body
    assert reply.dropped_reasoning == 0
    assert reply.message.text == "done"


@pytest.mark.parametrize("wire", WIRES)
def test_the_bytes_sent_are_the_translation(wire: str, connect: Opener) -> None:
    line = connect(wire, in_turn(says("hi")))
    seen: list[bytes] = []
    card = line.model.card
    model = build_model(
        card, {card.key_env: KEY}, CacheSettings(), RealClock(), on_body=seen.append
    )
    model.complete(ASK, lambda delta: None, CancelToken())
    model.close()
    assert [captured.body for captured in line.server.requests] == seen
    assert line.server.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("wire", WIRES)
def test_only_the_cards_key_is_sent_and_no_other_variable_is(
    wire: str, connect: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "stray-secret")
    monkeypatch.setenv("OPENAI_ORG_ID", "stray-organisation")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "stray-project")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
    line = connect(wire, in_turn(says("hi")), first_party=False)
    line.ask()
    headers = line.server.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert not any("stray" in value for value in headers.values())


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("cut", ["clean", "dropped"])
def test_a_cut_stream_is_temporary(wire: str, cut: str, connect: Opener) -> None:
    reply = replace(FULL, cut_after_frames=6, cut=cut)
    line = connect(wire, in_turn(reply, says("again")))
    with pytest.raises(Temporary) as caught:
        line.ask()
    assert caught.value.billed
    assert line.ask().message.text == "again"


@pytest.mark.parametrize("wire", WIRES)
def test_garbage_in_a_stream_is_temporary(wire: str, connect: Opener) -> None:
    reply = replace(FULL, cut_after_frames=4, garbage=b"data: {{{ \xff\n\n")
    with pytest.raises(Temporary):
        connect(wire, in_turn(reply)).ask()


ERROR_EVENTS = {
    "anthropic": {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
    "responses": {"type": "error", "code": "server_error", "message": "Overloaded"},
    "chat": {"error": {"message": "Overloaded", "type": "server_error"}},
}


@pytest.mark.parametrize("wire", WIRES)
def test_an_error_event_in_a_stream_is_temporary_and_says_why(wire: str, connect: Opener) -> None:
    reply = replace(FULL, cut_after_frames=6, error_event=ERROR_EVENTS[wire])
    with pytest.raises(Temporary, match="Overloaded"):
        connect(wire, in_turn(reply)).ask()


def refusal(status: int, message: str, **headers: str) -> ScriptedReply:
    return ScriptedReply(
        error=ScriptedError(status, {"error": {"type": "x", "message": message}}, headers)
    )


@pytest.mark.parametrize("wire", WIRES)
def test_a_rate_limit_is_asked_once_and_tells_the_wait(wire: str, connect: Opener) -> None:
    line = connect(wire, in_turn(refusal(429, "slow down", **{"retry-after": "7"})))
    with pytest.raises(Temporary, match="slow down") as caught:
        line.ask()
    assert caught.value.retry_after == 7.0
    assert len(line.server.requests) == 1


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "prompt is too long: 9 tokens > 8", ContextExceeded),
        (401, "no such key", KeyProblem),
        (400, "something else", ModelProblem),
        (500, "oops", Temporary),
        (529, "busy", Temporary),
    ],
)
def test_each_refusal_becomes_its_error(
    wire: str, status: int, message: str, kind: type[Exception], connect: Opener
) -> None:
    line = connect(wire, in_turn(refusal(status, message)))
    with pytest.raises(kind) as caught:
        line.ask()
    assert type(caught.value) is kind
    assert KEY not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize("wire", WIRES)
def test_a_redirect_is_not_followed(wire: str, connect: Opener) -> None:
    with ScriptedServer(in_turn()) as elsewhere:
        moved = ScriptedReply(
            error=ScriptedError(307, b"", {"location": f"{elsewhere.url}/v1/messages"})
        )
        with pytest.raises(ModelProblem, match="redirect"):
            connect(wire, in_turn(moved)).ask()
        assert elsewhere.requests == []


@pytest.mark.parametrize("wire", WIRES)
def test_an_answer_that_is_no_stream_points_at_the_address(wire: str, connect: Opener) -> None:
    page = ScriptedReply(error=ScriptedError(200, b"<html>welcome</html>"))
    with pytest.raises(ModelProblem, match="instead of a stream"):
        connect(wire, in_turn(page)).ask()


@pytest.mark.parametrize("wire", WIRES)
def test_nobody_listening_is_temporary(wire: str, connect: Opener) -> None:
    line = connect(wire, in_turn())
    line.server.close()
    with pytest.raises(Temporary, match="could not be reached"):
        line.ask()


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("patience", [Patience(0.2, 60.0), Patience(60.0, 0.2)])
def test_a_provider_that_goes_silent_is_given_up(
    wire: str, patience: Patience, connect: Opener
) -> None:
    before_content = patience.before_content_seconds < 1
    silent = replace(
        FULL,
        delay_seconds=30.0 if before_content else 0.0,
        pause_seconds=0.0 if before_content else 0.01,
        hang_after_frames=None if before_content else 7,
    )
    with pytest.raises(Temporary, match="sent nothing"):
        connect(wire, in_turn(silent), patience).ask()


@pytest.mark.parametrize("wire", WIRES)
def test_a_cancel_ends_a_call_that_waits_for_its_first_byte(wire: str, connect: Opener) -> None:
    cancel = CancelToken()
    arrived = threading.Event()

    def route(asked: CapturedRequest) -> ScriptedReply:
        if arrived.is_set():
            return says("next")
        arrived.set()
        return replace(FULL, delay_seconds=30.0)

    line = connect(wire, route)
    threading.Thread(target=lambda: (arrived.wait(), cancel.cancel()), daemon=True).start()
    with pytest.raises(Cancelled):
        line.ask(cancel=cancel)
    assert line.model.so_far() == SoFar(sent=True)
    readers = [thread for thread in threading.enumerate() if thread.name == "model-call"]
    for reader in readers:
        reader.join(timeout=5)
        assert not reader.is_alive()
    assert line.ask().message.text == "next"


@pytest.mark.parametrize("wire", WIRES)
def test_a_cancel_ends_a_reply_in_the_middle_and_the_next_call_works(
    wire: str, connect: Opener
) -> None:
    cancel = CancelToken()
    slow = replace(FULL, pause_seconds=0.01, hang_after_frames=7)
    line = connect(wire, in_turn(slow, says("next")))
    with pytest.raises(Cancelled):
        line.ask(cancel=cancel, on_delta=lambda delta: cancel.cancel())
    assert line.ask().message.text == "next"


def test_a_token_pulled_before_sends_nothing(connect: Opener) -> None:
    cancel = CancelToken()
    cancel.cancel()
    line = connect("chat", in_turn())
    with pytest.raises(Cancelled):
        line.ask(cancel=cancel)
    assert line.server.requests == []
    assert line.model.so_far() == SoFar()


def test_refused_reasoning_is_left_out_and_the_request_sent_once_more(connect: Opener) -> None:
    bound = "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to"
    line = connect(
        "anthropic",
        in_turn(refusal(400, f"{bound} a different conversation."), says("ok"), says("ok")),
    )
    tail = (
        UserMessage("go"),
        AssistantMessage((THOUGHTS["anthropic"], *reads("a")), family="anthropic"),
        ToolResult("call_a", "text"),
    )
    assert line.ask(request(*tail)).dropped_reasoning == 1
    line.ask(request(*tail))
    assert [b"c2ln" in captured.body for captured in line.server.requests] == [True, False, False]


def test_one_connection_serves_many_calls(connect: Opener) -> None:
    line = connect("anthropic", in_turn(*[says("hi")] * 5))
    for _ in range(5):
        line.ask()
    assert len({captured.connection for captured in line.server.requests}) == 1


@pytest.mark.parametrize(
    "module", ["burnless.providers.cards", "burnless.providers.stack", "burnless.cli.demo.loopback"]
)
def test_nothing_heavy_is_imported_before_the_first_call(module: str) -> None:
    code = (
        f"import sys, {module}; heavy = {{'anthropic', 'openai', 'pydantic', 'httpx2', 'tiktoken', "
        "'genai_prices', 'yaml', 'rich'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_cards_of_all_wires_are_tried() -> None:
    assert {card.wire for card in CARDS.values()} == {card.wire for card in WIRES.values()}
