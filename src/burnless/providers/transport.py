"""The seam that bytes go through: a request body in, the reply's events out, as they come.

A thread of its own reads, so that a cancel or a provider that went silent ends the call at once,
whatever the socket is doing. It hands over one list of events for each network chunk.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from burnless.core.cancel import CancelToken
from burnless.core.collector import collector_paused
from burnless.core.encoding import JsonObject
from burnless.core.errors import Temporary
from burnless.providers.sse import EventReader

_SILENT = {"ping", "keepalive"}
"""They keep a connection open and are no progress."""

_BEFORE_CONTENT = {*_SILENT, "message_start", "response.created", "response.in_progress"}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds without progress until a call is given up: before content, and once it flows."""

    before_content_seconds: float = 120.0
    between_events_seconds: float = 90.0


class OpenStream(Protocol):
    """A reply whose headers have come."""

    def chunks(self) -> Iterator[bytes]:
        """Raises Temporary where the connection breaks."""

    def abort(self) -> None:
        """From another thread: wake up whoever reads. Raises nothing."""

    def close(self) -> None: ...


class Transport(Protocol):
    """Sends the bodies of one model's calls."""

    @property
    def sent(self) -> bool:
        """Whether the last body began to leave: from then on a provider may bill it."""

    def warm(self) -> None:
        """Load what a call needs, so that the first one does not wait for it."""

    def open(self, body: bytes) -> OpenStream:
        """Send, and wait for the headers. Raises ModelProblem and KeyProblem."""

    def abort_all(self) -> None:
        """From another thread: break off what waits for headers. Raises nothing."""

    def close(self) -> None: ...


class LateTransport:
    """A transport whose SDK is imported when it is first used: half a second nobody waits for.

    The garbage collector pauses until the first request has left: what it would do after such an
    import can be done while the model thinks.
    """

    def __init__(self, load: Callable[[], Transport]) -> None:
        self._load = load
        self._pause = contextlib.ExitStack()
        self._lock = threading.Lock()
        self._loaded: Transport | None = None
        self._closed = False

    @property
    def sent(self) -> bool:
        return self._loaded is not None and self._loaded.sent

    def warm(self) -> None:
        try:
            self._transport().warm()
        finally:
            if self._closed:  # meanwhile: no request will end the pause
                self._pause.close()

    def open(self, body: bytes) -> OpenStream:
        try:
            return self._transport().open(body)
        finally:
            self._pause.close()

    def abort_all(self) -> None:
        if self._loaded is not None:
            self._loaded.abort_all()

    def close(self) -> None:
        self._closed = True
        self._pause.close()
        if self._loaded is not None:
            self._loaded.close()

    def _transport(self) -> Transport:
        with self._lock:
            if self._loaded is None:
                self._pause.enter_context(collector_paused())
                self._loaded = self._load()
            return self._loaded


class _Mark(Enum):
    END = "end"
    WAKE = "wake"


def events_of(
    transport: Transport,
    body: bytes,
    cancel: CancelToken,
    patience: Patience,
    silent_problem: Callable[[float], Temporary],
    *,
    cover: Callable[[str], str],
) -> Generator[list[JsonObject], None, None]:
    """The events of one reply, a network chunk at a time.

    Raises Cancelled promptly, `silent_problem(seconds)` where nothing moved for too long, and what
    the transport raises. `cover` takes the key out of what an error quotes.
    """
    call = _Call(transport, body, cover)
    unlisten = cancel.listen(call.wake)
    try:
        yield from call.events(cancel, patience, silent_problem)
    finally:
        unlisten()
        call.abandon()


class _Call:
    """One call's reading thread and what it hands over."""

    def __init__(self, transport: Transport, body: bytes, cover: Callable[[str], str]) -> None:
        self._transport = transport
        self._cover = cover
        self._queue: queue.SimpleQueue[list[JsonObject] | Exception | _Mark] = queue.SimpleQueue()
        self._stream: OpenStream | None = None
        self._over = False
        self._abandoned = False
        thread = threading.Thread(target=self._read, args=(body,), daemon=True, name="model-call")
        thread.start()

    def wake(self) -> None:
        self._queue.put(_Mark.WAKE)

    def abandon(self) -> None:
        """Nobody listens any more: end the reading, wherever it stands."""
        if self._over:
            return
        self._abandoned = True
        if self._stream is None:
            self._transport.abort_all()
        else:
            self._stream.abort()

    def events(
        self,
        cancel: CancelToken,
        patience: Patience,
        silent_problem: Callable[[float], Temporary],
    ) -> Iterator[list[JsonObject]]:
        allowed = patience.before_content_seconds
        last = time.monotonic()
        while True:
            left = last + allowed - time.monotonic()
            item: list[JsonObject] | Exception | _Mark = _Mark.WAKE
            with contextlib.suppress(queue.Empty):
                item = self._queue.get(timeout=max(left, 0.0))
            cancel.check()
            if isinstance(item, list):
                kinds = {event.get("type") for event in item}
                if not kinds <= _SILENT:
                    last = time.monotonic()
                if not kinds <= _BEFORE_CONTENT:
                    allowed = patience.between_events_seconds
                yield item
            elif isinstance(item, Exception):
                raise item
            elif item is _Mark.END:
                return
            elif left <= 0:
                raise silent_problem(allowed)

    def _read(self, body: bytes) -> None:
        try:
            if self._abandoned:
                return
            self._stream = self._transport.open(body)
            del body
            with contextlib.closing(self._stream):
                if self._abandoned:
                    return
                reader = EventReader(self._cover)
                for chunk in self._stream.chunks():
                    if self._abandoned:
                        return
                    events = reader.feed(chunk)
                    if events:
                        self._queue.put(events)
                self._queue.put(reader.finish())
        except Exception as error:  # it is raised again where the call is waited for
            self._over = True
            self._queue.put(error)
        else:
            self._over = True
            self._queue.put(_Mark.END)


class Sockets:
    """The sockets a client opened, so that one can be woken before its response exists.

    sent: a request began to leave through one of them; who sends sets it back
    """

    def __init__(self) -> None:
        self.sent = False
        self._streams: list[object] = []

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """An HTTP client's trace callback: remembers each connection made."""
        if event.endswith(".send_request_headers.started"):
            self.sent = True
        elif event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._streams.append(info.get("return_value"))
            del self._streams[:-4]

    def shut(self) -> None:
        for stream in self._streams:
            shut(stream)
        self._streams.clear()


def shut(stream: object) -> None:
    """End reading and writing on a network stream's socket, from any thread."""
    get = getattr(stream, "get_extra_info", None)
    connection = get("socket") if callable(get) else None
    if isinstance(connection, socket.socket):
        with contextlib.suppress(OSError):
            # The plain socket's own method: a TLS socket's would first take its state apart
            # under the thread that reads from it.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
