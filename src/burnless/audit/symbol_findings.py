"""Claims that a file holds something of a name, held against its text. Pure."""

from __future__ import annotations

import re

from burnless.audit.file_findings import Ground, find_path
from burnless.core.evidence import Claim, Finding, FindingKind, Verdict


def judge_symbol(claim: Claim, ground: Ground) -> Finding:
    """Contradicted only where nothing like the name is in the file, nor in another changed one."""
    name, _, named = claim.subject.partition(" in ")
    path = find_path(named, ground)
    text = f"claimed `{name}` in {named}"
    content = ground.disk.text(path)
    if content is None:
        return Finding(Verdict.UNPROVEN, f"{text}: the file cannot be read", None, claim)
    entries = ground.changes_of(path)
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", content):
        if entries:
            return Finding(Verdict.PROVEN, f"{text}: it is there", None, claim)
        return Finding(Verdict.UNPROVEN, f"{text}: it is there, in a file unchanged", None, claim)
    text = f"{text}: no such name in the file"
    others = {entry.change.path for entry in ground.session.changes}
    elsewhere = any(name in (ground.disk.text(other) or "") for other in others)
    soft = elsewhere or ground.takes_back or name.casefold() in content.casefold()
    verdict = Verdict.UNPROVEN if soft or not claim.firm else Verdict.CONTRADICTED
    return Finding(verdict, text, FindingKind.MISSING, claim)
