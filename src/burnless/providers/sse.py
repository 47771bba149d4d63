"""Server-sent events from bytes, as plain JSON objects, a network chunk at a time."""

from __future__ import annotations

import json
from collections.abc import Callable

from burnless.core.encoding import JsonObject
from burnless.core.errors import Temporary
from burnless.policy.arguments import is_too_deep

DONE = "[DONE]"
"""The chat wire's last line; it comes out as {"object": "[DONE]"}."""

_DEEPEST = 400
"""Levels of nesting. Deeper ones could not be written to the log again."""


class EventReader:
    """Takes chunks as they come and gives back the events that are whole by now.

    Only the data counts: on every wire the event's name stands in it too. Comments are the
    servers' keep-alive and are left out. Raises Temporary for data that is no JSON object: the
    stream is broken then, and nothing after it can be trusted. `cover` takes the key out of what
    is quoted of it.
    """

    def __init__(self, cover: Callable[[str], str] = str) -> None:
        self._cover = cover
        self._begun: list[bytes] = []
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[JsonObject]:
        if b"\n" not in chunk:  # of one long line: it is joined once
            self._begun.append(chunk)
            return []
        lines = b"".join([*self._begun, chunk]).split(b"\n")
        self._begun = [lines.pop()]
        events: list[JsonObject] = []
        for raw in lines:
            line = raw[:-1] if raw.endswith(b"\r") else raw
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                events.append(self._parse(b"\n".join(self._data)))
                self._data = []
        return events

    def finish(self) -> list[JsonObject]:
        """An event whose closing blank line never came, where its data is whole."""
        return self.feed(b"\n\n") if any(self._begun) or self._data else []

    def _parse(self, data: bytes) -> JsonObject:
        if data.strip() == DONE.encode():
            return {"object": DONE}
        event: object = None
        broken = "an event is no object"
        try:
            text = data.decode("utf-8")
            if is_too_deep(text, _DEEPEST):
                broken = "an event is nested too deep"
            else:
                event = json.loads(text)
        except ValueError:  # told below: this error holds the data as it came
            broken = "an event is no JSON"
        if isinstance(event, dict):
            return event
        shown = self._cover(repr(data))[:60]
        raise Temporary(
            f"the provider's stream broke: {broken} ({shown})",
            hint="it will be tried again",
            billed=True,
        )
