"""The raw conversation behind the capsule: one entry a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from burnless.core.messages import Message, Notice

A_PLAN_CAME = Notice("A new plan came here. It stands above, as it is now.")


@dataclass(frozen=True, slots=True)
class TailEntry:
    """One message of the raw conversation and the event that brought it.

    is_plan: a notice that holds a whole plan
    """

    seq: int
    message: Message
    is_plan: bool = False


def keep_raw(tail: Iterable[TailEntry], keep_from: int) -> list[TailEntry]:
    """What a compaction leaves of the tail. The capsule before it holds the plan, which does not
    stand twice in one prompt."""
    kept = (entry for entry in tail if entry.seq >= keep_from)
    return [
        replace(entry, message=A_PLAN_CAME, is_plan=False) if entry.is_plan else entry
        for entry in kept
    ]
