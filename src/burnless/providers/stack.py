"""The wrappers of a model in their one right order: Pinned(Retrying(Metered(wire)))."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from burnless.core import events as ev
from burnless.core.protocols import Ledger, Model
from burnless.core.settings import Limits
from burnless.providers.catalog import same_model
from burnless.providers.metered import MeteredModel
from burnless.providers.pinned import PinnedModel
from burnless.providers.prefix_watch import PrefixWatch
from burnless.providers.retrying import RetryingModel
from burnless.providers.wire_model import WireModel


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the models of one session share.

    watch:   hashes the prompts of all roles
    pin_of:  the served name the session accepts for a model id
    record:  takes ModelPinned events
    on_wait: the reason for a wait, and its seconds
    """

    ledger: Ledger
    watch: PrefixWatch
    limits: Limits
    pin_of: Callable[[str], str | None]
    record: Callable[[ev.ModelPinned], object]
    on_wait: Callable[[str, float], None]
    jitter: Callable[[], float] = random.random


def stack_model(bare: WireModel, around: Surroundings) -> Model:
    """Each attempt is metered by itself; a served name is judged when a reply was kept."""
    metered = MeteredModel(bare, around.ledger, around.watch, bare.so_far)
    retrying = RetryingModel(metered, around.limits, around.on_wait, around.jitter)
    return PinnedModel(retrying, around.pin_of, around.record, same_model)
