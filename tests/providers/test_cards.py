from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from burnless.core.errors import ConfigProblem, KeyProblem
from burnless.core.models import ModelCard
from burnless.core.settings import CacheSettings, Tier, Wire
from burnless.core.usage import FREE, Price
from burnless.providers.cards import (
    DetectedProvider,
    build_model,
    card_for,
    default_tiers,
    detect_providers,
)
from tests.providers.cases import PRICE
from tests.support.clocks import SetClock

KEYS = {
    "ANTHROPIC_API_KEY": "a-secret",
    "OPENAI_API_KEY": "o-secret",
    "OPENROUTER_API_KEY": "r-secret",
    "GEMINI_API_KEY": "g-secret",
    "DEEPSEEK_API_KEY": "d-secret",
}


@dataclass
class Prices:
    known: dict[str, Price] = field(default_factory=dict)

    def price_of(self, provider: str, model: str) -> Price | None:
        return self.known.get(f"{provider}/{model}")


def card(model: str, **tier: Any) -> ModelCard:
    return card_for("silver", Tier(model=model, **tier), KEYS, Prices())


def test_a_card_says_all_that_is_known() -> None:
    prices = Prices({"anthropic/claude-opus-5-5": PRICE})
    tier = Tier(model="anthropic/claude-opus-5-5", effort="high", compact_at=9)
    assert card_for("gold", tier, KEYS, prices) == ModelCard(
        tier="gold",
        name="claude-opus-5-5",
        provider="anthropic",
        wire=Wire.ANTHROPIC,
        family="anthropic",
        first_party=True,
        base_url="https://api.anthropic.com",
        key_env="ANTHROPIC_API_KEY",
        window=1_000_000,
        max_output=32_000,
        min_cacheable=512,
        price=PRICE,
        effort="high",
        compact_at=9,
        long_ttl=True,
        reasoning=True,
        breakpoints=True,
    )


ELSEWHERE = "https://gateway.example/v1"


@pytest.mark.parametrize(
    ("model", "base_url", "asked", "became"),
    [
        ("openai/gpt-6.1-sol", "", "", (Wire.RESPONSES, "openai", True)),
        ("openai/gpt-6.1-sol", ELSEWHERE, "", (Wire.CHAT, "chat:gateway.example", False)),
        (
            "openai/gpt-6.1-sol",
            ELSEWHERE,
            "responses",
            (Wire.RESPONSES, "responses:gateway.example", False),
        ),
        ("openai/gpt-6.1-sol", "", "chat", (Wire.CHAT, "chat:api.openai.com", True)),
        ("anthropic/claude-x", ELSEWHERE, "", (Wire.ANTHROPIC, "anthropic", False)),
        ("deepseek/deepseek-v4-pro", "", "", (Wire.CHAT, "chat:api.deepseek.com", True)),
        (
            "gemini/gemini-4-argon",
            "",
            "",
            (Wire.CHAT, "chat:generativelanguage.googleapis.com", True),
        ),
        (
            "openrouter/anthropic/claude-x",
            "",
            "",
            (Wire.CHAT, "chat:openrouter.ai/anthropic", False),
        ),
        ("ollama/qwen3", "", "", (Wire.CHAT, "chat:127.0.0.1", False)),
        ("qwen3", ELSEWHERE, "anthropic", (Wire.ANTHROPIC, "anthropic", False)),
    ],
)
def test_the_wire_follows_from_provider_and_address_unless_the_tier_says(
    model: str, base_url: str, asked: str, became: tuple[Wire, str, bool]
) -> None:
    made = card(model, base_url=base_url, wire=asked)
    assert (made.wire, made.family, made.first_party) == became


def test_a_variable_moves_the_address_and_then_it_is_not_the_providers_own() -> None:
    env = {**KEYS, "OPENAI_BASE_URL": "http://127.0.0.1:4356/v1/"}
    made = card_for("gold", Tier(model="openai/gpt-6.1-sol"), env, Prices())
    assert (made.base_url, made.first_party) == ("http://127.0.0.1:4356/v1", False)
    named = Tier(model="openai/gpt-6.1-sol", base_url="https://api.openai.com/v1")
    assert card_for("gold", named, env, Prices()).first_party


def test_anthropics_address_is_kept_without_a_version() -> None:
    assert card("anthropic/claude-x", base_url="http://127.0.0.1:1/v1").base_url == (
        "http://127.0.0.1:1"
    )


def test_only_the_providers_own_address_gets_what_only_it_offers() -> None:
    own, moved = card("claude-opus-5-5"), card("claude-opus-5-5", base_url=ELSEWHERE)
    assert (own.long_ttl, moved.long_ttl) == (True, False)
    assert card("gpt-6.1-sol").breakpoints
    assert not card("gpt-5.5").breakpoints
    assert card("openrouter/anthropic/claude-opus-5.5").breakpoints
    assert not card("openrouter/openai/gpt-6.1-sol").breakpoints


def test_the_tier_overrides_window_output_and_price() -> None:
    tier = Tier(model="claude-opus-5-5", window=50_000, max_output=9_000, price=FREE)
    made = card_for("gold", tier, KEYS, Prices({"anthropic/claude-opus-5-5": PRICE}))
    assert (made.window, made.max_output, made.price) == (50_000, 9_000, FREE)
    assert card("gpt-4").max_output == 4_096


def test_a_server_of_ones_own_is_free_and_any_other_unknown_price_is_unknown() -> None:
    assert card("qwen3", base_url="http://localhost:9/v1").price == FREE
    assert card("qwen3", base_url=ELSEWHERE).price is None
    assert card("openai/gpt-x", base_url="http://localhost:9/v1").price is None


def test_a_missing_key_names_the_ways_out_and_can_be_looked_past() -> None:
    for model, variable in (
        ("anthropic/claude-opus-5-5", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-4-argon", "GEMINI_API_KEY or GOOGLE_API_KEY"),
    ):
        with pytest.raises(KeyProblem) as caught:
            card_for("gold", Tier(model=model), {}, Prices())
        assert variable in caught.value.hint
        assert "agent init" in caught.value.hint
        assert "agent demo" in caught.value.hint
    tier = Tier(model="anthropic/claude-opus-5-5")
    assert card_for("gold", tier, {}, Prices(), need_key=False).key_env == "ANTHROPIC_API_KEY"


def test_the_tiers_own_variable_holds_the_key() -> None:
    tier = Tier(model="openai/gpt-6.1-sol", api_key_env="WORK_KEY")
    with pytest.raises(KeyProblem, match="there is no key for OpenAI"):
        card_for("gold", tier, KEYS, Prices())
    assert card_for("gold", tier, {"WORK_KEY": "x"}, Prices()).key_env == "WORK_KEY"


@pytest.mark.parametrize("model", ["ollama/qwen3", "vllm/qwen3"])
def test_local_servers_need_no_key(model: str) -> None:
    assert card_for("gold", Tier(model=model), {}, Prices()).key_env == ""


def test_a_provider_moved_to_loopback_needs_no_key_but_sends_the_one_there() -> None:
    tier = Tier(model="anthropic/claude-x", base_url="http://127.0.0.1:1")
    assert card_for("gold", tier, {}, Prices()).key_env == ""
    assert card_for("gold", tier, KEYS, Prices()).key_env == "ANTHROPIC_API_KEY"


@pytest.mark.parametrize(
    "tier",
    [
        Tier(model="compatible/qwen3"),
        Tier(model="qwen3", base_url="localhost:9/v1"),
        Tier(model="qwen3", base_url="ftp://localhost/v1"),
        Tier(model="openai/gpt-x", wire="grpc"),
    ],
)
def test_what_cannot_be_reached_is_a_config_problem_with_a_hint(tier: Tier) -> None:
    with pytest.raises(ConfigProblem) as caught:
        card_for("gold", tier, KEYS, Prices())
    assert caught.value.hint


def test_keys_are_found_by_name_and_their_values_never_shown() -> None:
    found = detect_providers({"GOOGLE_API_KEY": "g-secret", "OPENAI_BASE_URL": "http://x"})
    assert found == (
        DetectedProvider("anthropic", "Anthropic", "ANTHROPIC_API_KEY", has_key=False),
        DetectedProvider(
            "openai", "OpenAI", "OPENAI_API_KEY", has_key=False, base_url_env="OPENAI_BASE_URL"
        ),
        DetectedProvider("gemini", "Google Gemini", "GOOGLE_API_KEY", has_key=True),
        DetectedProvider("deepseek", "DeepSeek", "DEEPSEEK_API_KEY", has_key=False),
        DetectedProvider("openrouter", "OpenRouter", "OPENROUTER_API_KEY", has_key=False),
    )
    assert "secret" not in repr(found)


@pytest.mark.parametrize("variable", [*KEYS, "GOOGLE_API_KEY"])
def test_one_key_is_enough_for_three_tiers(variable: str) -> None:
    env = {variable: "secret"}
    tiers = default_tiers(env)
    assert list(tiers) == ["gold", "silver", "bronze"]
    for name, tier in tiers.items():
        assert card_for(name, tier, env, Prices()).key_env == variable


def test_without_a_key_there_are_no_default_tiers() -> None:
    assert default_tiers({"ANTHROPIC_API_KEY": "  "}) == {}


def test_a_model_is_not_built_without_the_key_its_card_names() -> None:
    with pytest.raises(KeyProblem):
        build_model(card("claude-opus-5-5"), {}, CacheSettings(), SetClock())
