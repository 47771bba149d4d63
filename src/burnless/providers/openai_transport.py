"""Bytes through the openai SDK. The only module that imports it. Imported at the first call.

Read in openai 3.54: `post(content=...)`, `cast_to=httpx2.Response`.
"""

from __future__ import annotations

import httpx2
import openai

from burnless.core.errors import BurnlessError
from burnless.providers.problems import Endpoint
from burnless.providers.sdk_transport import TIMEOUT, SdkTransport


class OpenAITransport(SdkTransport[openai.OpenAI]):
    """`base_url` holds the version ("/v1"), `path` is the wire's."""

    def __init__(
        self, endpoint: Endpoint, base_url: str, path: str, key: str, *, first_party: bool
    ) -> None:
        super().__init__(endpoint, base_url, key, first_party=first_party)
        self._path = path

    def _new_client(self) -> openai.OpenAI:
        return openai.OpenAI(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,
            timeout=TIMEOUT,
            http_client=self._http(openai.DefaultHttpxClient),
        )

    def _prepare(self, request: httpx2.Request) -> None:
        super()._prepare(request)
        if not self._first_party:
            # The SDK reads these from the environment and would tell them to anybody.
            for name in ("OpenAI-Organization", "OpenAI-Project"):
                request.headers.pop(name, None)

    def _post(self, client: openai.OpenAI, body: bytes) -> object:
        answer: object = client.post(
            self._path,
            content=body,
            cast_to=httpx2.Response,
            stream=True,
            stream_cls=openai.Stream,
            options={"headers": {"Content-Type": "application/json"}},
        )
        return answer

    def _problem(self, error: Exception) -> BurnlessError | None:
        match error:
            case openai.APIStatusError():
                return self._refused(error.response, error.body)
            case openai.APIConnectionError():
                return self._unreachable(error)
            case openai.OpenAIError():
                return self._unusable(error)
            case _:
                return None
