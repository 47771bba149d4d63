"""The rent meter in words: how much of the next compaction's price was paid by re-reading."""

from __future__ import annotations

from burnless.core.usage import dollars_text
from burnless.policy.compaction import RentState


def rent_lines(state: RentState) -> list[str]:
    """Two or three lines for `/context` and `agent context`."""
    why = state.limit_reason.replace("_", " ")
    at_most = f"compaction at {state.limit:,} at the latest ({why})"
    lines = [f"context {state.context:,} tokens; {at_most}"]
    if state.fee is None:
        lines.append("rent meter off: the price of a cache read is zero or unknown")
        return lines
    share = f" ({100 * state.rent // state.fee}%)" if state.fee else ""
    lines.append(
        f"rent paid {dollars_text(state.rent)} of {dollars_text(state.fee)}{share}"
        " since the last compaction; a capsule at 100%"
    )
    return lines
