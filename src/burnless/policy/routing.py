"""Which tier serves which role: a static look-up, no model asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from burnless.core.errors import ConfigProblem
from burnless.core.messages import Role
from burnless.core.settings import TIERS, Roles, Tier


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for by flags; each is "" or a tier's name or a "provider/model".

    both:      planner and executor alike (`--model`)
    tier:      the executor's tier
    """

    both: str = ""
    planner: str = ""
    executor: str = ""
    tier: str = ""
    no_planner: bool = False
    effort: str = ""


@dataclass(frozen=True, slots=True)
class Routed:
    """A tier by name, and what stands behind it. `name` is "" for a model named directly."""

    name: str
    tier: Tier


def route(role: Role, tiers: dict[str, Tier], roles: Roles, choice: Choice) -> Routed | None:
    """Who serves `role`; None for a planner nobody wants. Raises ConfigProblem."""
    if role is Role.PLANNER and choice.no_planner:
        return None
    routed = _named(_wish(role, choice), tiers) or _configured(roles.tier_of(role), tiers)
    if role is Role.EXECUTOR and choice.effort:
        routed = replace(routed, tier=replace(routed.tier, effort=choice.effort))
    return routed


def _wish(role: Role, choice: Choice) -> str:
    match role:
        case Role.PLANNER:
            return choice.planner or choice.both
        case Role.EXECUTOR:
            return choice.executor or choice.tier or choice.both
        case Role.CRITIC | Role.CHORE:
            return ""


def _named(wish: str, tiers: dict[str, Tier]) -> Routed | None:
    if not wish:
        return None
    if wish in tiers:
        return Routed(wish, tiers[wish])
    if wish in TIERS:
        raise ConfigProblem(
            f"the tier {wish} is not configured",
            hint=f"the configured tiers are: {', '.join(tiers) or 'none'}; add it under tiers:",
        )
    return Routed("", _like_configured(wish, tiers))


def _like_configured(model: str, tiers: dict[str, Tier]) -> Tier:
    """A model named directly keeps the address and key of a tier that has the same one."""
    for tier in tiers.values():
        if tier.model in {model, model.partition("/")[2]} or tier.model.endswith(f"/{model}"):
            return tier
    return Tier(model=model)


def _configured(name: str, tiers: dict[str, Tier]) -> Routed:
    """The tier, or the nearest one there is: a configuration of one tier serves every role."""
    if name in tiers:
        return Routed(name, tiers[name])
    order = [tier for tier in TIERS if tier in tiers]
    if not order:
        raise ConfigProblem("no tier is configured", hint="run `agent init`, or set a key")
    wanted = TIERS.index(name) if name in TIERS else 0
    nearest = min(order, key=lambda tier: abs(TIERS.index(tier) - wanted))
    return Routed(nearest, tiers[nearest])
