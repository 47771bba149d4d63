"""A plan: goal, constraints, and steps that each say what proves them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class StepStatus(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in {StepStatus.PENDING, StepStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Check:
    """What proves a step: a command that exits 0, or a predicate over one file.

    predicate: "exists" | "absent" | "contains" | "lacks"; `text` belongs to the last two.
    """

    command: str = ""
    path: str = ""
    predicate: str = ""
    text: str = ""

    def __str__(self) -> str:
        if self.command:
            return f"`{self.command}` exits 0"
        if self.predicate in {"contains", "lacks"}:
            return f"{self.path} {self.predicate} {self.text!r}"
        return f"{self.path} {'exists' if self.predicate == 'exists' else 'is gone'}"


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    intent: str
    files: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    done_when: Check | None = None
    status: StepStatus = StepStatus.PENDING
    evidence: str = ""

    @property
    def is_unproven(self) -> bool:
        """Closed as done, although its check was not run."""
        return self.status is StepStatus.DONE and self.evidence.startswith("unproven")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines that matter, quoted by the planner so that the executor need not read again."""

    path: str
    lines: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`revision` counts plannings of one session, from 1. `next` names the step to work on."""

    goal: str
    steps: tuple[Step, ...]
    constraints: tuple[str, ...] = ()
    do_not_touch: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    decided: tuple[str, ...] = ()
    handoff: str = ""
    next: str = ""
    revision: int = 1

    @property
    def open_steps(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.status.is_open)

    @property
    def next_step(self) -> Step | None:
        """The open step named by `next`, else the first open one."""
        named = (step for step in self.open_steps if step.id == self.next)
        return next(named, next(iter(self.open_steps), None))

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def with_step(self, changed: Step) -> Plan:
        steps = tuple(changed if step.id == changed.id else step for step in self.steps)
        return replace(self, steps=steps)
