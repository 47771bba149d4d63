from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from burnless.core import events as ev
from burnless.core.evidence import Verdict
from burnless.core.outcome import TurnStatus
from burnless.core.usage import picodollars
from tests.agent.conftest import Staging
from tests.support.fake_claude import FakeClaude, install_fake_claude
from tests.support.play import Stage, plan, repository

COMMANDS = """\
tiers:
  gold:
    command: "claude --model opus-4.8"
  silver:
    command: "claude --model sonnet-4.6"
  bronze:
    command: "claude --model haiku-4.5"
cache:
  prefix_cache: true
  session_state: capsules
"""

Reply = Mapping[str, Any]
Installing = Callable[..., FakeClaude]


@pytest.fixture
def claude(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installing:
    """Puts a scripted `claude` first on PATH."""

    def install(*replies: Reply) -> FakeClaude:
        fake = install_fake_claude(tmp_path / "bin", replies)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        return fake

    return install


def planned(*steps: str | Mapping[str, Any], **more: Any) -> Reply:
    """What the planner's prompt is answered with: prose around one fenced plan."""
    listed = [{"intent": step} if isinstance(step, str) else dict(step) for step in steps]
    plan = {"goal": "the goal", "steps": listed, **more}
    return {"when": "no submit_plan tool", "text": "Here it is:", "plan": plan}


@pytest.fixture
def commands(stage: Staging) -> Callable[..., Stage]:
    """A stage whose tiers are commands; its server is never asked."""

    def make(more: str = "", **options: Any) -> Stage:
        play = stage({}, **options)
        path = play.root.parent / "commands.yaml"
        path.write_text(COMMANDS + more, "utf-8")
        play.config_path = path
        return play

    return make


def test_the_yaml_of_commands_works_unchanged_from_the_repository_once_it_is_trusted(
    tmp_path: Path, claude: Installing
) -> None:
    fake = claude(planned("Write a.txt."), {"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}})
    root = repository(tmp_path / "repo", {"README.md": "# it\n"})
    (root / ".burnless").mkdir()
    (root / ".burnless" / "config.yaml").write_text(COMMANDS, "utf-8")

    def agent(*flags: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "burnless", "-p", *flags, "write a.txt"]
        return subprocess.run(
            words, cwd=root, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )

    untrusted, trusted = agent(), agent("--trust")

    assert untrusted.returncode == 52
    assert "tiers.gold.command" in untrusted.stderr
    assert (trusted.returncode, trusted.stdout) == (0, "Wrote a.txt.\n")
    assert (root / "a.txt").read_text("utf-8") == "a\n"
    models = [run["arguments"][run["arguments"].index("--model") + 1] for run in fake.calls]
    assert models == ["opus-4.8", "sonnet-4.6"]
    assert (root / ".burnless" / "config.yaml").read_text("utf-8") == COMMANDS


def test_each_worker_is_given_prefix_capsule_and_step_and_nothing_else(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude(
        planned("Write a.txt.", "Write b.txt."),
        {"when": "<step>\n1:", "text": "The first report.", "files": {"a.txt": "a\n"}},
        {"when": "<step>\n2:", "text": "The second report.", "files": {"b.txt": "b\n"}},
    )
    play = commands()
    result = play.run("write both")

    assert (result.status, result.files) == ("done", ("a.txt", "b.txt"))
    first, second = (run["prompt"] for run in fake.calls[1:])
    head = first[: first.index("<capsule>")]
    assert second.startswith(head)
    assert second.endswith("<step>\n2: Write b.txt.\n</step>")
    assert "[x] 1: Write a.txt." in second
    assert "- a.txt: created" in second
    assert "write both" in second
    assert "The first report." not in second


def test_another_tier_takes_over_in_the_middle_with_the_same_kind_of_input(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude(
        planned({"intent": "Write b.txt.", "done_when": {"path": "b.txt", "predicate": "exists"}}),
        {"text": "It was too hard."},
        {"text": "Wrote b.txt.", "files": {"b.txt": "b\n"}},
    )
    play = commands()
    engine = play.engine(session_id="s", max_turns=1)
    gave_up = engine.run_turn("write b.txt")
    engine.close()
    engine = play.engine(session_id="s", executor="bronze")
    result = engine.resume_turn()
    engine.close()

    assert gave_up.status.value == "turn_limit"
    assert result.status.value == "done"
    last = fake.calls[-1]
    assert "haiku-4.5" in last["arguments"]
    assert last["prompt"].endswith("Done when: b.txt exists\n</step>")
    assert "It was too hard." not in last["prompt"]


LIE = "Wrote report.txt (1200 bytes) and ran `python -m unittest -q`: all tests pass."


def test_the_lying_worker_ends_in_exit_3_and_both_lies_are_named(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    claude(planned("Write report.txt and run the tests."), *[{"text": LIE}] * 4)
    result = commands().run("write report.txt and run the tests")

    assert (result.status, result.exit_code) == ("contradicted", 3)
    assert "claimed report.txt: not found" in result.reason
    assert "claimed the tests pass: no such run in the log" in result.reason
    verdicts = {finding.text: finding.verdict for finding in result.findings}
    assert verdicts["claimed report.txt: not found"] is Verdict.CONTRADICTED


def test_the_honest_worker_ends_proven_in_exit_0(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    claude(
        planned("Write report.txt."),
        {"text": "Wrote report.txt (1200 bytes).", "files": {"report.txt": "r" * 1200}},
    )
    result = commands().run("write report.txt")
    assert (result.status, result.verdict, result.exit_code) == ("done", "proven", 0)


def test_a_worker_that_is_contradicted_is_given_the_evidence(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude(
        planned("Write report.txt."),
        {"text": "Wrote report.txt."},
        {"when": "<last_attempt>", "text": "Wrote report.txt.", "files": {"report.txt": "r"}},
    )
    assert commands().run("write report.txt").exit_code == 0
    assert "claimed report.txt: not found" in fake.calls[-1]["prompt"]


def test_a_step_whose_check_fails_is_given_again_with_what_it_said(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    check = {"path": "a.txt", "predicate": "contains", "text": "ok"}
    fake = claude(
        planned({"id": "s", "intent": "Write ok.", "done_when": check}),
        {"text": "Tried.", "files": {"a.txt": "no\n"}},
        {"when": "<last_attempt>", "text": "Wrote a.txt.", "files": {"a.txt": "ok\n"}},
    )
    result = commands().run("write ok")
    assert result.status == "done"
    assert "a.txt does not contain 'ok'" in fake.calls[-1]["prompt"]


def test_a_worker_that_keeps_failing_ends_incomplete_and_says_where(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    failing = {"text": "", "stderr": "no credit left\n", "exit": 1, "plain": True}
    claude(planned("Write a.txt."), *[failing] * 3)
    result = commands().run("write a.txt")
    assert (result.status, result.exit_code) == ("incomplete", 1)
    assert "no credit left" in result.reason


def test_a_planner_that_is_a_command_has_its_fenced_plan_taken_out_of_the_prose(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    claude(
        {"when": "no submit_plan tool", "text": "I would write a.txt."},
        {**planned("Write a.txt."), "when": "Your last answer was not accepted."},
        {"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}},
    )
    play = commands()
    assert play.run("write a.txt").status == "done"
    assert [event.source for event in play.of(ev.PlanMade)] == ["worker"]


def test_a_planner_command_without_a_plan_is_a_fallback_and_is_shown_as_one(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    prose = {"when": "no submit_plan tool", "text": "I would write a.txt."}
    claude(prose, prose, {"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}})
    play = commands()
    assert play.run("write a.txt").status == "done"
    assert [event.source for event in play.of(ev.PlanMade)] == ["fallback"]


def test_a_model_may_plan_for_a_worker(stage: Staging, claude: Installing) -> None:
    claude({"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}})
    none: dict[str, Any] = dict.fromkeys(
        ("model", "base_url", "wire", "api_key_env", "window", "max_output", "price")
    )
    play = stage(
        {"big": [plan("Write a.txt.")]},
        tiers={"silver": {**none, "command": "claude --model sonnet-4.6"}},
    )
    result = play.run("write a.txt")
    assert (result.status, result.verdict) == ("done", "proven")


def test_what_a_flat_rate_pays_for_is_booked_apart_and_what_is_said_of_use_is_kept(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    claude(
        planned("Write a.txt."),
        {
            "text": "Wrote a.txt.",
            "files": {"a.txt": "a\n"},
            "cost": 0.25,
            "model": "claude-sonnet-4-6",
        },
    )
    play = commands()
    result = play.run("write a.txt")

    (worked,) = [event for event in play.of(ev.CallReplied) if event.purpose == "step"]
    assert (worked.included, worked.cost, worked.served) == (
        True,
        picodollars("0.25"),
        "claude-sonnet-4-6",
    )
    assert result.total_cost_usd == 0


def test_in_plan_mode_no_worker_is_started(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude({"text": "I should not run."})
    result = commands(permission_mode="plan").run("write a.txt")
    assert fake.calls == []
    assert result.status in {"planned", "blocked", "failed"}


def test_under_a_money_limit_a_worker_of_unknown_price_is_not_started_where_nobody_can_say_yes(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude(planned("Write a.txt."))
    result = commands("budget: {max_cost_per_task: 1.00}\n").run("write a.txt")
    assert (result.status, result.exit_code) == ("budget", 54)
    assert "the price of `claude --model opus-4.8` is unknown" in result.reason
    assert fake.calls == []


def test_workers_count_against_the_sessions_calls(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude(planned("Write a.txt."), {"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}})
    play = commands("budget: {max_calls_per_session: 1}\n")
    refused = play.run("write a.txt", "s")
    play.options = {"max_calls": 2}
    engine = play.engine(session_id="s", max_calls=2)
    result = engine.resume_turn()
    engine.close()

    assert (refused.status, refused.exit_code) == ("budget", 54)
    assert result.status.value == "done"
    assert len(fake.calls) == 2


def test_a_planner_that_is_a_command_plans_nothing_in_plan_mode_and_that_is_said(
    claude: Installing, commands: Callable[..., Stage]
) -> None:
    fake = claude(planned("Write a.txt."))
    result = commands(permission_mode="plan").run("write a.txt")

    assert (result.status, result.exit_code, result.plan) == ("failed", 1, None)
    assert "the planner made no plan: the worker `claude --model opus-4.8`" in result.reason
    assert result.hint == (
        "a command does not run in plan mode: name a model that plans with --planner"
    )
    assert fake.calls == []


def test_a_planner_that_is_a_command_is_given_the_schema_as_json(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    fake = claude(planned("Write a.txt."), {"text": "Wrote a.txt.", "files": {"a.txt": "a\n"}})
    commands().run("write a.txt")
    rest = fake.calls[0]["prompt"].partition("that fits this schema:\n")[2]
    schema, _ = json.JSONDecoder().raw_decode(rest)
    assert schema["properties"]["steps"]["items"]["required"] == ["intent"]


def test_where_nobody_plans_any_more_a_failing_check_leaves_the_plan_as_it_is(
    commands: Callable[..., Stage], claude: Installing
) -> None:
    claude(
        planned({"intent": "Write b.txt.", "done_when": {"path": "b.txt", "predicate": "exists"}}),
        *[{"text": "It was too hard."}] * 4,
    )
    play = commands()
    first = play.engine(session_id="s", max_turns=1)
    first.run_turn("write b.txt")
    first.close()
    second = play.engine(session_id="s", no_planner=True)
    result = second.run_turn("try again")
    second.close()

    assert result.status is TurnStatus.INCOMPLETE
    assert [event.source for event in play.of(ev.PlanMade)] == ["worker"]


def test_a_worker_that_is_not_there_cost_nothing(stage: Staging) -> None:
    play = stage({})
    play.config_path = play.root.parent / "absent.yaml"
    play.config_path.write_text(
        "tiers: {gold: {command: no-such-cli}, silver: {command: no-such-cli}}"
    )
    result = play.run("write a.txt")

    assert result.exit_code == 1
    assert "no-such-cli" in result.reason
    assert result.total_cost_usd == 0
