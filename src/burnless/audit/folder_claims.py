"""Claims about folders that are named like any other word: "I removed build"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from burnless.audit.grammar import is_statement, says_it_did, was_done
from burnless.audit.named_paths import clean
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

IsFolder = Callable[[str], bool]
"""Whether a word names a folder that is there, or that the journal saw files in."""

_GONE = r"deleted|removed|erased|wiped|got\s+rid\s+of"
_NOUN = r"(?:folders?|director(?:y|ies)|dirs?)"
_WORD = r"`?(?P<{0}>\.{{0,2}}/?[\w.@+-]+(?:/[\w.@+-]+)*/?)`?"
_ADJECTIVES = (
    r"(?:(?:the|a|an|our|my|its|whole|entire|old|stale|obsolete|unused|empty|legacy|new|existing"
    r"|generated|temporary|now[\s-]empty|leftover)\s+)*"
)
_LISTED = r"[`./\w@+-]+(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)[`./\w@+-]+)*"
_ENDS = (
    r"(?=[\s*_]*(?:$|[.;:!?)](?:\s|$)|,\s|—|\s-\s|\s(?:and|then|as|since|because|which|again)\b))"
)

_ACTIVE = re.compile(
    rf"(?<![\w-])(?:{_GONE})\s+(?P<lead>{_ADJECTIVES})(?P<list>{_LISTED})"
    rf"(?P<noun>\s+{_NOUN}\b)?[\s*_]*{_ENDS}",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"^(?P<lead>[\W_]*{_ADJECTIVES})(?P<list>{_LISTED})(?P<noun>\s+{_NOUN})?\s+"
    r"(?:was|were|is|are|(?:has|have)\s+been)\s+(?:now\s+|also\s+)?"
    rf"(?:deleted|removed|erased|wiped|gone)\b[\s*_]*{_ENDS}",
    re.IGNORECASE,
)
_MADE = re.compile(
    rf"(?<![\w-])(?:created|added|made|set\s+up|scaffolded)\s+{_ADJECTIVES}{_WORD.format('word')}"
    rf"\s+{_NOUN}\b[\s*_]*(?!\s*[`/])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?P<code>`?)(?P<word>[./\w@+-]+)`?")
_JOINED = frozenset({"and", "the"})

_CONTENTS = """test tests doc docs example examples config configs script scripts type types asset
assets style styles template templates migration migrations fixture fixtures lib libs source sources
src code app apps api apis model models view views component components util utils helper helpers
hook hooks page pages data log logs image images static public locale locales service services tool
tools core common shared internal module modules package packages feature features bench benchmarks
plugin plugins handler handlers route routes server client backend frontend auth user users cache"""
_MEANS_CONTENTS = frozenset(_CONTENTS.split())
"""Who says that these were removed may speak of some of what such a folder holds."""


def claims_about_folders(statement: Statement, is_folder: IsFolder) -> list[Claim]:
    """Only of words that `is_folder` knows. Firm where the words can mean nothing else."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text):
        return []
    claims = [*_removed(text, is_folder), *_made(text, is_folder)]
    return list({(claim.kind, claim.subject): claim for claim in claims}.values())


def _removed(text: str, is_folder: IsFolder) -> Iterator[Claim]:
    said = [
        found
        for found in _ACTIVE.finditer(text)
        if says_it_did(text[: found.start()], continues=False)
    ]
    passive = _PASSIVE.match(text)
    if passive and was_done(text[: passive.start("list")]):
        said.append(passive)
    for found in said:
        has_article = re.search(r"\b(?:the|a|an|our|my|its)\b", found["lead"], re.IGNORECASE)
        for each in _WORDS.finditer(found["list"]):
            word = clean(each["word"].rstrip("."))
            if word.lower() in _JOINED or not is_folder(word):
                continue
            named = bool(found["noun"]) or each["word"].endswith("/")
            plain = word.isalpha() and (each["code"] or has_article)
            firm = named or not (plain or word.lower() in _MEANS_CONTENTS)
            yield _claim(ClaimKind.FILE_DELETED, word, text, firm=firm)


def _made(text: str, is_folder: IsFolder) -> Iterator[Claim]:
    for found in _MADE.finditer(text):
        word = clean(found["word"])
        in_code = text[found.start("word") - 1] == "`"
        if (in_code or is_folder(word)) and says_it_did(text[: found.start()], continues=False):
            yield _claim(ClaimKind.FILE_WRITTEN, word, text, firm=True)


def _claim(kind: ClaimKind, word: str, text: str, *, firm: bool) -> Claim:
    return Claim(kind, word.rstrip("/"), "prose", quote=" ".join(text.split())[:200], firm=firm)
