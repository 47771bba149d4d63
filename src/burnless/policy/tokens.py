"""How many tokens a text is likely to be: bytes over four, times what a model taught us."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import assert_never

from burnless.core.messages import (
    AssistantMessage,
    Block,
    Message,
    Notice,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UserMessage,
)

BYTES_PER_TOKEN = 4
MESSAGE_OVERHEAD_TOKENS = 4
"""Role markers and separators that every wire adds around a message."""

_WEIGHT = 0.3
_LEAST_RATIO, _MOST_RATIO = 0.25, 4.0


def estimate(text: str) -> int:
    """Tokens of `text`: its UTF-8 bytes over four, rounded up."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // BYTES_PER_TOKEN)


def estimate_message(m: Message) -> int:
    """Tokens of one message, with what a wire puts around it."""
    match m:
        case UserMessage(text) | Notice(text) | ToolResult(text=text):
            return MESSAGE_OVERHEAD_TOKENS + estimate(text)
        case AssistantMessage(blocks):
            return MESSAGE_OVERHEAD_TOKENS + sum(_estimate_block(block) for block in blocks)
        case _:
            assert_never(m)


def _estimate_block(block: Block) -> int:
    match block:
        case Text(text):
            return estimate(text)
        case Reasoning(payload=payload):
            return estimate(payload)
        case ToolCall(name=name, arguments=arguments):
            return MESSAGE_OVERHEAD_TOKENS + estimate(name) + estimate(arguments)
        case _:
            assert_never(block)


@dataclass(frozen=True, slots=True)
class TokenFactor:
    """Real tokens per estimated token of one model, as a moving average of its replies' usage.

    One odd reply cannot spoil it: a ratio counts as at least 0.25 and at most 4.
    """

    factor: float = 1.0
    replies: int = 0

    def learn(self, estimated: int, real: int) -> TokenFactor:
        """The factor after a reply whose input was `estimated` here and `real` in its usage."""
        if estimated <= 0 or real <= 0:
            return self
        ratio = min(max(real / estimated, _LEAST_RATIO), _MOST_RATIO)
        weight = _WEIGHT if self.replies else 1.0
        return TokenFactor(self.factor + weight * (ratio - self.factor), self.replies + 1)

    def scale(self, estimated: int) -> int:
        """Tokens to expect for an estimate, rounded up."""
        return ceil(estimated * self.factor)


def cut_to_tokens(text: str, most: int, said: str) -> str:
    """The head of `text` that fits `most` tokens together with `said`, which says it was cut."""
    if estimate(text) <= most:
        return text
    room = max(most * BYTES_PER_TOKEN - len(said.encode()) - 1, 0)
    head = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip()
    return f"{head} {said}".lstrip()
