"""What both transports have in common: time-outs, and responses, streams or none.

It imports the SDKs' HTTP library, so that only the transports may import it.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx2

from burnless.core.errors import ModelProblem, Temporary
from burnless.providers.problems import Endpoint, cut_stream
from burnless.providers.transport import shut

NO_KEY = "none"
"""Without a key one SDK looks for one by itself and the other refuses to start; servers that need
none ignore this."""

TIMEOUT = httpx2.Timeout(600.0, connect=5.0, read=120.0)
"""Seconds. Pings keep a socket alive, so that a stalled reply is not its business."""

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
        except _BROKEN as error:
            raise cut_stream(self._endpoint, billed=read) from error

    def abort(self) -> None:
        shut(self._response.extensions.get("network_stream"))

    def close(self) -> None:
        self._response.close()

    def _check_is_stream(self) -> None:
        kind = self._response.headers.get("content-type", "")
        if kind.startswith(_NO_STREAM):
            raise ModelProblem(
                f"{self._endpoint.provider} answered with {kind.split(';')[0]} instead of a stream",
                hint="check the tier's base_url: the API's address often ends in /v1",
            )


def unreachable(endpoint: Endpoint, base_url: str, error: Exception) -> Temporary:
    """Nobody answered, or not in time."""
    cause = error.__cause__ or error
    why = str(cause) or type(cause).__name__
    return Temporary(
        f"{endpoint.provider} at {base_url} could not be reached: {why}",
        hint="check the network, and that a server runs at that address",
    )
