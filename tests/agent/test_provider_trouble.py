from __future__ import annotations

import pytest

from burnless.cli.demo.loopback import ScriptedError, ScriptedReply
from burnless.core import events as ev
from burnless.core.messages import Text
from tests.agent.conftest import Staging
from tests.support.play import WIRES, finish, plan, read
from tests.support.wire_views import assert_sendable

QUICK = "planner: {when: never}\nlimits: {retry_wait_most: 0.01, max_attempts: 3}"
OVERLOADED = ScriptedReply(
    error=ScriptedError(529, {"type": "error", "error": {"type": "overloaded_error"}})
)
LIMITED = ScriptedReply(error=ScriptedError(429, {"error": {"type": "rate_limit_error"}}))
BAD_KEY = ScriptedReply(
    error=ScriptedError(401, {"error": {"type": "authentication_error", "message": "no"}})
)
CUT = ScriptedReply((Text("I was about to"),), cut_after_frames=4, cut="dropped")


@pytest.mark.parametrize("wire", WIRES)
def test_what_is_temporary_is_tried_again_with_the_same_request(stage: Staging, wire: str) -> None:
    play = stage({"mid": [OVERLOADED, LIMITED, finish("Done.")]}, wire=wire, config=QUICK)
    result = play.run("work")

    assert result.status == "done"
    one, two, three = play.asked("mid")
    assert one == two == three
    assert [event.cost for event in play.of(ev.CallFailed)] == [0, 0]


@pytest.mark.parametrize("wire", WIRES)
def test_a_provider_that_stays_away_is_exit_75_and_the_session_goes_on_later(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {"mid": [read("README.md"), *[OVERLOADED] * 3, finish("Done.")]}, wire=wire, config=QUICK
    )
    engine = play.engine(session_id="s")
    away = engine.run_turn("work")
    result = engine.resume_turn()
    engine.close()

    assert (away.status.value, away.exit_code) == ("unavailable", 75)
    assert "tried 3 times" in away.reason
    assert result.status.value == "done"
    assert_sendable(play.asked("mid")[-1])


def test_a_cut_stream_is_a_failed_call_that_is_paid_for_and_tried_again(stage: Staging) -> None:
    play = stage({"mid": [CUT, finish("Done.")]}, config=QUICK)
    result = play.run("work")

    assert result.status == "done"
    (failed,) = play.of(ev.CallFailed)
    assert failed.estimated
    assert failed.cost > 0


@pytest.mark.parametrize("role", ["planner", "executor"])
def test_a_refused_key_ends_the_turn_with_exit_41_whoever_needed_it(
    stage: Staging, role: str
) -> None:
    script = {"big": [BAD_KEY]} if role == "planner" else {"big": [plan("x")], "mid": [BAD_KEY]}
    result = stage(script).run("work")
    assert (result.status, result.exit_code) == ("failed", 41)


def test_a_provider_away_at_the_planning_does_not_keep_the_work_from_being_done(
    stage: Staging,
) -> None:
    play = stage(
        {"big": [OVERLOADED] * 2, "mid": [finish("Done.")]},
        config="limits: {retry_wait_most: 0.01, max_attempts: 2}",
    )
    result = play.run("work")
    assert result.status == "done"
    assert [event.source for event in play.of(ev.PlanMade)] == ["fallback"]
