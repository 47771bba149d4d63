"""Files that a report says were only there for a while: "wrote t.py, ran it and removed it"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from burnless.audit.named_paths import find_paths
from burnless.audit.prose import Statement

_GONE = r"(?:removed|deleted|erased|unlinked|dropped|discarded|cleaned\s+up|got\s+rid\s+of)"
_REMOVED = re.compile(
    rf"\b{_GONE}\s+(?:it|them|both|these|those|again|after(?:wards?)?|(?:the|that|this|my|those|these)\s+"
    r"(?:(?:temp(?:orary)?|scratch|throwaway|test|helper|small|little|new)\s+)*"
    r"(?:files?|scripts?|folders?|copy|copies|backups?|reproduc\w+|experiments?))\b"
    r"|\b(?:it|they|which|that|both|files?|scripts?|copy|folder)\s+(?:is|are|was|were|has|have)\s+"
    rf"(?:(?:been|then|since|now|also|already|again|later)\s+)*{_GONE}\b",
    re.IGNORECASE,
)
_FURTHER_ON_MOST = 3
"""Statements between a file and the word that it is gone."""


def find_passing(statements: Iterable[Statement]) -> frozenset[str]:
    """Paths named before "removed it", in its statement or failing that in the last ones."""
    gone: set[str] = set()
    recent: list[str] = []
    age = 0
    for statement in statements:
        paths = find_paths(statement.text)
        for found in _REMOVED.finditer(statement.text):
            named = [path.path for path in paths if path.start < found.start()]
            gone.update(named or (recent if age < _FURTHER_ON_MOST else ()))
        age += 1
        if paths:
            recent, age = [path.path for path in paths], 0
    return frozenset(gone)
