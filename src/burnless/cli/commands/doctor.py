"""`agent doctor`: is everything there that a run needs; nothing leaves without `--live`."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from burnless.cli.clock import SystemClock
from burnless.cli.commands.finding import here
from burnless.cli.commands.live_call import call_live
from burnless.cli.proxies import check_proxies
from burnless.core.cancel import CancelToken
from burnless.core.errors import BurnlessError, KeyProblem
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.settings import Settings, Tier
from burnless.core.usage import Price, as_dollars
from burnless.processes.runner import ProcessRunner
from burnless.processes.workers import known_cli, worker_command
from burnless.providers.cards import card_for, default_tiers, detect_providers
from burnless.providers.local_servers import find_local_servers
from burnless.state.config import load_settings
from burnless.state.layout import Layout
from burnless.state.price_book import LayeredPriceBook
from burnless.ui.lines import one_line

_PER_MILLION = 1_000_000
_WIDTH = 10


@dataclass(frozen=True, slots=True)
class TierState:
    """One tier as it would be used. `problem` is what keeps it from working."""

    name: str
    text: str
    card: ModelCard | None = None
    problem: BurnlessError | None = None


def doctor(config_file: Path | None = None, *, live: bool) -> int:
    """0 where every role can work; else the exit code of the first problem a role would meet.

    `config_file` stands in for the project's. Raises ConfigProblem where it cannot be read.
    """
    layout = here()
    loaded = load_settings(layout, environ=os.environ, config_file=config_file)
    settings = loaded.settings
    states = _tiers(settings)
    write = sys.stdout.write
    write(_section("providers", _providers()))
    write(_section("tiers", (f"{state.name:<{_WIDTH}} {state.text}" for state in states)))
    write(_section("roles", _roles(settings)))
    write(_section("machine", _machine(layout)))
    if loaded.untrusted:
        keys = ", ".join(key.key for key in loaded.untrusted)
        write(f"\nnot trusted, so without effect: {keys} (read the file, then `agent trust`)\n")
    problems = _problems(states, settings)
    for state in problems:
        error = state.problem
        write(f"\n{state.name}: {error}\n  next: {error.hint if error else ''}\n")
    if live:
        write(_section("live", _live(states)))
    first = next((state.problem for state in problems), None)
    return first.exit_code if first else 0


def _section(title: str, rows: Iterator[str]) -> str:
    return f"{title}\n" + "".join(f"  {one_line(row)}\n" for row in rows)


def _providers() -> Iterator[str]:
    for found in detect_providers(os.environ):
        state = f"active, key in {found.key_env}" if found.has_key else f"no {found.key_env}"
        moved = f", address from {found.base_url_env}" if found.base_url_env else ""
        yield f"{found.name:<{_WIDTH}} {state}{moved}"
    for server in find_local_servers():
        models = ", ".join(server.models[:3]) or "no models"
        yield f"{server.provider:<{_WIDTH}} answers at {server.base_url}: {models}"


def _tiers(settings: Settings) -> list[TierState]:
    tiers = settings.tiers or default_tiers(os.environ)
    if not tiers:
        none = KeyProblem(
            "no tier is configured, and no provider's key is in the environment",
            hint="set a key, write a configuration with `agent init`, or try `agent demo`",
        )
        return [TierState("none", "nothing to work with", problem=none)]
    book = LayeredPriceBook(settings.prices, SystemClock())
    return [_tier(name, tier, book) for name, tier in tiers.items()]


def _tier(name: str, tier: Tier, book: LayeredPriceBook) -> TierState:
    if tier.command:
        return _worker(name, tier)
    try:
        card = card_for(name, tier, os.environ, book, need_key=False)
    except BurnlessError as error:
        return TierState(name, tier.model, problem=error)
    problem: BurnlessError | None = None
    try:
        check_proxies(os.environ)
        card_for(name, tier, os.environ, book)
    except BurnlessError as error:
        problem = error
    parts = (card.id, _key(card, os.environ), f"window {card.window:,}", _price(card.price))
    return TierState(name, " · ".join(parts), card, problem)


def _worker(name: str, tier: Tier) -> TierState:
    """A CLI known by name gets its headless flags; any other runs as it is written."""
    known = known_cli(tier.command)
    program = known.program if known else tier.command.split()[0]
    what = f"worker `{tier.command}`"
    what += f" · {known.title}" if known else " · not a known CLI"
    what += f" · runs as: {shlex.join(worker_command(tier, 'executor'))}"
    if shutil.which(program):
        return TierState(name, f"{what} · price unknown until it says")
    hint = f"install it: {known.install}" if known else "put it on PATH, or fix tiers in the config"
    missing = BurnlessError(f"the program {program} is not on PATH", hint=hint)
    return TierState(name, f"{what} · not found", problem=missing)


def _key(card: ModelCard, environ: Mapping[str, str]) -> str:
    """Whether it is there, never what it is."""
    if not card.key_env:
        return "no key needed"
    there = bool(environ.get(card.key_env, "").strip())
    return f"key {card.key_env} {'present' if there else 'missing'}"


def _price(price: Price | None) -> str:
    if price is None:
        return "price unknown"
    if price.is_free:
        return "free"
    rates = (price.fresh, price.output, price.cache_read)
    fresh, output, read = (f"${as_dollars(rate * _PER_MILLION).normalize():f}" for rate in rates)
    return f"{fresh} in, {output} out, {read} cache read per million"


def _roles(settings: Settings) -> Iterator[str]:
    for role in (Role.PLANNER, Role.EXECUTOR):
        yield f"{role.value:<{_WIDTH}} {settings.roles.tier_of(role)}"


def _machine(layout: Layout) -> Iterator[str]:
    yield f"{'workspace':<{_WIDTH}} {layout.workspace}"
    yield f"{'git':<{_WIDTH}} {_version_of('git')}"
    yield f"{'ripgrep':<{_WIDTH}} {_version_of(_ripgrep())}"
    yield f"{'sandbox':<{_WIDTH}} {_sandbox()}"
    if sys.platform == "win32":
        yield f"{'system':<{_WIDTH}} Windows is supported through WSL only: run agent inside it"


def _version_of(program: str) -> str:
    result = ProcessRunner().run(
        [program, "--version"], cwd=Path.cwd(), deadline_seconds=5, cancel=CancelToken()
    )
    return result.output.splitlines()[0] if result.exit_code == 0 and result.output else "not found"


def _ripgrep() -> str:
    """The one that was installed with Burnless, else the system's."""
    own = Path(sys.executable).with_name("rg")
    return str(own) if own.exists() else "rg"


def _sandbox() -> str:
    found = shutil.which("bwrap")
    if found is None:
        return "none: commands run with your rights, so what may write is asked"
    return f"none in use (bubblewrap is at {found}); what may write is asked"


def _problems(states: list[TierState], settings: Settings) -> list[TierState]:
    """Those of tiers that planner or executor use; without tiers, the one that says so."""
    used = {settings.roles.tier_of(role) for role in (Role.PLANNER, Role.EXECUTOR)}
    broken = [state for state in states if state.problem is not None]
    return [state for state in broken if state.name in used or state.name == "none"]


def _live(states: list[TierState]) -> Iterator[str]:
    """One tiny call to each model that has its key."""
    for state in states:
        if state.card is None:
            yield f"{state.name:<{_WIDTH}} not tried"
        elif state.problem is None:
            yield f"{state.name:<{_WIDTH}} {call_live(state.card)}"
