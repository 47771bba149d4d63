"""Server-sent events from bytes, as plain JSON objects, a network chunk at a time."""

from __future__ import annotations

import json

from burnless.core.encoding import JsonObject
from burnless.core.errors import Temporary

DONE = "[DONE]"
"""The chat wire's last line; it comes out as {"object": "[DONE]"}."""


class EventReader:
    """Takes chunks as they come and gives back the events that are whole by now.

    Only the data counts: on every wire the event's name stands in it too. Comments are the
    servers' keep-alive and are left out. Raises Temporary for data that is no JSON object: the
    stream is broken then, and nothing after it can be trusted.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[JsonObject]:
        lines = (self._rest + chunk if self._rest else chunk).split(b"\n")
        self._rest = lines.pop()
        events: list[JsonObject] = []
        for raw in lines:
            line = raw[:-1] if raw.endswith(b"\r") else raw
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                events.append(_parse(b"\n".join(self._data)))
                self._data = []
        return events

    def finish(self) -> list[JsonObject]:
        """An event whose closing blank line never came, where its data is whole."""
        return self.feed(b"\n\n") if self._rest or self._data else []


def _parse(data: bytes) -> JsonObject:
    if data.strip() == DONE.encode():
        return {"object": DONE}
    try:
        event = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Temporary(
            f"the provider's stream broke: an event is no JSON ({data[:60]!r})",
            hint="it will be tried again",
            billed=True,
        ) from error
    if not isinstance(event, dict):
        raise Temporary(
            f"the provider's stream broke: an event is no object ({data[:60]!r})",
            hint="it will be tried again",
            billed=True,
        )
    return event
