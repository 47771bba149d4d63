"""A response of the SDKs' HTTP library as a stream of bytes, or why it is none.

It imports the SDKs' HTTP library, so that only the transports may import it.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx2

from burnless.core.errors import ModelProblem
from burnless.providers.problems import Endpoint, cut_stream
from burnless.providers.transport import shut

_BROKEN = (httpx2.HTTPError, httpx2.StreamError)
_NO_STREAM = ("text/html", "application/json")


class SdkStream:
    """See `transport.OpenStream`."""

    def __init__(self, response: httpx2.Response, endpoint: Endpoint) -> None:
        self._response = response
        self._endpoint = endpoint

    def chunks(self) -> Iterator[bytes]:
        self._check_is_stream()
        read = False
        try:
            for chunk in self._response.iter_bytes():
                read = True
                yield chunk
        except _BROKEN:
            pass  # told below: this error quotes what came
        else:
            return
        raise cut_stream(self._endpoint, billed=read)

    def abort(self) -> None:
        shut(self._response.extensions.get("network_stream"))

    def close(self) -> None:
        self._response.close()

    def _check_is_stream(self) -> None:
        kind = self._response.headers.get("content-type", "")
        if kind.startswith(_NO_STREAM):
            shown = self._endpoint.cover(kind).split(";")[0]
            raise ModelProblem(
                f"{self._endpoint.provider} answered with {shown} instead of a stream",
                hint="check the tier's base_url: the API's address often ends in /v1",
            )
