"""The configuration: built-in, user, project, environment, flags, each over the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from burnless.core.errors import ConfigProblem
from burnless.core.settings import PermissionMode, Settings, Tier
from burnless.core.usage import Price
from burnless.state import config_schema as schema
from burnless.state.config_layer import Setting, environment_layer, flags_layer, read_layer
from burnless.state.layout import Layout
from burnless.state.project_rules import ProjectRules
from burnless.state.trust import TrustBook

_RULE_LISTS = {("permissions", name) for name in ("allow", "ask", "deny")}
_LIMITS = {
    ("budget", name)
    for name in (
        "max_cost_per_task",
        "max_cost_per_session",
        "max_calls_per_session",
        "daily_usd",
        "monthly_usd",
    )
}
_MODE_WIDTH = {
    PermissionMode.PLAN: 0,
    PermissionMode.DONT_ASK: 1,
    PermissionMode.DEFAULT: 1,
    PermissionMode.ACCEPT_EDITS: 2,
    PermissionMode.AUTO: 3,
    PermissionMode.BYPASS: 4,
}
_UNKNOWN_PRICE_WIDTH = {"refuse": 0, "ask": 1, "allow": 2}


@dataclass(frozen=True, slots=True)
class UntrustedKey:
    """A key of the project's file that has no effect yet. `sha256` is of the whole file as read."""

    file: Path
    line: int
    key: str
    shown: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """sources: every key that is set, with its place; `untrusted`: what the user has to be asked.

    Who calls asks and then trusts (`TrustBook.trust`), or ends with `untrusted_problem`.
    """

    settings: Settings
    sources: tuple[Setting, ...]
    untrusted: tuple[UntrustedKey, ...]


def load_settings(
    layout: Layout,
    *,
    environ: Mapping[str, str],
    flags: Mapping[str, object] | None = None,
    config_file: Path | None = None,
    discover: bool = True,
    trust_project: bool = False,
) -> LoadedConfig:
    """Read all layers. Raises ConfigProblem with file, line and what would be right.

    config_file:   stands in for the project's file, and is trusted because the user named it
    discover:      False reads neither the user's nor the project's file
    trust_project: trust the project's file for this run
    """
    merged: dict[tuple[str, ...], Setting] = {}
    untrusted: tuple[UntrustedKey, ...] = ()
    if discover:
        _merge(merged, _file_layer(layout.user.config_file, _read(layout.user.config_file)))
        _merge(merged, _remembered_layer(layout))
    if config_file is not None:
        _merge(merged, _file_layer(config_file, _read_named(config_file)))
    elif discover:
        data = _read(layout.config_file)
        layer = _file_layer(layout.config_file, data)
        if not trust_project:
            layer, untrusted = _hold_back(layer, merged, layout, data or b"")
        _merge(merged, layer)
    _merge(merged, environment_layer(environ))
    _merge(merged, flags_layer(flags or {}))
    return LoadedConfig(_settings(merged), tuple(merged.values()), untrusted)


def untrusted_problem(untrusted: tuple[UntrustedKey, ...]) -> ConfigProblem:
    """For who cannot ask: names each key and the way out."""
    file = untrusted[0].file
    keys = ", ".join(f"{key.key} (line {key.line})" for key in untrusted)
    return ConfigProblem(
        f"{file} sets what can run code or take keys, and is not trusted: {keys}",
        hint=f"read the file, then `agent trust {file}`, or pass --trust for this run",
    )


def _file_layer(path: Path, data: bytes | None) -> tuple[Setting, ...]:
    if not data:
        return ()
    from burnless.state.yaml_reader import parse_yaml  # noqa: PLC0415 - start-up budget

    return read_layer(parse_yaml(data, str(path)), str(path))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigProblem(
            f"{path} cannot be read: {error.strerror}", hint="fix its permissions, or remove it"
        ) from error


def _read_named(path: Path) -> bytes:
    data = _read(path)
    if data is None:
        raise ConfigProblem(
            f"there is no configuration file {path}",
            hint="check the name given with --config; `agent init` writes a file to start from",
        )
    return data


def _remembered_layer(layout: Layout) -> tuple[Setting, ...]:
    """What the user answered with "always in this project"."""
    rules = ProjectRules(layout.user.rules_file).rules_of(layout.workspace)
    if not rules:
        return ()
    return (Setting(("permissions", "allow"), rules, ", ".join(rules), "remembered"),)


def _hold_back(
    layer: tuple[Setting, ...],
    lower: Mapping[tuple[str, ...], Setting],
    layout: Layout,
    data: bytes,
) -> tuple[tuple[Setting, ...], tuple[UntrustedKey, ...]]:
    """Take out what needs trust, unless this very content has it."""
    inert = [setting for setting in layer if setting.needs_trust or _widens(setting, lower)]
    sha256 = hashlib.sha256(data).hexdigest()
    path = layout.config_file
    if not inert or TrustBook(layout.user.trust_file).is_trusted(path, sha256):
        return layer, ()
    held = tuple(UntrustedKey(path, s.line, s.key, s.shown, sha256) for s in inert)
    # What is left of a tier without its command would be no tier at all.
    workers = {setting.path[:2] for setting in inert if setting.path[2:] == ("command",)}
    kept = (s for s in layer if s not in inert and s.path[:2] not in workers)
    return tuple(kept), held


def _widens(setting: Setting, lower: Mapping[tuple[str, ...], Setting]) -> bool:
    """A file that came with a repository may tighten the user's modes and limits, not loosen."""
    before = lower.get(setting.path)
    if setting.path == ("permissions", "mode"):
        mode = before.value if before else PermissionMode.DEFAULT
        return _width(_MODE_WIDTH, setting.value) > _width(_MODE_WIDTH, mode)
    if setting.path == ("budget", "unknown_price"):
        allowed = before.value if before else "ask"
        widths = _UNKNOWN_PRICE_WIDTH
        return _width(widths, setting.value) > _width(widths, allowed)
    if setting.path in _LIMITS and before is not None and isinstance(before.value, int):
        return not isinstance(setting.value, int) or setting.value > before.value
    return False


def _width(widths: Mapping[Any, int], value: object) -> int:
    return widths[value]


def _merge(merged: dict[tuple[str, ...], Setting], layer: Iterable[Setting]) -> None:
    layer = tuple(layer)
    for tier in {s.path[:2] for s in layer if s.path[0] == "tiers" and _names_worker(s)}:
        for path in [path for path in merged if path[:2] == tier]:
            del merged[path]
    for setting in layer:
        before = merged.get(setting.path)
        if before is not None and setting.path in _RULE_LISTS:
            setting = _joined(before, setting)  # noqa: PLW2901 - the same setting, with the rest
        merged[setting.path] = setting


def _names_worker(setting: Setting) -> bool:
    return setting.path[2] in {"model", "command"}


def _joined(before: Setting, setting: Setting) -> Setting:
    rules = dict.fromkeys([*_texts(before.value), *_texts(setting.value)])
    return replace(setting, value=tuple(rules), shown=", ".join(rules))


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _settings(merged: Mapping[tuple[str, ...], Setting]) -> Settings:
    settings = Settings(
        tiers=_tiers(merged),
        prices={
            path[1]: setting.value
            for path, setting in merged.items()
            if path[0] == schema.PRICES.name and isinstance(setting.value, Price)
        },
    )
    for section in schema.SECTIONS:
        settings = replace(settings, **{section.name: _section(section, merged)})
    return replace(settings, **_values(schema.TOP_LEVEL, (), merged))


def _section(section: schema.Section, merged: Mapping[tuple[str, ...], Setting]) -> Any:
    return replace(section.default, **_values(section, (section.name,), merged))


def _tiers(merged: Mapping[tuple[str, ...], Setting]) -> dict[str, Tier]:
    names = dict.fromkeys(path[1] for path in merged if path[0] == schema.TIER.name)
    return {name: _tier(name, merged) for name in names}


def _tier(name: str, merged: Mapping[tuple[str, ...], Setting]) -> Tier:
    path = (schema.TIER.name, name)
    tier: Tier = replace(schema.TIER.default, **_values(schema.TIER, path, merged))
    if bool(tier.model) == bool(tier.command):
        first = next(s for p, s in merged.items() if p[:2] == path)
        place = f"{first.origin}:{first.line}" if first.line else first.origin
        what = "both a model and a command" if tier.model else "neither a model nor a command"
        raise ConfigProblem(
            f"{place}: tiers.{name} has {what}",
            hint='give it one of the two, e.g. model: "anthropic/claude-sonnet-5-5"',
        )
    return tier


def _values(
    section: schema.Section, path: tuple[str, ...], merged: Mapping[tuple[str, ...], Setting]
) -> dict[str, Any]:
    return {
        field.name: merged[(*path, field.name)].value
        for field in section.fields
        if (*path, field.name) in merged
    }
