"""Whether a text is an address that can be called: configuration and environment both hold some."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

WANTED = "an address like http://127.0.0.1:8080/v1"
_SCHEMES = {"http", "https"}
_NO_HOST = re.compile(r"[\s\x00-\x1f\x7f\"<>\\^`{|}]")


def address_problem(url: str) -> str:
    """What keeps it from being an http or https address; "" for one that can be called."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in _SCHEMES:
        return "it does not begin with http:// or https://"
    if not host:
        return "it names no host"
    if _NO_HOST.search(host):
        return f"the host {host!r} has a character in it that no host's name has"
    return "port 0 cannot be called" if port == 0 else ""
