"""The bare script: sends recorded request bodies through an SDK and reads each stream to its end.

`python -m bench.script_run '{"sdk": "anthropic", "url": …, "bodies": …}'`. Nothing of Burnless is
imported. Loading a body from disk is not counted. What comes back is read as the SDK's own typed
events and its text is joined; the SDK's accumulating helpers, which cost more, are not used.
"""

from __future__ import annotations

import inspect
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.memory import peak_memory_bytes

Send = Callable[[dict[str, Any]], int]


def anthropic_sender(url: str) -> Send:
    import anthropic  # noqa: PLC0415 - only the SDK that is measured

    client = anthropic.Anthropic(api_key="bench", base_url=url, max_retries=0)
    known = set(inspect.signature(client.messages.create).parameters)

    def send(body: dict[str, Any]) -> int:
        named = {key: value for key, value in body.items() if key in known}
        rest = {key: value for key, value in body.items() if key not in known}
        parts: list[str] = []
        for event in client.messages.create(**named, extra_body=rest or None):
            if event.type == "content_block_delta":
                delta = event.delta
                parts.append(getattr(delta, "text", "") or getattr(delta, "partial_json", ""))
        return len("".join(parts))

    return send


def openai_sender(url: str) -> Send:
    import openai  # noqa: PLC0415 - only the SDK that is measured

    client = openai.OpenAI(api_key="bench", base_url=url + "/v1", max_retries=0)
    known = set(inspect.signature(client.chat.completions.create).parameters)

    def send(body: dict[str, Any]) -> int:
        named = {key: value for key, value in body.items() if key in known}
        rest = {key: value for key, value in body.items() if key not in known}
        parts: list[str] = []
        for chunk in client.chat.completions.create(**named, extra_body=rest or None):
            for choice in chunk.choices:
                parts.append(choice.delta.content or "")
                for call in choice.delta.tool_calls or ():
                    parts.append((call.function and call.function.arguments) or "")
        return len("".join(parts))

    return send


def main() -> None:
    options = json.loads(sys.argv[1])
    make = {"anthropic": anthropic_sender, "openai": openai_sender}[options["sdk"]]
    send = make(options["url"])
    steps: list[tuple[float, float]] = []
    for path in sorted(Path(options["bodies"]).glob("*.json")):
        body = json.loads(path.read_bytes())
        cpu, wall = time.process_time(), time.perf_counter()
        send(body)
        steps.append((time.process_time() - cpu, time.perf_counter() - wall))
    print(json.dumps({"steps": steps, "peak_bytes": peak_memory_bytes()}))


if __name__ == "__main__":
    main()
