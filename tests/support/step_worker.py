"""An executor and a planner played by code, who know only what the requests tell them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from tests.support.play import call, calls, finish, mark, plan, update
from tests.support.wire_views import said

NEXT = re.compile(r"Next: (\w+)")
DONE = re.compile(r"^\[x\] (\w+):", re.MULTILINE)
OPEN = re.compile(r"^\[ \] (\w+):", re.MULTILINE)


def step_file(step: str) -> str:
    return f"out/{step}.txt"


@dataclass
class StepWorker:
    """Works on the step that the newest "Next:" in its request names: one file, then its mark.

    worked: the steps it worked on, in order     content: what it writes for a step
    """

    content: Callable[[str], str]
    worked: list[str] = field(default_factory=list)

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        words = said(request.json)
        named = NEXT.findall(words)
        if not named or words.rfind("No open steps") > words.rfind("Next: "):
            return finish("All is written.")
        step = named[-1]
        self.worked.append(step)
        return calls(
            call("write", path=step_file(step), content=self.content(step)),
            call("plan_notes", steps=[mark(step)]),
            words=f"Now {step}.",
        )


@dataclass
class StepPlanner:
    """Plans these steps once; with a capsule in hand it says where the work stands."""

    steps: Sequence[str]
    constraints: Sequence[str] = ()
    handoff: str = "Do not look into the attic."
    more: dict[str, Any] = field(default_factory=dict)
    plannings: int = 0

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        self.plannings += 1
        words = said(request.json)
        if "<capsule>" not in words:
            listed = [{"id": step, "intent": f"Write {step_file(step)}."} for step in self.steps]
            return plan(*listed, constraints=list(self.constraints))
        following = OPEN.findall(words)
        changed: dict[str, Any] = {
            "done": DONE.findall(words),
            "next": following[0] if following else "",
            "handoff": self.handoff,
            **self.more,
        }
        return update(**changed)


def long_text(step: str, size: int = 6_000) -> str:
    line = f"what belongs into step {step}\n"
    return line * (size // len(line))
