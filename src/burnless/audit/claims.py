"""What a report claims: the lists of `finish`, and what its prose says in the past tense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from burnless.audit.command_claims import claims_about_commands
from burnless.audit.file_claims import claims_about_files
from burnless.audit.folder_claims import IsFolder, claims_about_folders
from burnless.audit.git_claims import claims_about_git
from burnless.audit.grammar import takes_back
from burnless.audit.named_paths import clean
from burnless.audit.passing_files import find_passing
from burnless.audit.prose import split_statements
from burnless.audit.stated_facts import claims_from_existence, claims_from_facts
from burnless.audit.symbol_claims import claims_about_symbols
from burnless.core.evidence import Claim, ClaimKind
from burnless.core.protocols import FinishReport

_ADMITS = re.compile(
    r"\bpre-?existing\b|\balready\s+(?:failing|broken|red|failed)\b|\bunrelated\b[^.]*\bfail"
    r"|\bfail\w*\b[^.]*\bunrelated\b|\bknown\s+(?:issues?|fail\w*)|\bstill\s+(?:fails?|failing|red)\b"
    r"|\b(?:were|was)\s+failing\b|\bfail\w*\b[^.]*\b(?:before|on\s+main|without\s+my)\b|\bflaky\b",
    re.IGNORECASE,
)
"""Failures that are owned up to: a report that names them is not caught out by them."""


_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e)\b")


@dataclass(frozen=True, slots=True)
class Claims:
    """What is claimed.

    takes_back: the prose says that something was undone, cleaned up, or only temporary
    passing:    paths of which it says that they were removed again
    """

    items: tuple[Claim, ...]
    takes_back: bool = False
    passing: frozenset[str] = frozenset()

    def in_first_person(self) -> Claims:
        """Without those that leave open who did it."""
        own = tuple(claim for claim in self.items if _FIRST_PERSON.search(claim.quote))
        return replace(self, items=own)


def _no_folder(word: str) -> bool:
    return False


def collect_claims(
    report: FinishReport | None,
    prose: str,
    *,
    read_prose: bool = True,
    is_folder: IsFolder = _no_folder,
) -> Claims:
    """Claims of the lists first; the prose adds what they do not hold yet.

    `prose` is the executor's last text; the report's summary is read with it. `is_folder` says
    whether a bare word names a folder: "I removed build" is a claim only then.
    """
    texts = [prose]
    if report is not None and report.summary.strip() not in prose:
        texts.append(report.summary)
    listed = list(_listed(report)) if report is not None else []
    if not read_prose:
        return Claims(tuple(listed))
    spoken = [claim for text in texts for claim in read_claims(text, is_folder)]
    statements = [split_statements(text) for text in texts]
    undone = any(takes_back(statement.text) for each in statements for statement in each)
    passing = frozenset().union(*(find_passing(each) for each in statements))
    return Claims(tuple(_merged([*listed, *spoken])), undone, passing)


def read_claims(text: str, is_folder: IsFolder = _no_folder) -> list[Claim]:
    """Only grammar: no model reads the report."""
    found = []
    statements = split_statements(text)
    admits = any(_ADMITS.search(statement.text) for statement in statements)
    for statement in statements:
        about_files = claims_about_files(statement) or list(claims_from_facts(statement))
        known = {claim.subject for claim in about_files}
        there = claims_from_existence(statement)
        about_files += [claim for claim in there if claim.subject not in known]
        found.extend(about_files)
        found.extend(claims_about_symbols(statement))
        named = {claim.subject.rstrip("/") for claim in about_files}
        folders = claims_about_folders(statement, is_folder)
        found.extend(claim for claim in folders if claim.subject not in named)
        found.extend(claims_about_git(statement))
        for claim in claims_about_commands(statement):
            found.append(replace(claim, firm=False) if admits else claim)
    return found


def _listed(report: FinishReport) -> Iterator[Claim]:
    for path, size in report.files:
        yield Claim(ClaimKind.FILE_WRITTEN, clean(path), "finish", size)
    for path in report.deleted:
        yield Claim(ClaimKind.FILE_DELETED, clean(path), "finish")
    for command in report.commands:
        if command.strip():
            yield Claim(ClaimKind.COMMAND_RUN, command.strip(), "finish")


def _merged(claims: list[Claim]) -> Iterator[Claim]:
    """One claim a subject: said twice it is one claim, and passing includes running.

    A size that only one of them states is kept, with the words that state it.
    """
    best: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        key = (_family(claim.kind), claim.subject)
        known = best.get(key)
        if known is None:
            best[key] = claim
            continue
        if claim.kind is ClaimKind.COMMAND_PASSED and known.kind is ClaimKind.COMMAND_RUN:
            known = replace(known, kind=claim.kind, quote=claim.quote)
        if known.size is None and claim.size is not None:
            known = replace(known, size=claim.size, quote=claim.quote)
        if known.lines is None and claim.lines is not None:
            known = replace(known, lines=claim.lines, quote=claim.quote)
        known = replace(known, quote=known.quote or claim.quote)
        best[key] = replace(known, firm=known.firm or claim.firm)
    yield from best.values()


def _family(kind: ClaimKind) -> str:
    return (
        "command"
        if kind is ClaimKind.COMMAND_PASSED
        else kind.value.replace("command_run", "command")
    )
