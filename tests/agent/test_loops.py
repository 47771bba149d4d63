from __future__ import annotations

from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.play import call, calls, plan, read, update
from tests.support.wire_views import said

FILES = {"app.py": "def login(user):\n    return user\n"}


def test_a_loop_is_told_then_planned_and_then_stopped(stage: Staging) -> None:
    play = stage(
        {
            "big": [plan("Look."), update(handoff="Look elsewhere: app.py is a dead end.")],
            "mid": [calls(call("read", f"r{n}", paths=[{"path": "app.py"}])) for n in range(5)],
        },
        files=FILES,
    )
    result = play.run("look")

    assert (result.status, result.exit_code) == ("stuck", 1)
    assert [event.reason for event in play.of(ev.PlanMade)] == ["session_start", "stuck"]
    told = [said(body) for body in play.asked("mid")]
    assert ["same call with the same result" in words for words in told] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert ["app.py is a dead end" in words for words in told] == [False] * 4 + [True]


def test_many_equal_calls_in_one_reply_are_told_before_the_turn_is_stopped(stage: Staging) -> None:
    again = [calls(*(call("read", paths=[{"path": "app.py"}]) for _ in range(20))) for _ in "123"]
    play = stage(
        {"big": [plan("Look."), update(handoff="app.py is a dead end.")], "mid": again}, files=FILES
    )
    result = play.run("look")

    assert (result.status, result.exit_code) == ("stuck", 1)
    told = [said(body) for body in play.asked("mid")]
    assert ["same call with the same result" in words for words in told] == [False, True, True]
    assert ["app.py is a dead end" in words for words in told] == [False, False, True]


def test_rounds_of_six_calls_are_a_loop(stage: Staging) -> None:
    names = [f"{n}.txt" for n in range(6)]
    play = stage(
        {
            "big": [plan("Look."), update(handoff="They hold nothing.")],
            "mid": [read(name) for _ in range(5) for name in names],
        },
        files={name: name for name in names},
    )
    assert play.run("look").status == "stuck"
