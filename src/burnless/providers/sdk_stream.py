"""What both transports have in common: time-outs, and responses, streams or none.

It imports the SDKs' HTTP library, so that only the transports may import it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

import httpx2

from burnless.core.encoding import Json
from burnless.core.errors import BurnlessError, ModelProblem, Temporary
from burnless.providers.problems import Endpoint, cut_stream, from_status
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


def refused(
    status: int, body: object, headers: Mapping[str, str], endpoint: Endpoint
) -> BurnlessError:
    """The server answered, and not with a stream. `body` as the SDK read it."""
    return from_status(status, cast("Json", body), dict(headers), endpoint, datetime.now(UTC))


def unreachable(endpoint: Endpoint, base_url: str, error: Exception) -> Temporary:
    """Nobody answered, or not in time."""
    cause = error.__cause__ or error
    why = endpoint.cover(str(cause)) or type(cause).__name__
    return Temporary(
        f"{endpoint.provider} at {endpoint.cover(base_url)} could not be reached: {why}",
        hint="check the network, and that a server runs at that address",
    )


def unusable(endpoint: Endpoint, error: Exception) -> ModelProblem:
    """The SDK would not send it, or could not read the answer."""
    return ModelProblem(f"{endpoint.provider}: {endpoint.cover(str(error))}")
