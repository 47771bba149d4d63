"""What a user can configure, as values. Defaults here are the built-in layer of the config."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from burnless.core.messages import Role
from burnless.core.usage import Price

TIERS = ("gold", "silver", "bronze")
ROLES = tuple(role.value for role in Role)


class PermissionMode(StrEnum):
    DEFAULT = "default"
    ACCEPT_EDITS = "acceptEdits"
    PLAN = "plan"
    AUTO = "auto"
    DONT_ASK = "dontAsk"
    BYPASS = "bypassPermissions"


class Wire(StrEnum):
    """Which protocol an endpoint speaks."""

    ANTHROPIC = "anthropic"
    RESPONSES = "responses"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Tier:
    """A model or a command, and how to reach it.

    model:        "provider/model", e.g. "anthropic/claude-sonnet-5-5"
    command:      an agent CLI to use as a worker instead of a model
    args:         "auto" appends the known CLI's headless flags; "exact" runs the command as written
    base_url:     another endpoint of the same protocol; "" = the provider's own
    api_key_env:  the environment variable that holds the key; "" = the provider's usual one
    wire:         "anthropic" | "responses" | "chat"; "" = chosen by provider and base_url
    window:       context window in tokens; 0 = from the model data
    max_output:   output allowance in tokens; 0 = from the model data
    effort:       reasoning effort; "" = the model's own
    price:        overrides the price book; None = look it up
    fallbacks:    models to offer when this one is unavailable
    compact_at:   quality cap: compact above this many tokens of context; 0 = the default
    """

    model: str = ""
    command: str = ""
    args: str = "auto"
    base_url: str = ""
    api_key_env: str = ""
    wire: str = ""
    window: int = 0
    max_output: int = 0
    effort: str = ""
    price: Price | None = None
    fallbacks: tuple[str, ...] = ()
    compact_at: int = 0


@dataclass(frozen=True, slots=True)
class Roles:
    """Which tier each role uses."""

    planner: str = "gold"
    executor: str = "silver"
    critic: str = "gold"
    chore: str = "bronze"

    def tier_of(self, role: Role) -> str:
        return str(getattr(self, role.value))


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """What is sent to providers' caches and what stands for history.

    prefix_cache:  send cache breakpoints
    session_state: "capsules", or "replay" (no compaction but at the window's edge)
    ttl:           "5m" | "1h" for the prefix, where the provider offers it
    """

    prefix_cache: bool = True
    session_state: str = "capsules"
    ttl: str = "1h"


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """Limits; None = no limit. Dollars are picodollars here. alert_at: share of a limit.

    unknown_price: "refuse" | "ask" | "allow" a call whose price nobody knows, under a money limit
    """

    max_cost_per_task: int | None = None
    max_cost_per_session: int | None = None
    max_calls_per_session: int | None = None
    daily_usd: int | None = None
    monthly_usd: int | None = None
    alert_at: float = 0.8
    unknown_price: str = "ask"


@dataclass(frozen=True, slots=True)
class PlannerSettings:
    """when: "start" | "first_effect" | "never". max_read_tokens: what one planning may read.

    consults: consultations of the planner per session. before_done: plan once more before done.
    """

    when: str = "start"
    max_read_tokens: int = 40_000
    consults: int = 5
    before_done: bool = False


@dataclass(frozen=True, slots=True)
class CompactionSettings:
    """window_share: compact above this share of the window. max_context: quality cap in tokens.

    tail_tokens: raw exchanges kept after the capsule. prompt_tokens: the user's words kept.
    """

    window_share: float = 0.8
    max_context: int = 80_000
    tail_tokens: int = 6_000
    prompt_tokens: int = 20_000


@dataclass(frozen=True, slots=True)
class PermissionSettings:
    """Rules like "Bash(npm run test *)", "Edit(src/**)"; deny beats ask beats allow."""

    mode: PermissionMode = PermissionMode.DEFAULT
    allow: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """returns: how often a contradicted report goes back before it is the result.

    prose: read claims out of free text too, not only out of `finish`
    """

    returns: int = 2
    prose: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """max_turns: executor calls in one prompt (None = no limit). Seconds and bytes for commands."""

    max_turns: int | None = None
    command_seconds: float = 120.0
    command_seconds_most: float = 600.0
    result_lines: int = 2_000
    result_bytes: int = 50_000
    max_attempts: int = 6
    retry_wait_most: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. `tiers` may be empty: then defaults follow from the keys found."""

    tiers: dict[str, Tier] = field(default_factory=dict)
    roles: Roles = field(default_factory=Roles)
    cache: CacheSettings = field(default_factory=CacheSettings)
    budget: BudgetSettings = field(default_factory=BudgetSettings)
    planner: PlannerSettings = field(default_factory=PlannerSettings)
    compaction: CompactionSettings = field(default_factory=CompactionSettings)
    permissions: PermissionSettings = field(default_factory=PermissionSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    limits: Limits = field(default_factory=Limits)
    checks: tuple[str, ...] = ()
    prices: dict[str, Price] = field(default_factory=dict)
    append_system_prompt: str = ""
