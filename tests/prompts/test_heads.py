from __future__ import annotations

import json
from pathlib import Path

import pytest

from burnless.cli.demo.loopback import CapturedRequest
from burnless.state.token_files import count_tokens
from tests.prompts.playing import Stage
from tests.prompts.render import head_of
from tests.prompts.situations import SITUATIONS
from tests.support.golden import compare_with_golden

GOLDEN = Path(__file__).parents[1] / "golden" / "prompts"
MOST_TOKENS = 5_000

PLAYED = {
    "executor": "question_and_nothing_else",
    "planner": "first_planning_of_a_bug",
    "advisor": "consultation",
}


def asked_in(name: str, folder: Path, wire: str = "anthropic") -> CapturedRequest | str:
    situation = next(each for each in SITUATIONS if each.name == name)
    return Stage(situation, folder, wire).play()


@pytest.mark.parametrize("role", PLAYED)
def test_the_head_of_a_prompt_is_the_golden_one(role: str, tmp_path: Path) -> None:
    asked = asked_in(PLAYED[role], tmp_path)
    assert isinstance(asked, CapturedRequest)
    compare_with_golden(GOLDEN / f"{role}.txt", head_of(asked))


def test_the_head_of_a_workers_prompt_is_the_golden_one(tmp_path: Path) -> None:
    asked = asked_in("worker_given_one_step", tmp_path)
    assert isinstance(asked, str)
    head, project, _ = asked.partition("\n## AGENTS.md\n")
    assert project
    compare_with_golden(GOLDEN / "worker.txt", head)


def test_tools_and_instructions_of_the_executor_stay_below_their_ceiling(tmp_path: Path) -> None:
    asked = asked_in(PLAYED["executor"], tmp_path)
    assert isinstance(asked, CapturedRequest)
    instructions = asked.json["system"][0]["text"]
    tools = json.dumps(asked.json["tools"], ensure_ascii=False)
    assert count_tokens(tools) + count_tokens(instructions) <= MOST_TOKENS
