from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest

from burnless import BurnlessAgent
from burnless.core import events as ev
from burnless.core.errors import ConfigProblem, KeyProblem
from tests.agent.conftest import Staging
from tests.support.play import KEY_ENV, WIRES, Stage, finish, plan, text, write, write_config
from tests.support.wire_views import said

README_LINES = """\
from burnless import BurnlessAgent
agent = BurnlessAgent(config_path=".burnless/config.yaml")
response = agent.run(
    task="Refactor the authentication module",
    session_id="auth-refactor-2026",
)
print(response.status, response.session_id, response.verdict, *response.files)
"""


def configured(play: Stage) -> None:
    """The configuration in the repository, where the lines above look for it."""
    folder = play.root / ".burnless"
    folder.mkdir(exist_ok=True)
    made = write_config(play.root, play.server.url, play.wire)
    (folder / "config.yaml").write_text(made.read_text("utf-8"), "utf-8")


@pytest.mark.parametrize("wire", WIRES)
def test_the_lines_of_the_readme_run_offline_and_the_same_session_id_resumes(
    stage: Staging, wire: str
) -> None:
    play = stage(
        {
            "big": [plan("Write auth.py.")],
            "mid": [
                write("auth.py", "def login():\n    return True\n"),
                finish("Wrote auth.py.", files=[{"path": "auth.py"}]),
                finish("It is refactored already."),
            ],
        },
        wire=wire,
    )
    configured(play)

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", README_LINES],
            cwd=play.root,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert run() == "done auth-refactor-2026 proven auth.py\n"
    assert run() == "done auth-refactor-2026 nothing_claimed\n"
    third = said(play.asked("mid")[2])
    assert third.count("Refactor the authentication module") >= 2
    assert "Wrote auth.py." in third


def test_the_result_says_what_the_task_came_to(
    stage: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = stage({"big": [plan("Write a.txt.", goal="A file.")], "mid": [write("a.txt"), finish()]})
    monkeypatch.chdir(play.root)
    seen: list[ev.Recorded] = []
    agent = BurnlessAgent(config_path=play.config_file(), on_event=seen.append)
    result = agent.run("write a.txt")

    assert (result.status, result.summary, result.ok, result.exit_code) == (
        "done",
        "Done.",
        True,
        0,
    )
    assert result.plan is not None
    assert result.plan.goal == "A file."
    assert "write-a" in result.session_id
    assert result.files == ("a.txt",)
    # 100 tokens in and 20 out a call: gold at $10 and $50 a million, silver at $2 and $10.
    assert result.cost_usd == {"planner": Decimal("0.002"), "executor": Decimal("0.0008")}
    assert result.total_cost_usd == Decimal("0.0028")
    assert result.usage["executor"].input == 200
    assert [type(recorded.event).__name__ for recorded in (seen[0], seen[-1])] == [
        "SessionStarted",
        "TurnFinished",
    ]
    assert [recorded.seq for recorded in seen] == list(range(1, len(seen) + 1))
    assert (play.folder(result.session_id) / "log.jsonl").exists()


def test_without_a_key_the_error_says_the_ways_out(
    stage: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = stage({})
    monkeypatch.delenv(KEY_ENV)
    with pytest.raises(KeyProblem, match="there is no key") as caught:
        play.run("write it")
    for way in (KEY_ENV, "agent init", "agent demo"):
        assert way in caught.value.hint
    assert list((play.root / ".burnless" / "sessions").iterdir()) == []


def test_a_configuration_that_cannot_be_read_is_an_error_with_its_line(stage: Staging) -> None:
    play = stage({}, config="budgett: {}")
    with pytest.raises(ConfigProblem, match=":5: unknown key 'budgett'"):
        play.run("write it")


def test_two_agents_of_one_program_work_side_by_side(stage: Staging) -> None:
    play = stage({"mid": [text("Yes.")] * 2})
    first, second = play.engine(session_id="one"), play.engine(session_id="two")
    try:
        results = [engine.run_turn("is it there?") for engine in (first, second)]
    finally:
        first.close()
        second.close()
    assert [result.session_id for result in results] == ["one", "two"]
