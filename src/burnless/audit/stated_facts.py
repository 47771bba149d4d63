"""Claims that name no deed: "Output saved to out.csv", "old.py is gone"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burnless.audit.grammar import is_statement, was_done
from burnless.audit.named_paths import find_paths
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

_GONE = re.compile(
    r"[\s*_`)]*(?:(?:is|are)\s+(?:now\s+|both\s+|all\s+)*gone|no\s+longer\s+exists?)[\s*_.!]*(?:$|—|,\s)",
    re.IGNORECASE,
)
_SAVED = re.compile(
    r"^[\W_]*(?:The\s+|All\s+)?[A-Z]?[\w-]+(?:\s+(?!are\b|is\b|be\b|get\b|will\b)[\w-]+){0,3}?\s+"
    r"(?P<verb>saved|exported|written|dumped)\s+(?:to|at|as|in|under)\s*:?[\s*_`]*$",
    re.IGNORECASE,
)
_EXISTS = re.compile(
    r"[\s*_`)]*(?:(?:file|module|script)\s+)?(?:now\s+(?:also\s+)?exists|exists\s+now"
    r"|is\s+now\s+(?:there|in\s+place))\b",
    re.IGNORECASE,
)
_STARTS = re.compile(r"(?:^|[;,—]|\band)\s*[\W_]*(?:(?:the|a|both)\s+)?(?:(?:new|file)\s+)*$", re.I)
_LIVES = re.compile(
    r"(?:^|[;,—]|\band)\s*(?!nothing|no\b)(?:[\w`()-]+\s+){1,4}(?P<now>now\s+)?lives?\s+"
    r"(?P<too>now\s+)?in\s+[*_]*$",
    re.IGNORECASE,
)


def claims_from_existence(statement: Statement) -> Iterator[Claim]:
    """That a file is there, and no more: "a.py now exists", "the helper lives in a.py now"."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text):
        return
    for path in find_paths(text):
        before, after = text[: path.start], text[path.end :]
        exists = _STARTS.search(before) and _EXISTS.match(after)
        lives = _LIVES.search(before)
        now = lives and (lives["now"] or lives["too"] or re.match(r"[\s*_`]*now\b", after))
        if (exists or now) and path.sure and was_done(before):
            quote = " ".join(text.split())[:200]
            yield Claim(ClaimKind.FILE_WRITTEN, path.path, "prose", quote=quote)


def claims_from_facts(statement: Statement) -> Iterator[Claim]:
    """Only whole sentences: a part of one may be conditional, or about another time."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text):
        return
    paths = find_paths(text)
    if len(paths) != 1:
        return
    path, quote = paths[0], " ".join(text.split())[:200]
    before, after = text[: path.start], text[path.end :]
    if _GONE.match(after) and not re.search(r"\w", before):
        yield Claim(ClaimKind.FILE_DELETED, path.path, "prose", quote=quote, firm=path.sure)
    saved = _SAVED.match(before)
    if saved and not re.search(r"\w", after):
        firm = path.sure and saved["verb"].lower() in {"saved", "exported"}
        yield Claim(ClaimKind.FILE_WRITTEN, path.path, "prose", quote=quote, firm=firm)
