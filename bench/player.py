"""The provider of a benchmark, in a process of its own: `python -m bench.player '{"steps": 200}'`.

Prints its address as the first line. Then one command a line on stdin, one line of JSON each:
`report`: what was billed and found; `arrivals`: when each request was read, in monotonic seconds,
which all processes of one machine share; `reset`: begin the play anew. End of input ends it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.play import Play
from burnless.cli.demo.cache_simulation import CacheSimulation
from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply, ScriptedServer


class Player:
    """One play on one server. `keep`: a folder that takes every request's body."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._keep = Path(options["keep"]) if options.get("keep") else None
        self.arrivals: list[tuple[str, float]] = []
        self.play = self._new_play()

    def answer(self, request: CapturedRequest) -> ScriptedReply:
        self.arrivals.append((request.model, request.at))
        if self._keep is not None:
            name = f"{len(self.arrivals):05d}.json"
            (self._keep / name).write_bytes(request.body)
        return self.play(request)

    def reset(self) -> None:
        self.arrivals.clear()
        self.play = self._new_play()

    def report(self, problems: list[str]) -> dict[str, Any]:
        return {
            "billed": [asdict(entry) for entry in self.play.billed],
            "found": self.play.found,
            "problems": problems,
        }

    def _new_play(self) -> Play:
        minimum = self._options.get("minimum")
        return Play(
            steps=self._options.get("steps", 0),
            with_facts=self._options.get("facts", False),
            simulation=None if minimum is None else CacheSimulation(minimum=minimum),
        )


def main() -> None:
    player = Player(json.loads(sys.argv[1]))
    server = ScriptedServer(player.answer, keep=False).start()
    print(server.url, flush=True)
    for line in sys.stdin:
        match line.strip():
            case "report":
                told: Any = player.report(server.problems)
            case "arrivals":
                told = player.arrivals
            case "reset":
                player.reset()
                told = "reset"
            case other:
                told = f"unknown command {other!r}"
        print(json.dumps(told), flush=True)
    server.close()


if __name__ == "__main__":
    main()
