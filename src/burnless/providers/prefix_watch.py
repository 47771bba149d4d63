"""Whether a request extends the one before it, at the cost of what is new in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from burnless.core.encoding import canonical, to_json
from burnless.core.events import LayerHash
from burnless.core.messages import Message, ModelRequest, Role
from burnless.policy.tokens import estimate, estimate_message

TOOLS, SYSTEM, PROJECT, CAPSULE, TAIL = LAYERS = ("tools", "system", "project", "capsule", "tail")
"""In cache order: a change in one makes all behind it new to the cache."""

_HEAD_OF_SIDE_CALLS = (TOOLS, SYSTEM)


@dataclass(frozen=True, slots=True)
class PrefixChange:
    """A layer whose bytes are not those of the last call. `tokens`: what is new to the cache."""

    role: Role
    purpose: str
    layer: str
    tokens: int


@dataclass(slots=True)
class _Conversation:
    """What was sent last for one role and purpose."""

    head: dict[str, tuple[object, LayerHash]] = field(default_factory=dict)
    tail: list[Message] = field(default_factory=list)
    chain: list[bytes] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    last: tuple[LayerHash, ...] = ()


class PrefixWatch:
    """Hashes each request's layers and says which one broke the prefix, before it is sent.

    The tail's hash is a chain over its messages, so that a longer tail can be seen to start with
    an older one. Messages are known again by identity, else by their bytes.

    A side call (one with a purpose) starts a conversation of its own each time: only its tools and
    system text must stay, and its tail while it starts with the same message.

    before: the layers of each (role, purpose)'s last call, from the log, after a restart
    """

    def __init__(
        self,
        on_change: Callable[[PrefixChange], None],
        before: Mapping[tuple[Role, str], Sequence[LayerHash]] | None = None,
    ) -> None:
        self._on_change = on_change
        self._conversations = {
            key: _Conversation(last=tuple(layers)) for key, layers in (before or {}).items()
        }

    def observe(self, request: ModelRequest) -> tuple[LayerHash, ...]:
        """The layers of this request. Calls `on_change` where it does not extend the last."""
        key = (request.role, request.purpose)
        conversation = self._conversations.setdefault(key, _Conversation())
        before = conversation.last
        same_start = _starts_alike(conversation.tail, request.tail)
        layers = (*_head(conversation, request), _tail(conversation, request.tail))
        conversation.last = layers
        if before:
            changed = _first_change(before, layers, conversation, request, same_start=same_start)
            if changed is not None:
                at = LAYERS.index(changed)
                rewritten = sum(layer.tokens for layer in layers[at:])
                self._on_change(PrefixChange(*key, changed, rewritten))
        return layers


def _head(conversation: _Conversation, request: ModelRequest) -> tuple[LayerHash, ...]:
    parts: tuple[tuple[str, object], ...] = (
        (TOOLS, request.tools),
        (SYSTEM, request.system),
        (PROJECT, request.project),
        (CAPSULE, request.capsule),
    )
    for name, value in parts:
        known = conversation.head.get(name)
        if known is None or known[0] != value:
            text = value if isinstance(value, str) else _tools_text(request)
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            conversation.head[name] = (value, LayerHash(name, digest, estimate(text)))
    return tuple(conversation.head[name][1] for name, _ in parts)


def _tools_text(request: ModelRequest) -> str:
    return canonical([[t.name, t.description, t.parameters] for t in request.tools])


def _tail(conversation: _Conversation, tail: Sequence[Message]) -> LayerHash:
    same = 0
    kept = conversation.tail
    for message in tail:
        if same == len(kept) or not (kept[same] is message or kept[same] == message):
            break
        same += 1
    del kept[same:], conversation.chain[same:], conversation.tokens[same:]
    for message in tail[same:]:
        link = conversation.chain[-1] if conversation.chain else b""
        told = canonical([type(message).__name__, to_json(message)])
        conversation.chain.append(hashlib.sha256(link + told.encode()).digest())
        total = conversation.tokens[-1] if conversation.tokens else 0
        conversation.tokens.append(total + estimate_message(message))
        kept.append(message)
    end = conversation.chain[-1] if conversation.chain else b""
    return LayerHash(TAIL, end.hex(), conversation.tokens[-1] if conversation.tokens else 0)


def _starts_alike(before: Sequence[Message], now: Sequence[Message]) -> bool:
    return bool(before and now) and (before[0] is now[0] or before[0] == now[0])


def _first_change(
    before: Sequence[LayerHash],
    now: Sequence[LayerHash],
    conversation: _Conversation,
    request: ModelRequest,
    *,
    same_start: bool,
) -> str | None:
    is_side_call = bool(request.purpose) or request.role is not Role.EXECUTOR
    compared = _HEAD_OF_SIDE_CALLS if is_side_call and not same_start else LAYERS[:-1]
    sent = {layer.layer: layer.sha256 for layer in before}
    for layer in now:
        if layer.layer in compared and sent.get(layer.layer) != layer.sha256:
            return layer.layer
    if is_side_call and not same_start:
        return None
    end = sent.get(TAIL, "")
    extends = not end or bytes.fromhex(end) in conversation.chain
    return None if extends else TAIL
