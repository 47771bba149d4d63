"""What each wire module offers: requests out, events in, both plain JSON. No bytes, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from burnless.core.encoding import Json, JsonObject
from burnless.core.messages import Block, Delta, Message, ModelRequest, StopReason
from burnless.core.models import ModelCard
from burnless.core.usage import Usage
from burnless.providers.problems import Endpoint


@dataclass(frozen=True, slots=True)
class Translated:
    """A request body, and how many reasoning blocks of another family were left out of it."""

    body: JsonObject
    dropped_reasoning: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A whole reply as its stream told it; None = not said."""

    blocks: tuple[Block, ...]
    stop: StopReason
    raw_stop: str
    usage: Usage | None
    served_model: str | None
    response_id: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known of a call that may not end well.

    sent:  its request began to leave, so that the provider may bill it
    usage: what the provider said of its cost, None = nothing
    """

    sent: bool = False
    usage: Usage | None = None


class Translator(Protocol):
    """Makes request bodies of one model. Keeps what it translated, so that a step is cheap."""

    def translate(self, request: ModelRequest) -> Translated: ...

    def forget_reasoning(self, messages: Sequence[Message]) -> bool:
        """From now on these go out without reasoning: the provider refused it. Was there any?"""


class ReplyBuilder(Protocol):
    """Folds the events of one stream."""

    def feed(self, event: JsonObject) -> list[Delta]:
        """Raises what an error event means."""

    def finish(self) -> Folded:
        """The reply. Raises Temporary where the stream ended before the reply did."""

    @property
    def usage_so_far(self) -> Usage | None:
        """What the provider said of the cost until now, whole reply or not."""


def endpoint_of(card: ModelCard, key: str) -> Endpoint:
    return Endpoint(card.provider, card.name, card.key_env, key)


def number(value: Json) -> int:
    """A token count, or 0 where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def child(value: Json, key: str) -> JsonObject:
    """The object under `key`, or an empty one: servers leave things out as they like."""
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def children(value: Json, key: str) -> list[JsonObject]:
    """The objects in the list under `key`."""
    inner = value.get(key) if isinstance(value, dict) else None
    return [item for item in inner if isinstance(item, dict)] if isinstance(inner, list) else []
