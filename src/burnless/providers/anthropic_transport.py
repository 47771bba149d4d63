"""Bytes through the anthropic SDK. The only module that imports it. Imported at the first call.

The SDK builds, authorises and sends the request; the body is given as bytes and the response is
read raw, since the stream is folded by us. Read in anthropic 2.12: `post(content=...)`,
`cast_to=httpx2.Response`; retries and redirects are off, an explicit key keeps profiles out.
"""

from __future__ import annotations

import threading
from typing import cast

import anthropic
import httpx2

from burnless.core.errors import BurnlessError
from burnless.providers.anthropic_wire import PATH
from burnless.providers.problems import Endpoint
from burnless.providers.sdk_stream import NO_KEY, TIMEOUT, SdkStream, refused, unreachable, unusable
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
        problem: BurnlessError
        try:
            answer: object = client.post(
                PATH,
                content=body,
                cast_to=httpx2.Response,
                stream=True,
                stream_cls=anthropic.Stream,
            )
        except anthropic.APIStatusError as error:
            response = error.response
            problem = refused(response.status_code, error.body, response.headers, self._endpoint)
        except anthropic.APIConnectionError as error:
            problem = unreachable(self._endpoint, self._base_url, error)
        except anthropic.AnthropicError as error:
            problem = unusable(self._endpoint, error)
        else:
            return SdkStream(cast("httpx2.Response", answer), self._endpoint)
        raise problem  # not as a consequence of the SDK's error, which may hold the key

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
