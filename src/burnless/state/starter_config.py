"""The commented configuration that `agent init` writes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from burnless.core.errors import InputProblem
from burnless.core.settings import TIERS
from burnless.state.layout import Layout, prepare_state
from burnless.state.trust import TrustBook


@dataclass(frozen=True, slots=True)
class FoundProvider:
    """A provider whose key is in the environment. `models`: "provider/model" by tier."""

    name: str
    key_env: str
    models: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A model server on this machine; its models cost nothing."""

    name: str
    base_url: str
    models: tuple[str, ...]


def starter_text(providers: Sequence[FoundProvider], servers: Sequence[LocalServer]) -> str:
    """YAML that loads as it is. The first provider serves the tiers, else the first server."""
    return "\n".join([*_tiers(providers, servers), _REST])


def write_starter(layout: Layout, text: str) -> Path:
    """Write the project's file, trusted because the user had it written.

    Raises InputProblem where there is one already, or the folder cannot be written.
    """
    path = layout.config_file
    try:
        prepare_state(layout.state)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError as error:
        raise InputProblem(
            f"{path} exists already, and is left as it is",
            hint="edit it, or move it away and run `agent init` again",
        ) from error
    except OSError as error:
        raise InputProblem(
            f"{path} cannot be written: {error.strerror}", hint="check who owns the folder"
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    TrustBook(layout.user.trust_file).trust_file(path)
    return path


def _tiers(providers: Sequence[FoundProvider], servers: Sequence[LocalServer]) -> list[str]:
    local = [server for server in servers if server.models]
    lines = ["# Who serves each tier. The planner uses gold, the executor silver."]
    if providers:
        first = providers[0]
        lines += [f"# {first.name}: the key comes from {first.key_env}.", "tiers:"]
        lines += [f"  {tier}: {{model: {_quoted(first.models[tier])}}}" for tier in TIERS]
    elif local:
        lines += [f"# {local[0].name} on this machine, at no price.", "tiers:"]
        lines += [f"  {tier}: {_local_tier(local[0])}" for tier in TIERS]
    else:
        lines += ["# No key and no local server was found: set a key, or name models here."]
        lines += ["# tiers:", *(f"#   {tier}: {{model: {m}}}" for tier, m in _EXAMPLES)]
    for other in providers[1:]:
        models = ", ".join(other.models[tier] for tier in TIERS)
        lines.append(f"# Also found: {other.name} ({other.key_env}): {models}")
    for server in local[0 if providers else 1 :]:
        lines.append(f"# Also found: {server.name}, e.g. bronze: {_local_tier(server)}")
    lines.append('# A tier may be another agent\'s CLI: bronze: {command: "claude --model haiku"}')
    return lines


def _local_tier(server: LocalServer) -> str:
    model = _quoted(f"{server.name}/{server.models[0]}")
    return f"{{model: {model}, base_url: {_quoted(server.base_url)}}}"


def _quoted(text: str) -> str:
    """A JSON string is a YAML string, whatever it holds."""
    return json.dumps(text)


_EXAMPLES = (
    ("gold", "anthropic/claude-opus-5-5"),
    ("silver", "anthropic/claude-sonnet-5-5"),
    ("bronze", "anthropic/claude-haiku-5-5"),
)

_REST = """
# Dollars; a call whose worst case would cross a limit is not sent. Nothing is limited at first.
# budget:
#   max_cost_per_task: 5.00
#   max_calls_per_session: 400

# Commands that must pass when a turn changed files.
# checks: ["pytest -q"]

# What happens unasked. Deny beats ask beats allow.
# permissions:
#   mode: default
#   allow: ["Bash(npm run test *)"]
#   deny: ["Read(.env)"]

# Every key: agent config --keys
"""
