from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.fake_claude import FakeClaude, install_fake_claude
from tests.support.play import Stage

COMMANDS = (
    'tiers: {gold: {command: "claude --model opus-4.8"}, silver: {command: "claude --model m"}}\n'
    "audit: {returns: 0}\n"
)
NEVER_OK = {"path": "a.txt", "predicate": "contains", "text": "ok"}

Reply = Mapping[str, Any]


@pytest.fixture
def working(
    stage: Staging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Stage, FakeClaude]]:
    """A stage whose workers are a scripted `claude`, the plan's reply in front of the others."""

    def make(steps: list[dict[str, Any]], *replies: Reply) -> tuple[Stage, FakeClaude]:
        planned = {"when": "no submit_plan tool", "text": "", "plan": {"goal": "g", "steps": steps}}
        fake = install_fake_claude(tmp_path / "bin", [planned, *replies])
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        play = stage({})
        play.config_path = tmp_path / "commands.yaml"
        play.config_path.write_text(COMMANDS, "utf-8")
        return play, fake

    return make


def stop_after(play: Stage, runs: int) -> None:
    engine = play.engine(session_id="s", max_turns=runs)
    assert engine.run_turn("do it").status.value == "turn_limit"
    engine.close()


def go_on(play: Stage) -> tuple[str, int, str]:
    engine = play.engine(session_id="s")
    result = engine.resume_turn()
    engine.close()
    return result.status.value, result.exit_code, result.reason


def test_what_a_worker_reported_before_a_stop_is_held_against_the_disk_after_it(
    working: Callable[..., tuple[Stage, FakeClaude]],
) -> None:
    play, _ = working(
        [{"intent": "Write report.txt."}, {"intent": "Write b.txt."}],
        {"text": "Wrote report.txt."},
        {"text": "Wrote b.txt.", "files": {"b.txt": "b\n"}},
    )
    stop_after(play, 1)
    status, exit_code, reason = go_on(play)
    assert (status, exit_code) == ("contradicted", 3)
    assert "claimed report.txt: not found" in reason


def test_attempts_at_a_step_are_counted_over_a_stop(
    working: Callable[..., tuple[Stage, FakeClaude]],
) -> None:
    tried = {"text": "Tried.", "stderr": "no luck\n", "exit": 1, "plain": True}
    play, fake = working([{"intent": "Write ok."}], *[tried] * 6)
    stop_after(play, 2)
    assert go_on(play)[0] == "incomplete"
    assert len(fake.calls) == 1 + 3
    assert go_on(play)[0] == "incomplete", "asked to go on, it tries as often again"
    assert len(fake.calls) == 1 + 6


def test_what_failed_last_is_told_to_the_worker_of_that_step_over_a_stop_and_to_no_other(
    working: Callable[..., tuple[Stage, FakeClaude]],
) -> None:
    play, fake = working(
        [{"intent": "Write ok.", "done_when": NEVER_OK}, {"intent": "Write b.txt."}],
        {"text": "Tried.", "files": {"a.txt": "no\n"}},
        {"text": "Wrote a.txt.", "files": {"a.txt": "ok\n"}},
        {"text": "Wrote b.txt.", "files": {"b.txt": "b\n"}},
    )
    stop_after(play, 1)
    assert go_on(play)[0] == "done"
    again, other = (call["prompt"] for call in fake.calls[2:])
    assert "<last_attempt>\nIts check, that a.txt contains 'ok', failed:" in again
    assert "<last_attempt>\n" not in other


def test_the_evidence_of_a_contradiction_is_told_over_a_stop(
    working: Callable[..., tuple[Stage, FakeClaude]],
) -> None:
    play, fake = working(
        [{"intent": "Write report.txt."}],
        {"text": "Wrote report.txt."},
        {"text": "Wrote report.txt.", "files": {"report.txt": "r\n"}},
    )
    assert play.config_path is not None
    play.config_path.write_text(COMMANDS.replace("returns: 0", "returns: 1"), "utf-8")
    stop_after(play, 1)
    assert go_on(play)[0] == "done"
    assert "claimed report.txt: not found" in fake.calls[-1]["prompt"]
    assert [type(r.event).__name__ for r in play.events].count("WorkerFinished") == 2
    assert len(play.of(ev.Audited)) == 2
