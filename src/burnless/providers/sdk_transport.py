"""What both transports have in common: one client, made once; sending; and what refusals mean.

It imports the SDKs' HTTP library, so that only the transports may import it.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar, cast

import httpx2

from burnless.core.encoding import Json
from burnless.core.errors import BurnlessError, ModelProblem, Temporary
from burnless.providers.problems import Endpoint, from_status
from burnless.providers.sdk_stream import SdkStream
from burnless.providers.transport import OpenStream, Sockets

NO_KEY = "none"
"""Without a key one SDK looks for one by itself and the other refuses to start; servers that need
none ignore this."""

TIMEOUT = httpx2.Timeout(600.0, connect=5.0, read=120.0)
"""Seconds. Pings keep a socket alive, so that a stalled reply is not its business."""


class Client(Protocol):
    def close(self) -> None: ...


ClientT = TypeVar("ClientT", bound=Client)

HttpClientT = TypeVar("HttpClientT", bound=httpx2.Client)


class SdkTransport(ABC, Generic[ClientT]):
    """See `transport.Transport`. The SDK builds, authorises and sends the request; the body is
    given as bytes and the response is read raw, since the stream is folded by us.

    The SDK does not retry and follows no redirect: retries are counted and priced here, and a
    redirect would take the whole body to another host.
    """

    def __init__(self, endpoint: Endpoint, base_url: str, key: str, *, first_party: bool) -> None:
        self._endpoint = endpoint
        self._base_url = base_url
        self._key = key or NO_KEY
        self._first_party = first_party
        self._sockets = Sockets()
        self._client: ClientT | None = None
        self._lock = threading.Lock()

    @abstractmethod
    def _new_client(self) -> ClientT: ...

    @abstractmethod
    def _post(self, client: ClientT, body: bytes) -> object:
        """The response, unread."""

    @abstractmethod
    def _problem(self, error: Exception) -> BurnlessError | None:
        """What an error of the SDK means; None for one that is not the SDK's."""

    @property
    def sent(self) -> bool:
        return self._sockets.sent

    def warm(self) -> None:
        self._connect()

    def open(self, body: bytes) -> OpenStream:
        self._sockets.sent = False
        client = self._connect()
        try:
            return SdkStream(cast("httpx2.Response", self._post(client, body)), self._endpoint)
        except Exception as error:
            problem = self._problem(error)
            if problem is None:
                raise
        raise problem  # not as a consequence of the SDK's error, which may hold the key

    def abort_all(self) -> None:
        self._sockets.shut()

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connect(self) -> ClientT:
        with self._lock:
            if self._client is None:
                self._client = self._new_client()
            return self._client

    def _http(self, kind: Callable[..., HttpClientT]) -> HttpClientT:
        """The SDK's own kind of HTTP client, as both are to be set up."""
        hooks = {"request": [self._prepare]}
        return kind(follow_redirects=False, timeout=TIMEOUT, event_hooks=hooks)

    def _prepare(self, request: httpx2.Request) -> None:
        request.extensions["trace"] = self._sockets.trace

    def _refused(self, response: httpx2.Response, body: object) -> BurnlessError:
        """The server answered, and not with a stream. `body` as the SDK read it."""
        status, headers = response.status_code, dict(response.headers)
        return from_status(status, cast("Json", body), headers, self._endpoint, datetime.now(UTC))

    def _unreachable(self, error: Exception) -> Temporary:
        """Nobody answered, or not in time."""
        endpoint, cause = self._endpoint, error.__cause__ or error
        why = endpoint.cover(str(cause)) or type(cause).__name__
        return Temporary(
            f"{endpoint.provider} at {endpoint.cover(self._base_url)} could not be reached: {why}",
            hint="check the network, and that a server runs at that address",
            billed=isinstance(cause, httpx2.ReadTimeout),  # it took the request, and may work on it
        )

    def _unusable(self, error: Exception) -> ModelProblem:
        """The SDK would not send it, or could not read the answer."""
        return ModelProblem(f"{self._endpoint.provider}: {self._endpoint.cover(str(error))}")
