"""A request's body as a provider reads it, alike for the three wires."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]
MARKERS = {"cache_control", "prompt_cache_breakpoint"}


@dataclass(frozen=True)
class Piece:
    """One part of the conversation. kind: "text" | "call" | "result" | "reasoning"."""

    role: str
    kind: str
    text: str
    id: str = ""


def head_hash(body: Body) -> str:
    """sha256 of tools and system text, as they stand in the body."""
    parts = [body.get("tools", []), unmarked(system_of(body))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def system_of(body: Body) -> Any:
    """What stands before the conversation: on anthropic and chat with the project layer."""
    if "input" in body:
        return body.get("instructions", "")
    if "system" in body:
        return body["system"]
    return [m["content"] for m in body["messages"] if m["role"] == "system"]


def tool_names(body: Body) -> list[str]:
    return [(tool.get("function") or tool)["name"] for tool in body.get("tools", [])]


def cache_text(body: Body) -> str:
    """What a provider caches, in its order and without markers. To extend is to get longer."""
    parts = [json.dumps(body.get("tools")), json.dumps(body.get("instructions"))]
    parts += [json.dumps(unmarked(block)) for block in body.get("system", [])]
    for message in body.get("messages", body.get("input", [])):
        rest = {key: value for key, value in message.items() if key != "content"}
        parts.append(f"\n{json.dumps(unmarked(rest))}: ")
        content = message.get("content")
        if isinstance(content, str):
            parts.append(content)
        else:
            parts += [json.dumps(unmarked(part)) for part in content or []]
    return "".join(parts)


def unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items() if key not in MARKERS}
    return [unmarked(item) for item in value] if isinstance(value, list) else value


def said(body: Body) -> str:
    """All text in the conversation, without tools and system."""
    return "\n".join(piece.text for piece in pieces(body))


def whole(body: Body) -> str:
    """All text of the request but its tools."""
    return f"{json.dumps(system_of(body), ensure_ascii=False)}\n{said(body)}"


def pieces(body: Body) -> list[Piece]:
    """The conversation in order, system and tools left out."""
    if "input" in body:
        return [piece for item in body["input"] for piece in _of_input(item)]
    if "system" in body or "stream_options" not in body:
        return [piece for message in body["messages"] for piece in _of_message(message)]
    return [piece for m in body["messages"] if m["role"] != "system" for piece in _of_chat(m)]


def replies(body: Body) -> int:
    """How many of the model's own replies the conversation holds."""
    roles = [(piece.role == "assistant", piece) for piece in pieces(body)]
    return sum(1 for own, _ in itertools.groupby(roles, key=lambda pair: pair[0]) if own)


def results(body: Body) -> dict[str, str]:
    """Each call's result by the call's id."""
    return {piece.id: piece.text for piece in pieces(body) if piece.kind == "result"}


def assert_sendable(body: Body) -> None:
    """The rules whose breach is a 400: each call has one result, right behind it."""
    found = pieces(body)
    ids = [piece.id for piece in found if piece.kind == "call"]
    assert len(ids) == len(set(ids)), f"call ids are used twice: {ids}"
    assert all(ids), "a call has no id"
    waiting: list[str] = []
    for piece in found:
        if piece.kind == "call":
            waiting.append(piece.id)
        elif piece.kind == "result":
            assert piece.id in waiting, f"a result without its call: {piece}"
            waiting.remove(piece.id)
        elif piece.role != "assistant":
            assert not waiting, f"{piece} comes before the results of {waiting}"
    assert not waiting, f"calls without results: {waiting}"
    assert all(piece.text.strip() for piece in found if piece.kind == "text")
    if "messages" in body:
        roles = [m["role"] for m in body["messages"] if m["role"] not in {"tool", "system"}]
        pairs = itertools.pairwise([m["role"] for m in body["messages"]])
        assert roles[0] == "user"
        assert not any(one == two and one in {"user", "assistant"} for one, two in pairs)


def _of_message(message: Body) -> Iterator[Piece]:
    role = message["role"]
    for block in message["content"]:
        match block["type"]:
            case "text":
                yield Piece(role, "text", block["text"])
            case "tool_use":
                yield Piece(role, "call", json.dumps(block["input"]), block["id"])
            case "tool_result":
                yield Piece(role, "result", block["content"], block["tool_use_id"])
            case _:
                yield Piece(role, "reasoning", json.dumps(block))


def _of_input(item: Body) -> Iterator[Piece]:
    match item["type"]:
        case "message":
            for part in item["content"]:
                yield Piece(item["role"], "text", part["text"])
        case "function_call":
            yield Piece("assistant", "call", item["arguments"], item["call_id"])
        case "function_call_output":
            output = "".join(part["text"] for part in item["output"])
            yield Piece("user", "result", output, item["call_id"])
        case _:
            yield Piece("assistant", "reasoning", json.dumps(item))


def _of_chat(message: Body) -> Iterator[Piece]:
    role = message["role"]
    if role == "tool":
        yield Piece("user", "result", message["content"], message["tool_call_id"])
        return
    thoughts = {k: v for k, v in message.items() if k not in {"role", "content", "tool_calls"}}
    if thoughts:
        yield Piece(role, "reasoning", json.dumps(thoughts))
    if message.get("content"):
        yield Piece(role, "text", message["content"])
    for call in message.get("tool_calls", []):
        yield Piece(role, "call", call["function"]["arguments"], call["id"])
