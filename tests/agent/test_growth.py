from __future__ import annotations

from collections.abc import Sequence

import pytest

from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.play import (
    WIRES,
    by_model,
    call,
    calls,
    counted,
    every_tier,
    finish,
    tokens_of,
)
from tests.support.step_worker import OPEN, StepPlanner
from tests.support.wire_views import said

STEPS = 160
WORDS = "a line that a step has read\n" * 140


class Reader:
    """Reads a file a step and says a sentence; at the end it finishes."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        if self._done == self._steps:
            return finish("Read all.")
        self._done += 1
        wanted = call("read", paths=[{"path": f"f{self._done}.txt"}])
        return calls(wanted, words=f"Step {self._done}: the next file, as planned.")


def fit(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and R² of the straight line through these points."""
    n = len(points)
    mean_x = sum(x for x, _ in points) / n
    mean_y = sum(y for _, y in points) / n
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in points)
    sxx = sum((x - mean_x) ** 2 for x, _ in points)
    syy = sum((y - mean_y) ** 2 for _, y in points)
    return sxy / sxx, sxy**2 / (sxx * syy)


@pytest.mark.parametrize("wire", WIRES)
def test_the_input_of_a_long_session_grows_linearly_and_the_pending_step_survives(
    stage: Staging, wire: str
) -> None:
    planner = StepPlanner(("survey", "report"))
    play = stage(
        counted(by_model(big=planner, mid=Reader(STEPS))),
        wire=wire,
        files={f"f{number}.txt": WORDS for number in range(1, STEPS + 1)},
        tiers=every_tier(price={"input": 0, "output": 0}),
        config="compaction: {max_context: 20000}",
    )
    play.run("survey the files", "s")

    sent = 0
    cumulative = []
    for request in play.server.requests:
        sent += tokens_of(request)
        if request.model == "mid":
            cumulative.append(sent)
    points = [(float(step), float(cumulative[step])) for step in range(20, STEPS + 1, 20)]
    slope, r_squared = fit(points)
    assert r_squared > 0.99
    assert slope < 20_000
    compactions = len(play.of(ev.Compacted))
    assert compactions > 5
    # The only calls beside the executor's own are plannings: a capsule is made by code.
    assert len(play.asked("big")) == compactions + 1
    assert all("[ ] survey: " in said(body) for body in play.asked("mid"))
    assert all(OPEN.findall(said(body)) == ["survey", "report"] for body in play.asked("big")[1:])
