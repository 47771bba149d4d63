from __future__ import annotations

from dataclasses import replace

import pytest

from burnless.agent.tool_runner import NOT_REACHED
from burnless.cli.demo.loopback import ScriptedReply, Thinking
from burnless.core import events as ev
from burnless.core.messages import Role
from tests.agent.conftest import Staging
from tests.support.play import WIRES, call, calls, finish, plan, read, text, write
from tests.support.wire_views import assert_sendable, pieces, results, said

NO_PLANNER = "planner: {when: never}"


def served_by(name: str | None, reply: ScriptedReply) -> ScriptedReply:
    return replace(reply, model=name)


@pytest.mark.parametrize("wire", WIRES)
def test_a_model_that_changes_its_name_in_a_session_stops_the_turn_and_its_reply_is_kept(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "mid": [
                served_by("mid-2026-11", read("README.md")),
                served_by("cheaper", write("a.txt", id="w")),
            ]
        },
        wire=wire,
        config=NO_PLANNER,
    )
    result = play.run("write it", "s")

    assert (result.status, result.exit_code) == ("failed", 1)
    assert "answered with cheaper, but mid-2026-11" in result.reason
    assert not (play.root / "a.txt").exists()
    assert [event.served for event in play.of(ev.CallReplied)] == ["mid-2026-11", "cheaper"]
    assert play.of(ev.CallReplied)[1].cost > 0
    assert play.session("s").pins == {f"{WIRES[wire]}/mid": "mid-2026-11"}


@pytest.mark.parametrize("wire", WIRES)
def test_after_a_wrong_model_the_session_goes_on_with_the_right_one(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "mid": [
                served_by("mid-1", read("README.md")),
                served_by("cheaper", write("a.txt", id="w")),
                served_by("mid-1", finish("Nothing was written.")),
            ]
        },
        wire=wire,
        config=NO_PLANNER,
    )
    engine = play.engine()
    engine.run_turn("write it")
    result = engine.run_turn("then leave it")
    engine.close()

    assert result.status.value == "done"
    assert_sendable(play.asked("mid")[2])
    assert results(play.asked("mid")[2])["w"] == NOT_REACHED


def test_dated_names_of_one_model_are_one_model(stage: Staging) -> None:
    play = stage(
        {
            "mid": [
                served_by("claude-sonnet-5-5", read("README.md")),
                served_by("claude-sonnet-5-5-20261001", finish("Read.")),
            ]
        },
        config=NO_PLANNER,
    )
    assert play.run("read it").status == "done"


def test_a_model_that_names_nobody_is_unproved_and_works(stage: Staging) -> None:
    play = stage({"mid": [served_by(None, finish("Done."))]}, wire="chat", config=NO_PLANNER)
    assert play.run("do it", "s").status == "done"
    assert [event.served for event in play.of(ev.CallReplied)] == [None]
    assert play.session("s").pins == {}


def test_the_pin_outlives_a_restart(stage: Staging) -> None:
    play = stage(
        {"mid": [served_by("mid-1", finish("One.")), served_by("mid-2", finish("Two."))]},
        config=NO_PLANNER,
    )
    play.run("one", "s")
    assert play.run("two", "s").status == "failed"


def test_another_model_that_plans_or_advises_stops_the_turn_too(stage: Staging) -> None:
    ask = calls(
        call("consult", "c", question="which?"), call("read", paths=[{"path": "README.md"}])
    )
    play = stage(
        {
            "big": [
                served_by("big-1", plan("Choose.")),
                served_by("small", text("The first.")),
                served_by("small", plan("Choose again.")),
            ],
            "mid": [ask, write("a.txt")],
        }
    )
    advised = play.run("choose", "s")
    marked = play.engine(session_id="s")
    marked.kit.recorder.record(ev.StepMarked("1", ev.StepStatus.DONE))
    planned = marked.run_turn("write a.txt")
    marked.close()

    assert (advised.status, advised.exit_code) == ("failed", 1)
    assert "answered with small, but big-1" in advised.reason
    assert play.of(ev.Consulted) == []
    assert "answered with small, but big-1" in planned.reason
    assert not (play.root / "a.txt").exists()


FAMILIES = {
    "anthropic": ("anthropic", "sonnet-thoughts", "signed-by-anthropic"),
    "chat": ("chat", "chat-thoughts", "signed-by-chat"),
    "responses": ("responses", "summary-of-thoughts", "encrypted-by-openai"),
}


def thinking(wire: str, then: ScriptedReply) -> ScriptedReply:
    _, thoughts, signature = FAMILIES[wire]
    return replace(then, blocks=(Thinking(thoughts, signature), *then.blocks))


@pytest.mark.parametrize("wire", WIRES)
def test_thinking_goes_back_as_it_came_while_the_family_stays(stage: Staging, wire: str) -> None:
    play = stage(
        {"mid": [thinking(wire, read("README.md")), finish("Read.")]}, wire=wire, config=NO_PLANNER
    )
    play.run("read it")
    _, thoughts, signature = FAMILIES[wire]
    (kept,) = [piece.text for piece in pieces(play.asked("mid")[1]) if piece.kind == "reasoning"]
    assert thoughts in kept
    assert signature in kept
    assert [event.dropped_reasoning for event in play.of(ev.CallReplied)] == [0, 0]


@pytest.mark.parametrize("wire", WIRES)
def test_thinking_in_the_raw_tail_stays_as_it_was_over_a_compaction(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {"mid": [thinking(wire, read("README.md")), text("Read."), text("Yes.")]},
        wire=wire,
        config=NO_PLANNER,
    )
    engine = play.engine()
    engine.run_turn("read it")
    engine.compact("")
    engine.run_turn("is it there?")
    engine.close()

    before, after = (
        [piece for piece in pieces(body) if piece.kind == "reasoning"]
        for body in play.asked("mid")[1:]
    )
    assert len(before) == 1
    assert after == before


@pytest.mark.parametrize(
    ("before", "after"), [(one, two) for one in WIRES for two in WIRES if one != two]
)
def test_another_family_is_sent_no_thinking_and_no_signature_and_the_drop_is_logged(
    stage: Staging, before: str, after: str
) -> None:
    first = thinking(
        before, calls(call("read", "r", paths=[{"path": "README.md"}]), words="I look.")
    )
    play = stage(
        {"mid": [first, thinking(before, text("It is a repository.")), finish("Nothing to do.")]},
        wire=before,
        config=NO_PLANNER,
    )
    play.run("look at README.md", "s")
    play.wire = after
    result = play.run("go on", "s")

    assert result.status == "done"
    body = play.server.requests[2].body.decode()
    _, thoughts, signature = FAMILIES[before]
    assert thoughts not in body
    assert signature not in body
    sent = play.asked("mid")[2]
    assert_sendable(sent)
    assert [piece.kind for piece in pieces(sent)].count("reasoning") == 0
    for kept in ("look at README.md", "I look.", "It is a repository.", "go on"):
        assert kept in said(sent)
    assert "# a repository" in results(sent)["r"]
    assert [event.dropped_reasoning for event in play.of(ev.CallReplied)] == [0, 0, 2]


def test_each_call_records_role_model_asked_for_and_model_served(stage: Staging) -> None:
    play = stage(
        {
            "big": [served_by("big-20261101", plan("Make it."))],
            "mid": [served_by("mid-20261101", finish("Done."))],
        }
    )
    play.run("make it")
    assert [(e.role, e.model, e.served) for e in play.of(ev.CallReplied)] == [
        (Role.PLANNER, "anthropic/big", "big-20261101"),
        (Role.EXECUTOR, "anthropic/mid", "mid-20261101"),
    ]
    assert play.of(ev.ModelPinned) == [
        ev.ModelPinned("anthropic/big", "big-20261101"),
        ev.ModelPinned("anthropic/mid", "mid-20261101"),
    ]
