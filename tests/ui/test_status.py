from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from burnless.core import events as ev
from burnless.core.messages import Role, TextDelta, ToolCallDelta
from burnless.core.protocols import CommandOutput, Waiting
from burnless.core.settings import BudgetSettings, Settings
from burnless.core.usage import PICODOLLARS
from burnless.ui.headless import HeadlessApprover
from burnless.ui.lines import cells
from burnless.ui.status import Activity, git_branch, status_text
from tests.support.scripted_engine import ScriptedEngine, done, replied


class Silent:
    def show(self, recorded: ev.Recorded) -> None:
        pass

    def signal(self, role: Role, signal: object) -> None:
        pass


def engine(settings: Settings | None = None) -> ScriptedEngine:
    made = ScriptedEngine(HeadlessApprover(), Silent(), lambda e, _p: done(e, ""))
    made.settings = settings or Settings()
    made.record(ev.PromptReceived("x", 1), replied("hello"))
    return made


def test_the_status_line_has_role_model_mode_context_cost_and_branch() -> None:
    assert status_text(engine(), "main", 200) == (
        "executor ▸ claude-sonnet-5-5 · default · context 1% · $0.0123 · main"
    )


def test_the_served_name_stands_in_the_place_of_the_asked_one() -> None:
    made = engine()
    made.record(ev.ModelPinned("anthropic/claude-sonnet-5-5", "claude-sonnet-5-5-20261001"))
    assert "▸ claude-sonnet-5-5-20261001 ·" in status_text(made, "", 200)


def test_a_limit_stands_behind_the_cost() -> None:
    per_task = Settings(budget=BudgetSettings(max_cost_per_task=PICODOLLARS // 2))
    assert "$0.0123 / $0.5000 a task" in status_text(engine(per_task), "", 200)
    session = replace(per_task, budget=BudgetSettings(max_cost_per_session=5 * PICODOLLARS))
    assert "$0.0123 / $5.00" in status_text(engine(session), "", 200)


@pytest.mark.parametrize("columns", [10, 40, 60])
def test_a_narrow_terminal_shows_what_matters_most(columns: int) -> None:
    text = status_text(engine(), "a-very-long-branch-name", columns)
    assert cells(text) <= columns
    assert text.startswith("executor")


def test_the_branch_is_read_from_the_repository(tmp_path: Path) -> None:
    def git(*words: str, cwd: Path = tmp_path) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
        subprocess.run(["git", *identity, *words], cwd=cwd, check=True, capture_output=True)

    git("init", "-b", "topic/x")
    (tmp_path / "sub").mkdir()
    assert git_branch(tmp_path / "sub") == "topic/x"
    git("commit", "--allow-empty", "-m", "first")
    git("worktree", "add", "-b", "other", str(tmp_path / "tree"))
    assert git_branch(tmp_path / "tree") == "other"
    git("checkout", "--detach")
    assert len(git_branch(tmp_path)) == 8


def test_outside_git_there_is_no_branch(tmp_path: Path) -> None:
    assert git_branch(tmp_path) == ""


def test_what_is_going_on_is_one_line() -> None:
    activity = Activity()
    told = []
    for step in (
        lambda: activity.note(ev.CallStarted("c", Role.PLANNER, "gold", "big", 0, 0, 0)),
        lambda: activity.signal(Role.PLANNER, TextDelta("x")),
        lambda: activity.signal(Role.EXECUTOR, ToolCallDelta("write", 1200)),
        lambda: activity.note(ev.ToolStarted("t", "run_command", '{"command": "make"}')),
        lambda: activity.signal(Role.EXECUTOR, CommandOutput("compiling\nlinking\n\n")),
        lambda: activity.signal(Role.EXECUTOR, Waiting("overloaded", 3.0)),
    ):
        step()
        told.append(activity.text("", 0)[2:].rpartition(" · ")[0].rpartition(" · ")[0])
    assert told == [
        "planner ▸ big",
        "planner is writing",
        "executor writes write (1,200 characters)",
        "run_command make",
        "linking",
        "waiting, 3s at most: overloaded",
    ]
    assert activity.text("next", 1).endswith("· 1 queued > next")
