from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.settings import (
    BudgetSettings,
    CacheSettings,
    PermissionMode,
    PermissionSettings,
    Settings,
    Tier,
)
from burnless.core.usage import Price, PriceStep, picodollars
from burnless.state import config_schema
from burnless.state.config import LoadedConfig, load_settings
from burnless.state.config_layer import Setting
from burnless.state.config_reference import render_reference
from burnless.state.layout import Layout
from burnless.state.project_rules import ProjectRules
from tests.state.config_files import load
from tests.state.folders import layout_in

ROOT = Path(__file__).parent.parent.parent

CONFIGS = Path(__file__).parent / "configs"
TIERS = (CONFIGS / "tiers.yaml").read_text("utf-8")
COMMANDS = (CONFIGS / "commands.yaml").read_text("utf-8")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return layout_in(tmp_path)


def settings_of(layout: Layout, project: str) -> Settings:
    return load(layout, project).settings


def test_without_any_file_everything_is_built_in(layout: Layout) -> None:
    assert load(layout) == LoadedConfig(Settings(), (), ())


def test_the_whole_example_of_tiers_and_budget_loads(layout: Layout) -> None:
    assert settings_of(layout, TIERS) == Settings(
        tiers={
            "gold": Tier("anthropic/claude-opus-5-5", fallbacks=("openai/gpt-6.1-sol",)),
            "silver": Tier("anthropic/claude-sonnet-5-5"),
            "bronze": Tier(command="claude --model haiku-4.5"),
        },
        budget=BudgetSettings(
            max_cost_per_task=5 * 10**12,
            max_calls_per_session=400,
            daily_usd=50 * 10**12,
            monthly_usd=800 * 10**12,
            alert_at=0.8,
        ),
        checks=("pytest -q",),
    )


def test_tiers_that_are_only_commands_load_as_they_are_written(layout: Layout) -> None:
    assert settings_of(layout, COMMANDS) == Settings(
        tiers={
            "gold": Tier(command="claude --model opus-4.8"),
            "silver": Tier(command="claude --model sonnet-4.6"),
            "bronze": Tier(command="claude --model haiku-4.5"),
        },
        cache=CacheSettings(prefix_cache=True, session_state="capsules"),
    )


def test_a_tier_may_be_just_its_model(layout: Layout) -> None:
    found = settings_of(layout, "tiers:\n  gold: anthropic/claude-opus-5-5\n  silver: openai/x\n")
    assert found.tiers == {"gold": Tier("anthropic/claude-opus-5-5"), "silver": Tier("openai/x")}


def test_the_shipped_example_loads(layout: Layout) -> None:
    example = ROOT / ".burnless.example" / "config.yaml"
    found = load_settings(layout, environ={}, config_file=example)
    assert found.untrusted == ()
    assert set(found.settings.tiers) == {"gold", "silver", "bronze"}
    assert found.settings.prices["deepseek/deepseek-next"].steps[0].output == 4_000_000


def test_the_reference_is_made_from_the_schema() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text("utf-8") == render_reference()


def test_the_schema_has_every_field_of_the_settings() -> None:
    for section in (*config_schema.SECTIONS, config_schema.TIER):
        names = [field.name for field in section.fields]
        assert names == [field.name for field in fields(section.default)], section.name
    assert set(config_schema.top_level_keys()) == {field.name for field in fields(Settings)}


def test_later_layers_win_and_every_source_is_known(layout: Layout) -> None:
    found = load(
        layout,
        "budget:\n  max_cost_per_task: 2\nplanner: {consults: 3}\n",
        "budget: {max_cost_per_task: 1, alert_at: 0.5}\nplanner: {consults: 1}\n",
        environ={"BURNLESS_MAX_COST_PER_TASK": "3", "BURNLESS_GOLD": ""},
        flags={"planner.consults": 9},
    )
    budget = BudgetSettings(max_cost_per_task=3 * 10**12, alert_at=0.5)
    planner = replace(Settings().planner, consults=9)
    assert found.settings == Settings(budget=budget, planner=planner)
    user = str(layout.user.config_file)
    assert found.sources == (
        Setting(
            ("budget", "max_cost_per_task"),
            3 * 10**12,
            "3",
            "environment (BURNLESS_MAX_COST_PER_TASK)",
        ),
        Setting(("budget", "alert_at"), 0.5, "0.5", user, 1),
        Setting(("planner", "consults"), 9, "9", "command line"),
    )


def test_a_model_or_command_of_a_later_layer_replaces_the_whole_tier(layout: Layout) -> None:
    user = "tiers:\n  gold: {model: a/b, base_url: 'http://x', api_key_env: KEY, effort: high}\n"
    assert load(layout, "tiers: {gold: c/d}", user).settings.tiers == {"gold": Tier("c/d")}
    joined = load(layout, "tiers: {gold: {effort: low}}", user).settings.tiers
    assert joined == {"gold": Tier("a/b", base_url="http://x", api_key_env="KEY", effort="low")}


def test_flags_may_set_a_model_lists_truth_and_no_limit(layout: Layout) -> None:
    flags = {
        "tiers.silver.model": "a/b",
        "permissions.allow": ["Bash(ls)"],
        "permissions.mode": PermissionMode.PLAN,
        "cache.prefix_cache": False,
        "budget.max_cost_per_task": None,
    }
    found = load(layout, "budget: {max_cost_per_task: 2}", flags=flags)
    assert found.settings == Settings(
        tiers={"silver": Tier("a/b")},
        cache=CacheSettings(prefix_cache=False),
        permissions=PermissionSettings(PermissionMode.PLAN, allow=("Bash(ls)",)),
    )


def test_rules_of_all_layers_hold_together(layout: Layout) -> None:
    ProjectRules(layout.user.rules_file).remember(layout.workspace, "Bash(make *)")
    found = load(
        layout,
        "permissions: {deny: [Read(.env)], allow: ['Bash(make *)', Bash(ls)]}",
        "permissions: {deny: [Bash(rm *)], allow: [Bash(ls)]}",
        flags={"permissions.deny": ["Edit(x)"]},
    )
    assert found.settings.permissions == PermissionSettings(
        allow=("Bash(ls)", "Bash(make *)"), deny=("Bash(rm *)", "Read(.env)", "Edit(x)")
    )


def test_prices_are_read_with_their_steps(layout: Layout) -> None:
    text = """
tiers:
  gold:
    model: a/b
    price: {input: 2, output: 10, cache_read: 0.1, cache_write: 2.5, cache_write_1h: 4}
prices:
  c/d:
    input: "0.30"
    output: 1
    steps: [{above: 200000, input: 3, output: 4}, {above: 100, input: 1, output: 2, cache_read: 0}]
"""
    found = settings_of(layout, text)
    gold = Price(2_000_000, 100_000, 2_500_000, 4_000_000, 10_000_000, version="config")
    assert found.tiers["gold"].price == gold
    assert found.prices == {
        "c/d": Price(
            300_000,
            300_000,
            375_000,
            600_000,
            1_000_000,
            (
                PriceStep(100, 1_000_000, 0, 1_250_000, 2_000_000, 2_000_000),
                PriceStep(200_000, 3_000_000, 3_000_000, 3_750_000, 6_000_000, 4_000_000),
            ),
            "config",
        )
    }


@given(st.decimals(0, 10**6, places=12), st.sampled_from(["{}", "'{}'", '"{}"']))
def test_dollars_are_kept_exactly(
    tmp_path_factory: pytest.TempPathFactory, amount: Decimal, style: str
) -> None:
    layout = layout_in(tmp_path_factory.mktemp("config"))
    text = "budget: {max_cost_per_task: " + style.format(f"{amount:f}") + "}"
    assert settings_of(layout, text).budget.max_cost_per_task == picodollars(amount)


def test_a_section_whose_keys_are_commented_out_is_empty(layout: Layout) -> None:
    assert settings_of(layout, "budget:\n# daily_usd: 1\nchecks:\ntiers:\nprices:\n") == Settings()
    assert settings_of(layout, "# nothing\n") == settings_of(layout, "~\n") == Settings()


def test_plain_words_that_yaml_would_turn_into_values_stay_text(layout: Layout) -> None:
    found = settings_of(layout, "tiers: {gold: {model: a/b, effort: off}, silver: x/1.0}")
    assert (found.tiers["gold"].effort, found.tiers["silver"].model) == ("off", "x/1.0")


def test_anchors_may_be_used(layout: Layout) -> None:
    found = settings_of(layout, "tiers: {gold: &one {model: a/b}, silver: *one}")
    assert found.tiers == {"gold": Tier("a/b"), "silver": Tier("a/b")}


def test_a_price_may_come_as_a_value_of_the_program(layout: Layout) -> None:
    flags = {"prices": {"a/b": {"input": 1, "output": Decimal("2.5")}}}
    found = load(layout, flags=flags)
    price = Price(1_000_000, 1_000_000, 1_250_000, 2_000_000, 2_500_000, version="config")
    assert found.settings.prices == {"a/b": price}
    assert [source.shown for source in found.sources] == ["input: 1, output: 2.5"]
