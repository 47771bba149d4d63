"""A provider on loopback that plays scripted replies over real HTTP, on all three wires.

`POST …/messages`, `…/responses` and `…/chat/completions` stream, `GET …/models` lists; a path may
or may not start with /v1, since the SDKs differ in what their base URL holds. It reads no key.

    with ScriptedServer({"mid": [ScriptedReply((Text("hello"),))]}) as server:
        ...  # base_url=server.url
    server.requests[0].json
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, TypeAlias

from burnless.cli.demo.frames import error_frame, frames_of
from burnless.cli.demo.script import (
    ECHO,
    CapturedRequest,
    ScriptedBlock,
    ScriptedError,
    ScriptedReply,
    ScriptExhausted,
    Thinking,
    text_of,
    wire_of,
)
from burnless.core.encoding import JsonObject

__all__ = [
    "ECHO",
    "CapturedRequest",
    "Route",
    "Script",
    "ScriptExhausted",
    "ScriptedBlock",
    "ScriptedError",
    "ScriptedReply",
    "ScriptedServer",
    "Thinking",
]

Route: TypeAlias = Callable[[CapturedRequest], ScriptedReply]
Script: TypeAlias = "Route | Mapping[str, Sequence[ScriptedReply]]"


class ScriptedServer:
    """Plays `script` on 127.0.0.1, on a port the system chose, from entering to leaving.

    script: a function of the request (called from several threads at once), or for each model
            name the list of its replies in order
    models: what GET /v1/models lists; the script's names when not given
    keep:   False drops each request once it was answered, for long benchmarks

    A request the script has no reply for gets a 400 that says so, and leaving raises
    ScriptExhausted: a short script cannot pass for a model that failed.
    """

    def __init__(
        self, script: Script, *, models: Sequence[str] | None = None, keep: bool = True
    ) -> None:
        named = list(script) if isinstance(script, Mapping) else []
        self.models = tuple(named if models is None else models)
        self.requests: list[CapturedRequest] = []
        self.problems: list[str] = []
        self._route = _Playlist(script) if isinstance(script, Mapping) else script
        self._keep = keep
        self._count = 0
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.scripted = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """Without /v1, as the anthropic SDK wants it; the openai SDK may have it either way."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def start(self) -> ScriptedServer:
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop listening and drop what is connected. Raises nothing."""
        self.closing.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.drop_connections()
        self._http.server_close()

    def __enter__(self) -> ScriptedServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if self.problems and error is None:
            raise ScriptExhausted("; ".join(self.problems))

    def requests_for(self, model: str) -> list[CapturedRequest]:
        return [request for request in self.requests if request.model == model]

    def capture(
        self, path: str, headers: Mapping[str, str], body: bytes, connection: int
    ) -> CapturedRequest:
        """Number and keep one request. Called by the connection's thread."""
        with self._lock:
            self._count += 1
            at = time.monotonic()
            request = CapturedRequest(self._count, path, headers, body, at, connection)
            if self._keep:
                self.requests.append(request)
        return request

    def reply_to(self, request: CapturedRequest) -> ScriptedReply:
        """What the script says. Its own failure becomes a 400 and a problem, never silence."""
        try:
            wire_of(request.path)
            return self._route(request)
        except Exception as error:
            problem = f"request {request.number}: {type(error).__name__}: {error}"
            self.problems.append(problem)
            detail: JsonObject = {"type": "invalid_request_error", "message": problem}
            return ScriptedReply(error=ScriptedError(400, {"type": "error", "error": detail}))


class _Playlist:
    """Each model's replies in order. Raises ScriptExhausted where there is none left."""

    def __init__(self, script: Mapping[str, Sequence[ScriptedReply]]) -> None:
        self._left = {model: list(reversed(replies)) for model, replies in script.items()}
        self._lock = threading.Lock()

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        with self._lock:
            left = self._left.get(request.model)
            if not left:
                raise ScriptExhausted(f"no reply left for model {request.model!r}")
            return left.pop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    scripted: ScriptedServer

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def drop_connections(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are their own business; the rest is a problem to be told."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            self.scripted.problems.append(f"{type(error).__name__}: {error}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        if not self.path.split("?", 1)[0].endswith("/models"):
            self._answer(ScriptedError(404, {"error": {"message": f"nothing at {self.path}"}}))
            return
        listed: JsonObject = {
            "object": "list",
            "data": [
                {"id": name, "object": "model", "created": 0, "owned_by": "loopback"}
                for name in self.server.scripted.models
            ],
        }
        self._answer(ScriptedError(200, listed))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        scripted = self.server.scripted
        request = scripted.capture(self.path, headers, body, self.client_address[1])
        reply = scripted.reply_to(request)
        if reply.delay_seconds and scripted.closing.wait(reply.delay_seconds):
            self.close_connection = True
            return
        with contextlib.suppress(ConnectionError):
            if reply.error is not None:
                self._answer(reply.error)
            else:
                self._stream(reply, request)

    def log_message(self, *arguments: Any) -> None:
        """Silent: the caller's screen is not this server's."""

    def _answer(self, answer: ScriptedError) -> None:
        body = answer.body if isinstance(answer.body, bytes) else text_of(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, reply: ScriptedReply, request: CapturedRequest) -> None:
        frames = frames_of(reply, request)
        if reply.hang_after_frames is not None:
            frames = frames[: reply.hang_after_frames]
        if reply.cut_after_frames is not None:
            frames = frames[: reply.cut_after_frames]
        if reply.error_event is not None:
            frames.append(error_frame(reply.error_event, request.wire))
        if reply.garbage:
            frames.append(reply.garbage)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("cache-control", "no-cache")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("request-id", f"req_{request.number:06d}")
        self.end_headers()
        self._write_frames(frames, reply.pause_seconds)
        if reply.hang_after_frames is not None:
            self.connection.recv(1)  # returns when the client, or this server, hangs up
            self.close_connection = True
            return
        if reply.cut_after_frames is not None and reply.cut == "dropped":
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def _write_frames(self, frames: list[bytes], pause_seconds: float) -> None:
        """In one write where nothing is to be waited for: a benchmark's server costs little."""
        if not pause_seconds:
            data = b"".join(frames)
            if data:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
            return
        for number, frame in enumerate(frames):
            if number:
                time.sleep(pause_seconds)
            self.wfile.write(b"%x\r\n%b\r\n" % (len(frame), frame))
