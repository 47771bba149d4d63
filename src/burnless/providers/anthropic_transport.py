"""Bytes through the anthropic SDK. The only module that imports it. Imported at the first call.

Read in anthropic 2.12: `post(content=...)`, `cast_to=httpx2.Response`; an explicit key keeps
profiles out.
"""

from __future__ import annotations

import anthropic
import httpx2

from burnless.core.errors import BurnlessError
from burnless.providers.anthropic_wire import PATH
from burnless.providers.sdk_transport import TIMEOUT, SdkTransport


class AnthropicTransport(SdkTransport[anthropic.Anthropic]):
    """`base_url` is the address without /v1."""

    def _new_client(self) -> anthropic.Anthropic:
        return anthropic.Anthropic(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,
            timeout=TIMEOUT,
            open_telemetry=False,
            # The SDK sends the key as a bearer token; many compatible servers read x-api-key.
            default_headers=None if self._first_party else {"x-api-key": self._key},
            http_client=self._http(anthropic.DefaultHttpxClient),
        )

    def _post(self, client: anthropic.Anthropic, body: bytes) -> object:
        answer: object = client.post(
            PATH,
            content=body,
            cast_to=httpx2.Response,
            stream=True,
            stream_cls=anthropic.Stream,
        )
        return answer

    def _problem(self, error: Exception) -> BurnlessError | None:
        match error:
            case anthropic.APIStatusError():
                return self._refused(error.response, error.body)
            case anthropic.APIConnectionError():
                return self._unreachable(error)
            case anthropic.AnthropicError():
                return self._unusable(error)
            case _:
                return None
