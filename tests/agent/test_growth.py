from __future__ import annotations

import pytest

from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.growth import Reader, fit, input_by_step, read_files
from tests.support.play import WIRES, by_model, counted, every_tier
from tests.support.step_worker import OPEN, StepPlanner
from tests.support.wire_views import said

STEPS = 160


@pytest.mark.parametrize("wire", WIRES)
def test_the_input_of_a_long_session_grows_linearly_and_the_pending_step_survives(
    stage: Staging, wire: str
) -> None:
    play = stage(
        counted(by_model(big=StepPlanner(("survey", "report")), mid=Reader(STEPS))),
        wire=wire,
        files=read_files(STEPS),
        tiers=every_tier(price={"input": 0, "output": 0}),
        config="compaction: {max_context: 20000}",
    )
    play.run("survey the files", "s")

    cumulative = input_by_step(play.server.requests, "mid")
    slope, r_squared = fit([(step, cumulative[step]) for step in range(20, STEPS + 1, 20)])
    assert r_squared > 0.99
    assert slope < 20_000
    compactions = len(play.of(ev.Compacted))
    assert compactions > 5
    # The only calls beside the executor's own are plannings: a capsule is made by code.
    assert len(play.asked("big")) == compactions + 1
    assert all("[ ] survey: " in said(body) for body in play.asked("mid"))
    assert all(OPEN.findall(said(body)) == ["survey", "report"] for body in play.asked("big")[1:])
