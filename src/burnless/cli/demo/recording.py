"""The demo's replies: recorded text and calls, with usage counted as a caching provider would."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from burnless.cli.demo.cache_simulation import BYTES_PER_TOKEN, CacheSimulation
from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply, ScriptExhausted
from burnless.core.encoding import canonical
from burnless.core.messages import Text, ToolCall

REPLIES = Path(__file__).with_name("replies.json")
AT_COMPACTION = b"<why>\\nOld history is being compacted."
"""How a planning at a compaction begins, as the request's JSON has it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What the user asks, each tier's replies in order, and the planner's at a compaction.

    The replies in order go by the work: a compaction takes none of them.
    """

    task: str
    replies: dict[str, tuple[ScriptedReply, ...]]
    update: ScriptedReply


def load_recording(path: Path = REPLIES) -> Recording:
    raw = json.loads(path.read_text(encoding="utf-8"))
    tiers = {name: raw[name] for name in ("gold", "silver")}
    return Recording(
        raw["task"],
        {
            name: tuple(_reply(name, number, entry) for number, entry in enumerate(entries))
            for name, entries in tiers.items()
        },
        _reply("update", 0, raw["update"]),
    )


class Player:
    """Answers what is asked, and bills each request by the caching rules.

    How often a prompt is compacted depends on how long it is: each such planning gets the update.
    """

    def __init__(
        self, replies: dict[str, tuple[ScriptedReply, ...]], update: ScriptedReply
    ) -> None:
        self._waiting = {model: list(entries) for model, entries in replies.items()}
        self._update = update
        self._cache = CacheSimulation()
        self._lock = threading.Lock()

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        reply = self._update if AT_COMPACTION in request.body else self._next(request.model)
        usage = self._cache.bill(request.json, _written(reply))
        return replace(reply, usage=usage)

    def _next(self, model: str) -> ScriptedReply:
        with self._lock:
            waiting = self._waiting.get(model, [])
            if not waiting:
                raise ScriptExhausted(f"the recording has no further reply of {model}")
            return waiting.pop(0)


def _reply(tier: str, number: int, entry: dict[str, Any]) -> ScriptedReply:
    calls = tuple(
        ToolCall(f"toolu_{tier}_{number}_{place}", name, canonical(arguments))
        for place, (name, arguments) in enumerate(entry.get("calls", []))
    )
    words = (Text(entry["text"]),) if entry.get("text") else ()
    return ScriptedReply((*words, *calls), pause_seconds=0.01)


def _written(reply: ScriptedReply) -> int:
    """Tokens of the reply's own text and calls."""
    size = sum(len(str(block)) for block in reply.blocks)
    return max(1, size // BYTES_PER_TOKEN)
