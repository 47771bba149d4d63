"""Whether a text is an address that can be called: configuration and environment both hold some."""

from __future__ import annotations

import re

WANTED = "an address like http://127.0.0.1:8080/v1"

_AUTHORITY = re.compile(r"(?i:https?)://(?P<authority>[^/?#]*)")
_HOST = re.compile(r"\[[0-9a-fA-F:.]+(?:%[\w.]+)?\]|[^\s\x00-\x1f\x7f\"<>\\^`{|}\[\]:%]+")
_PORT = re.compile(r"(?::(?P<number>[0-9]*))?")
_HIGHEST_PORT = 65_535


def address_problem(url: str) -> str:
    """What keeps it from being an http or https address; "" for one that can be called."""
    found = _AUTHORITY.match(url)
    if found is None:
        return "it does not begin with http:// or https://"
    place = found["authority"].rpartition("@")[2]
    host = _HOST.match(place)
    if host is None:
        return "its host cannot be read" if place else "it names no host"
    port = _PORT.fullmatch(place, host.end())
    if port is None:
        return "its host and port cannot be read"
    number = port["number"]
    if number and not 0 < int(number[:6]) <= _HIGHEST_PORT:
        return f"there is no port {number}"
    return ""
