from __future__ import annotations

from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.play import by_model, call, calls, counted, every_tier, finish
from tests.support.step_worker import StepPlanner

DEAR_TO_KEEP = every_tier(price={"input": 5, "output": 25, "cache_read": 5, "cache_write": 5})
"""Rent is soon as high as a compaction; the window is far away."""

LONG_FILE = {"f.txt": "".join(f"line {number} of the long file\n" for number in range(9_000))}


class Reader:
    """Reads one place of one file after the other: no new file, no note, no change."""

    def __init__(self, places: int) -> None:
        self._left = list(range(places))

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        if not self._left:
            return finish("Looked.")
        first = self._left.pop(0) * 100 + 1
        return calls(call("read", paths=[{"path": "f.txt", "lines": f"{first}-{first + 90}"}]))


def test_rent_alone_neither_compacts_what_has_nothing_new_nor_stops_the_turn(
    stage: Staging,
) -> None:
    route = counted(by_model(big=StepPlanner(("look",)), mid=Reader(60)))
    play = stage(route, tiers=DEAR_TO_KEEP, files=LONG_FILE)
    result = play.run("look at f.txt", "s")

    assert result.status == "done"
    assert [event.reason for event in play.of(ev.Compacted)] == ["rent"]


def test_a_full_context_without_progress_still_stops_it(stage: Staging) -> None:
    route = counted(by_model(big=StepPlanner(("look",)), mid=Reader(60)))
    config = "compaction: {max_context: 30000}"
    play = stage(route, tiers=DEAR_TO_KEEP, files=LONG_FILE, config=config)
    result = play.run("look at f.txt", "s")

    assert (result.status, result.exit_code) == ("thrashing", 1)
    assert [event.reason for event in play.of(ev.Compacted)] == ["rent"]
