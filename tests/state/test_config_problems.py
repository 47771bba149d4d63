from __future__ import annotations

from pathlib import Path

import pytest

from burnless.core.errors import ConfigProblem
from burnless.core.settings import Settings
from burnless.core.web_address import WANTED
from burnless.state import config_schema
from burnless.state.config import load_settings
from burnless.state.layout import Layout
from tests.state.config_files import load, write
from tests.state.folders import layout_in


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return layout_in(tmp_path)


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
    *(
        (
            f"tiers:\n  gold:\n    model: a/b\n    base_url: {url}",
            f":4: tiers.gold.base_url: expected {WANTED}, got {why}",
            "agent config --keys",
        )
        for url, why in (
            ('"http://[::1"', "'http://[::1' (its host cannot be read)"),
            ('"http://a b:9"', "'http://a b:9' (its host and port cannot be read)"),
            ("http://h:99999999", "'http://h:99999999' (there is no port 99999999)"),
            ("http://h:many", "'http://h:many' (its host and port cannot be read)"),
            ("http://h:0/v1", "'http://h:0/v1' (there is no port 0)"),
            ("localhost:11434", "'localhost:11434' (it does not begin with http://"),
            ("http://", "'http://' (it names no host)"),
        )
    ),
    *(
        (text, ": nested too deeply for a configuration", "agent config --keys")
        for text in ("checks: " + "[" * 5_000, "checks: " + "[" * 5_000 + "]" * 5_000)
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
        "agent config --keys",
    ),
    (
        "cache:\n  ttl: 2h",
        ":2: cache.ttl: expected one of 5m, 1h, got '2h'",
        "agent config --keys",
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
