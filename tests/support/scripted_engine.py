"""An engine that plays events: what a frontend does with them is what is tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import AuditReport, Verdict
from burnless.core.messages import AssistantMessage, Role, StopReason, Text, ToolCall
from burnless.core.models import ModelCard
from burnless.core.outcome import TurnResult, TurnStatus
from burnless.core.protocols import Approver, EventSink, Signal
from burnless.core.session import Session
from burnless.core.settings import PermissionMode, Settings, Wire
from burnless.core.usage import Price, Usage, per_million

RESUMED = "(resumed)"
"""The prompt of a turn that is gone on with."""

SESSION_ID = "20261122-mend-the-till-7f3a"


def card(name: str, provider: str = "anthropic") -> ModelCard:
    return ModelCard(
        tier="silver",
        name=name,
        provider=provider,
        wire=Wire.ANTHROPIC,
        family="anthropic",
        first_party=True,
        base_url="",
        key_env="",
        window=200_000,
        max_output=32_000,
        min_cacheable=4096,
        price=Price(*(per_million(each) for each in ("2", "0.1", "2.5", "4", "10"))),
    )


@dataclass
class ScriptedEngine:
    """Satisfies the Engine protocol. `play` is what one turn does."""

    approver: Approver
    sink: EventSink
    play: Callable[[ScriptedEngine, str], TurnResult]
    settings: Settings = field(default_factory=Settings)
    session: Session = field(default_factory=Session)
    mode: PermissionMode = PermissionMode.DEFAULT
    tool_names: tuple[str, ...] = ("read", "write", "finish")
    cancel: CancelToken = field(default_factory=CancelToken)
    closed: bool = False
    killed: bool = False
    prompts: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.record(ev.SessionStarted(SESSION_ID, "/repo", "0.1.0"))

    @property
    def session_id(self) -> str:
        return self.session.id

    @property
    def cards(self) -> Mapping[Role, ModelCard | str]:
        return {
            Role.PLANNER: card("claude-opus-5-5"),
            Role.EXECUTOR: card("claude-sonnet-5-5"),
        }

    def record(self, *events: ev.Event) -> None:
        for event in events:
            recorded = ev.Recorded(self.session.seq + 1, 0.0, event)
            self.session.apply(recorded)
            self.sink.show(recorded)

    def signal(self, signal: Signal, role: Role = Role.EXECUTOR) -> None:
        self.sink.signal(role, signal)

    def set_mode(self, mode: PermissionMode) -> None:
        self.mode = mode

    def run_turn(self, prompt: str) -> TurnResult:
        self.cancel = CancelToken()
        self.prompts.append(prompt)
        turn = self.session.turn.number + 1 if self.session.turn else 1
        self.record(ev.PromptReceived(prompt, turn))
        result = self.play(self, prompt)
        self.record(ev.TurnFinished(turn, result.status.value, result.summary, result.reason))
        return result

    def plan_only(self, prompt: str) -> TurnResult:
        return self.run_turn(prompt)

    def resume_turn(self) -> TurnResult:
        return self.run_turn(RESUMED)

    def interrupt(self) -> None:
        self.cancel.cancel()

    def kill(self) -> None:
        self.killed = True
        self.cancel.cancel()

    def notify(self, kind: str, text: str) -> None:
        self.notices.append((kind, text))

    def compact(self, focus: str) -> None:
        self.notices.append(("focus", focus))

    def audit(self) -> AuditReport:
        report = AuditReport((), Verdict.NOTHING)
        self.record(ev.Audited(report, 0))
        return report

    def close(self) -> None:
        self.closed = True


def replied(
    text: str = "",
    *calls: ToolCall,
    role: Role = Role.EXECUTOR,
    model: str = "anthropic/claude-sonnet-5-5",
    cost: int | None = 12_300_000_000,
    usage: Usage | None = None,
) -> ev.CallReplied:
    blocks = (*((Text(text),) if text else ()), *calls)
    return ev.CallReplied(
        call="c1",
        role=role,
        tier="silver",
        model=model,
        served=model.partition("/")[2],
        message=AssistantMessage(blocks, model, "anthropic"),
        stop=StopReason.TOOL_CALLS if calls else StopReason.END,
        usage=usage or Usage(fresh=100, cache_read=900, cache_write_5m=50, output=40),
        cost=cost,
        seconds=1.5,
    )


def done(engine: ScriptedEngine, summary: str, **more: object) -> TurnResult:
    return TurnResult(TurnStatus.DONE, summary, engine.session_id, **more)
