"""Who says what was done: past tense by the speaker, told from plans, conditions and others."""

from __future__ import annotations

import re

ADVERBS = (
    r"(?:also|then|now|successfully|just|finally|first|next|additionally|manually|carefully|further"
    r"|subsequently|afterwards|therefore|thus|simply|only|both|again|newly|quickly|properly"
    r"|correctly|fully|completely|safely|automatically|directly|separately|individually|actually)"
)

_FIRST_PERSON = re.compile(
    rf"(?:^|[^\w'])(?P<who>I|we|We)(?:'ve|\s+have|\s+had)?(?:,?\s+{ADVERBS},?)*[\s*_]*$"
)
_CONTINUES = re.compile(
    rf"(?:[,;:&+/]|—|\s-|->|→|\band|\bthen|\bplus|\bbut)"
    rf"(?:\s+(?:and|then|also))*(?:\s+{ADVERBS},?)*[\s*_]*$",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    rf"^[\W\d_]*(?:(?:{ADVERBS}|done|completed?|finished|ok|okay|great|perfect|sure|as\s+requested"
    r"|all\s+(?:done|set)|summary|result|fix(?:ed)?|step\s+\d+|task\s+\d+|phase\s+\d+"
    r"|in\s+(?:addition|total|short|this\s+\w+)|to\s+(?:summari[sz]e|recap|sum\s+up)"
    r"|for\s+(?:this|that)|along\s+the\s+way|have|has|i've|been)[\s,.:!;—*_-]*)*$",
    re.IGNORECASE,
)
_DEED = re.compile(
    rf"^[\W\d_]*(?:(?:{ADVERBS}|done|ok|great)[\s,.:!*_—-]+)*(?:(?:I|we|We)(?:'ve|\s+have)?\s+)?"
    rf"(?:{ADVERBS}\s+)*(?P<verb>[A-Za-z][\w-]*ed|wrote|made|built|did|ran|gone|went|found|set|put"
    r"|got|kept|took|split|read|looked|chose|left)\b",
)
_NO_DEED = re.compile(
    r"^(?:expected|suggested|proposed|planned|needed|required|recommended|intended|supposed|failed"
    r"|related|outdated|unused|deprecated|unchanged|blocked|indeed|detailed)$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[\W\d_]*(?P<label>[\w/&' `.()-]{1,50}?)[*_`]*\s*(?::|—|\s-)\s*[*_]*$")

_NOT_SAID = re.compile(
    r"""\b(?:if|once|until|unless|when|whenever|before|after|in\s+case|assuming|suppose|imagine
    |as\s+though|as\s+if|should|would|could|might|whether|pretend|claims?|claimed|said|says
    |n't|never|not|no|without|previously|earlier|yesterday|originally|already|last\s+time
    |plan|todo|to-do|next|proposed|suggest\w*|expected|you|user|example|instead|wish|had)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_DONE_BEFORE = re.compile(
    r"""\b(?:not|never|no|none|nothing|neither|nor|if|when|whenever|once|unless|until|would|should
    |could|may|might|will|must|can|previously|originally|already|earlier|before|whether|expected
    |supposed|because|since|given|what|which|why|how|without|you|user|yet|example|instead|had)\b|n't\b""",
    re.IGNORECASE | re.VERBOSE,
)
_BOUNDARY = re.compile(r"[,;:—]|\s-\s|\b(?:and|but|then)\b")
_ASKS = re.compile(
    r"\?\s*[*_)\"]*$|\b(?:should|shall|may|can)\s+i\b|\bdo\s+you\s+want\b|\bwould\s+you\s+like\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:previous(?:ly)?|earlier|yesterday|last\s+(?:time|session|week)|originally|in\s+the\s+past"
    r"|beforehand|used\s+to|by\s+the\s+(?:user|previous|other)|you\s+(?:had|have|already))\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"\b(?:revert\w*|restor\w+|roll(?:ed|ing)?\s+(?:it\s+|them\s+)?back|undid|undone|undo\b|put\s+back"
    r"|temporar\w+|discard\w*|backed\s+out|clean(?:ed)?[\s-]up|throwaway|scratch"
    r"|(?:removed|deleted)\s+(?:it|them|both|these|those|again|afterwards?))\b|\bno\s+longer\b",
    re.IGNORECASE,
)


def is_statement(text: str) -> bool:
    """Not a question, and not about what was before this work."""
    return not _ASKS.search(text) and not _LONG_AGO.search(text)


def takes_back(text: str) -> bool:
    """Something that was done was undone again, and the text says so."""
    return bool(_TAKEN_BACK.search(text))


def says_it_did(before: str, *, continues: bool) -> bool:
    """Whether a past-tense verb after `before` is the speaker's own deed.

    continues: an earlier verb of the same sentence was, so that "and", a comma or a dash goes on
    """
    if _LEAD_IN.match(before):
        return True
    first = _FIRST_PERSON.search(before)
    if first:
        clause = _last_clause(before[: first.start("who")])
        return not _NOT_SAID.search(clause)
    if not _CONTINUES.search(before):
        return False
    label = _LABEL.match(before)
    return continues or has_deed(before) or bool(label and not _NOT_SAID.search(label["label"]))


def has_deed(before: str) -> bool:
    """The sentence begins with something the speaker did: "fixed the bug and …"."""
    deed = _DEED.match(before)
    return deed is not None and not _NO_DEED.match(deed["verb"])


def was_done(before: str) -> bool:
    """Whether a passive after `before` ("… was created") states a fact."""
    return not _NOT_DONE_BEFORE.search(_last_clause(before))


def _last_clause(before: str) -> str:
    """An "if …," in front of the clause still governs it."""
    if re.match(r"\W*(?:if|once|when|whenever|unless|until|after|before)\b", before, re.IGNORECASE):
        return before
    return _BOUNDARY.split(before)[-1]
