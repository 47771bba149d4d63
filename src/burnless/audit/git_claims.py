"""Claims that tell of git without naming a command: "committed the fix", "pushed to origin"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burnless.audit.grammar import is_statement, says_it_did, was_done
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

_CHANGES = (
    r"(?:(?:the|my|all|all\s+the|these|this|those|our|its|both|a|single|new|code|final|remaining)\s+)*"
    r"(?:fix(?:es)?|changes?|work|files?|edits?|updates?|everything|results?|commits?|branch|it|them"
    r"|this|patch|refactoring|feature)\b"
)
_END = r"(?=[\s*_]*(?:$|[.;,:!)]|—|\s-\s|\s(?:and|then|as|to|on|in|with|under|locally|into)\b))"
_REMOTE = (
    r"(?:to|onto)\s+(?:the\s+|our\s+|your\s+)?[`*]*(?:remote|origin|github|gitlab|upstream|main\b"
    r"|master\b|branch|repo(?:sitory)?\b)"
)
_TRUNK = r"into\s+(?:the\s+)?[`*]*(?:main|master|develop|trunk)\b"

_DEEDS = {
    "git commit": (
        rf"committed\s+{_CHANGES}{_END}"
        r"|committed\s+(?:to|in)\s+(?:the\s+)?(?:git|repo(?:sitory)?)\b|committed\s+(?:as|with)\s+`"
        r"|committed(?=[\s*_]*(?:$|[.;](?:\s|$)|\s+and\s+(?:pushed|tagged)\b))"
    ),
    "git push": (
        rf"pushed\s+(?:{_CHANGES}\s+)?{_REMOTE}"
        rf"|pushed\s+(?:(?:the|my|all|these|both)\s+)*(?:changes|commits?|branch|tags?){_END}"
        r"(?!\s+(?:in|as|with|under|into)\b)"
    ),
    "git merge": (
        rf"merged\s+[^.;,]{{1,60}}?{_TRUNK}"
        r"|merged\s+(?:(?:the|my|this|your|our|feature)\s+)*(?:[`\w/-]+\s+)?(?:branch|pr|pull\s+request)\b"
    ),
    "git tag": (
        r"tagged\s+(?:(?:the|a|this|new)\s+)*(?:release|commit|v\d|`v\d)"
        r"|created\s+(?:(?:the|a|new|git)\s+)*tag\s+`?v?\d"
    ),
}
_ACTIVE = {
    subject: re.compile(rf"(?<![\w-])(?:{words})", re.IGNORECASE)
    for subject, words in _DEEDS.items()
}
_PASSIVE = re.compile(
    r"(?<![\w-])(?:fix(?:es)?|changes|work|files|edits|updates|everything|branch|commits?|release)"
    r"\s+(?:was|were|(?:has|have)\s+been)\s+(?:(?:now|also|then|all|both)\s+)*"
    r"(?P<verbs>(?:committed|pushed|merged|tagged)(?:\s*(?:,|and|&)\s*(?:then\s+)?"
    r"(?:committed|pushed|merged|tagged))*)\b",
    re.IGNORECASE,
)
_VERBS = {
    "committed": "git commit",
    "pushed": "git push",
    "merged": "git merge",
    "tagged": "git tag",
}
_OTHER_STORE = re.compile(
    r"\b(?:transactions?|databases?|db|sql|cursor|session|offsets?|kafka|rollback|cache|queue"
    r"|stack|buffer|arrays?)\b",
    re.IGNORECASE,
)
"""Words of other things that are committed and pushed to."""
_STATE = re.compile(r"\s+(?:are|is|was|were|will|can|stays?|remains?|by)\b", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:but|however|refused|rejected|denied|failed|not\s+allowed)\b", re.IGNORECASE
)


def claims_about_git(statement: Statement) -> Iterator[Claim]:
    """Each deed once; not firm where the same sentence tells of an exception."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text) or _OTHER_STORE.search(text):
        return
    for subject in dict.fromkeys([*_own(text), *_passive(text)]):
        firm = not _EXCEPT.search(text)
        quote = " ".join(text.split())[:200]
        yield Claim(ClaimKind.COMMAND_RUN, subject, "prose", quote=quote, firm=firm)


def _own(text: str) -> Iterator[str]:
    continues = False
    for subject, pattern in _ACTIVE.items():
        for found in pattern.finditer(text):
            said = says_it_did(text[: found.start()], continues=continues)
            continues = continues or said
            if said and not _STATE.match(text, found.end()):
                yield subject


def _passive(text: str) -> Iterator[str]:
    for found in _PASSIVE.finditer(text):
        after = text[found.end() :]
        if was_done(text[: found.start()]) and not re.match(r"\W*(?:by|before|after)\b", after):
            yield from (_VERBS[verb.lower()] for verb in re.findall(r"[A-Za-z]+ed", found["verbs"]))
