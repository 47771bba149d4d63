"""One event of every type, with text that is hard to keep: quotes, newlines, other alphabets."""

from __future__ import annotations

from burnless.core import events as ev
from burnless.core.capsule import Capsule, CommandNote, FileNote, FileSlice, Quote
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    Claim,
    ClaimKind,
    CommandOutcome,
    FileChange,
    FileSeen,
    Finding,
    FindingKind,
    Verdict,
)
from burnless.core.messages import AssistantMessage, Reasoning, Role, StopReason, Text, ToolCall
from burnless.core.plan import Check, Excerpt, Plan, Step, StepStatus
from burnless.core.usage import Usage

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

PLAN = Plan(
    goal="Make login reject expired tokens",
    steps=(
        Step(
            "s1",
            "Check the expiry",
            ("auth.py",),
            ("verify",),
            Check("python -m unittest"),
            StepStatus.DONE,
            "exit code 0",
        ),
        Step("s2", "Say so in the notes", done_when=Check("", "NOTES.md", "contains", "expiry")),
    ),
    constraints=("keep the public names",),
    do_not_touch=("migrations/",),
    risks=("clock skew",),
    open_questions=("which leeway?",),
    excerpts=(Excerpt("auth.py", "10-12", "def verify(token):\n    return True\n"),),
    decided=("leeway is 30 seconds",),
    handoff="verify() is called in two places",
    next="s2",
    revision=2,
)
MESSAGE = AssistantMessage(
    (
        Reasoning("anthropic", '{"type":"thinking","signature":"c2ln"}', "Let me look."),
        Text("I read `auth.py` — “verify” never checks.\n\x00\u2028日本語"),
        ToolCall("call_1", "read", '{"path": "auth.py"}'),
    ),
    "anthropic/claude-sonnet-5-5",
    "anthropic",
)
USAGE = Usage(fresh=120, cache_read=8_000, cache_write_5m=300, output=90, reasoning=20)
CAPSULE = Capsule(
    number=1,
    through=14,
    prompts=(Quote(4, "make login reject expired tokens"),),
    plan=PLAN,
    notes=(Quote(9, "leeway is 30 seconds"),),
    files=(FileNote("auth.py", HASH, "changed", (13, 14)),),
    commands=(CommandNote("python -m unittest", 1, "FAILED (failures=1)", 14, 2),),
    failures=(Quote(14, "run_command: FAILED"),),
    prose=(Quote(11, "I read it."),),
    slices=(FileSlice("auth.py", "10-12", "def verify(token):"),),
    cut_prompts=1,
)

EVENTS: tuple[ev.Event, ...] = (
    ev.SessionStarted("20261122-login-7f3a", "/srv/app", "0.1.0", name="login"),
    ev.PrefixFixed(Role.EXECUTOR, '[["read","Read a file.","{}"]]', "You work.", HASH),
    ev.ProjectFixed("AGENTS.md says: test.", (ev.MemoryFile("AGENTS.md", HASH, 120, True),)),
    ev.PromptReceived('make "login" reject\nexpired tokens', 1),
    ev.PlanningStarted("start"),
    ev.PlanMade(PLAN, "start", "planner", "# Plan\n1. Check the expiry"),
    ev.PlanningFailed("compaction", "the planner did not answer"),
    ev.StateSnapshotted("s1", HASH, 12),
    ev.NoteTaken("decision", "leeway is 30 seconds"),
    ev.CallStarted(
        "c1",
        Role.EXECUTOR,
        "silver",
        "anthropic/claude-sonnet-5-5",
        1_250_000_000,
        8_420,
        32_000,
        (ev.LayerHash("tools", HASH, 900),),
    ),
    ev.CallReplied(
        "c1",
        Role.EXECUTOR,
        "silver",
        "anthropic/claude-sonnet-5-5",
        "claude-sonnet-5-5-20261001",
        MESSAGE,
        StopReason.TOOL_CALLS,
        USAGE,
        2_690_000_000,
        price_version="config",
        seconds=1.5,
        first_token_seconds=0.25,
    ),
    ev.ModelPinned("anthropic/claude-sonnet-5-5", "claude-sonnet-5-5-20261001"),
    ev.ToolStarted("call_1", "read", '{"path": "auth.py"}'),
    ev.ToolFinished(
        "call_1",
        "run_command",
        "1 failed",
        "error",
        blob=HASH,
        seconds=0.125,
        seen=(FileSeen("auth.py", HASH),),
        changes=(FileChange("auth.py", "", HASH, 40),),
        command=CommandOutcome("python -m unittest", 1, "FAILED", 0.1),
        display="+ def verify",
    ),
    ev.NoticeGiven("The budget is at 80%.", "budget"),
    ev.ApprovalGiven("git push", "no", instead="ask me later"),
    ev.Consulted("which leeway?", "30 seconds"),
    ev.StepMarked("s2", StepStatus.DONE, "e14"),
    ev.Compacted(CAPSULE, "What happened so far …", 11, "rent", 64_000),
    ev.CheckFinished(CheckOutcome("pytest -q", 1, ("test_login",), "1 failed"), "after", "s2"),
    ev.Audited(
        AuditReport(
            (
                Finding(
                    Verdict.CONTRADICTED,
                    "claimed report.txt: not found",
                    FindingKind.MISSING,
                    Claim(ClaimKind.FILE_WRITTEN, "report.txt", "finish", 1_200, "wrote it"),
                    "e14",
                ),
            ),
            Verdict.CONTRADICTED,
        ),
        1,
    ),
    ev.WorkerStarted("s2", "claude --model haiku-4.5"),
    ev.WorkerFinished("s2", "claude --model haiku-4.5", 0, "done", seconds=3.5),
    ev.CallFailed("c2", Role.PLANNER, "gold", "x/y", "529 overloaded", cost=None),
    ev.TurnFinished(1, "contradicted", "Two claims do not hold.", "audit", "contradicted"),
    ev.SessionResumed("0.1.1", "/srv/app"),
    ev.PlanRefused(),
)
