"""Event orders that the engine can bring about, from any list of intentions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from burnless.core import events as ev
from burnless.core.capsule import Capsule
from burnless.core.evidence import CommandOutcome, FileChange, FileSeen
from burnless.core.messages import AssistantMessage, Role, StopReason, Text, ToolCall
from burnless.core.plan import Plan, Step, StepStatus
from burnless.core.usage import Usage

ACTIONS = (
    "prompt",
    "notice",
    "reply",
    "reply_with_calls",
    "planner_reply",
    "start_tool",
    "finish_first",
    "finish_last",
    "plan_head",
    "plan_tail",
    "mark",
    "note",
    "compact",
    "fail",
    "resume",
    "end",
)


class Engine:
    """Turns intentions into events; what would be illegal now is left out.

    Illegal are: a reply, a prompt, a compaction while a tool call is open; a result without one.
    """

    def __init__(self) -> None:
        self.events: list[ev.Event] = [ev.SessionStarted("s", "/w", "0.1")]
        self._open: list[str] = []
        self._assistants: list[int] = []
        self._number = 0

    def run(self, actions: Iterable[str]) -> list[ev.Event]:
        for action in actions:
            step: Callable[[], None] = getattr(self, action)
            step()
        return self.events

    def _add(self, event: ev.Event) -> None:
        self.events.append(event)

    def prompt(self) -> None:
        if not self._open:
            self._number += 1
            self._add(ev.PromptReceived(f"prompt {self._number}", self._number))

    def notice(self) -> None:
        self._add(ev.NoticeGiven("look here", "unfinished"))

    def reply(self) -> None:
        self._reply(0)

    def reply_with_calls(self) -> None:
        self._reply(len(self.events) % 3 + 1)

    def _reply(self, calls: int) -> None:
        if self._open:
            return
        self._open = [f"{len(self.events)}.{n}" for n in range(calls)]
        self._call(Role.EXECUTOR, self._open, "")
        self._assistants.append(len(self.events))

    def planner_reply(self) -> None:
        self._call(Role.PLANNER, ["p"], "planning")
        self._add(ev.ToolFinished("p", "planner.read", "text"))

    def _call(self, role: Role, ids: list[str], purpose: str) -> None:
        call = f"c{len(self.events)}"
        blocks = (Text("words"), *(ToolCall(i, "read", "{}") for i in ids))
        self._add(ev.CallStarted(call, role, "silver", "m", 10, 100, 50))
        self._add(
            ev.CallReplied(
                call,
                role,
                "silver",
                "m",
                "m",
                AssistantMessage(blocks),
                StopReason.TOOL_CALLS,
                Usage(fresh=len(self.events), output=2),
                5,
                purpose=purpose,
            )
        )

    def start_tool(self) -> None:
        if self._open:
            self._add(ev.ToolStarted(self._open[0], "read", "{}", effect=True))

    def finish_first(self) -> None:
        self._finish(0)

    def finish_last(self) -> None:
        self._finish(-1)

    def _finish(self, index: int) -> None:
        if not self._open:
            return
        call = self._open.pop(index)
        outcome = ("ok", "error", "interrupted")[len(self.events) % 3]
        self._add(
            ev.ToolFinished(
                call,
                "read",
                f"result {call}",
                outcome,
                seen=(FileSeen("seen.py", "s"),),
                changes=(FileChange("a.py", "", call),) if outcome == "ok" else (),
                command=CommandOutcome("make", 0),
            )
        )

    def plan_head(self) -> None:
        if not self._assistants:
            self._plan("head")

    def plan_tail(self) -> None:
        self._plan("tail")

    def _plan(self, placement: str) -> None:
        plan = Plan("g", (Step("1", "i"), Step("2", "j")))
        self._add(ev.PlanMade(plan, "asked", "planner", "the plan", placement))

    def mark(self) -> None:
        self._add(ev.StepMarked("1", StepStatus.DONE, "e1"))

    def note(self) -> None:
        self._add(ev.NoteTaken("fact", "text"))

    def compact(self) -> None:
        if self._open or not self._assistants:
            return
        keep_from = self._assistants[len(self.events) % len(self._assistants)]
        self._add(ev.Compacted(Capsule(1, keep_from - 1, (), None), "capsule", keep_from, "rent"))

    def fail(self) -> None:
        call = f"f{len(self.events)}"
        self._add(ev.CallStarted(call, Role.EXECUTOR, "silver", "m", 10, 100, 50))
        self._add(ev.CallFailed(call, Role.EXECUTOR, "silver", "m", "cut"))

    def resume(self) -> None:
        """A dangling call is closed on load, before anything else happens."""
        for call in self._open:
            self._add(ev.ToolFinished(call, "read", "interrupted", "interrupted"))
        self._open = []
        self._add(ev.SessionResumed("0.2"))

    def end(self) -> None:
        if not self._open:
            self._add(ev.TurnFinished(self._number, "done", "summary"))
