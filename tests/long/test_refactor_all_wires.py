"""A rename and a move over 15 files of a repository of 340, with two compactions, over each wire.

Run it with `pytest -s tests/long`; it takes about half a minute.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from burnless.core import events as ev
from tests.agent.conftest import Staging
from tests.support.harbor import CHECK, NEW_FILE, OLD_FILE, RATES, edits, harbor_files, users
from tests.support.play import (
    WIRES,
    Stage,
    by_model,
    call,
    calls,
    counted,
    every_tier,
    finish,
    mark,
    plan,
    run,
    tokens_of,
    update,
)
from tests.support.repositories import git
from tests.support.step_worker import DONE, NEXT, OPEN
from tests.support.wire_views import assert_sendable, said

TASK = (
    "Rename fetch_rate to rate_of and move it to harbor/money/rates.py, everywhere.\n"
    "Leave harbor/core as a package."
)
CONSTRAINT = "Leave harbor/core as a package."
GROUP = 4
ALLOWED = (f"Bash({CHECK})", "Bash(git mv *)")
FILES = re.compile(r"files: ([^\n]+)")


def groups() -> list[list[str]]:
    return [users()[at : at + GROUP] for at in range(0, len(users()), GROUP)]


def planner(request: CapturedRequest) -> ScriptedReply:
    words = said(request.json)
    if "<capsule>" in words:
        following = OPEN.findall(words)
        return update(
            done=DONE.findall(words),
            next=following[0],
            handoff="harbor.core.rates is gone; the tests cannot pass before the last group.",
        )
    steps = [
        {
            "id": "move",
            "intent": f"git mv {OLD_FILE} {NEW_FILE}, then rename fetch_rate to rate_of in it.",
            "files": [NEW_FILE],
            "done_when": {"path": NEW_FILE, "predicate": "contains", "text": "def rate_of"},
        },
        *(
            {
                "id": f"users{number}",
                "intent": "Import rate_of from harbor.money.rates and call it.",
                "files": group,
                "done_when": {"path": group[-1], "predicate": "lacks", "text": "fetch_rate"},
            }
            for number, group in enumerate(groups())
        ),
        {"id": "prove", "intent": "Run the tests.", "done_when": {"command": CHECK}},
    ]
    return plan(*steps, constraints=[CONSTRAINT], goal="fetch_rate is rate_of, in harbor.money.")


class Refactorer:
    """Does the step that its request names as next, on the files that its request names for it."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self._work: Iterator[ScriptedReply] = iter(())

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        reply = next(self._work, None)
        if reply is not None:
            return reply
        words = said(request.json)
        if words.rfind("No open steps") > words.rfind("Next: "):
            return finish(
                "fetch_rate is rate_of in harbor/money/rates.py; all users are changed and the "
                "tests pass.",
                files=[{"path": NEW_FILE}, *({"path": path} for path in users())],
                deleted=[OLD_FILE],
                commands=[CHECK],
            )
        step = NEXT.findall(words)[-1]
        self.steps.append(step)
        self._work = self._do(step, words)
        return next(self._work)

    def _do(self, step: str, words: str) -> Iterator[ScriptedReply]:
        if step == "move":
            yield calls(call("read", paths=[{"path": OLD_FILE}]))
            yield run(f"git mv {OLD_FILE} {NEW_FILE}")
            renamed = {"old": "def fetch_rate", "new": "def rate_of"}
            yield calls(call("read", paths=[{"path": NEW_FILE}]))
            yield calls(call("edit", path=NEW_FILE, edits=[renamed]))
        elif step == "prove":
            yield run(CHECK)
        else:
            named = FILES.findall(words[words.rindex(f"[ ] {step}:") :])[0].split(", ")
            yield calls(*(call("read", paths=[{"path": path}]) for path in named))
            for path in named:
                yield calls(call("edit", path=path, edits=edits()), words=f"Now {path}.")
        yield calls(call("plan_notes", steps=[mark(step)]))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("wire", WIRES)
def test_a_refactoring_over_15_files_survives_two_compactions(stage: Staging, wire: str) -> None:
    files = harbor_files()
    assert len(files) > 300
    worker = Refactorer()
    play = stage(
        counted(by_model(big=planner, mid=worker)),
        wire=wire,
        files=files,
        tiers=every_tier(price={"input": 0, "output": 0}),
        config=f'compaction: {{max_context: 14000, tail_tokens: 2000}}\nchecks: ["{CHECK}"]',
        allowed_tools=ALLOWED,
    )
    result = play.run(TASK, "s")

    assert (result.status, result.verdict, result.exit_code) == ("done", "proven", 0)
    assert set(result.files) == {OLD_FILE, NEW_FILE, *users()}
    check_the_repository(play)
    check_the_session(play, worker)
    tell(play, wire)


def check_the_repository(play: Stage) -> None:
    root = play.root
    done = subprocess.run(CHECK.split(), cwd=root, check=False, capture_output=True)
    assert done.returncode == 0
    assert (root / NEW_FILE).read_text("utf-8") == RATES % "rate_of"
    assert (root / "harbor/core/__init__.py").exists()
    left = subprocess.run(["git", "grep", "-q", "fetch_rate"], cwd=root, check=False)
    assert left.returncode == 1
    changed = git(root, "status", "--porcelain", "--no-renames", "-uno").splitlines()
    assert {line[3:] for line in changed} == {OLD_FILE, NEW_FILE, *users()}


def check_the_session(play: Stage, worker: Refactorer) -> None:
    assert len(play.of(ev.Compacted)) == 2
    assert len(play.asked("big")) == 3
    assert worker.steps == ["move", *(f"users{at}" for at in range(len(groups()))), "prove"]
    for request in play.server.requests:
        assert_sendable(request.json)
        assert tokens_of(request) < 20_000
    for body in play.asked("big")[1:]:
        assert TASK in said(body)
    assert all(TASK in said(body) for body in play.asked("mid"))


def tell(play: Stage, wire: str) -> None:
    calls_made = list(play.of(ev.CallReplied))
    tokens = sum(event.usage.input for event in calls_made)
    sys.stdout.write(
        f"\n{wire:10} {len(calls_made)} calls, {tokens:,} tokens in, "
        f"{len(play.of(ev.Compacted))} compactions, {len(play.asked('big'))} plannings, proven\n"
    )
