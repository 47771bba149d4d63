from __future__ import annotations

from pathlib import Path

import pytest

from burnless.cli.crew import cast_roles
from burnless.cli.options import RunOptions
from burnless.core.errors import UsageProblem
from burnless.core.settings import Settings, Tier

SETTINGS = Settings(
    tiers={"gold": Tier(model="anthropic/big"), "silver": Tier(command="claude --model haiku")}
)


def test_an_effort_asked_of_a_command_is_refused_aloud() -> None:
    with pytest.raises(UsageProblem) as raised:
        cast_roles(SETTINGS, RunOptions(cwd=Path(), effort="high"), {})
    assert (str(raised.value), raised.value.hint, raised.value.exit_code) == (
        "--effort is for models, and the executor is the command `claude --model haiku`",
        "say it in the command itself, or choose a model with --executor",
        2,
    )


def test_an_effort_reaches_the_model_that_executes() -> None:
    options = RunOptions(cwd=Path(), effort="high", executor="gold")
    _, casting = cast_roles(SETTINGS, options, {})
    assert casting.executor.tier == Tier(model="anthropic/big", effort="high")
