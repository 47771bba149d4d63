"""The words in which people tell of files: what was made, changed, moved and removed."""

from __future__ import annotations

import re

from burnless.audit.grammar import ADVERBS

WEAK = (
    r"fixed|resolved|addressed|handled|repaired|solved|debugged|improved|optimi[sz]ed|hardened"
    r"|tightened|cleaned\s+up|documented"
)
WRITES = (
    r"created|re-?created|wrote|rewrote|re-?written|written|generated|re-?generated|saved|updated"
    r"|modified|edited|overwrote|overwritten|refactored|produced|patched|drafted|scaffolded"
    r"|reformatted|formatted|extended|amended|added|implemented|introduced|authored|exported|dumped"
    r"|stored|adjusted|tweaked|simplified|rebuilt|corrected|changed|touched|bumped"
    r"|converted|migrated|ported|built|set\s+up|finished\s+(?:writing|creating|updating|editing)"
    r"|completed\s+(?:writing|creating|updating|editing)"
)
INSERTS = (
    r"inserted|placed|put|replaced|moved|extracted|appended|prepended|wired|registered|applied|removed"
    r"|deleted|dropped|stripped|swapped|configured|wrapped|declared|exposed|enabled|disabled"
    r"|hard-?coded|commented\s+out|uncommented|pinned|renamed|inlined|defined"
)
DELETES = r"deleted|removed|erased|unlinked|dropped|got\s+rid\s+of"
MOVES = r"renamed|moved"
COPIES = r"copied"
CONVERTS = r"updated|changed|modified|converted|migrated|ported|refactored|touched|edited"
ALTERS = r"made\s+(?:[\w-]+\s+){0,3}(?:changes?|edits?|updates?|modifications?|adjustments?)"

VERB = re.compile(
    rf"(?<![\w-])(?P<verb>{WEAK}|{WRITES}|{INSERTS}|{DELETES}|{MOVES}|{COPIES}|{ALTERS})(?![\w-])",
    re.IGNORECASE,
)
AUXILIARY = re.compile(
    rf"(?:\b(?:was|were|(?:has|have)(?:\s+now|\s+all|\s+both)?\s+been|is\s+now|are\s+now|got)"
    rf"(?:\s+(?:{ADVERBS}|all|both))*)\s*$",
    re.IGNORECASE,
)
FROM = re.compile(r"[\s*_)`]*from\b", re.IGNORECASE)
SUBJECT_END = re.compile(
    r"^[\s*_\"'`)]*(?:\([^()]*\))?[\s*_]*(?:file|module|script|both|all)?[\s*_]*$"
)
OTHERS = re.compile(
    r"^\W*by\b|^[^;,]{0,60}?\b(?:upstream|on\s+(?:main|master)|in\s+(?:commit|pr|v?\d)"
    r"|by\s+(?:the|a|an|your|another|some|someone|somebody|you|them|him|her|git|ci)\b)",
    re.IGNORECASE,
)
TO_VERBS = re.compile(
    r"^(?:wrote|written|saved|added|appended|prepended|exported|dumped|applied|moved|extracted"
    r"|stored|copied|renamed|re-?generated|generated|converted|migrated|ported|introduced|made\s.*)$",
    re.IGNORECASE,
)
FROM_VERBS = re.compile(r"^(?:removed|deleted|dropped|stripped)$", re.IGNORECASE)

STOP = re.compile(
    r"\b(?:which|that|because|since|so|if|when|while|where|whose|using|via|by|based|according"
    r"|instead|rather|like|but|except|per|unless|until|before|after|matching|similar|following\s+the"
    r"|just\s+as|same\s+as|without|not|see|compared)\b|\(see\b",
    re.IGNORECASE,
)
KIND_OF_FILE = (
    r"(?:files?|modules?|scripts?|tests?|reports?|documents?|docs?|config|configuration|helpers?"
    r"|components?|class|parser|page|templates?|migrations?|schema|fixtures?|guide|package|suite"
    r"|directory|folder|readme|contents?|summary|entry\s+point)"
)
DIRECT_FILLER = re.compile(
    rf"""^[\s*_:"'(—-]*(?:(?:the|a|an|both|two|three|four|five|\d+|new|following|named|called|main
    |existing|all|of|and|our|my|its|each|complete|full|small|simple|single|empty|sample|final
    |corresponding|dedicated|separate|old|unused|obsolete|legacy|stale|dead|deprecated|redundant
    |duplicate|temporary|temp|leftover|{KIND_OF_FILE}
    |(?!(?:for|to|in|of|from|with|by|about|on|into|against|around|like|using|via|\w+ing)\b)[\w-]+
     (?=\s+(?:[\w-]+\s+)?{KIND_OF_FILE}\b))[\s*_:,"'—-]+){{0,8}}[*_"']*$""",
    re.IGNORECASE | re.VERBOSE,
)
LIST_SEPARATOR = re.compile(
    r"^[\s*_)\"']*(?:\((?:[^()]|\([^()]*\))*\))?[\s*_)\"']*(?:,|;|&|\+|/|\band\b|,\s*and\b|→|\s)?"
    r"(?:\s*(?:and|as\s+well\s+as|plus|along\s+with|both|also|the|a|an|new))*[\s*_(\"']*$",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"""\b(?P<word>in|into|inside|within|to|as|at|under|from|(?:line|lines|top|end|bottom)
    \s+(?:[\d\s,\u2014-]+)?of)\s+[*_"']*(?:(?:the|a|an|new|file|files
    |both|our|its|your|dedicated|separate|existing|called|named|test|tests|config|script|root
    |module|output|disk|top|end|bottom|of|project|following|[\w-]+'s)[\s:*_"']+){0,5}$""",
    re.IGNORECASE | re.VERBOSE,
)
NO_PLACE = re.compile(
    r"""\b(?:described|documented|specified|defined|listed|mentioned|seen|shown|found|used|noted
    |outlined|stated|imported|referenced|required|explained|available|present|exists?|existing
    |lives?|located|contained|missing|links?|references?|pointers?|paths?|redirects?|symlinks?
    |calls?|similar|due|relative|related|refers?|points?|pointing|identical|respect|next|close
    |opposed|belongs?|compared|such|same|known|serve[sd]?|acts?|works?|act|use)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
PART_OF_OTHER = re.compile(
    r"[\s*_`)\"']*(?:file\s+)?(?:references?|imports?|mentions?|links?|entr(?:y|ies)|prefix(?:es)?"
    r"|suffix(?:es)?|aliases|alias|exports?|re-exports?|dependenc(?:y|ies)|rules?|patterns?"
    r"|exceptions?|lines?|paths?|names?|extensions?|badges?|calls?|hooks?|targets?|steps?|jobs?"
    r"|scripts?|sections?|keys?|options?|warnings?|errors?|checks?)\b",
    re.IGNORECASE,
)
"""Behind a path: what was added or removed is not the file but something that names it."""

ADJECTIVE = re.compile(
    r"[\s*_`)\"']*(?:(?!(?:to|and|or|for|with|so|in|from|by|via|on|as|at|now|which|that)\b)[\w-]+\s+)?"
    r"(?:support|loader|loading|parser|parsing|reader|writer|redirect|output"
    r"|input|format|integration|export(?:er)?|import(?:er)?|converter|wrapper|compatibility|lookup"
    r"|detection|discovery|fallback|equivalent|rendering|processing|generation|handler|table)s?\b",
    re.IGNORECASE,
)
"""Behind a path: it only says what the thing is for."""
CREATES = r"created|wrote|generated|saved|re-?created|written|scaffolded|drafted"
WHOLE = rf"{CREATES}|rewrote|rewritten|re-?generated|produced|exported|dumped"
PART = re.compile(r"[*_`]*(?:'s\s|::)")
IN_ANOTHER = re.compile(r"[*_`]*(?:'s\s[\w\s-]{1,40})?\s*\bin\s", re.IGNORECASE)

MOVED_TO = re.compile(
    rf"[\s*_)(,;:—\"'`-]*(?:(?:(?:was|were|is|it\s+is|now|(?:has|have)\s+been|{ADVERBS})\s+)*"
    rf"(?:{MOVES})\s+(?:to|into|as)|→|->|=>|(?:it\s+is\s+)?now(?:\s+called)?)[\s*_(\"'`]*"
    r"(?:the\s+|file\s+)*$",
    re.IGNORECASE,
)
"""Between the old path of a file and its new one."""
TO = re.compile(r"[\s*_)]*(?:to|into|→|->|=>|as)[\s*_(]*(?:the\s+)?$", re.IGNORECASE)

LIST_LABEL = re.compile(
    rf"^[\W_]*(?:[A-Z]+:\s*)?(?:(?:i|we)\s+)?(?:new\s+|test\s+|source\s+)*(?:files?\s+)?(?P<verb>{WRITES}|new|{DELETES})"
    r"(?:\s+(?:new\s+)?(?:files?|tests?|modules?))?(?:\s*\(\d+\))?\s*[*_]*\s*(?::|—|->|→)[\s*_]*$",
    re.IGNORECASE,
)
AFTER_PATH = re.compile(
    rf"^[\s*_)\"']*(?:\([^)]*\)[\s*_]*)?(?::|—|-|->|→|\.\.\.|…)*[\s*_(]*"
    rf"(?:{ADVERBS}\s+)*(?P<verb>{WEAK}|{WRITES}|{INSERTS}|{DELETES}|new)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:not|never|no|without|unchanged|untouched|only\s+read|as[\s-]is|left\s+alone"
    r"|stays|kept)\b|n't\b",
    re.IGNORECASE,
)
PERMISSIONS = re.compile(r"\b(?:permissions?|executable|chmod|file\s+mode|mode\s+bits)\b", re.I)
BARE_END = re.compile(r"^[\s.)\]!*_✅✓✔]*(?:\(.*\)[\s.]*)?$")


ANOTHER_CLAUSE = re.compile(
    r"[\s*_)`\"']*(?:(?:did|does|do|is|was|are|were|has|have|had|needs?|needed|already|still|remains?"
    r"|stays?|stayed|will|should|must|could|can|may|might|would|now|uses?|used|handles?|handled|gets?"
    r"|looks?|works?|keeps?|kept|contains?|seems?|requires?|required)\b|\w+n't\b)",
    re.IGNORECASE,
)
"""Behind a path: it is the subject of what follows, not one more object of the verb before it."""
