"""A bare model: one wire's translation, one transport. Knows nothing of money or retries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from burnless.core.cancel import CancelToken
from burnless.core.errors import Temporary
from burnless.core.messages import AssistantMessage, Block, Delta, ModelRequest, Reply, ToolCall
from burnless.core.models import ModelCard
from burnless.core.protocols import Clock
from burnless.providers.body_encoder import BodyEncoder
from burnless.providers.problems import ReasoningRefused
from burnless.providers.transport import Patience, Transport, events_of
from burnless.providers.wire import Folded, ReplyBuilder, SoFar, Translator


@dataclass(frozen=True, slots=True)
class Wiring:
    """What makes a wire: how requests are translated, how replies are folded, what sends bytes.

    cover: takes the key out of a text
    """

    translator: Translator
    new_reply: Callable[[], ReplyBuilder]
    transport: Transport
    cover: Callable[[str], str]


class WireModel:
    """See `protocols.Model`. One call at a time: the translation is kept from call to call.

    `on_body` sees each request's exact bytes (for --debug), but for the key, should it be in there.
    """

    def __init__(
        self,
        card: ModelCard,
        wiring: Wiring,
        clock: Clock,
        patience: Patience | None = None,
        on_body: Callable[[bytes], None] | None = None,
    ) -> None:
        self._card = card
        self._wiring = wiring
        self._clock = clock
        self._patience = patience or Patience()
        self._encoder = BodyEncoder()
        self._so_far = SoFar()
        self._on_body = on_body

    @property
    def card(self) -> ModelCard:
        return self._card

    def so_far(self) -> SoFar:
        """What is known of the last call, also where it failed."""
        return self._so_far

    def warm(self) -> None:
        """Load the SDK and set up its client, ahead of the first call."""
        self._wiring.transport.warm()

    def close(self) -> None:
        self._wiring.transport.close()

    def complete(
        self,
        request: ModelRequest,
        on_delta: Callable[[Delta], None],
        cancel: CancelToken,
    ) -> Reply:
        """As the protocol says. Where the provider refuses earlier reasoning, that is left out
        from now on and the request is sent once more: a refusal costs nothing.
        """
        try:
            return self._complete(request, on_delta, cancel)
        except ReasoningRefused:
            if not self._wiring.translator.forget_reasoning(request.tail):
                raise
        return self._complete(request, on_delta, cancel)

    def _complete(
        self,
        request: ModelRequest,
        on_delta: Callable[[Delta], None],
        cancel: CancelToken,
    ) -> Reply:
        cancel.check()
        started = self._clock.monotonic()
        first: float | None = None
        translated = self._wiring.translator.translate(request)
        reply = self._wiring.new_reply()
        body = self._encoder.encode(translated.body)
        if self._on_body is not None:
            self._on_body(self._covered(body))
        self._so_far = SoFar()
        wiring = self._wiring
        events = events_of(
            wiring.transport, body, cancel, self._patience, self._silent, cover=wiring.cover
        )
        try:
            for chunk in events:
                for event in chunk:
                    for delta in reply.feed(event):
                        if first is None:
                            first = self._clock.monotonic() - started
                        on_delta(delta)
            folded = reply.finish()
        finally:
            self._so_far = SoFar(wiring.transport.sent, reply.usage_so_far)
            events.close()
        seconds = self._clock.monotonic() - started
        used = {
            call.id
            for message in request.tail
            if isinstance(message, AssistantMessage)
            for call in message.calls
        }
        blocks = _own_ids(folded, used)
        return self._reply(folded, blocks, seconds, first, translated.dropped_reasoning)

    def _reply(
        self,
        folded: Folded,
        blocks: tuple[Block, ...],
        seconds: float,
        first: float | None,
        dropped_reasoning: int,
    ) -> Reply:
        cover = self._wiring.cover  # names too are words of the server that errors quote
        return Reply(
            message=AssistantMessage(blocks, self._card.id, self._card.family),
            stop=folded.stop,
            usage=folded.usage,
            served_model=cover(folded.served_model) if folded.served_model else None,
            raw_stop=cover(folded.raw_stop),
            response_id=cover(folded.response_id),
            seconds=seconds,
            first_token_seconds=first,
            dropped_reasoning=dropped_reasoning,
        )

    def _covered(self, body: bytes) -> bytes:
        text = body.decode("utf-8", "surrogateescape")
        return self._wiring.cover(text).encode("utf-8", "surrogateescape")

    def _silent(self, seconds: float) -> Temporary:
        return Temporary(
            f"{self._card.provider} sent nothing of {self._card.name}'s reply "
            f"for {seconds:g} seconds",
            hint="it will be tried again",
            billed=True,
        )


def _own_ids(folded: Folded, used: set[str]) -> tuple[Block, ...]:
    """Results find their call by its id alone: one that is empty, or was used before in
    this reply or an earlier one (`used`), is replaced.

    Sent back as they came, two calls of one id would be refused for the rest of the session.
    """
    blocks: list[Block] = []
    taken = set(used)
    for at, block in enumerate(folded.blocks):
        if not isinstance(block, ToolCall):
            blocks.append(block)
            continue
        call_id = block.id
        if not call_id or call_id in taken:
            seed = f"{folded.response_id} {at} {call_id} {block.arguments}"
            digest = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()
            call_id = f"call_{digest[:24]}"
        taken.add(call_id)
        blocks.append(replace(block, id=call_id))
    return tuple(blocks)
