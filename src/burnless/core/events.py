"""The vocabulary of the log: past-tense facts. Prompt, plan, cost and screen are folds of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from burnless.core.capsule import Capsule
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    CommandOutcome,
    FileChange,
    FileSeen,
)
from burnless.core.messages import AssistantMessage, Role, StopReason
from burnless.core.plan import Plan, StepStatus
from burnless.core.usage import Usage

LOG_VERSION = 1


@dataclass(frozen=True, slots=True)
class SessionStarted:
    session_id: str
    workspace: str
    burnless: str
    name: str = ""
    forked_from: str = ""
    log_version: int = LOG_VERSION


@dataclass(frozen=True, slots=True)
class SessionResumed:
    burnless: str
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class PrefixFixed:
    """The head of a role's prompt as it was sent: hand-written tools and system text.

    tools:  canonical JSON list of [name, description, parameters-as-JSON-text]
    reason: "" for the first; else why a new prefix had to start ("version 0.2.0")
    """

    role: Role
    tools: str
    system: str
    sha256: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """A project file that entered the prompt. `cut` = only its head did."""

    path: str
    sha256: str
    bytes: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ProjectFixed:
    """The project layer as it was sent."""

    text: str
    files: tuple[MemoryFile, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PromptReceived:
    text: str
    turn: int
    mode: str = "default"


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """Appended to the executor's conversation. `kind` is for the screen and for folds.

    mode:  the permission mode it tells of
    files: the project files it tells of, as they are now; without a hash: gone
    """

    text: str
    kind: str
    mode: str = ""
    files: tuple[MemoryFile, ...] = ()


@dataclass(frozen=True, slots=True)
class StateSnapshotted:
    """A hash of the workspace before a step: same files, same hash."""

    step: str
    sha256: str
    files: int


@dataclass(frozen=True, slots=True)
class PlanningStarted:
    reason: str


@dataclass(frozen=True, slots=True)
class PlanMade:
    """A plan came into force.

    source:    "planner" | "fallback" | "user" | "worker"
    placement: "head" (it stands in the capsule layer from now on), "tail" (appended to the
               conversation) or "capsule" (the Compacted event that follows carries it)
    text:      the plan as the executor is shown it
    """

    plan: Plan
    reason: str
    source: str
    text: str
    placement: str = "head"


@dataclass(frozen=True, slots=True)
class PlanRefused:
    """The user wants none of the plan that was made last; nobody has worked on it.

    kept: the plan that is in force again; None where there was none
    """

    kept: Plan | None = None


@dataclass(frozen=True, slots=True)
class PlanningFailed:
    """The old plan stays in force."""

    reason: str
    error: str


@dataclass(frozen=True, slots=True)
class StepMarked:
    step: str
    status: StepStatus
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """`kind`: "decision" | "fact"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LayerHash:
    """One layer of a request in cache order. `tokens` is an estimate."""

    layer: str
    sha256: str
    tokens: int


@dataclass(frozen=True, slots=True)
class CallStarted:
    """Before a request leaves: its worst case is reserved. `reserved` is None at unknown price."""

    call: str
    role: Role
    tier: str
    model: str
    reserved: int | None
    input_estimate: int
    max_output: int
    layers: tuple[LayerHash, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class CallReplied:
    """A whole reply, durable before anything is done with it.

    cost:      picodollars; None = price unknown
    included:  covered by a flat-rate plan: `cost` is API-equivalent and owed to nobody
    estimated: usage was counted by us, not said by the provider
    """

    call: str
    role: Role
    tier: str
    model: str
    served: str | None
    message: AssistantMessage
    stop: StopReason
    usage: Usage | None
    cost: int | None
    price_version: str = ""
    seconds: float = 0.0
    first_token_seconds: float | None = None
    response_id: str = ""
    raw_stop: str = ""
    purpose: str = ""
    included: bool = False
    estimated: bool = False
    dropped_reasoning: int = 0


@dataclass(frozen=True, slots=True)
class CallFailed:
    """An attempt without a usable reply. What the provider may have billed is an estimate."""

    call: str
    role: Role
    tier: str
    model: str
    error: str
    usage: Usage | None = None
    cost: int | None = 0
    estimated: bool = False
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class ModelPinned:
    """From now on this session accepts `served` as the name of `model`."""

    model: str
    served: str


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """The intent, before the effect. `effect` is False for what only reads."""

    call: str
    tool: str
    arguments: str
    effect: bool = False


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """The outcome. `outcome`: "ok" | "error" | "denied" | "interrupted".

    text: what the model is told, cut once, here; the full text is in `blob` when it was cut.
    """

    call: str
    tool: str
    text: str
    outcome: str = "ok"
    blob: str = ""
    seconds: float = 0.0
    seen: tuple[FileSeen, ...] = ()
    changes: tuple[FileChange, ...] = ()
    command: CommandOutcome | None = None
    display: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """The user's answer to a question. `answer`: "yes" | "session" | "project" | "no"."""

    subject: str
    answer: str
    rule: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Consulted:
    question: str
    advice: str


@dataclass(frozen=True, slots=True)
class Compacted:
    """History up to `capsule.through` left the prompt; `text` is the capsule as the model sees it.

    keep_from: id of the first event whose message stays in the raw tail
    reason:    "rent" | "window" | "price_step" | "quality" | "context_exceeded" | "asked"
    """

    capsule: Capsule
    text: str
    keep_from: int
    reason: str
    context_tokens: int = 0


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """`phase`: "baseline" | "done_when" | "finish" | "after" | "again".

    "done_when": a step was said to be done; "finish": the harness looked at it at the end.
    """

    outcome: CheckOutcome
    phase: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Audited:
    report: AuditReport
    attempt: int


@dataclass(frozen=True, slots=True)
class WorkerStarted:
    """A `command:` worker begins one step."""

    step: str
    command: str


@dataclass(frozen=True, slots=True)
class WorkerFinished:
    step: str
    command: str
    exit_code: int | None
    text: str
    changes: tuple[FileChange, ...] = ()
    seconds: float = 0.0
    blob: str = ""


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """`status`: see `burnless.core.outcome.TurnStatus`."""

    turn: int
    status: str
    summary: str
    reason: str = ""
    verdict: str = ""
    changed: tuple[str, ...] = ()


Event: TypeAlias = (
    SessionStarted
    | SessionResumed
    | PrefixFixed
    | ProjectFixed
    | PromptReceived
    | NoticeGiven
    | StateSnapshotted
    | PlanningStarted
    | PlanMade
    | PlanRefused
    | PlanningFailed
    | StepMarked
    | NoteTaken
    | CallStarted
    | CallReplied
    | CallFailed
    | ModelPinned
    | ToolStarted
    | ToolFinished
    | ApprovalGiven
    | Consulted
    | Compacted
    | CheckFinished
    | Audited
    | WorkerStarted
    | WorkerFinished
    | TurnFinished
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in the log: sequence number from 1, and seconds since the epoch."""

    seq: int
    at: float
    event: Event
