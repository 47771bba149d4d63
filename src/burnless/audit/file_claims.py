"""Claims about files, read out of one statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from burnless.audit.grammar import ADVERBS, is_statement, says_it_did, was_done
from burnless.audit.named_paths import NamedPath, find_paths, size_after
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

_WEAK = (
    r"fixed|resolved|addressed|handled|repaired|solved|debugged|improved|optimi[sz]ed|hardened"
    r"|tightened|cleaned\s+up"
)
_WRITES = (
    r"created|re-?created|wrote|rewrote|re-?written|written|generated|re-?generated|saved|updated"
    r"|modified|edited|overwrote|overwritten|refactored|produced|patched|drafted|scaffolded"
    r"|reformatted|formatted|extended|amended|added|implemented|introduced|authored|exported|dumped"
    r"|stored|adjusted|tweaked|simplified|rebuilt|corrected|changed|touched|bumped|documented"
    r"|converted|migrated|ported"
)
_INSERTS = (
    r"inserted|placed|replaced|moved|extracted|appended|prepended|wired|registered|applied|removed"
    r"|deleted|dropped|stripped|swapped|configured|wrapped|declared|exposed|enabled|disabled"
    r"|hard-?coded|commented\s+out|uncommented|pinned|renamed|inlined|defined"
)
_DELETES = r"deleted|removed|erased|unlinked|dropped|got\s+rid\s+of"
_MOVES = r"renamed|moved"
_COPIES = r"copied"

_VERB = re.compile(
    rf"(?<![\w-])(?P<verb>{_WEAK}|{_WRITES}|{_INSERTS}|{_DELETES}|{_MOVES}|{_COPIES})(?![\w-])",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    rf"(?:\b(?:was|were|(?:has|have)(?:\s+now|\s+all|\s+both)?\s+been|is\s+now|are\s+now|got)"
    rf"(?:\s+(?:{ADVERBS}|all|both))*)\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\s*_)`]*from\b", re.IGNORECASE)
_SUBJECT_END = re.compile(
    r"^[\s*_\"'`)]*(?:\([^()]*\))?[\s*_]*(?:file|module|script|both|all)?[\s*_]*$"
)
_OTHERS = re.compile(
    r"^\W*(?:by|upstream|on\s+(?:main|master)|in\s+(?:commit|pr|v?\d))\b", re.IGNORECASE
)
_TO_VERBS = re.compile(
    r"^(?:wrote|written|saved|added|appended|prepended|exported|dumped|applied|moved|extracted"
    r"|stored|copied|renamed|re-?generated|generated|converted|migrated|ported|introduced)$",
    re.IGNORECASE,
)
_FROM_VERBS = re.compile(r"^(?:removed|deleted|dropped|stripped)$", re.IGNORECASE)

_STOP = re.compile(
    r"\b(?:which|that|because|since|so|if|when|while|where|whose|using|via|by|based|according"
    r"|instead|rather|like|but|except|per|unless|until|before|after|matching|similar|following\s+the"
    r"|just\s+as|same\s+as|without|not|see|compared)\b|\(see\b",
    re.IGNORECASE,
)
_KIND_OF_FILE = (
    r"(?:files?|modules?|scripts?|tests?|reports?|documents?|docs?|config|configuration|helpers?"
    r"|components?|class|parser|page|templates?|migrations?|schema|fixtures?|guide|package|suite"
    r"|directory|folder|readme|contents?|summary|entry\s+point)"
)
_DIRECT_FILLER = re.compile(
    rf"""^[\s*_:"'(—-]*(?:(?:the|a|an|both|two|three|four|five|\d+|new|following|named|called|main
    |existing|all|of|and|our|my|its|each|complete|full|small|simple|single|empty|sample|final
    |corresponding|dedicated|separate|old|unused|obsolete|legacy|stale|dead|deprecated|redundant
    |duplicate|temporary|temp|leftover|{_KIND_OF_FILE}
    |(?!(?:for|to|in|of|from|with|by|about|on|into|against|around|like|using|via|\w+ing)\b)[\w-]+
     (?=\s+(?:[\w-]+\s+)?{_KIND_OF_FILE}\b))[\s*_:,"'—-]+){{0,8}}[*_"']*$""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_SEPARATOR = re.compile(
    r"^[\s*_)\"']*(?:\((?:[^()]|\([^()]*\))*\))?[\s*_)\"']*(?:,|;|&|\+|/|\band\b|,\s*and\b|→|\s)?"
    r"(?:\s*(?:and|as\s+well\s+as|plus|along\s+with|both|also|the|a|an|new))*[\s*_(\"']*$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"""\b(?P<word>in|into|inside|within|to|as|at|under|from)\s+[*_"']*(?:(?:the|a|an|new|file|files
    |both|our|its|your|dedicated|separate|existing|called|named|test|tests|config|script|root
    |module|output|disk|top|end|bottom|of|project|following|[\w-]+'s)[\s:*_"']+){0,5}$""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_PLACE = re.compile(
    r"""\b(?:described|documented|specified|defined|listed|mentioned|seen|shown|found|used|noted
    |outlined|stated|imported|referenced|required|explained|available|present|exists?|existing
    |lives?|located|contained|missing|links?|references?|pointers?|paths?|redirects?|symlinks?
    |calls?|similar|due|relative|related|refers?|points?|pointing|identical|respect|next|close
    |opposed|belongs?|compared|such|same|known|serve[sd]?|acts?|works?|act|use)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF_OTHER = re.compile(
    r"[\s*_`)\"']*(?:file\s+)?(?:references?|imports?|mentions?|links?|entr(?:y|ies)|prefix(?:es)?"
    r"|suffix(?:es)?|aliases|alias|exports?|re-exports?|dependenc(?:y|ies)|rules?|patterns?"
    r"|exceptions?|lines?|paths?|names?|extensions?|badges?|calls?|hooks?|targets?|steps?|jobs?"
    r"|scripts?|sections?|keys?|options?|warnings?|errors?|checks?)\b",
    re.IGNORECASE,
)
"""Behind a path: what was added or removed is not the file but something that names it."""

_LIST_LABEL = re.compile(
    rf"^[\W_]*(?:[A-Z]+:\s*)?(?:(?:i|we)\s+)?(?:new\s+|test\s+|source\s+)*(?:files?\s+)?(?P<verb>{_WRITES}|new|{_DELETES})"
    r"(?:\s+(?:new\s+)?(?:files?|tests?|modules?))?(?:\s*\(\d+\))?\s*[*_]*\s*(?::|—|->|→)[\s*_]*$",
    re.IGNORECASE,
)
_AFTER_PATH = re.compile(
    rf"^[\s*_)\"']*(?:\([^)]*\)[\s*_]*)?(?::|—|-|->|→|\.\.\.|…)*[\s*_(]*"
    rf"(?:{ADVERBS}\s+)*(?P<verb>{_WEAK}|{_WRITES}|{_INSERTS}|{_DELETES}|new)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|no|without|unchanged|untouched|only\s+read)\b|n't\b", re.I)
_PERMISSIONS = re.compile(r"\b(?:permissions?|executable|chmod|file\s+mode|mode\s+bits)\b", re.I)
_BARE_END = re.compile(r"^[\s.)\]!*_✅✓✔]*(?:\(.*\)[\s.]*)?$")


_BETWEEN_MOST = 80
"""Characters between a verb and its path: a subject and an object stand close to their verb."""


@dataclass(frozen=True, slots=True)
class _Verb:
    word: str
    start: int
    end: int
    passive: bool

    def matches(self, words: str) -> bool:
        return re.fullmatch(words, self.word, re.IGNORECASE) is not None

    @property
    def firm(self) -> bool:
        return not self.matches(_WEAK)


def claims_about_files(statement: Statement) -> list[Claim]:
    """Only what was done, by the speaker, to a path that is named."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text) or _PERMISSIONS.search(text):
        return []
    paths = find_paths(text)
    if not paths:
        return []
    found = [
        *_by_label(text, paths),
        *_by_verbs(text, paths),
        *_path_first(statement, paths),
    ]
    first: dict[tuple[ClaimKind, str], Claim] = {}
    for claim in found:
        first.setdefault((claim.kind, claim.subject), claim)
    return list(first.values())


def _by_verbs(text: str, paths: list[NamedPath]) -> Iterator[Claim]:
    verbs = list(_own_verbs(text, paths))
    for index, verb in enumerate(verbs):
        end = verbs[index + 1].start if index + 1 < len(verbs) else len(text)
        stop = _STOP.search(text, verb.end, end)
        end = stop.start() if stop else end
        objects = [path for path in paths if verb.end <= path.start < end]
        if verb.passive:
            subjects = _subjects(text, verb, paths)
            if subjects and verb.matches(_DELETES) and _FROM.match(text, verb.end):
                continue
            if subjects:
                yield from _claims(text, verb, subjects, len(text))
                continue
        yield from _active(text, verb, objects, end)


def _own_verbs(text: str, paths: list[NamedPath]) -> Iterator[_Verb]:
    continues = False
    for found in _VERB.finditer(text):
        if any(path.start <= found.start() < path.end for path in paths):
            continue
        before = text[: found.start()]
        auxiliary = _AUXILIARY.search(before)
        if auxiliary:
            lead = text[: auxiliary.start()]
            if was_done(lead) and not _OTHERS.match(text[found.end() :]):
                yield _Verb(found["verb"], found.start(), found.end(), passive=True)
            continue
        said = says_it_did(before, continues=continues)
        continues = said or (continues and not re.search(r"\b(?:you|they|it|he|she)\b", before))
        if said:
            yield _Verb(found["verb"], found.start(), found.end(), passive=False)


def _subjects(text: str, verb: _Verb, paths: list[NamedPath]) -> list[NamedPath]:
    """The paths right before "was created", a list of them included."""
    before = [path for path in paths if path.end <= verb.start]
    taken: list[NamedPath] = []
    edge = verb.start
    for path in reversed(before):
        between = text[path.end : edge]
        close = _LIST_SEPARATOR.match(between) if taken else _stands_before(between)
        if not close or len(between) > _BETWEEN_MOST:
            break
        taken.append(path)
        edge = path.start
    return taken[::-1]


def _stands_before(between: str) -> bool:
    """Nothing but a bracket and "was" between a path and its verb."""
    auxiliary = _AUXILIARY.search(between)
    return auxiliary is not None and bool(_SUBJECT_END.match(between[: auxiliary.start()]))


def _active(text: str, verb: _Verb, objects: list[NamedPath], end: int) -> Iterator[Claim]:
    direct = _direct_objects(text, verb, objects)
    moved = _moved(text, direct, objects) if verb.matches(_MOVES) else None
    if moved:
        yield from _move_claims(text, *moved)
        return
    if verb.matches(_COPIES):
        direct = []
    after = text[direct[-1].end :] if direct else ""
    if verb.matches(_DELETES):
        if direct and not _FROM.match(after) and not _PART_OF_OTHER.match(after):
            yield from _claims(text, verb, direct, end, ClaimKind.FILE_DELETED)
    elif direct and _is_object(verb, after):
        yield from _claims(text, verb, direct, end)
    placed = [path for path in objects if path not in direct and _is_place(text, verb, path)]
    yield from _claims(text, verb, placed, end)


def _is_object(verb: _Verb, after: str) -> bool:
    """Adding a.py to b.py changes b.py; what was moved or replaced need not be a file."""
    if verb.matches(_INSERTS) and not verb.matches(_WRITES):
        return False
    if verb.matches("added|introduced") and _PART_OF_OTHER.match(after):
        return False
    into = re.match(r"[\s*_)`]*(?:to|from|as)\b", after, re.IGNORECASE)
    return not (into and verb.matches("added|changed|converted|ported|migrated|introduced"))


def _direct_objects(text: str, verb: _Verb, objects: list[NamedPath]) -> list[NamedPath]:
    taken: list[NamedPath] = []
    for path in objects:
        between = text[taken[-1].end if taken else verb.end : path.start]
        pattern = _LIST_SEPARATOR if taken else _DIRECT_FILLER
        if len(between) > _BETWEEN_MOST or not pattern.match(between):
            break
        taken.append(path)
    return taken


def _is_place(text: str, verb: _Verb, path: NamedPath) -> bool:
    between = text[verb.end : path.start]
    place = _PLACE.search(between)
    if not place or _NO_PLACE.search(between[: place.start()]):
        return False
    word = place["word"].lower()
    if word in {"to", "as", "at", "under"}:
        return bool(_TO_VERBS.match(verb.word)) or (word != "to" and verb.matches("created|placed"))
    return word != "from" or bool(_FROM_VERBS.match(verb.word))


def _moved(
    text: str, direct: list[NamedPath], objects: list[NamedPath]
) -> tuple[NamedPath, NamedPath] | None:
    """`renamed A to B`, both paths."""
    if not direct:
        return None
    target = next((path for path in objects if path.start >= direct[0].end), None)
    if target is None:
        return None
    between = text[direct[0].end : target.start]
    joined = re.match(r"[\s*_)]*(?:to|into|→|->|=>|as)[\s*_(]*(?:the\s+)?$", between, re.I)
    return (direct[0], target) if joined else None


def _move_claims(text: str, old: NamedPath, new: NamedPath) -> Iterator[Claim]:
    yield Claim(ClaimKind.FILE_DELETED, old.path, "prose", quote=_quote(text), firm=False)
    yield Claim(ClaimKind.FILE_WRITTEN, new.path, "prose", quote=_quote(text), firm=new.sure)


def _claims(
    text: str,
    verb: _Verb,
    paths: list[NamedPath],
    end: int,
    kind: ClaimKind = ClaimKind.FILE_WRITTEN,
) -> Iterator[Claim]:
    if verb.passive and verb.matches(_DELETES):
        kind = ClaimKind.FILE_DELETED
    for index, path in enumerate(paths):
        until = paths[index + 1].start if index + 1 < len(paths) else max(end, path.end + 40)
        size = size_after(text, path, until) if kind is ClaimKind.FILE_WRITTEN else None
        firm = verb.firm and path.sure
        yield Claim(kind, path.path, "prose", size, _quote(text), firm)


def _by_label(text: str, paths: list[NamedPath]) -> Iterator[Claim]:
    """A list behind a label: `Created: a.py, b.py`."""
    label = _LIST_LABEL.match(text[: paths[0].start])
    if not label:
        return
    verb = _Verb(label["verb"], 0, paths[0].start, passive=False)
    listed = [paths[0]]
    for path in paths[1:]:
        if not _LIST_SEPARATOR.match(text[listed[-1].end : path.start]):
            break
        listed.append(path)
    gone = verb.matches(_DELETES)
    kind = ClaimKind.FILE_DELETED if gone else ClaimKind.FILE_WRITTEN
    yield from _claims(text, verb, listed, len(text), kind)


def _path_first(statement: Statement, paths: list[NamedPath]) -> Iterator[Claim]:
    """`- a.py: added retry`, `| a.py | new |`, and bare items in a list of changed files."""
    text, first = statement.text, paths[0]
    if re.search(r"\w", text[: first.start]):
        return
    said = _AFTER_PATH.match(text[first.end :])
    verb = said["verb"] if said else ""
    if _NEGATED.search(text[first.end :]):
        return
    if said and _is_bare(said["rest"]) and re.fullmatch(_DELETES, verb, re.IGNORECASE):
        kind = ClaimKind.FILE_DELETED
    elif said or (statement.section is Section.WRITTEN and statement.is_item):
        kind = ClaimKind.FILE_WRITTEN
    elif statement.section is Section.DELETED and statement.is_item:
        kind = ClaimKind.FILE_DELETED
    else:
        return
    until = paths[1].start if len(paths) > 1 else len(text)
    size = size_after(text, first, until) if kind is ClaimKind.FILE_WRITTEN else None
    firm = first.sure and not re.fullmatch(_WEAK, verb, re.IGNORECASE)
    yield Claim(kind, first.path, "prose", size, _quote(text), firm)


def _is_bare(rest: str) -> bool:
    return bool(_BARE_END.match(rest)) or bool(
        re.match(r"\W*(?:\(|—|,|as\b|since\b|because\b)", rest)
    )


def _quote(text: str) -> str:
    return " ".join(text.split())[:200]
