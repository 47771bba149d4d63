"""Every key there is, in one table: what it may be, what it means, and whether it needs trust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from burnless.core.settings import TIERS, PermissionMode, Settings, Tier
from burnless.state import config_kinds as kinds
from burnless.state.config_kinds import Kind


@dataclass(frozen=True, slots=True)
class Field:
    """One key. `needs_trust`: inert in a discovered project file until its content is trusted."""

    name: str
    kind: Kind
    meaning: str
    needs_trust: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of keys. `default` is the core value whose fields they set."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    default: Any

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


_BUILT_IN = Settings()
_TIER_NAME = kinds.one_of(*TIERS)
_UNUSED = "read and checked, used by nothing yet"

TIER = Section(
    "tiers",
    "`gold`, `silver` and `bronze`: a model or a command each. A tier may also be just the model's"
    " name. A tier that names a model or a command replaces the tier of the same name from an"
    " earlier layer. Without any, defaults follow from the keys found in the environment.",
    (
        Field("model", kinds.MODEL, "the model"),
        Field("command", kinds.TEXT, "another agent's CLI as a worker, instead of a model", True),
        Field(
            "args",
            kinds.one_of("auto", "exact"),
            "`auto` appends a known CLI's headless flags, `exact` runs the command as written",
        ),
        Field("base_url", kinds.ADDRESS, "another endpoint that speaks the same protocol", True),
        Field("api_key_env", kinds.TEXT, "the environment variable that holds the key", True),
        Field(
            "wire",
            kinds.one_of("", "anthropic", "responses", "chat"),
            "the protocol; empty: chosen by provider and base_url",
        ),
        Field("window", kinds.COUNT, "context window in tokens; 0: what is known of the model"),
        Field("max_output", kinds.COUNT, "output allowance in tokens; 0: what is known"),
        Field("effort", kinds.TEXT, "reasoning effort; empty: the model's own"),
        Field("price", kinds.PRICE, "dollars per million tokens; else the price book's", True),
        Field("fallbacks", kinds.MODELS, f"models to offer instead; {_UNUSED}"),
        Field("compact_at", kinds.COUNT, "compact above this many tokens; 0: the default"),
    ),
    Tier(),
)

SECTIONS = (
    Section(
        "roles",
        "Which tier each kind of call uses.",
        (
            Field("planner", _TIER_NAME, "plans at the start and at each compaction"),
            Field("executor", _TIER_NAME, "makes every tool call in between"),
            Field("critic", _TIER_NAME, f"for judging; {_UNUSED}"),
            Field("chore", _TIER_NAME, f"for titles and summaries; {_UNUSED}"),
        ),
        _BUILT_IN.roles,
    ),
    Section(
        "cache",
        "What providers may cache, and what stands for history.",
        (
            Field("prefix_cache", kinds.TRUTH, "mark the fixed prefix for the provider's cache"),
            Field(
                "session_state",
                kinds.one_of("capsules", "replay"),
                "`capsules` stand for old history; `replay` sends all of it while it fits",
            ),
            Field("ttl", kinds.one_of("5m", "1h"), "how long the prefix stays cached, if offered"),
        ),
        _BUILT_IN.cache,
    ),
    Section(
        "budget",
        "Limits. A call whose worst case would cross one is not sent. None is set at first.",
        (
            Field("max_cost_per_task", kinds.DOLLARS, "for one prompt and all that follows"),
            Field("max_cost_per_session", kinds.DOLLARS, "for one session"),
            Field("max_calls_per_session", kinds.COUNT_OR_NONE, "model calls in one session"),
            Field("daily_usd", kinds.DOLLARS, "for one day, over the workspaces of this user"),
            Field("monthly_usd", kinds.DOLLARS, "for one month, over the same"),
            Field(
                "alert_at",
                kinds.SHARE,
                "warn once when this share of a task's or session's money, or of its calls, is"
                " taken",
            ),
            Field(
                "unknown_price",
                kinds.one_of("refuse", "ask", "allow"),
                "a call whose price nobody knows, under a money limit; headless, `ask` refuses",
            ),
        ),
        _BUILT_IN.budget,
    ),
    Section(
        "planner",
        "When the planner fires and what it may read.",
        (
            Field("when", kinds.one_of("start", "first_effect", "never"), "the first planning"),
            Field("max_read_tokens", kinds.COUNT, "tokens one planning may read"),
            Field("consults", kinds.COUNT, "questions the executor may ask it in one session"),
            Field("before_done", kinds.TRUTH, "plan once more before the work counts as done"),
        ),
        _BUILT_IN.planner,
    ),
    Section(
        "compaction",
        "Hard limits; the rent meter usually compacts earlier.",
        (
            Field("window_share", kinds.SHARE, "compact above this share of the window"),
            Field("max_context", kinds.AT_LEAST_ONE, "compact above this many tokens"),
            Field("tail_tokens", kinds.COUNT, "tokens of raw exchanges kept after the capsule"),
            Field("prompt_tokens", kinds.COUNT, "tokens of the user's own words kept verbatim"),
        ),
        _BUILT_IN.compaction,
    ),
    Section(
        "permissions",
        "What may happen unasked. Rules like `Bash(npm run test *)` or `Edit(src/**)`; deny beats"
        " ask beats allow. The rules of all layers hold together.",
        (
            Field(
                "mode",
                kinds.member_of(PermissionMode),
                "the mode to start in; a wider one than the layers before needs trust",
            ),
            Field("allow", kinds.TEXTS, "what happens unasked", True),
            Field("ask", kinds.TEXTS, "what is always asked"),
            Field("deny", kinds.TEXTS, "what never happens"),
        ),
        _BUILT_IN.permissions,
    ),
    Section(
        "audit",
        "How reports are held against journal and disk.",
        (
            Field("returns", kinds.COUNT, "how often a contradicted report goes back"),
            Field("prose", kinds.TRUTH, "read claims out of free text too"),
        ),
        _BUILT_IN.audit,
    ),
    Section(
        "limits",
        "Ends that keep a turn from running away.",
        (
            Field("max_turns", kinds.COUNT_OR_NONE, "executor calls in one prompt"),
            Field("command_seconds", kinds.SECONDS, "a command's time where none is asked for"),
            Field("command_seconds_most", kinds.SECONDS, "the most a command may ask for"),
            Field("result_lines", kinds.AT_LEAST_ONE, "lines of a tool's result in the prompt"),
            Field("result_bytes", kinds.AT_LEAST_ONE, "bytes of a tool's result in the prompt"),
            Field("max_attempts", kinds.AT_LEAST_ONE, "attempts at one model call"),
            Field("retry_wait_most", kinds.SECONDS, "the longest wait between two attempts"),
        ),
        _BUILT_IN.limits,
    ),
)

TOP_LEVEL = Section(
    "",
    "",
    (
        Field("checks", kinds.TEXTS, "commands that must pass when a turn changed files", True),
        Field("append_system_prompt", kinds.TEXT, "text added to the system prompt", True),
    ),
    _BUILT_IN,
)

PRICES = Field(
    "prices",
    kinds.PRICE,
    'prices by "provider/model", before the price book\'s own',
    True,
)

ENVIRONMENT: tuple[tuple[str, str], ...] = (
    ("BURNLESS_GOLD", "tiers.gold.model"),
    ("BURNLESS_SILVER", "tiers.silver.model"),
    ("BURNLESS_BRONZE", "tiers.bronze.model"),
    ("BURNLESS_PERMISSION_MODE", "permissions.mode"),
    ("BURNLESS_MAX_COST_PER_TASK", "budget.max_cost_per_task"),
    ("BURNLESS_MAX_CALLS_PER_SESSION", "budget.max_calls_per_session"),
)
"""Variables that set one key each. BURNLESS_HOME says where the user's own files are."""


def section(name: str) -> Section | None:
    return next((each for each in SECTIONS if each.name == name), None)


def top_level_keys() -> tuple[str, ...]:
    own = tuple(field.name for field in TOP_LEVEL.fields)
    return (TIER.name, *(each.name for each in SECTIONS), *own, PRICES.name)
