"""One tiny call to a model, to see that key, address and name are right."""

from __future__ import annotations

import os

from burnless.cli.clock import SystemClock
from burnless.core.cancel import CancelToken
from burnless.core.errors import BurnlessError
from burnless.core.messages import ModelRequest, Role, UserMessage
from burnless.core.models import ModelCard
from burnless.core.settings import CacheSettings
from burnless.core.usage import cost_of, dollars_text
from burnless.providers.cards import build_model

_OUTPUT_TOKENS = 256
"""Enough for a model that thinks before it says one word."""


def call_live(card: ModelCard) -> str:
    """Who served it, how fast and for how much; or what is wrong."""
    request = ModelRequest(
        role=Role.CHORE,
        tools=(),
        system="Answer with one word.",
        project="",
        capsule="",
        tail=(UserMessage("Say ok."),),
        max_output_tokens=_OUTPUT_TOKENS,
    )
    try:
        model = build_model(card, os.environ, CacheSettings(prefix_cache=False), SystemClock())
        reply = model.complete(request, lambda _delta: None, CancelToken())
    except BurnlessError as error:
        return f"failed: {error}; {error.hint}"
    known = reply.usage is not None and card.price is not None
    cost = cost_of(reply.usage, card.price) if known and reply.usage and card.price else None
    served = reply.served_model or "a model it does not name"
    return f"answered by {served} in {reply.seconds:.1f}s for {dollars_text(cost)}"
