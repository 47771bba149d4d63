"""What a model reads and writes: messages, tool calls, and a request in cache order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

from burnless.core.usage import Usage


class Role(StrEnum):
    """What a call is for."""

    PLANNER = "planner"
    EXECUTOR = "executor"
    CRITIC = "critic"
    CHORE = "chore"


PLANNING = "planning"
"""The purpose of the calls that make a plan."""


@dataclass(frozen=True, slots=True)
class Text:
    TAGGED: ClassVar[bool] = True
    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Thinking, kept exactly as the wire gave it so that it can go back byte-equal.

    family:  who may read `payload` again ("anthropic", "openai", "chat:api.deepseek.com")
    payload: the wire's own item as canonical JSON, signature or encrypted content included
    text:    the readable part, for the screen; may be empty
    """

    TAGGED: ClassVar[bool] = True
    family: str
    payload: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call as the model wrote it; `arguments` is raw text and may not be valid JSON."""

    TAGGED: ClassVar[bool] = True
    id: str
    name: str
    arguments: str


Block: TypeAlias = Text | Reasoning | ToolCall


@dataclass(frozen=True, slots=True)
class UserMessage:
    TAGGED: ClassVar[bool] = True
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the harness tells the model. Wires carry it with the next user-side message."""

    TAGGED: ClassVar[bool] = True
    text: str


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    """One reply. `model` is the model asked for, `family` the wire family that produced it."""

    TAGGED: ClassVar[bool] = True
    blocks: tuple[Block, ...]
    model: str = ""
    family: str = ""

    @property
    def text(self) -> str:
        return "\n\n".join(b.text for b in self.blocks if isinstance(b, Text) and b.text.strip())

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        return tuple(b for b in self.blocks if isinstance(b, ToolCall))


@dataclass(frozen=True, slots=True)
class ToolResult:
    TAGGED: ClassVar[bool] = True
    call_id: str
    text: str
    is_error: bool = False


Message: TypeAlias = UserMessage | Notice | AssistantMessage | ToolResult


@dataclass(frozen=True, slots=True)
class ToolSchema:
    """A tool as the model sees it. `parameters` is JSON text: its key order is prompt bytes."""

    name: str
    description: str
    parameters: str


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call, in cache order: tools, system, project, capsule, tail.

    Never edited, only extended: the next request's layers equal this one's, and its tail starts
    with this one's, unless a compaction or a reload says otherwise.

    cache_key: stable per workspace and tier, for providers that route by it.
    effort:    "low" | "medium" | "high" | ... or "" for the model's own default.
    purpose:   "" for a step of the conversation, else what a side call is for ("planning",
               "consult"); it is booked with the call and never sent.
    """

    role: Role
    tools: tuple[ToolSchema, ...]
    system: str
    project: str
    capsule: str
    tail: Sequence[Message]
    max_output_tokens: int
    cache_key: str = ""
    effort: str = ""
    purpose: str = ""


class StopReason(StrEnum):
    """Why a reply ended, in one vocabulary for all wires."""

    END = "end"
    TOOL_CALLS = "tool_calls"
    MAX_TOKENS = "max_tokens"
    CONTEXT = "context"
    REFUSAL = "refusal"
    PAUSE = "pause"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. `usage` and `served_model` are None where the provider did not say."""

    message: AssistantMessage
    stop: StopReason
    usage: Usage | None
    served_model: str | None
    raw_stop: str = ""
    response_id: str = ""
    seconds: float = 0.0
    first_token_seconds: float | None = None
    dropped_reasoning: int = 0


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A call is being written: its name and how many characters of arguments so far."""

    name: str
    characters: int


Delta: TypeAlias = TextDelta | ReasoningDelta | ToolCallDelta

TierName: TypeAlias = Literal["gold", "silver", "bronze"]
