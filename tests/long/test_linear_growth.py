"""Input tokens from 100 to 1,600 steps lie on a straight line: `pytest -s tests/long`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from burnless.core import events as ev
from tests.support.growth import Reader, fit, input_by_step, read_files
from tests.support.play import by_model, counted, every_tier, staged
from tests.support.step_worker import StepPlanner
from tests.support.wire_views import said

LENGTHS = (100, 200, 400, 800, 1_600)


@pytest.mark.timeout(900)
def test_total_input_grows_linearly_from_100_to_1600_steps(tmp_path: Path) -> None:
    totals = []
    for steps in LENGTHS:
        play = staged(
            tmp_path / str(steps),
            counted(by_model(big=StepPlanner(("survey", "report")), mid=Reader(steps))),
            files=read_files(steps),
            wire="chat",
            tiers=every_tier(price={"input": 0, "output": 0}),
            config="compaction: {max_context: 20000}",
        )
        play.run("survey the files", "s")
        play.close()
        totals.append(input_by_step(play.server.requests, "mid")[steps])
        compactions = len(play.of(ev.Compacted))
        assert len(play.asked("big")) == compactions + 1
        assert "[ ] survey: " in said(play.asked("mid")[-1])
        sys.stdout.write(f"{steps:5} steps {totals[-1]:11,} tokens {compactions:4} compactions\n")
    slope, r_squared = fit(list(zip(LENGTHS, totals, strict=True)))
    sys.stdout.write(f"{slope:,.0f} tokens a step, R² = {r_squared:.5f}\n")
    assert r_squared > 0.99
