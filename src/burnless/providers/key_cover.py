"""The key stays out of what is shown and written: servers and SDKs repeat it in their errors."""

from __future__ import annotations

import re

COVER = "[key]"

_SHORTEST_KEY = 6
"""Shorter ones are no secrets but words ("none", "test"), and would tear up other words."""

_SHORTEST_PREFIX = 8
"""Characters. A cut text may end in the middle of a key."""

_AUTHORIZATION = re.compile(r"\bbearer\s+\[key\]", re.IGNORECASE)


def cover_key(text: str, key: str) -> str:
    """The text with `[key]` for the key, for each beginning of it, and for its bearer form."""
    if len(key) < _SHORTEST_KEY:
        return text
    escaped = repr(key.encode("utf-8", "surrogateescape"))[2:-1]  # as errors quote bytes
    forms = {key, escaped}
    covered = text
    for start in {form[:_SHORTEST_PREFIX] for form in forms}:
        covered = _cover(covered, start, forms)
    return covered if covered is text else _AUTHORIZATION.sub(COVER, covered)


def _cover(text: str, start: str, forms: set[str]) -> str:
    if start not in text:
        return text
    before, *rest = text.split(start)
    pieces = [before]
    for piece in rest:
        shared = max(_shared(start + piece, form) for form in forms) - len(start)
        pieces += [COVER, piece[shared:]]
    return "".join(pieces)


def _shared(text: str, form: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(text, form, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(text), len(form)))
