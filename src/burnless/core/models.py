"""What is known of a model before it is called."""

from __future__ import annotations

from dataclasses import dataclass

from burnless.core.settings import Wire
from burnless.core.usage import Price


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model at one endpoint.

    tier:          the tier it serves, or "" when named directly
    name:          the name sent on the wire, e.g. "claude-sonnet-5-5"
    provider:      "anthropic" | "openai" | "openrouter" | "gemini" | "deepseek" | "local" | ...
    family:        who can read its reasoning again (see messages.Reasoning)
    first_party:   the provider's own endpoint: another served name stops the turn
    base_url:      "" = the SDK's default
    key_env:       environment variable that holds the key; "" = none needed
    window:        context window in tokens
    min_cacheable: shortest prefix the provider caches, in tokens
    price:         None = unknown
    reasoning:     it thinks, and takes the wire's switches for that
    breakpoints:   the wire takes explicit cache markers for it
    """

    tier: str
    name: str
    provider: str
    wire: Wire
    family: str
    first_party: bool
    base_url: str
    key_env: str
    window: int
    max_output: int
    min_cacheable: int
    price: Price | None
    effort: str = ""
    compact_at: int = 0
    long_ttl: bool = False
    reasoning: bool = False
    breakpoints: bool = False

    @property
    def id(self) -> str:
        """What events and people call it: "anthropic/claude-sonnet-5-5"."""
        return f"{self.provider}/{self.name}"
