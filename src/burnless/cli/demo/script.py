"""What the loopback provider plays, and what it saw: plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias, cast

from burnless.core.encoding import Json, JsonObject
from burnless.core.messages import StopReason, Text, ToolCall
from burnless.core.settings import Wire
from burnless.core.usage import Usage

ECHO = ""
"""As a reply's model: the name that was asked for."""


SOME_USAGE = Usage(fresh=100, output=20)


@dataclass(frozen=True, slots=True)
class Thinking:
    """Reasoning to play. `signature` is what the wire signs or encrypts it with.

    On the chat wire a signature selects `reasoning_details`, none selects `reasoning_content`.
    `redacted`: anthropic's redacted_thinking, whose data is the signature.
    """

    text: str
    signature: str = ""
    redacted: bool = False


ScriptedBlock: TypeAlias = Text | Thinking | ToolCall


@dataclass(frozen=True, slots=True)
class ScriptedError:
    """An HTTP answer that is no stream. `body` is sent as JSON unless it is bytes."""

    status: int
    body: JsonObject | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """One reply, the same for all wires.

    model:            the served name; ECHO = the one asked for, None = not said
    usage:            None = not said
    stop:             None = what follows from the blocks
    delay_seconds:    before the first frame
    pause_seconds:    before each later frame
    cut_after_frames: only so many frames; `cut` says whether the stream then ends cleanly
                      ("clean": what a proxy that gave up does) or the connection drops
    hang_after_frames: so many frames, then silence until the client hangs up
    error:            this instead of a stream
    error_event:      sent in the stream after `cut_after_frames` frames (or all), then the end
    garbage:          bytes sent as they are after the frames
    """

    blocks: tuple[ScriptedBlock, ...] = ()
    model: str | None = ECHO
    usage: Usage | None = SOME_USAGE
    stop: StopReason | None = None
    delay_seconds: float = 0.0
    pause_seconds: float = 0.0
    cut_after_frames: int | None = None
    cut: Literal["clean", "dropped"] = "clean"
    hang_after_frames: int | None = None
    error: ScriptedError | None = None
    error_event: JsonObject | None = None
    garbage: bytes = b""

    @property
    def stop_reason(self) -> StopReason:
        if self.stop is not None:
            return self.stop
        has_calls = any(isinstance(block, ToolCall) for block in self.blocks)
        return StopReason.TOOL_CALLS if has_calls else StopReason.END


@dataclass(frozen=True)
class CapturedRequest:
    """One request as it arrived. `at` is monotonic seconds, header names are lower case.

    `connection` is the client's port: equal for requests of one kept-alive connection. Not
    slotted: the parsed body is kept once it was asked for.
    """

    number: int
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    connection: int = 0

    @cached_property
    def json(self) -> JsonObject:
        return cast("JsonObject", json.loads(self.body))

    @property
    def model(self) -> str:
        return str(self.json.get("model", ""))

    @property
    def wire(self) -> Wire:
        return wire_of(self.path)


class ScriptExhausted(AssertionError):
    """The script had no reply for a request: the test or the recording is too short."""


def wire_of(path: str) -> Wire:
    """Which protocol a path belongs to. Raises ScriptExhausted for a path no wire has."""
    bare = path.split("?", 1)[0]
    for ending, wire in (
        ("/messages", Wire.ANTHROPIC),
        ("/responses", Wire.RESPONSES),
        ("/chat/completions", Wire.CHAT),
    ):
        if bare.endswith(ending):
            return wire
    raise ScriptExhausted(f"no wire is spoken at {path}")


def text_of(value: Json) -> str:
    """Compact JSON, key order kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
