from __future__ import annotations

import pytest

from burnless.core.errors import ConfigProblem
from burnless.core.settings import TIERS
from burnless.providers.catalog import facts_of, providers, same_model, split_model


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("claude-sonnet-5-5", "claude-sonnet-5-5"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet-20250219"),
        ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
        ("gpt-5.5", "gpt-5.5-2026-04-23"),
        ("GPT-6.1-sol", "gpt-6.1-sol"),
        ("anthropic/claude-opus-5.5", "claude-opus-5-5"),
        ("gemini-4-argon", "models/gemini-4-argon"),
        ("gemini-2.0-flash", "gemini-2.0-flash-001"),
        ("deepseek-chat", "deepseek-v4-flash"),
    ],
)
def test_dated_names_and_aliases_are_one_model(asked: str, served: str) -> None:
    assert same_model(asked, served)
    assert same_model(served, asked)


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("claude-sonnet-5-5", "claude-sonnet-5"),
        ("claude-opus-5-5", "claude-haiku-5-5"),
        ("claude-opus-4-5", "claude-opus-4-8"),
        ("gpt-6.1-sol", "gpt-6.1-terra"),
        ("gpt-5.4", "gpt-5.4-mini"),
        ("gpt-5.4-mini-2026-03-17", "gpt-5.4-mini-2026-05-01"),
        ("deepseek-v4-pro", "deepseek-v4-flash"),
    ],
)
def test_other_models_are_others(asked: str, served: str) -> None:
    assert not same_model(asked, served)
    assert not same_model(served, asked)


@pytest.mark.parametrize(
    ("model", "base_url", "placed"),
    [
        ("anthropic/claude-opus-5-5", "", ("anthropic", "claude-opus-5-5")),
        ("openrouter/anthropic/claude-opus-5.5", "", ("openrouter", "anthropic/claude-opus-5.5")),
        ("claude-opus-5-5", "", ("anthropic", "claude-opus-5-5")),
        ("gpt-6.1-sol", "", ("openai", "gpt-6.1-sol")),
        ("o3", "", ("openai", "o3")),
        ("Gemini-4-argon", "", ("gemini", "Gemini-4-argon")),
        ("ollama/qwen3:8b", "", ("ollama", "qwen3:8b")),
        ("qwen3-coder", "http://127.0.0.1:9/v1", ("compatible", "qwen3-coder")),
        ("meta/llama-9", "http://127.0.0.1:9/v1", ("compatible", "meta/llama-9")),
        ("openai/gpt-x", "http://127.0.0.1:9/v1", ("openai", "gpt-x")),
    ],
)
def test_a_model_is_placed_with_its_provider(
    model: str, base_url: str, placed: tuple[str, str]
) -> None:
    provider, name = split_model(model, base_url)
    assert (provider.name, name) == placed


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("antropic/claude-x", "did you mean anthropic/claude-x?"),
        ("meta/llama-9", "openrouter/meta/llama-9"),
        ("llama-9", "write it as provider/model"),
        ("", "write it as provider/model"),
        ("anthropic/", "did you mean anthropic"),
    ],
)
def test_a_model_of_nobody_is_a_problem_with_a_way_out(model: str, hint: str) -> None:
    with pytest.raises(ConfigProblem) as caught:
        split_model(model, "")
    assert hint in caught.value.hint


def test_the_most_exact_facts_win() -> None:
    windows = {
        name: facts.window if (facts := facts_of(name)) else None
        for name in (
            "claude-haiku-4-5-20251001",
            "anthropic/claude-haiku-5.5",
            "gpt-5.4",
            "gpt-5.4-mini",
            "gpt-4-0613",
            "llama-9",
        )
    }
    assert windows == {
        "claude-haiku-4-5-20251001": 200_000,
        "anthropic/claude-haiku-5.5": 1_000_000,
        "gpt-5.4": 1_050_000,
        "gpt-5.4-mini": 400_000,
        "gpt-4-0613": 8_192,
        "llama-9": None,
    }


def test_every_hosted_provider_has_three_tiers_of_models_whose_facts_are_known() -> None:
    for provider in providers().values():
        tiers = dict(provider.tiers)
        assert set(tiers) == (set(TIERS) if provider.key_env else set())
        assert all(facts_of(model) is not None for model in tiers.values())
