"""A request body as bytes, at the cost of what is new in it."""

from __future__ import annotations

import json

from burnless.core.encoding import Json, JsonObject
from burnless.providers.validity import clean


class BodyEncoder:
    """Encodes bodies that share most of their items with the one before.

    Items of a top-level list (messages, tools) are kept as bytes and known again by identity, so
    a translator that returns the same object for an unchanged message pays for it once.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Json, bytes]] = {}

    def encode(self, body: JsonObject) -> bytes:
        fresh: dict[int, tuple[Json, bytes]] = {}
        parts: list[bytes] = []
        for key, value in body.items():
            if isinstance(value, list):
                encoded = b"[" + b",".join([self._item(item, fresh) for item in value]) + b"]"
            else:
                encoded = _dump(value)
            parts.append(_dump(key) + b":" + encoded)
        self._kept = fresh
        return b"{" + b",".join(parts) + b"}"

    def _item(self, item: Json, fresh: dict[int, tuple[Json, bytes]]) -> bytes:
        """The kept bytes; the item is kept with them, so its identity cannot be given anew."""
        known = self._kept.get(id(item))
        entry = known if known is not None and known[0] is item else (item, _dump(item))
        fresh[id(item)] = entry
        return entry[1]


def _dump(value: Json) -> bytes:
    return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":"))).encode()
