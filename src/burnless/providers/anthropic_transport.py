"""Bytes through the anthropic SDK. The only module that imports it, and not before the first call.

The SDK builds, authorises and sends the request; the body is given as bytes and the response is
read raw, since the stream is folded by us. Read in anthropic 2.12: `post(content=...)`,
`cast_to=httpx2.Response`; retries and redirects are off, an explicit key keeps profiles out.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from burnless.core.encoding import Json
from burnless.core.errors import ModelProblem, Temporary
from burnless.providers.anthropic_wire import PATH
from burnless.providers.problems import Endpoint, from_status
from burnless.providers.sdk_stream import SdkStream
from burnless.providers.transport import OpenStream, RawResponse, Sockets

if TYPE_CHECKING:
    import anthropic

NO_KEY = "none"
"""Without a key the SDK looks for one by itself; servers that need none ignore this."""

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 120.0, 600.0


class AnthropicTransport:
    """See `transport.Transport`. `base_url` is the address without /v1."""

    def __init__(self, endpoint: Endpoint, base_url: str, key: str, *, first_party: bool) -> None:
        self._endpoint = endpoint
        self._base_url = base_url
        self._key = key or NO_KEY
        self._first_party = first_party
        self._sockets = Sockets()
        self._client: anthropic.Anthropic | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        self._connect()

    def open(self, body: bytes) -> OpenStream:
        import anthropic  # noqa: PLC0415 - start-up budget
        import httpx2  # noqa: PLC0415 - start-up budget

        client = self._connect()
        try:
            answer: object = client.post(
                PATH,
                content=body,
                cast_to=httpx2.Response,
                stream=True,
                stream_cls=anthropic.Stream,
            )
        except anthropic.APIStatusError as error:
            headers = dict(error.response.headers)
            status = error.response.status_code
            raise from_status(
                status, cast("Json", error.body), headers, self._endpoint, datetime.now(UTC)
            ) from None
        except anthropic.APIConnectionError as error:
            raise unreachable(self._endpoint, self._base_url, error) from error
        except anthropic.AnthropicError as error:
            raise ModelProblem(f"{self._endpoint.provider}: {error}") from error
        response = cast("RawResponse", answer)
        return SdkStream(response, self._endpoint, (httpx2.HTTPError, httpx2.StreamError))

    def abort_all(self) -> None:
        self._sockets.shut()

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connect(self) -> anthropic.Anthropic:
        with self._lock:
            if self._client is None:
                self._client = self._new_client()
            return self._client

    def _new_client(self) -> anthropic.Anthropic:
        import anthropic  # noqa: PLC0415 - start-up budget
        import httpx2  # noqa: PLC0415 - start-up budget

        timeout = httpx2.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS, read=READ_SECONDS)

        def trace(request: httpx2.Request) -> None:
            request.extensions["trace"] = self._sockets.trace

        return anthropic.Anthropic(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,
            timeout=timeout,
            open_telemetry=False,
            # The SDK sends the key as a bearer token; many compatible servers read x-api-key.
            default_headers=None if self._first_party else {"x-api-key": self._key},
            http_client=anthropic.DefaultHttpxClient(
                follow_redirects=False, timeout=timeout, event_hooks={"request": [trace]}
            ),
        )


def unreachable(endpoint: Endpoint, base_url: str, error: Exception) -> Temporary:
    """Nobody answered, or not in time."""
    cause = error.__cause__ or error
    return Temporary(
        f"{endpoint.provider} at {base_url} could not be reached: {cause or type(cause).__name__}",
        hint="check the network, and that a server runs at that address",
    )
