"""The newest reply that the prompt still holds."""

from __future__ import annotations

from burnless.core.messages import AssistantMessage
from burnless.core.session import Session


def last_assistant(session: Session) -> AssistantMessage | None:
    """The newest reply that is still in the raw tail."""
    for entry in reversed(session.tail):
        if isinstance(entry.message, AssistantMessage):
            return entry.message
    return None
