"""What a model is given, as text: `python -m tests.prompts.render OUTDIR`.

Writes OUTDIR/NN.txt for each situation, and what is expected of the reader to expected.json beside
OUTDIR. A file holds the request alone: nothing in it says which situation it is.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from burnless.cli.demo.loopback import CapturedRequest
from burnless.core.settings import Wire
from tests.prompts.playing import Situation, Stage
from tests.prompts.situations import SITUATIONS


def play(situation: Situation, folder: Path, wire: str = "anthropic") -> str:
    """The text of the request (or the worker's prompt) that the situation comes to."""
    asked = Stage(situation, folder, wire).play()
    return asked if isinstance(asked, str) else transcript(asked)


def transcript(request: CapturedRequest) -> str:
    """Tools, system, messages: every text as the model gets it, with plain heads between them."""
    body = request.json
    match request.wire:
        case Wire.ANTHROPIC:
            parts = _anthropic(body)
        case Wire.CHAT:
            parts = _chat(body)
        case Wire.RESPONSES:
            parts = _responses(body)
    return "\n".join(parts) + "\n"


def head_of(request: CapturedRequest) -> str:
    """Tools and instructions of a request of the anthropic wire, without the project's layer."""
    body = request.json
    return "\n".join(_anthropic({**body, "system": body["system"][:1], "messages": []})) + "\n"


def _anthropic(body: Any) -> Iterator[str]:
    for tool in body.get("tools", ()):
        yield _tool(tool["name"], tool["description"], tool["input_schema"])
    for block in body["system"]:
        yield _part("system", block["text"])
    for message in body["messages"]:
        for block in message["content"]:
            match block["type"]:
                case "text":
                    yield _part(message["role"], block["text"])
                case "tool_use":
                    yield _part("assistant calls a tool", _call(block["name"], block["input"]))
                case "tool_result":
                    head = "tool result, error" if block.get("is_error") else "tool result"
                    yield _part(head, block["content"])


def _chat(body: Any) -> Iterator[str]:
    for tool in body.get("tools", ()):
        yield _tool(*(tool["function"][key] for key in ("name", "description", "parameters")))
    for message in body["messages"]:
        if message.get("content"):
            yield _part(message["role"], _texts(message["content"]))
        for call in message.get("tool_calls", ()):
            function = call["function"]
            yield _part("assistant calls a tool", f"{function['name']} {function['arguments']}")


def _responses(body: Any) -> Iterator[str]:
    for tool in body.get("tools", ()):
        yield _tool(tool["name"], tool["description"], tool["parameters"])
    if body.get("instructions"):
        yield _part("system", body["instructions"])
    for item in body["input"]:
        match item.get("type", "message"):
            case "message":
                yield _part(item["role"], _texts(item["content"]))
            case "function_call":
                yield _part("assistant calls a tool", f"{item['name']} {item['arguments']}")
            case "function_call_output":
                yield _part("tool result", _texts(item["output"]))


def _texts(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(part["text"] for part in content)


def _tool(name: str, description: str, parameters: Any) -> str:
    return _part("tool", f"{name}\n{description}\n{json.dumps(parameters, ensure_ascii=False)}")


def _call(name: str, arguments: Any) -> str:
    return f"{name} {json.dumps(arguments, ensure_ascii=False)}"


def _part(head: str, text: str) -> str:
    return f"=== {head} ===\n{text}\n"


def main(out: Path) -> None:
    """Play every situation and write what its model is given."""
    out.mkdir(parents=True, exist_ok=True)
    os.environ["SCRIPTED_KEY"] = "no-key-on-loopback"
    expected = {}
    for number, situation in enumerate(SITUATIONS, 1):
        folder = Path(tempfile.mkdtemp(prefix="w"))
        os.environ["BURNLESS_HOME"] = str(folder / "home")
        try:
            (out / f"{number:02d}.txt").write_text(play(situation, folder), encoding="utf-8")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        expected[f"{number:02d}"] = {
            "name": situation.name,
            "right": situation.right,
            "wrong": situation.wrong,
            "needed": list(situation.needed),
        }
    (out.parent / "expected.json").write_text(
        json.dumps(expected, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
