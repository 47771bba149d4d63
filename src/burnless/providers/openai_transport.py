"""Bytes through the openai SDK. The only module that imports it. Imported at the first call.

As with the other SDK the body is given as bytes and the response is read raw. Read in openai
3.54: `post(content=...)`, `cast_to=httpx2.Response`; retries and redirects are off.
"""

from __future__ import annotations

import threading
from typing import cast

import httpx2
import openai

from burnless.core.errors import BurnlessError
from burnless.providers.problems import Endpoint
from burnless.providers.sdk_stream import NO_KEY, TIMEOUT, SdkStream, refused, unreachable, unusable
from burnless.providers.transport import OpenStream, Sockets


class OpenAITransport:
    """See `transport.Transport`. `base_url` holds the version ("/v1"), `path` is the wire's."""

    def __init__(
        self, endpoint: Endpoint, base_url: str, path: str, key: str, *, first_party: bool
    ) -> None:
        self._endpoint = endpoint
        self._base_url = base_url
        self._path = path
        self._key = key or NO_KEY
        self._first_party = first_party
        self._sockets = Sockets()
        self._client: openai.OpenAI | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        self._connect()

    def open(self, body: bytes) -> OpenStream:
        client = self._connect()
        problem: BurnlessError
        try:
            answer: object = client.post(
                self._path,
                content=body,
                cast_to=httpx2.Response,
                stream=True,
                stream_cls=openai.Stream,
                options={"headers": {"Content-Type": "application/json"}},
            )
        except openai.APIStatusError as error:
            response = error.response
            problem = refused(response.status_code, error.body, response.headers, self._endpoint)
        except openai.APIConnectionError as error:
            problem = unreachable(self._endpoint, self._base_url, error)
        except openai.OpenAIError as error:
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

    def _connect(self) -> openai.OpenAI:
        with self._lock:
            if self._client is None:
                self._client = self._new_client()
            return self._client

    def _new_client(self) -> openai.OpenAI:
        def prepare(request: httpx2.Request) -> None:
            request.extensions["trace"] = self._sockets.trace
            if not self._first_party:
                # The SDK reads these from the environment and would tell them to anybody.
                for name in ("OpenAI-Organization", "OpenAI-Project"):
                    request.headers.pop(name, None)

        return openai.OpenAI(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,
            timeout=TIMEOUT,
            http_client=openai.DefaultHttpxClient(
                follow_redirects=False, timeout=TIMEOUT, event_hooks={"request": [prepare]}
            ),
        )
