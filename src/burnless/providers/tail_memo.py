"""Translating a growing conversation at the cost of what is new in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from burnless.core.encoding import JsonObject
from burnless.core.messages import (
    AssistantMessage,
    Message,
    Notice,
    Reasoning,
    ToolResult,
    UserMessage,
)

UserSide: TypeAlias = UserMessage | Notice | ToolResult


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring messages of one side, and what they are on the wire.

    items:   wire messages, never changed once made: copies get the cache markers
    dropped: how many reasoning blocks of another family stayed behind
    """

    messages: tuple[Message, ...]
    items: tuple[JsonObject, ...]
    dropped: int = 0

    @property
    def from_user_side(self) -> bool:
        return not isinstance(self.messages[0], AssistantMessage)


class TailMemo:
    """Keeps each group's translation and makes again only what changed.

    A message is known again by identity: the tail of a session only ever extends, with the same
    objects. Anything else is simply translated anew from where it differs.

    translate_user:      all neighbouring user-side messages at once, so that a wire can merge them
    translate_assistant: one reply and the family whose reasoning it may carry; gives back the
                         number of reasoning blocks dropped from it
    """

    def __init__(
        self,
        translate_user: Callable[[Sequence[UserSide]], list[JsonObject]],
        translate_assistant: Callable[[AssistantMessage, str], tuple[list[JsonObject], int]],
        family: str,
    ) -> None:
        self._translate_user = translate_user
        self._translate_assistant = translate_assistant
        self._family = family
        self._groups: list[Group] = []
        self._unbound: dict[int, AssistantMessage] = {}

    def groups(self, tail: Sequence[Message]) -> list[Group]:
        """The whole tail in groups. The list is the memo's own: read it, do not keep it."""
        start, kept = self._unchanged(tail)
        del self._groups[kept:]
        while start < len(tail):
            end = start + 1
            if not isinstance(tail[start], AssistantMessage):
                while end < len(tail) and not isinstance(tail[end], AssistantMessage):
                    end += 1
            self._groups.append(self._group(tuple(tail[start:end])))
            start = end
        return self._groups

    def forget_reasoning(self, messages: Sequence[Message]) -> bool:
        """Translate these replies anew, as if no family could read their reasoning."""
        found = [
            message
            for message in messages
            if isinstance(message, AssistantMessage)
            and id(message) not in self._unbound
            and any(isinstance(block, Reasoning) for block in message.blocks)
        ]
        # The messages are kept too, so that no identity is given anew.
        self._unbound.update({id(message): message for message in found})
        self._groups.clear()
        return bool(found)

    def _unchanged(self, tail: Sequence[Message]) -> tuple[int, int]:
        """How many messages, in how many groups, stand as they did."""
        start = 0
        for kept, group in enumerate(self._groups):
            end = start + len(group.messages)
            if end > len(tail) or not _same(group.messages, tail, start):
                return start, kept
            grows = end < len(tail) and not isinstance(tail[end], AssistantMessage)
            if group.from_user_side and grows:
                return start, kept
            start = end
        return start, len(self._groups)

    def _group(self, messages: tuple[Message, ...]) -> Group:
        first = messages[0]
        if isinstance(first, AssistantMessage):
            family = "" if id(first) in self._unbound else self._family
            items, dropped = self._translate_assistant(first, family)
            return Group(messages, tuple(items), dropped)
        user_side = [m for m in messages if not isinstance(m, AssistantMessage)]
        return Group(messages, tuple(self._translate_user(user_side)))


def _same(kept: tuple[Message, ...], tail: Sequence[Message], start: int) -> bool:
    return all(message is tail[start + at] for at, message in enumerate(kept))
