"""One event of each kind, as a frontend may meet it."""

from __future__ import annotations

from burnless.core import events as ev
from burnless.core.capsule import Capsule
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    CommandOutcome,
    FileChange,
    Finding,
    FindingKind,
    Verdict,
)
from burnless.core.messages import AssistantMessage, Reasoning, Role, StopReason, Text, ToolCall
from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.usage import Usage

SHA = "a" * 64
DIFF = "--- a/till.py\n+++ b/till.py\n@@ -1,2 +1,2 @@\n-total = 0\n+total = Decimal(0)\n same\n"

PLAN = Plan(
    goal="Make totals exact",
    steps=(
        Step("1", "Use Decimal in till.py", files=("till.py",), status=StepStatus.DONE),
        Step("2", "Run the tests", done_when=Check(command="pytest -q")),
        Step("3", "Tidy up", status=StepStatus.CANCELLED),
    ),
    constraints=("keep the API",),
    do_not_touch=("migrations/",),
    risks=("rounding",),
    open_questions=("which locale?",),
    next="2",
)

REPORT = AuditReport(
    (
        Finding(Verdict.PROVEN, "till.py was changed", evidence="e7"),
        Finding(
            Verdict.CONTRADICTED,
            "claimed report.txt: not found",
            FindingKind.MISSING,
            evidence="e9",
        ),
        Finding(Verdict.UNPROVEN, "no check proves the rounding"),
    ),
    Verdict.CONTRADICTED,
)

REPLY = ev.CallReplied(
    call="c2",
    role=Role.EXECUTOR,
    tier="silver",
    model="anthropic/claude-sonnet-5-5",
    served="claude-sonnet-5-5-20261001",
    message=AssistantMessage(
        (
            Reasoning("anthropic", "{}", "look first"),
            Text("I will read it."),
            ToolCall("t1", "read", '{"path": "till.py"}'),
            ToolCall("t2", "read", "{broken"),
        )
    ),
    stop=StopReason.TOOL_CALLS,
    usage=Usage(
        fresh=100,
        cache_read=900,
        cache_write_5m=50,
        cache_write_1h=7,
        output=40,
        reasoning=10,
    ),
    cost=12_345_678_901,
    seconds=2.0,
    dropped_reasoning=2,
)

EVENTS: tuple[ev.Event, ...] = (
    ev.SessionStarted("s1", "/repo", "0.1.0"),
    ev.SessionResumed("0.1.0"),
    ev.PrefixFixed(Role.EXECUTOR, "[]", "", SHA, reason="version 0.2.0"),
    ev.ProjectFixed("", reason="asked"),
    ev.PromptReceived("fix the till", 1),
    ev.NoticeGiven("AGENTS.md changed on disk.\nRead it again.", "memory_changed"),
    ev.StateSnapshotted("1", SHA, 12),
    ev.PlanningStarted("session_start"),
    ev.PlanMade(PLAN, "session_start", "planner", "the plan"),
    ev.PlanRefused(),
    ev.PlanningFailed("compaction", "the planner refused"),
    ev.StepMarked("1", StepStatus.DONE, "pytest -q exited 0"),
    ev.NoteTaken("decision", "use Decimal"),
    ev.CallStarted(
        "c1",
        Role.PLANNER,
        "gold",
        "anthropic/claude-opus-5-5",
        5_000_000_000,
        1200,
        4000,
        (ev.LayerHash("system", SHA, 900),),
        "planning",
    ),
    REPLY,
    ev.CallFailed("c3", Role.EXECUTOR, "silver", "anthropic/claude-sonnet-5-5", "overloaded"),
    ev.ModelPinned("openrouter/some", "some-v2"),
    ev.ToolStarted("t1", "run_command", '{"command": "pytest -q"}', effect=True),
    ev.ToolFinished(
        "t1",
        "run_command",
        "F..\n1 failed",
        outcome="error",
        seconds=12.34,
        command=CommandOutcome("pytest -q", 1, "1 failed", 12.34),
    ),
    ev.ToolFinished("t2", "edit", "edited", display=DIFF),
    ev.ApprovalGiven("pytest -q", "session", "Bash(pytest *)"),
    ev.Consulted("Decimal or Fraction?", "Decimal."),
    ev.Compacted(Capsule(1, 40, (), PLAN), "capsule", 30, "rent", 61_000),
    ev.CheckFinished(CheckOutcome("pytest -q", 1, ("test_a", "test_b")), "after"),
    ev.Audited(REPORT, 1),
    ev.WorkerStarted("2", "claude --model haiku"),
    ev.WorkerFinished(
        "2", "claude --model haiku", 0, "done", (FileChange("till.py", SHA, "b" * 64),), 65.0
    ),
    ev.TurnFinished(1, "done", "All exact."),
)
