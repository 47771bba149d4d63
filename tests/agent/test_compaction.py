from __future__ import annotations

import re

import pytest

from burnless.cli.demo.loopback import CapturedRequest, ScriptedError, ScriptedReply
from burnless.core import events as ev
from burnless.core.plan import StepStatus
from tests.agent.conftest import Staging
from tests.support.play import (
    WIRES,
    Stage,
    by_model,
    call,
    calls,
    counted,
    every_tier,
    finish,
    in_order,
    plan,
    run,
    text,
    tokens_of,
    update,
    write,
)
from tests.support.step_worker import StepPlanner, StepWorker, long_text, step_file
from tests.support.wire_views import assert_sendable, results, said, whole

WINDOW = 8_000
SMALL = every_tier(window=WINDOW, price={"input": 0, "output": 0})
"""A small window and no prices: only the hard limit compacts."""

TOO_LONG = ScriptedReply(
    error=ScriptedError(
        400,
        {
            "type": "error",
            "error": {
                "type": "invalid_request_error",
                "message": "prompt is too long: 8123 tokens > 8000 maximum",
            },
        },
    )
)
STEPS = ("s1", "s2", "s3", "s4", "s5")
TASK = "write five files,\n  and keep   this spacing"


def with_a_real_edge(request: CapturedRequest, reply: ScriptedReply) -> ScriptedReply:
    """What a provider with this window does."""
    return TOO_LONG if tokens_of(request) > WINDOW else reply


def five_steps(stage: Staging, wire: str, planner: StepPlanner, worker: StepWorker) -> Stage:
    route = counted(by_model(big=planner, mid=worker))
    return stage(lambda request: with_a_real_edge(request, route(request)), wire=wire, tiers=SMALL)


@pytest.mark.parametrize("wire", WIRES)
def test_two_compactions_make_exactly_three_plannings_and_each_later_one_has_the_capsule(
    stage: Staging, wire: str
) -> None:
    planner, worker = StepPlanner(STEPS), StepWorker(long_text)
    play = five_steps(stage, wire, planner, worker)
    result = play.run(TASK, "s")

    assert (result.status, result.exit_code) == ("done", 0)
    assert len(play.of(ev.Compacted)) == 2
    assert len(play.asked("big")) == 3
    assert [event.reason for event in play.of(ev.PlanMade)] == [
        "session_start",
        "compaction",
        "compaction",
    ]
    given = [said(body) for body in play.asked("big")]
    assert ["# The session so far" in words for words in given] == [False, True, True]
    assert all(TASK in words for words in given)
    for body in (*play.asked("big"), *play.asked("mid")):
        assert_sendable(body)


@pytest.mark.parametrize("wire", WIRES)
def test_a_window_of_8k_is_compacted_at_its_set_share_and_never_overflows(
    stage: Staging, wire: str
) -> None:
    play = five_steps(stage, wire, StepPlanner(STEPS), StepWorker(long_text))
    play.run(TASK, "s")

    assert play.of(ev.CallFailed) == []
    compacted = [
        (number, recorded.event)
        for number, recorded in enumerate(play.events)
        if isinstance(recorded.event, ev.Compacted)
    ]
    assert {event.reason for _, event in compacted} == {"window"}
    for number, event in compacted:
        replied = [
            e.event.usage.total
            for e in play.events[:number]
            if isinstance(e.event, ev.CallReplied) and e.event.role.value == "executor"
        ]
        assert event.context_tokens == replied[-1]
        assert replied[-2] < 0.8 * WINDOW
        assert 0.8 * WINDOW <= replied[-1] < WINDOW


@pytest.mark.parametrize("wire", WIRES)
def test_finished_steps_stay_finished_and_the_next_call_works_on_next(
    stage: Staging, wire: str
) -> None:
    again = {"steps": [{"id": "s1", "intent": "Write out/s1.txt."}]}
    planner, worker = StepPlanner(STEPS, more=again), StepWorker(long_text)
    play = five_steps(stage, wire, planner, worker)
    result = play.run(TASK, "s")

    assert worker.worked == list(STEPS)
    assert result.plan is not None
    assert [step.status for step in result.plan.steps] == [StepStatus.DONE] * 5
    first = play.of(ev.PlanMade)[1].plan
    done = [step.id for step in first.steps if step.status is StepStatus.DONE]
    assert done == ["s1", "s2", "s3"]
    assert first.next == "s4"
    after = executor_requests_after_compaction(play)[0]
    assert "Next: s4" in said(after)
    assert "Handoff from the planner: Do not look into the attic." in said(after)


def executor_requests_after_compaction(play: Stage) -> list[dict[str, object]]:
    """The first request of the executor behind each compaction."""
    found = []
    started = 0
    waiting = False
    bodies = play.asked("mid")
    for recorded in play.events:
        match recorded.event:
            case ev.Compacted():
                waiting = True
            case ev.CallStarted(role=role) if role.value == "executor":
                if waiting:
                    found.append(bodies[started])
                    waiting = False
                started += 1
    return found


@pytest.mark.parametrize("wire", WIRES)
def test_ten_long_steps_leave_task_constraints_and_the_last_three_in_order(
    stage: Staging, wire: str
) -> None:
    steps = tuple(f"t{number}" for number in range(1, 11))
    planner = StepPlanner(steps, constraints=["keep   this spacing"])
    worker = StepWorker(lambda step: long_text(step, 2_000))
    play = stage(
        counted(by_model(big=planner, mid=worker)),
        wire=wire,
        tiers=every_tier(price={"input": 0, "output": 0}),
        config="compaction: {max_context: 7000, tail_tokens: 4000}",
    )
    play.run(TASK, "s")

    assert worker.worked == list(steps)
    assert play.of(ev.Compacted)
    for body, compacted in zip(
        executor_requests_after_compaction(play), play.of(ev.Compacted), strict=True
    ):
        assert_sendable(body)
        words = said(body)
        assert TASK in words
        assert "Constraints:\n- keep   this spacing" in words
        raw = [step for step in steps if long_text(step, 2_000) in words.replace("\\n", "\n")]
        written = [
            recorded.event.changes[0].path
            for recorded in play.events
            if isinstance(recorded.event, ev.ToolFinished)
            and recorded.event.changes
            and recorded.seq < seq_of(play, compacted)
        ]
        last = [path.removeprefix("out/").removesuffix(".txt") for path in written]
        assert len(raw) >= 3
        assert raw == last[-len(raw) :]


def seq_of(play: Stage, event: ev.Event) -> int:
    return next(recorded.seq for recorded in play.events if recorded.event is event)


def test_the_capsule_holds_every_word_of_the_user_and_is_a_file_beside_the_log(
    stage: Staging,
) -> None:
    planner, worker = StepPlanner(STEPS), StepWorker(long_text)
    play = five_steps(stage, "chat", planner, worker)
    engine = play.engine(session_id="s")
    engine.run_turn("Why is there an attic?")
    engine.run_turn(TASK)
    engine.close()

    capsule = play.of(ev.Compacted)[-1].capsule
    assert [quote.text for quote in capsule.prompts] == ["Why is there an attic?", TASK]
    assert sorted(path.name for path in (play.folder("s") / "capsules").iterdir()) == [
        "1.json",
        "2.json",
    ]


def test_a_capsule_is_built_without_a_call_to_any_model(stage: Staging) -> None:
    worker = Untold(12)
    play = stage(counted(worker), tiers=SMALL)
    engine = play.engine(no_planner=True)
    result = engine.run_turn("write them")
    engine.close()

    assert result.status.value == "done"
    assert play.of(ev.Compacted)
    assert {request.model for request in play.server.requests} == {"mid"}
    assert len(play.asked("mid")) == 13


class Untold:
    """An executor without a plan: so many files, then it is done."""

    def __init__(self, files: int) -> None:
        self._left = list(range(files))

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        if not self._left:
            return finish("Written.")
        number = self._left.pop(0)
        return write(step_file(f"u{number}"), long_text(f"u{number}", 2_500))


def test_a_planner_that_fails_at_a_compaction_leaves_the_old_plan_in_force(
    stage: Staging,
) -> None:
    worker = StepWorker(long_text)
    planner = StepPlanner(STEPS)

    def failing(request: CapturedRequest) -> ScriptedReply:
        first = planner.plannings == 0
        return planner(request) if first else text("I cannot plan this.")

    play = stage(counted(by_model(big=failing, mid=worker)), tiers=SMALL)
    result = play.run(TASK, "s")

    assert result.status == "done"
    assert worker.worked == list(STEPS)
    assert play.of(ev.Compacted)
    assert [event.reason for event in play.of(ev.PlanningFailed)] == ["compaction"] * len(
        play.of(ev.Compacted)
    )
    assert [event.source for event in play.of(ev.PlanMade)] == ["planner"]


def reading_in_vain(request: CapturedRequest) -> ScriptedReply:
    first = request.number * 7
    return calls(call("read", paths=[{"path": "f.txt", "lines": f"{first}-{first + 60}"}]))


LONG_FILE = {"f.txt": "".join(f"line {number} of the long file\n" for number in range(4_000))}


def test_two_compactions_without_progress_in_between_stop_the_turn(stage: Staging) -> None:
    planner = StepPlanner(("look",))
    play = stage(counted(by_model(big=planner, mid=reading_in_vain)), tiers=SMALL, files=LONG_FILE)
    result = play.run("look at f.txt", "s")

    assert (result.status, result.exit_code) == ("thrashing", 1)
    assert "without any progress" in result.reason
    assert planner.plannings == 2


def test_after_thrashing_a_new_prompt_is_worked_on(stage: Staging) -> None:
    planner = StepPlanner(("look",))
    play = stage(counted(by_model(big=planner, mid=reading_in_vain)), tiers=SMALL, files=LONG_FILE)
    play.run("look at f.txt", "s")
    play.play_on({"mid": [finish("Looked.")], "big": [update(next="look")]})
    result = play.run("only tell me that you looked", "s")

    assert result.status == "done"


@pytest.mark.parametrize("wire", WIRES)
def test_a_request_the_provider_finds_too_long_is_compacted_and_tried_once_more(
    stage: Staging, wire: str
) -> None:
    mid = in_order(
        write("a.txt", long_text("a")),
        write("b.txt", long_text("b")),
        TOO_LONG,
        finish("Wrote a.txt and b.txt."),
    )
    play = stage(by_model(mid=mid, big=in_order(plan("Write them."), update(next="1"))), wire=wire)
    result = play.run("write them")

    assert result.status == "done"
    assert [event.reason for event in play.of(ev.Compacted)] == ["context_exceeded"]
    refused, retried = play.asked("mid")[2:]
    assert len(whole(retried)) < len(whole(refused))
    assert "# The session so far" in said(retried)
    assert_sendable(retried)


def test_a_request_that_stays_too_long_ends_the_turn_and_is_not_tried_for_ever(
    stage: Staging,
) -> None:
    play = stage(
        {
            "big": [plan("Write it."), update(next="1")],
            "mid": [write("a.txt"), TOO_LONG, TOO_LONG],
        }
    )
    result = play.run("write it")

    assert (result.status, result.exit_code) == ("failed", 1)
    assert "prompt is too long" in result.reason


@pytest.mark.parametrize("wire", WIRES)
def test_after_a_compaction_recall_opens_an_event_and_the_rest_of_a_cut_output(
    stage: Staging, wire: str
) -> None:
    poem = "The first line.\n" + "A line in between.\n" * 300 + "The last nobody remembers.\n"
    play = stage(
        by_model(mid=Recalling(), big=in_order(plan("Read it."), update(next="1"))),
        wire=wire,
        files={"poem.txt": poem},
        allowed_tools=("Bash(seq *)",),
    )
    engine = play.engine(session_id="s", allowed_tools=("Bash(seq *)",))
    engine.run_turn("read the poem and count")
    engine.compact("")
    engine.run_turn("what were they?")
    engine.close()

    capsule_alone = said(play.asked("mid")[4])
    assert "nobody remembers" not in capsule_alone
    assert "\n7777\n" not in capsule_alone
    recalled = results(play.asked("mid")[-1])
    assert "The last nobody remembers." in recalled["event"]
    assert "\n7777\n" in recalled["blob"]
    assert_sendable(play.asked("mid")[-1])


class Recalling:
    """First it reads and prints much; later it recalls both, by what it is still told."""

    def __init__(self) -> None:
        self._blob = ""

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        words = said(request.json)
        if blob := re.search(r"recall blob ([0-9a-f]{64})", words):
            self._blob = blob[1]
        match request.number:
            case 2:
                return calls(call("read", paths=[{"path": "poem.txt"}]))
            case 3:
                return run("seq 1 20000")
            case 4 | 5:
                return text("I read it and counted." * 200)
            case 7:
                (event,) = re.findall(r"poem\.txt: read \w+ \[e(\d+)\]", words)
                return calls(
                    call("recall", "event", id=f"e{event}"),
                    call("recall", "blob", id=self._blob[:12], offset=35_000),
                )
            case _:
                return finish("They were these.")


def test_the_user_may_ask_for_a_compaction_and_say_what_to_keep_in_mind(stage: Staging) -> None:
    play = stage(
        {
            "big": [plan("Write a.txt.", "Write b.txt."), update(next="2")],
            "mid": [write("a.txt"), text("Half."), text("Half."), finish("A."), finish("A.")],
        }
    )
    engine = play.engine()
    engine.run_turn("write both")
    engine.compact("the user's names")
    engine.run_turn("go on")
    engine.close()

    assert [event.reason for event in play.of(ev.Compacted)] == ["asked"]
    assert "The user asks to keep this in mind: the user's names" in said(play.asked("mid")[3])
    assert "keep this in mind: the user's names" in said(play.asked("big")[1])
