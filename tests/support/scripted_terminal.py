"""The interactive frontend over a scripted engine, as a program: its argument is the scenario.

Each scenario is what the engine does in a turn; the prompt may choose a part of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from burnless.core import events as ev
from burnless.core.errors import BurnlessError
from burnless.core.evidence import CommandOutcome
from burnless.core.messages import TextDelta, ToolCall
from burnless.core.outcome import TurnResult, TurnStatus
from burnless.core.permissions import Question, RunCommand, WritePath
from burnless.core.plan import Plan, Step
from burnless.core.protocols import CommandOutput
from burnless.core.settings import PermissionMode
from burnless.ui.interactive import Interactive
from burnless.ui.slash_commands import Reports
from tests.support.scripted_engine import RESUMED, ScriptedEngine, done, replied
from tests.ui.events import DIFF, PLAN, REPORT


def answer(engine: ScriptedEngine, prompt: str) -> TurnResult:
    """Streams an answer in pieces."""
    text = f"You said: {prompt} — 日本語 ok"
    for piece in (text[:9], text[9:]):
        engine.signal(TextDelta(piece))
    engine.record(replied(text))
    return TurnResult(TurnStatus.ANSWERED, text, engine.session_id)


def work(engine: ScriptedEngine, prompt: str) -> TurnResult:
    """A plan, a tool call, an edit with a diff, a verdict."""
    del prompt
    calls = (ToolCall("t1", "run_command", '{"command": "make"}'), ToolCall("t2", "edit", "{}"))
    engine.record(
        ev.PlanMade(PLAN, "session_start", "planner", ""),
        replied("Working.", *calls),
        ev.ToolFinished(
            "t1", "run_command", "x\nboom", command=CommandOutcome("make", 2), seconds=1.2
        ),
        ev.ToolFinished("t2", "edit", "edited", display=DIFF),
        ev.Audited(REPORT, 1),
    )
    return TurnResult(
        TurnStatus.CONTRADICTED,
        "I did it all.",
        engine.session_id,
        "a claim is contradicted",
        changed=("till.py",),
        exit_code=3,
        hint="look at the findings",
    )


def approve(engine: ScriptedEngine, prompt: str) -> TurnResult:
    """Asks for a command and for a file, and says what it was answered."""
    del prompt
    first = engine.approver.approve(
        Question(RunCommand("npm test -- --all"), "commands ask", "Bash(npm test *)")
    )
    second = engine.approver.approve(Question(WritePath("till.py"), "edits ask", "", DIFF))
    asked = engine.approver.ask("Which database?", ["sqlite", "postgres"])
    return done(engine, f"{first.choice}={first.pattern} {second.choice}={second.instead} {asked}")


def wait(engine: ScriptedEngine, prompt: str) -> TurnResult:
    """Goes on until it is interrupted."""
    del prompt
    engine.record(ev.ToolStarted("t1", "run_command", '{"command": "sleep 60"}', effect=True))
    engine.signal(CommandOutput("still going\n"))
    while not engine.cancel.cancelled:
        time.sleep(0.01)
    engine.record(ev.ToolFinished("t1", "run_command", "ended", "interrupted"))
    return TurnResult(TurnStatus.INTERRUPTED, "", engine.session_id, "interrupted", exit_code=130)


def stubborn(engine: ScriptedEngine, prompt: str) -> TurnResult:
    """Does not listen to an interrupt."""
    engine.signal(CommandOutput(f"deaf to {prompt}\n"))
    time.sleep(60)
    return done(engine, "")


def plan(engine: ScriptedEngine, prompt: str) -> TurnResult:
    """Plans and waits for the review; the turn that is resumed works on what came of it."""
    if prompt == RESUMED:
        assert engine.session.plan is not None
        steps = ", ".join(step.intent for step in engine.session.plan.steps)
        return done(engine, f"worked on {steps} in {engine.mode.value}")
    made = Plan(prompt, (Step("1", "First"), Step("2", "Second")))
    engine.record(ev.PlanMade(made, "asked", "planner", ""))
    reviewed = engine.approver.review_plan(made, "")
    if reviewed is None:
        why = "the plan was not accepted"
        return TurnResult(TurnStatus.INTERRUPTED, "", engine.session_id, why, exit_code=130)
    engine.record(ev.PlanMade(reviewed, "asked", "user", ""))
    return TurnResult(TurnStatus.PLANNED, "the plan", engine.session_id)


def fail(engine: ScriptedEngine, prompt: str) -> TurnResult:
    raise BurnlessError(f"no {prompt}", hint="try another")


SCENARIOS: dict[str, Callable[[ScriptedEngine, str], TurnResult]] = {
    each.__name__: each for each in (answer, work, approve, wait, stubborn, plan, fail)
}


def main() -> int:
    name, *rest = sys.argv[1:]
    frontend = Interactive(plain="--plain" in rest)
    engine = ScriptedEngine(frontend.exchange, frontend.exchange, SCENARIOS[name])
    engine.mode = PermissionMode.PLAN if name == "plan" else PermissionMode.DEFAULT
    reports = Reports(
        {"/sessions": lambda: "no sessions", "/context": lambda: _broken("no context")},
        history_file=Path("history"),
        folder=Path.cwd(),
    )
    code = frontend.run(engine, "first words" if "--prompt" in rest else "", reports)
    sys.stdout.write(f"[left with {code}; prompts {engine.prompts}]\n")
    return code


def _broken(what: str) -> str:
    raise BurnlessError(what, hint="look elsewhere")


if __name__ == "__main__":
    sys.exit(main())
