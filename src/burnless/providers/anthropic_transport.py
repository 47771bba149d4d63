"""Bytes through the anthropic SDK. The only module that imports it. Imported at the first call.

The SDK builds, authorises and sends the request; the body is given as bytes and the response is
read raw, since the stream is folded by us. Read in anthropic 2.12: `post(content=...)`,
`cast_to=httpx2.Response`; retries and redirects are off, an explicit key keeps profiles out.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import cast

import anthropic
import httpx2

from burnless.core.encoding import Json
from burnless.core.errors import ModelProblem
from burnless.providers.anthropic_wire import PATH
from burnless.providers.problems import Endpoint, from_status
from burnless.providers.sdk_stream import NO_KEY, TIMEOUT, SdkStream, unreachable
from burnless.providers.transport import OpenStream, Sockets


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
        return SdkStream(cast("httpx2.Response", answer), self._endpoint)

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
        def trace(request: httpx2.Request) -> None:
            request.extensions["trace"] = self._sockets.trace

        return anthropic.Anthropic(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,
            timeout=TIMEOUT,
            open_telemetry=False,
            # The SDK sends the key as a bearer token; many compatible servers read x-api-key.
            default_headers=None if self._first_party else {"x-api-key": self._key},
            http_client=anthropic.DefaultHttpxClient(
                follow_redirects=False, timeout=TIMEOUT, event_hooks={"request": [trace]}
            ),
        )
