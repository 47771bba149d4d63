"""The tool calls a scripted model writes: their arguments as the tools' schemas want them."""

from __future__ import annotations

from collections.abc import Sequence

from bench.repository import Slice
from burnless.core.encoding import JsonObject, canonical
from burnless.core.messages import ToolCall


def read(call_id: str, place: Slice) -> ToolCall:
    wanted: JsonObject = {"path": place.path, "lines": f"{place.first}-{place.last}"}
    return _call(call_id, "read", {"paths": [wanted]})


def note(
    call_id: str,
    *,
    facts: Sequence[str] = (),
    decisions: Sequence[str] = (),
    done: str = "",
) -> ToolCall:
    arguments: JsonObject = {}
    if done:
        arguments["steps"] = [{"id": done, "status": "done"}]
    if decisions:
        arguments["decisions"] = list(decisions)
    if facts:
        arguments["facts"] = list(facts)
    return _call(call_id, "plan_notes", arguments)


def recall(call_id: str, text: str) -> ToolCall:
    return _call(call_id, "recall", {"search": text})


def finish(call_id: str, summary: str) -> ToolCall:
    return _call(call_id, "finish", {"status": "done", "summary": summary})


def submit_plan(call_id: str, arguments: JsonObject) -> ToolCall:
    return _call(call_id, "submit_plan", arguments)


def _call(call_id: str, name: str, arguments: JsonObject) -> ToolCall:
    return ToolCall(call_id, name, canonical(arguments))
