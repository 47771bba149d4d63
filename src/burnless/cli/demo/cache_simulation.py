"""What a provider would bill for a request, by the published caching rules, counted on loopback.

Sources: Anthropic's prompt caching documentation (order tools, system, messages; entries at
breakpoints; a lookback of 20 positions that counts the breakpoint itself; a minimum length; at
most four breakpoints, longer-lived ones first) and OpenAI's (the longest common prefix from 1,024
tokens). A token is taken as four bytes of the block's JSON.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from burnless.core.encoding import Json, JsonObject
from burnless.core.usage import Usage

LOOKBACK_BLOCKS = 20
"""Positions one breakpoint looks at. Anthropic counts a run of calls or results as one position;
here each block is one, so that a bill is never too low for it."""

MOST_BREAKPOINTS = 4
BYTES_PER_TOKEN = 4


class RefusedMarkers(ValueError):
    """The provider would answer 400: too many breakpoints, or a short-lived one before a long."""


@dataclass(frozen=True, slots=True)
class _Block:
    """`digest` is of everything up to here, `through` its tokens."""

    digest: bytes
    through: int
    marked: bool
    long_lived: bool


class CacheSimulation:
    """Remembers what each model's cache holds, and splits each request's input by it.

    minimum:  tokens below which nothing is cached
    explicit: entries are written at breakpoints only, and writing is billed; else every block's
              end is remembered, writing is free, and what was seen before is read

    Nothing expires: no step is taken to last longer than an entry lives.
    """

    def __init__(self, *, minimum: int = 1024, explicit: bool = True) -> None:
        self._minimum = minimum
        self._explicit = explicit
        self._held: dict[str, set[bytes]] = {}
        self._lock = threading.Lock()

    def bill(self, body: JsonObject, output_tokens: int) -> Usage:
        """Usage of one request, and remember what it wrote. Raises RefusedMarkers."""
        blocks = _blocks(body)
        if self._explicit:
            _check_markers(blocks)
        with self._lock:
            held = self._held.setdefault(str(body.get("model", "")), set())
            return self._split(blocks, held, output_tokens)

    def _split(self, blocks: list[_Block], held: set[bytes], output_tokens: int) -> Usage:
        total = blocks[-1].through if blocks else 0
        marks = [
            at
            for at, block in enumerate(blocks)
            if (block.marked or not self._explicit) and block.through >= self._minimum
        ]
        if not self._explicit:
            read = next(
                (blocks[at].through for at in reversed(marks) if _is_held(blocks, at, held)), 0
            )
            held.update(blocks[at].digest for at in marks)
            return Usage(fresh=total - read, cache_read=read, output=output_tokens)
        read = max((_reach(blocks, at, held) for at in marks), default=0)
        held.update(blocks[at].digest for at in marks)
        written = max((blocks[at].through for at in marks), default=0)
        long_written = max((blocks[at].through for at in marks if blocks[at].long_lived), default=0)
        return Usage(
            fresh=total - max(read, written),
            cache_read=read,
            cache_write_5m=max(0, written - max(read, long_written)),
            cache_write_1h=max(0, long_written - read),
            output=output_tokens,
        )


def _is_held(blocks: list[_Block], at: int, held: set[bytes]) -> bool:
    return blocks[at].digest in held


def _reach(blocks: list[_Block], mark: int, held: set[bytes]) -> int:
    """Tokens of the longest entry that a lookback from this breakpoint finds."""
    for at in range(mark, max(-1, mark - LOOKBACK_BLOCKS), -1):
        if _is_held(blocks, at, held):
            return blocks[at].through
    return 0


def _check_markers(blocks: list[_Block]) -> None:
    marked = [block for block in blocks if block.marked]
    if len(marked) > MOST_BREAKPOINTS:
        raise RefusedMarkers(
            f"a maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided, "
            f"found {len(marked)}"
        )
    lives = [block.long_lived for block in marked]
    if lives != sorted(lives, reverse=True):
        raise RefusedMarkers("a ttl='1h' cache_control block must not come after a ttl='5m' one")


def _blocks(body: JsonObject) -> list[_Block]:
    rolling = hashlib.sha256()
    blocks: list[_Block] = []
    size = 0
    for owner, value in _in_cache_order(body):
        mark = value.get("cache_control") if isinstance(value, dict) else None
        plain = value
        if isinstance(value, dict) and mark is not None:
            plain = {key: item for key, item in value.items() if key != "cache_control"}
        data = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        rolling.update(f"{owner}\0{len(data)}\0".encode())
        rolling.update(data)
        size += len(data)
        long_lived = isinstance(mark, dict) and mark.get("ttl") == "1h"
        tokens = size // BYTES_PER_TOKEN
        blocks.append(_Block(rolling.digest(), tokens, mark is not None, long_lived))
    return blocks


def _in_cache_order(body: JsonObject) -> Iterator[tuple[str, Json]]:
    """(whose it is, block) of tools, system, then each message's blocks, for all three wires."""
    for tool in _as_list(body.get("tools")):
        yield "tools", tool
    for key in ("system", "instructions"):
        part = body.get(key)
        texts: list[Json] = [{"text": part}] if isinstance(part, str) else _as_list(part)
        for block in texts:
            yield "system", block
    for message in (*_as_list(body.get("messages")), *_as_list(body.get("input"))):
        yield from _of_message(message)


def _of_message(message: Json) -> Iterator[tuple[str, Json]]:
    """A message's blocks; what else it holds (a chat message's calls) is a block of its own."""
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(content, list):
        yield "message", message
        return
    role = str(message.get("role", ""))
    for block in content:
        yield role, block
    rest: JsonObject = {
        key: item for key, item in message.items() if key not in {"role", "content", "type", "id"}
    }
    if any(rest.values()):
        yield role, rest


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
