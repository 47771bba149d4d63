"""What both SDKs' responses have in common once they came: a stream, or what is none."""

from __future__ import annotations

from collections.abc import Iterator

from burnless.core.errors import ModelProblem
from burnless.providers.problems import Endpoint, cut_stream
from burnless.providers.transport import RawResponse, shut

_NO_STREAM = ("text/html", "application/json")


class SdkStream:
    """See `transport.OpenStream`. `broken` are the HTTP library's own errors."""

    def __init__(
        self, response: RawResponse, endpoint: Endpoint, broken: tuple[type[Exception], ...]
    ) -> None:
        self._response = response
        self._endpoint = endpoint
        self._broken = broken

    def chunks(self) -> Iterator[bytes]:
        self._check_is_stream()
        read = False
        try:
            for chunk in self._response.iter_bytes():
                read = True
                yield chunk
        except self._broken as error:
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
