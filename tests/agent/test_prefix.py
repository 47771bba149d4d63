from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from burnless.agent.turn import TurnRunner
from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.messages import Role
from burnless.core.settings import PermissionMode
from tests.agent.conftest import Staging
from tests.support.play import WIRES, Stage, call, calls, finish, plan, read, text, update, write
from tests.support.wire_views import Body, cache_text, head_hash, said, system_of, whole

TURNS = 50
FILES = {"AGENTS.md": "Always write tests.\n", "sub/a.txt": "a\n"}


@pytest.fixture
def time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def assert_each_extends_the_one_before(bodies: list[Body]) -> None:
    for earlier, later in itertools.pairwise(bodies):
        assert cache_text(later).startswith(cache_text(earlier))


def play_turns(play: Stage, turns: range, tools_seed: int, **options: object) -> None:
    """Some turns in an engine of their own, its tools registered in an order of their own."""
    engine = play.engine(session_id="s", **options)
    tools, reading = list(engine.kit.tools), list(engine.kit.planner_tools)
    if tools_seed:
        random.Random(tools_seed).shuffle(tools)  # noqa: S311 - no secret hangs on it
        reading.reverse()
    runner = TurnRunner(replace(engine.kit, tools=tuple(tools), planner_tools=tuple(reading)))
    for turn in turns:
        runner.run_turn(f"turn {turn}: write it", CancelToken())
    engine.close()


@pytest.mark.parametrize("wire", WIRES)
def test_over_50_turns_2_restarts_and_shuffled_tools_the_head_is_one_and_requests_only_grow(
    stage: Staging, wire: str, time_zone: pytest.MonkeyPatch
) -> None:
    answered = itertools.count()

    def mid(request: CapturedRequest) -> ScriptedReply:
        number = next(answered)
        return write(f"{number}.txt") if number % 10 == 0 else finish(f"Wrote {number}.")

    def big(request: CapturedRequest) -> ScriptedReply:
        return update(steps=[{"intent": "Write it."}]) if request.number > 2 else plan("Write it.")

    play = stage(
        lambda request: big(request) if request.model == "big" else mid(request),
        wire=wire,
        files=FILES,
        tiers={"silver": {"window": 1_000_000}},
        config="compaction: {max_context: 900000}",
    )
    for seed, (zone, turns) in enumerate(
        (
            ("Etc/GMT+12", range(17)),
            ("Pacific/Kiritimati", range(17, 34)),
            ("UTC", range(34, TURNS)),
        )
    ):
        time_zone.setenv("TZ", zone)
        time.tzset()
        play_turns(play, turns, seed, **({"cwd": play.root / "sub"} if seed == 1 else {}))

    executor, planner = play.asked("mid"), play.asked("big")
    assert len(executor) > TURNS
    assert len(planner) > 2
    assert len({head_hash(body) for body in executor}) == 1
    assert len({head_hash(body) for body in planner}) == 1
    assert_each_extends_the_one_before(executor)
    assert [event.role for event in play.of(ev.PrefixFixed)] == [Role.PLANNER, Role.EXECUTOR]
    assert len(play.of(ev.ProjectFixed)) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_a_changed_mode_is_a_notice_and_not_another_prefix(stage: Staging, wire: str) -> None:
    play = stage({"mid": [text("Yes.")] * 3}, wire=wire)
    engine = play.engine(session_id="s")
    engine.run_turn("is it there?")
    engine.set_mode(PermissionMode.BYPASS)
    engine.run_turn("is it there now?")
    engine.set_mode(PermissionMode.PLAN)
    engine.set_mode(PermissionMode.ACCEPT_EDITS)
    engine.run_turn("where is it?")
    engine.close()

    bodies = play.asked("mid")
    assert_each_extends_the_one_before(bodies)
    assert "The permission mode is now bypassPermissions." in said(bodies[1])
    assert "The permission mode is now acceptEdits." in said(bodies[2])


@pytest.mark.parametrize("wire", WIRES)
def test_a_mode_changed_between_two_processes_is_one_notice(stage: Staging, wire: str) -> None:
    play = stage({"mid": [text("Yes.")] * 4}, wire=wire)
    for mode in ("acceptEdits", "default", "default", "bypassPermissions"):
        play.options["permission_mode"] = mode
        play.run("is it there?", "s")

    bodies = play.asked("mid")
    assert_each_extends_the_one_before(bodies)
    modes = ("acceptEdits", "default", "bypassPermissions")
    told = [[said(body).count(f"mode is now {mode}.") for body in bodies] for mode in modes]
    assert told == [[0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 0, 1]]


@pytest.mark.parametrize("wire", WIRES)
def test_a_changed_agents_file_is_one_notice_and_the_layer_stays_as_it_was_sent(
    stage: Staging, wire: str
) -> None:
    play = stage({"mid": [text("Yes.")] * 5}, wire=wire, files=FILES)
    play.run("is it there?", "s")
    (play.root / "AGENTS.md").write_text("Never write tests.\n", "utf-8")
    play.run("is it there now?", "s")
    play.run("where is it?", "s")
    (play.root / "AGENTS.md").unlink()
    play.run("why is it?", "s")
    (play.root / "CLAUDE.md").write_text("Write no poems.\n", "utf-8")
    play.run("who is it?", "s")

    bodies = play.asked("mid")
    assert_each_extends_the_one_before(bodies)
    notice = "Changed on disk since this session read them: AGENTS.md ("
    gone = "No longer on disk: AGENTS.md. What your instructions show of it no longer holds"
    new = "Changed on disk since this session read them: CLAUDE.md ("
    told = [[said(body).count(words) for body in bodies] for words in (notice, gone, new)]
    assert told == [[0, 1, 1, 1, 1], [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]
    assert "Always write tests." in whole(bodies[2])
    assert "Never write tests." not in whole(bodies[2])


def test_a_compaction_reads_the_project_files_again(stage: Staging) -> None:
    play = stage(
        {"mid": [read("README.md"), text("Yes."), text("No.")]},
        files={**FILES, "README.md": "# it\n"},
    )
    engine = play.engine(session_id="s", no_planner=True)
    engine.run_turn("is it there?")
    (play.root / "AGENTS.md").write_text("Never write tests.\n", "utf-8")
    engine.compact("")
    engine.run_turn("is it there now?")
    engine.close()

    before, after = play.asked("mid")[1:]
    assert "Always write tests." in str(system_of(before))
    assert "Never write tests." in str(system_of(after))
    assert head_hash({**before, "system": before["system"][:1]}) == head_hash(
        {**after, "system": after["system"][:1]}
    )


@pytest.mark.parametrize("wire", WIRES)
def test_results_errors_notices_and_later_plans_only_ever_extend_the_request(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt."), update(steps=[{"intent": "Write b.txt."}])],
            "mid": [
                read("nowhere.txt"),
                ScriptedReply(()),
                write("a.txt"),
                finish("A.", files=[{"path": "lie.txt"}]),
                finish("A."),
                calls(call("run_command", command="make all"), call("read", paths=[])),
                write("b.txt"),
                finish("B."),
            ],
        },
        wire=wire,
    )
    play.run("write a.txt", "s")
    play.run("write b.txt", "s")
    assert len(play.asked("mid")) == 8
    assert_each_extends_the_one_before(play.asked("mid"))


@pytest.mark.parametrize("wire", WIRES)
def test_only_the_capsule_and_what_follows_it_change_at_a_compaction(
    stage: Staging, wire: str
) -> None:
    play = stage({"mid": [read("README.md"), text("Yes."), text("No.")]}, wire=wire)
    engine = play.engine(session_id="s", no_planner=True)
    engine.run_turn("is it there?")
    engine.compact("")
    engine.run_turn("is it there now?")
    engine.close()

    before, after = [
        {layer.layer: layer.sha256 for layer in event.layers} for event in play.of(ev.CallStarted)
    ][1:]
    changed = {layer for layer in before if before[layer] != after[layer]}
    assert changed == {"capsule", "tail"}


def test_other_instructions_start_a_new_prefix_that_says_why_and_what_it_costs(
    stage: Staging,
) -> None:
    play = stage({"mid": [text("Yes.")] * 2})
    play.run("is it there?", "s")
    play.config = "append_system_prompt: Speak plainly."
    play.run("is it there now?", "s")

    first, second = [event for event in play.of(ev.PrefixFixed) if event.role is Role.EXECUTOR]
    assert (first.reason, first.system in second.system) == ("", True)
    assert "new to the cache ($" in second.reason
    assert len({head_hash(body) for body in play.asked("mid")}) == 2
