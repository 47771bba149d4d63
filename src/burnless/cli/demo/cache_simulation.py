"""What a provider would bill for a request, by the published caching rules, counted on loopback.

Sources: Anthropic's prompt caching documentation (order tools, system, messages; entries at
breakpoints; a lookback of 20 blocks; a minimum length) and OpenAI's (the longest common prefix
from 1,024 tokens). A token is taken as four bytes of the block's JSON.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

from burnless.core.encoding import JsonObject
from burnless.core.usage import Usage

LOOKBACK_BLOCKS = 20
BYTES_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class _Block:
    digest: str
    through: int
    marked: bool
    long_lived: bool


class CacheSimulation:
    """Remembers what each model's cache holds, and splits each request's input by it.

    minimum:  tokens below which nothing is cached
    explicit: entries are written at breakpoints only; else the whole request is written
    """

    def __init__(self, *, minimum: int = 1024, explicit: bool = True) -> None:
        self._minimum = minimum
        self._explicit = explicit
        self._held: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def bill(self, body: JsonObject, output_tokens: int) -> Usage:
        """Usage of one request, and remember what it wrote."""
        blocks = _blocks(body)
        total = blocks[-1].through if blocks else 0
        with self._lock:
            held = self._held.setdefault(str(body.get("model", "")), set())
            marks = [i for i, block in enumerate(blocks) if block.marked or not self._explicit]
            marks = [i for i in marks if blocks[i].through >= self._minimum]
            read = max((self._reach(blocks, i, held) for i in marks), default=0)
            written = max((blocks[i].through for i in marks), default=0)
            held.update(blocks[i].digest for i in marks)
        long_written = max((blocks[i].through for i in marks if blocks[i].long_lived), default=0)
        long_part = max(0, long_written - read)
        short_part = max(0, written - max(read, long_written))
        if not self._explicit:
            return Usage(fresh=total - read, cache_read=read, output=output_tokens)
        return Usage(
            fresh=total - max(read, written),
            cache_read=read,
            cache_write_5m=short_part,
            cache_write_1h=long_part,
            output=output_tokens,
        )

    def _reach(self, blocks: list[_Block], mark: int, held: set[str]) -> int:
        """Tokens of the longest entry that a lookback from this breakpoint finds."""
        first = max(0, mark - LOOKBACK_BLOCKS) if self._explicit else 0
        for index in range(mark, first - 1, -1):
            if blocks[index].digest in held:
                return blocks[index].through
        return 0


def _blocks(body: JsonObject) -> list[_Block]:
    rolling = hashlib.sha256()
    blocks: list[_Block] = []
    size = 0
    for value in _in_cache_order(body):
        mark = value.get("cache_control") if isinstance(value, dict) else None
        plain = value
        if mark is not None:
            plain = {key: item for key, item in value.items() if key != "cache_control"}
        data = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
        rolling.update(data)
        size += len(data)
        long_lived = isinstance(mark, dict) and mark.get("ttl") == "1h"
        blocks.append(
            _Block(rolling.hexdigest(), size // BYTES_PER_TOKEN, mark is not None, long_lived)
        )
    return blocks


def _in_cache_order(body: JsonObject) -> list[Any]:
    """Tools, system, then each message's blocks, for all three wires."""
    values: list[Any] = list(_as_list(body.get("tools")))
    for key in ("system", "instructions"):
        part = body.get(key)
        values.extend([{"text": part}] if isinstance(part, str) else _as_list(part))
    for message in (*_as_list(body.get("messages")), *_as_list(body.get("input"))):
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, list):
            values.extend(content)
        else:
            values.append(message)
    return values


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
