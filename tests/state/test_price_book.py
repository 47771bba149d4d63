from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import pytest

from burnless.core.usage import FREE, Price, PriceStep
from burnless.state.price_book import LOCAL_PROVIDERS, LayeredPriceBook, library_price, price_key
from tests.support.clocks import SetClock

NOVEMBER_2026 = 1_795_348_800.0
BOOK = LayeredPriceBook({}, SetClock(NOVEMBER_2026))
SHIPPED = "burnless, vendors' price lists 2026-11"


def price(*rates: int, steps: tuple[PriceStep, ...] = (), version: str = SHIPPED) -> Price:
    return Price(*rates, steps=steps, version=version)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            "anthropic/claude-opus-5-5",
            price(4_000_000, 200_000, 5_000_000, 8_000_000, 20_000_000),
        ),
        (
            "anthropic/claude-sonnet-5-5",
            price(2_000_000, 100_000, 2_500_000, 4_000_000, 10_000_000),
        ),
        (
            "anthropic/claude-haiku-5-5",
            price(
                *(100_000, 10_000, 125_000, 200_000, 500_000),
                steps=(PriceStep(100_000, 500_000, 50_000, 625_000, 1_000_000, 2_500_000),),
            ),
        ),
        (
            "anthropic/claude-opus-4-8",
            price(5_000_000, 500_000, 6_250_000, 10_000_000, 25_000_000),
        ),
        (
            "openai/gpt-6.1-terra",
            price(
                *(1_000_000, 50_000, 1_250_000, 2_000_000, 5_000_000),
                steps=(PriceStep(272_000, 2_000_000, 100_000, 2_500_000, 4_000_000, 7_500_000),),
            ),
        ),
    ],
)
def test_a_shipped_price_holds_every_class_and_step(model: str, expected: Price) -> None:
    assert BOOK.price_of(*model.split("/")) == expected


def test_shipped_prices_are_those_of_the_library() -> None:
    text = resources.files("burnless.state").joinpath("prices.json").read_text("utf-8")
    names = [name.split("/") for name in json.loads(text)["models"]]
    listed = {
        model: replace(library_price(provider, model, NOVEMBER_2026) or FREE, version=SHIPPED)
        for provider, model in names
    }
    assert {model: BOOK.price_of(provider, model) for provider, model in names} == listed


@pytest.mark.parametrize(
    "dated",
    [
        "claude-haiku-5-5-20261001",
        "claude-haiku-5-5@20261001",
        "claude-haiku-5-5-2026-10-01",
        "claude-haiku-5-5-latest",
        "claude-haiku-5.5",
        "Claude-Haiku-5.5",
    ],
)
def test_another_name_of_a_model_has_its_price(dated: str) -> None:
    assert BOOK.price_of("anthropic", dated) == BOOK.price_of("anthropic", "claude-haiku-5-5")


def test_a_size_or_version_at_the_end_is_no_date() -> None:
    names = ["openai/gpt-6.1-sol", "ollama/qwen3-coder-30b", "a/model-19990101"]
    assert [price_key(name) for name in names] == [
        "openai/gpt-6-1-sol",
        "ollama/qwen3-coder-30b",
        "a/model-19990101",
    ]


def test_the_library_is_asked_for_the_rest_with_its_steps() -> None:
    found = BOOK.price_of("anthropic", "claude-sonnet-4-5-20250929")
    assert found is not None
    assert found.version.startswith("genai-prices ")
    assert found.version.endswith(", 2026-11-22")
    assert replace(found, version="") == Price(
        *(3_000_000, 300_000, 3_750_000, 6_000_000, 15_000_000),
        steps=(PriceStep(200_000, 6_000_000, 600_000, 7_500_000, 12_000_000, 22_500_000),),
    )


def test_what_is_cheaper_at_night_is_booked_at_the_days_price() -> None:
    hours = [
        LayeredPriceBook({}, SetClock(NOVEMBER_2026 + hour * 3_600)).price_of(
            "deepseek", "deepseek-chat"
        )
        for hour in range(0, 24, 6)
    ]
    assert None not in hours
    assert len({entry.fresh for entry in hours if entry}) == 1


@pytest.mark.parametrize("provider", sorted(LOCAL_PROVIDERS))
def test_a_model_on_ones_own_machine_is_free(provider: str) -> None:
    assert BOOK.price_of(provider, "anything") == FREE


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("nobody", "x"),
        ("openai", "gpt-99-imagined"),
        ("groq", "whisper-large-v3"),
        ("", ""),
    ],
)
def test_what_nobody_knows_is_unknown_and_not_free(provider: str, model: str) -> None:
    assert BOOK.price_of(provider, model) is None
    assert BOOK.price_of(provider, model) is None


def test_the_users_own_price_comes_before_all_others() -> None:
    own = Price(1, 2, 3, 4, 5, version="config")
    book = LayeredPriceBook(
        {"anthropic/claude-haiku-5.5": own, "ollama/x": own, "nobody/y": own}, SetClock()
    )
    for provider, model in (
        ("anthropic", "claude-haiku-5-5-20261001"),
        ("ollama", "x"),
        ("nobody", "y"),
    ):
        assert book.price_of(provider, model) == own
