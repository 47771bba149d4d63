"""The rent meter of a session, from an open engine or from the configuration alone."""

from __future__ import annotations

import os
from collections.abc import Mapping

from burnless.cli.clock import SystemClock
from burnless.cli.crew import cast_roles
from burnless.cli.options import RunOptions
from burnless.core.errors import BurnlessError
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.session import Session
from burnless.core.settings import Settings
from burnless.core.usage import FREE
from burnless.policy.compaction import rent_state
from burnless.policy.routing import Routed
from burnless.providers.cards import card_for
from burnless.state.config import load_settings
from burnless.state.layout import Layout
from burnless.state.price_book import LayeredPriceBook
from burnless.ui.rent_view import rent_lines


def meter_text(session: Session, settings: Settings, cards: Mapping[Role, ModelCard | str]) -> str:
    """As it stands at the last call; a worker holds no context, so there is nothing to rent."""
    executor = cards.get(Role.EXECUTOR)
    if not isinstance(executor, ModelCard):
        return ""
    planner = cards.get(Role.PLANNER, "")
    price = planner.price if isinstance(planner, ModelCard) else None
    state = rent_state(
        session,
        executor,
        settings.compaction,
        settings.cache,
        planner_price=price if planner else FREE,
        estimate_next=0,
    )
    return "\n".join(rent_lines(state)) + "\n"


def configured_meter(session: Session, layout: Layout) -> str:
    """With the models that are configured now; "" where they cannot be told."""
    try:
        settings = load_settings(layout, environ=os.environ).settings
        settings, casting = cast_roles(settings, RunOptions(cwd=layout.workspace), os.environ)
        book = LayeredPriceBook(settings.prices, SystemClock())
        cards = {Role.EXECUTOR: _card(casting.executor, book)}
        if casting.planner is not None:
            cards[Role.PLANNER] = _card(casting.planner, book)
    except BurnlessError:
        return ""
    return meter_text(session, settings, cards)


def _card(routed: Routed, book: LayeredPriceBook) -> ModelCard | str:
    if routed.tier.command:
        return routed.tier.command
    return card_for(routed.name, routed.tier, os.environ, book, need_key=False)
