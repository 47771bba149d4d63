"""Who plans and who works: from tiers, flags and keys to models and workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from burnless.agent.kit import Crew
from burnless.cli.options import RunOptions
from burnless.cli.proxies import check_proxies
from burnless.core.errors import KeyProblem, UsageProblem
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.protocols import Clock, Model, PriceBook, Runner, Worker
from burnless.core.settings import Settings
from burnless.policy.routing import Choice, Routed, route
from burnless.processes.workers import Purpose, worker_for
from burnless.providers.cards import build_model, card_for, default_tiers
from burnless.providers.stack import Surroundings, stack_model
from burnless.providers.wire_model import WireModel


@dataclass(frozen=True, slots=True)
class Casting:
    """Who is to serve each role. `planner` is None in single-model use."""

    executor: Routed
    planner: Routed | None


def cast_roles(
    settings: Settings, options: RunOptions, environ: Mapping[str, str]
) -> tuple[Settings, Casting]:
    """Settings with their tiers filled in, and who serves each role.

    Without configured tiers they follow from the keys that are found. Raises KeyProblem where
    there is none, ConfigProblem for a tier that is asked for and not there, UsageProblem for an
    effort asked of a command.
    """
    choice = Choice(
        both=options.model,
        planner=options.planner,
        executor=options.executor,
        tier=options.tier,
        no_planner=options.no_planner or settings.planner.when == "never",
        effort=options.effort,
    )
    tiers = settings.tiers or default_tiers(environ)
    if not tiers and not (options.model or options.executor):
        raise KeyProblem(
            "no model is configured and no key was found",
            hint="set a key such as ANTHROPIC_API_KEY, write a configuration with `agent init`,"
            " or look at it without a key with `agent demo`",
        )
    executor = route(Role.EXECUTOR, tiers, settings.roles, choice)
    if executor is None:
        raise AssertionError("only a planner can be left out")
    if options.effort and executor.tier.command:
        raise UsageProblem(
            f"--effort is for models, and the executor is the command `{executor.tier.command}`",
            hint="say it in the command itself, or choose a model with --executor",
        )
    planner = route(Role.PLANNER, tiers, settings.roles, choice)
    return replace(settings, tiers=tiers), Casting(executor, planner)


@dataclass(frozen=True, slots=True)
class ModelMaker:
    """Builds what stands behind a tier.

    on_body: what `--debug` does with the exact bytes of a request, by role
    made:    the bare models so far; `close` ends their connections
    """

    environ: Mapping[str, str]
    settings: Settings
    prices: PriceBook
    clock: Clock
    surroundings: Surroundings
    runner: Runner
    cwd: Path
    on_body: Callable[[Role, bytes], None] | None = None
    made: list[WireModel] = field(default_factory=list)

    def warm(self) -> None:
        """Load what the first call needs: the planner's SDK and client, or in single-model use the
        executor's. A client more would only be in the way of the first request. Raises nothing.
        """
        for model in self.made[-1:]:
            with suppress(Exception):  # the call itself will meet it, and say it
                model.warm()

    def close(self) -> None:
        for model in self.made:
            model.close()

    def model(self, routed: Routed, role: Role) -> Model:
        check_proxies(self.environ)
        card = card_for(routed.name, routed.tier, self.environ, self.prices)
        on_body = self.on_body
        bare = build_model(
            card,
            self.environ,
            self.settings.cache,
            self.clock,
            on_body=None if on_body is None else lambda body: on_body(role, body),
        )
        self.made.append(bare)
        return stack_model(bare, self.surroundings)

    def crew(self, casting: Casting) -> Crew:
        executor, executor_worker = self._one(casting.executor, Role.EXECUTOR)
        planner, planner_worker = (None, None)
        if casting.planner is not None:
            planner, planner_worker = self._one(casting.planner, Role.PLANNER)
        return Crew(executor, executor_worker, planner, planner_worker)

    def _one(self, routed: Routed, role: Role) -> tuple[Model | None, Worker | None]:
        if not routed.tier.command:
            return self.model(routed, role), None
        purpose: Purpose = "planner" if role is Role.PLANNER else "executor"
        return None, worker_for(routed.name, routed.tier, self.runner, self.cwd, purpose)


def cards_of(crew: Crew) -> dict[Role, ModelCard | str]:
    """Who serves each role, for people: a model's card, or a worker's command."""
    cards: dict[Role, ModelCard | str] = {}
    if crew.planner is not None:
        cards[Role.PLANNER] = crew.planner.card
    elif crew.planner_worker is not None:
        cards[Role.PLANNER] = crew.planner_worker.command
    if crew.executor is not None:
        cards[Role.EXECUTOR] = crew.executor.card
    elif crew.executor_worker is not None:
        cards[Role.EXECUTOR] = crew.executor_worker.command
    return cards
