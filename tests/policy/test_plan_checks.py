from __future__ import annotations

import pytest

from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.settings import PermissionSettings, Settings
from burnless.policy.plan_checks import commands_that_may_run, contradictions


def at(path: str, predicate: str, text: str = "") -> Check:
    return Check("", path, predicate, text)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (at("a", "exists"), at("a", "absent"), True),
        (at("a", "absent"), at("./a", "contains", "x"), True),
        (at("a", "lacks", "x"), at("a", "absent"), True),
        (at("a", "contains", "def total"), at("a", "lacks", "total"), True),
        (at("a", "lacks", "def total"), at("a", "contains", "total"), False),
        (at("a", "contains", "x"), at("b", "lacks", "x"), False),
        (at("a", "exists"), at("a", "lacks", "x"), False),
        (at("a", "absent"), at("a", "absent"), False),
        (Check("! test -e a"), at("a", "exists"), False),
    ],
)
def test_predicates_of_one_file_may_exclude_each_other(
    one: Check, other: Check, clash: bool
) -> None:
    steps = (Step("1", "i", done_when=one), Step("2", "i", done_when=other))
    assert [step.id for step, _ in contradictions(Plan("g", steps))] == (["2"] if clash else [])


def test_a_finished_step_contradicts_nothing() -> None:
    done = Step("1", "i", done_when=at("a", "exists"), status=StepStatus.DONE)
    assert not list(contradictions(Plan("g", (done, Step("2", "i", done_when=at("a", "absent"))))))


def test_what_may_run_is_what_was_configured_and_what_only_reads() -> None:
    allowed = PermissionSettings(allow=("Bash(npm test *)", "Edit(src/**)", "nonsense", "Bash"))
    assert commands_that_may_run(Settings(checks=("make check",), permissions=allowed)) == (
        "`make check`, `npm test *`, `any command`, and commands that only read (grep, git diff)"
    )
    assert commands_that_may_run(Settings()) == "commands that only read (grep, git diff)"
