"""One line of the log: a readable head, then data whose length and crc32 the head names."""

from __future__ import annotations

import json
import re
import typing
import zlib
from dataclasses import dataclass
from typing import Any

from burnless.core import events as ev
from burnless.core.encoding import EncodingError, canonical, from_json, to_json

_HEAD = re.compile(
    rb'\{"seq":([1-9][0-9]*),"type":"([A-Za-z]+)","at":([0-9.e+-]+),'
    rb'"len":([0-9]+),"crc":"([0-9a-f]{8})","data":'
)
_EVENT_TYPES: dict[str, type[ev.Event]] = {
    member.__name__: member for member in typing.get_args(ev.Event)
}


class DamagedLine(ValueError):
    """The line's bytes are not what was written."""


class ForeignLine(ValueError):
    """The line is whole, but this version cannot read what it says."""


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line taken apart and checked; `data` is still JSON text in UTF-8."""

    seq: int
    type: str
    at: float
    data: bytes


def encode_line(recorded: ev.Recorded) -> bytes:
    """The whole line with its newline, ready for one write."""
    event = recorded.event
    value = to_json(event)
    if isinstance(event, ev.SessionStarted):
        # Defaults are left out, but the version must be read by a Burnless with another default.
        value["log_version"] = event.log_version
    data = canonical(value).encode()
    head = (
        f'{{"seq":{recorded.seq},"type":"{type(event).__name__}","at":{recorded.at!r},'
        f'"len":{len(data)},"crc":"{zlib.crc32(data):08x}","data":'
    )
    return b"%b%b}\n" % (head.encode(), data)


def split_line(line: bytes) -> RawLine:
    """Take a line apart without decoding its data. Raises DamagedLine."""
    head = _HEAD.match(line)
    if head is None or not line.endswith(b"}\n"):
        raise DamagedLine("it does not have the shape of a log line")
    data = line[head.end() : -2]
    seq, kind, at, length, crc = head.groups()
    if len(data) != int(length):
        raise DamagedLine(f"it holds {len(data)} bytes of data instead of {int(length)}")
    if zlib.crc32(data) != int(crc, 16):
        raise DamagedLine("its checksum does not match")
    try:
        return RawLine(int(seq), kind.decode(), float(at), data)
    except ValueError as error:
        raise DamagedLine(f"its time is not a number: {at.decode()}") from error


def decode_line(raw: RawLine) -> ev.Recorded:
    """Raises ForeignLine for an event, a field or a log version this Burnless does not know."""
    kind = _EVENT_TYPES.get(raw.type)
    if kind is None:
        raise ForeignLine(f"it is a {raw.type} event, which Burnless does not know here")
    value = json.loads(raw.data)
    if kind is ev.SessionStarted:
        _check_version(value)
    try:
        return ev.Recorded(raw.seq, raw.at, from_json(kind, value))
    except EncodingError as error:
        raise ForeignLine(f"its {raw.type} event cannot be read: {error}") from error


def _check_version(value: dict[str, Any]) -> None:
    version = value.get("log_version", 1)
    if version != ev.LOG_VERSION:
        raise ForeignLine(
            f"the log has version {version}; this Burnless reads version {ev.LOG_VERSION}"
        )
