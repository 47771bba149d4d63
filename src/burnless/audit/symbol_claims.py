"""Claims that a file holds something of a name: "added function `mul` to calc.py"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burnless.audit.grammar import is_statement, says_it_did
from burnless.audit.named_paths import find_paths
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

_NOUN = (
    r"(?:functions?|methods?|class(?:es)?|tests?|constants?|helpers?|variables?|dataclass(?:es)?"
    r"|enums?|interfaces?|structs?|types?|fixtures?|test\s+cases?|decorators?|exceptions?)"
)
_NAME = r"`[A-Za-z_][\w.]*(?:\([^`()]*\))?`"
_NAMES = rf"{_NAME}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+){_NAME})*"
_LEAD = r"(?:(?:a|an|the|new|two|three|small|simple|private|public|helper|unit|async|missing)\s+)*"
_TO = r"\s+(?:to|in|into)\s+(?:the\s+)?(?:file\s+|module\s+)?[*_]*$"
_ADDED = re.compile(
    rf"(?<![\w-])(?:added|created|implemented|introduced|defined|wrote)\s+{_LEAD}(?:"
    rf"{_NOUN}\s+(?:called\s+|named\s+)?(?P<behind>{_NAMES})"
    rf"|(?P<before>{_NAMES})\s+(?:helper\s+|unit\s+|test\s+)?{_NOUN})(?={_TO})",
    re.IGNORECASE,
)


def claims_about_symbols(statement: Statement) -> Iterator[Claim]:
    """Only names in code marks, called what they are, and put into one named file."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text):
        return
    for path in find_paths(text):
        found = _ADDED.search(text[: path.start])
        if found is None or not path.sure or not _is_own(text[: found.start()]):
            continue
        for name in re.findall(_NAME, found["behind"] or found["before"]):
            symbol = name.strip("`").partition("(")[0].rpartition(".")[2]
            if symbol:
                quote = " ".join(text.split())[:200]
                subject = f"{symbol} in {path.path}"
                yield Claim(ClaimKind.SYMBOL_ADDED, subject, "prose", quote=quote)


def _is_own(before: str) -> bool:
    return says_it_did(before, continues=False)
