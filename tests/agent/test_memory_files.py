from __future__ import annotations

import json

import pytest

from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support import agent_process
from tests.support.play import WIRES, call, calls, finish, plan, text, update, write
from tests.support.wire_views import whole

MEMORIES = {
    "AGENTS.md": "Rule of the agents file.\n",
    "CLAUDE.md": "Rule of the claude file.\n",
    "MEMORY.md": "Rule of the memory file.\n",
    "framework.md": "Rule of the framework file.\n",
    "decisions/log.md": "2026-11-01: we keep integers for money.\n",
}
WORDS = [content.strip() for content in MEMORIES.values()]


@pytest.mark.parametrize("wire", WIRES)
def test_all_memory_files_are_sent_in_their_order_to_planner_and_executor(
    stage: Staging, wire: str
) -> None:
    play = stage({"big": [plan("Look.")], "mid": [finish("Looked.")]}, wire=wire, files=MEMORIES)
    play.run("look at it")

    for body in (play.asked("big")[0], play.asked("mid")[0]):
        words = whole(body)
        places = [words.index(rule) for rule in WORDS]
        assert places == sorted(places)
    (fixed,) = play.of(ev.ProjectFixed)
    assert [file.path for file in fixed.files] == list(MEMORIES)


def test_agent_context_shows_them(stage: Staging) -> None:
    play = stage({"mid": [text("Yes.")]}, files=MEMORIES)
    play.run("is it there?", "s")
    shown = agent_process.subcommand(play, "context")
    assert shown.returncode == 0, shown.stderr
    places = [shown.stdout.index(path) for path in MEMORIES]
    assert places == sorted(places)


def test_a_decision_made_before_a_compaction_is_quoted_with_its_event_after_it(
    stage: Staging,
) -> None:
    decided = "Money is an integer of picodollars, since floats lose cents."
    play = stage(
        {
            "big": [plan("Decide.", "Write."), update(next="2")],
            "mid": [
                calls(call("plan_notes", decisions=[decided])),
                text("Decided."),
                text("Decided."),
                write("a.txt"),
                finish("Wrote a.txt."),
                finish("Wrote a.txt."),
            ],
        }
    )
    engine = play.engine(session_id="s")
    engine.run_turn("decide and write")
    engine.compact("")
    engine.run_turn("go on")
    engine.close()

    (noted,) = [r.seq for r in play.events if isinstance(r.event, ev.NoteTaken)]
    after = whole(play.asked("mid")[3])
    assert f"- decision: {decided} [e{noted}]" in after
    (capsule,) = sorted((play.folder("s") / "capsules").iterdir())
    assert decided in json.dumps(json.loads(capsule.read_text("utf-8")), ensure_ascii=False)
