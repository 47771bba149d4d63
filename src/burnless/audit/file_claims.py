"""Claims about files, read out of one statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from burnless.audit.file_words import (
    ADJECTIVE,
    AFTER_PATH,
    ANOTHER_CLAUSE,
    AUXILIARY,
    BARE_END,
    CONVERTS,
    COPIES,
    CREATES,
    DELETES,
    DIRECT_FILLER,
    FROM,
    FROM_VERBS,
    IN_ANOTHER,
    INSERTS,
    LIST_LABEL,
    LIST_SEPARATOR,
    MOVED_TO,
    MOVES,
    NEGATED,
    NO_PLACE,
    OTHERS,
    PART,
    PART_OF_OTHER,
    PERMISSIONS,
    PLACE,
    STOP,
    SUBJECT_END,
    TO,
    TO_VERBS,
    VERB,
    WEAK,
    WHOLE,
    WRITES,
)
from burnless.audit.grammar import is_statement, says_it_did, was_done
from burnless.audit.named_paths import NamedPath, find_paths, lines_after, size_after
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

_CHANGES = r"changed|updated|edited|modified|fixed|made\s.*"
_IN_ORDER_TO = re.compile(r"[\s*_)`]*to\s+(?!(?:a|an|the|be)\b)[a-z]+\s")
"""Changed to do something, not changed into another file."""

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
        return not self.matches(WEAK)


def claims_about_files(statement: Statement) -> list[Claim]:
    """Only what was done, by the speaker, to a path that is named."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text) or PERMISSIONS.search(text):
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
        stop = STOP.search(text, verb.end, end)
        end = stop.start() if stop else end
        objects = [path for path in paths if verb.end <= path.start < end]
        if verb.passive:
            subjects = _subjects(text, verb, paths)
            if subjects and verb.matches(DELETES) and FROM.match(text, verb.end):
                continue
            moved = _moved(text, subjects[-1:], paths)
            if moved:
                yield from _move_claims(text, *moved)
                continue
            if subjects and verb.matches(MOVES):
                continue
            if subjects:
                yield from _claims(text, verb, subjects, len(text))
                continue
            if verb.matches("introduced"):
                continue
        yield from _active(text, verb, objects, end)


def _own_verbs(text: str, paths: list[NamedPath]) -> Iterator[_Verb]:
    continues = False
    for found in VERB.finditer(text):
        if any(path.start <= found.start() < path.end for path in paths):
            continue
        before = text[: found.start()]
        auxiliary = AUXILIARY.search(before)
        if auxiliary:
            lead = text[: auxiliary.start()]
            if was_done(lead) and not OTHERS.match(text[found.end() :]):
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
        close = LIST_SEPARATOR.match(between) if taken else _stands_before(between)
        if not close or len(between) > _BETWEEN_MOST:
            break
        taken.append(path)
        edge = path.start
    return taken[::-1]


def _stands_before(between: str) -> bool:
    """Nothing but a bracket and "was" between a path and its verb."""
    auxiliary = AUXILIARY.search(between)
    return auxiliary is not None and bool(SUBJECT_END.match(between[: auxiliary.start()]))


def _active(text: str, verb: _Verb, objects: list[NamedPath], end: int) -> Iterator[Claim]:
    direct = _direct_objects(text, verb, objects)
    moved = _moved(text, direct, objects, to=TO if verb.matches(MOVES) else MOVED_TO)
    if moved and verb.matches(rf"{MOVES}|{CONVERTS}"):
        yield from _move_claims(text, *moved)
        return
    if verb.matches(COPIES):
        direct = []
    after = text[direct[-1].end :] if direct else ""
    if verb.matches(DELETES):
        if direct and PART.match(after):
            yield from _claims(text, replace(verb, word="fixed"), direct, end)
        elif direct and not FROM.match(after) and not PART_OF_OTHER.match(after):
            yield from _claims(text, verb, direct, end, ClaimKind.FILE_DELETED)
    elif direct and _is_object(verb, after):
        yield from _claims(text, verb, direct, end)
    yield from _claims(text, verb, _places(text, verb, objects[len(direct) :]), end)


def _is_object(verb: _Verb, after: str) -> bool:
    """Adding a.py to b.py changes b.py; what was moved or replaced need not be a file."""
    if verb.matches(INSERTS) and not verb.matches(WRITES):
        return False
    if verb.matches("added|introduced") and PART_OF_OTHER.match(after):
        return False
    if not verb.matches(CREATES) and ADJECTIVE.match(after):
        return False
    if verb.matches("documented|extended") and IN_ANOTHER.match(after):
        return False
    into = re.match(r"[\s*_)`]*(?:to|from|as)\b", after, re.IGNORECASE)
    if verb.matches("changed") and _IN_ORDER_TO.match(after):
        return True
    return not (into and verb.matches("added|changed|converted|ported|migrated|introduced"))


def _direct_objects(text: str, verb: _Verb, objects: list[NamedPath]) -> list[NamedPath]:
    taken: list[NamedPath] = []
    for path in objects:
        between = text[taken[-1].end if taken else verb.end : path.start]
        pattern = LIST_SEPARATOR if taken else DIRECT_FILLER
        if len(between) > _BETWEEN_MOST or not pattern.match(between):
            break
        if taken and ANOTHER_CLAUSE.match(text, path.end):
            break
        taken.append(path)
    return taken


def _places(text: str, verb: _Verb, paths: list[NamedPath]) -> list[NamedPath]:
    """`in a.py and b.py`: both."""
    taken: list[NamedPath] = []
    for index, path in enumerate(paths):
        last = paths[index - 1] if index and paths[index - 1] in taken else None
        listed = last and re.fullmatch(
            r"[\s*_`]*(?:,|and|,\s*and|&)[\s*_`]*", text[last.end : path.start]
        )
        if _is_place(text, verb, path) or (listed and not ANOTHER_CLAUSE.match(text, path.end)):
            taken.append(path)
    return taken


def _is_place(text: str, verb: _Verb, path: NamedPath) -> bool:
    between = text[verb.end : path.start]
    place = PLACE.search(between)
    names_a_part = ADJECTIVE.match(text, path.end) and not verb.matches(_CHANGES)
    if not place or names_a_part or NO_PLACE.search(between[: place.start()]):
        return False
    word = place["word"].lower()
    if word in {"to", "as", "at", "under"}:
        return bool(TO_VERBS.match(verb.word)) or (word != "to" and verb.matches("created|placed"))
    return word != "from" or bool(FROM_VERBS.match(verb.word))


def _moved(
    text: str, direct: list[NamedPath], paths: list[NamedPath], *, to: re.Pattern[str] = MOVED_TO
) -> tuple[NamedPath, NamedPath] | None:
    """`renamed A to B`, `A was moved to B`, `A → B`: both paths."""
    if not direct:
        return None
    target = next((path for path in paths if path.start >= direct[0].end), None)
    if target is None:
        return None
    between = text[direct[0].end : target.start]
    return (direct[0], target) if to.match(between) else None


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
    if verb.passive and verb.matches(DELETES):
        kind = ClaimKind.FILE_DELETED
    for index, path in enumerate(paths):
        until = paths[index + 1].start if index + 1 < len(paths) else max(end, path.end + 40)
        size = size_after(text, path, until) if kind is ClaimKind.FILE_WRITTEN else None
        firm = verb.firm and path.sure
        whole = verb.matches(WHOLE) and kind is ClaimKind.FILE_WRITTEN
        lines = lines_after(text, path) if whole else None
        yield Claim(kind, path.path, "prose", size, _quote(text), firm, lines)


def _by_label(text: str, paths: list[NamedPath]) -> Iterator[Claim]:
    """A list behind a label: `Created: a.py, b.py`."""
    label = LIST_LABEL.match(text[: paths[0].start])
    if not label:
        return
    verb = _Verb(label["verb"], 0, paths[0].start, passive=False)
    listed = [paths[0]]
    for path in paths[1:]:
        if not LIST_SEPARATOR.match(text[listed[-1].end : path.start]):
            break
        listed.append(path)
    gone = verb.matches(DELETES)
    kind = ClaimKind.FILE_DELETED if gone else ClaimKind.FILE_WRITTEN
    yield from _claims(text, verb, listed, len(text), kind)


def _path_first(statement: Statement, paths: list[NamedPath]) -> Iterator[Claim]:
    """`- a.py: added retry`, `| a.py | new |`, and bare items in a list of changed files."""
    text, first = statement.text, paths[0]
    if re.search(r"\w", text[: first.start]):
        return
    said = AFTER_PATH.match(text[first.end :])
    verb = said["verb"] if said else ""
    moved = _moved(text, [first], paths[1:])
    if moved and (said or statement.section is Section.WRITTEN):
        yield from _move_claims(text, *moved)
        return
    if NEGATED.search(text[first.end :]):
        return
    if said and _is_bare(said["rest"]) and re.fullmatch(DELETES, verb, re.IGNORECASE):
        kind = ClaimKind.FILE_DELETED
    elif said or (statement.section is Section.WRITTEN and statement.is_item):
        kind = ClaimKind.FILE_WRITTEN
    elif statement.section is Section.DELETED and statement.is_item:
        kind = ClaimKind.FILE_DELETED
    else:
        return
    until = paths[1].start if len(paths) > 1 else len(text)
    size = size_after(text, first, until) if kind is ClaimKind.FILE_WRITTEN else None
    firm = first.sure and not re.fullmatch(WEAK, verb, re.IGNORECASE)
    yield Claim(kind, first.path, "prose", size, _quote(text), firm)


def _is_bare(rest: str) -> bool:
    return bool(BARE_END.match(rest)) or bool(
        re.match(r"\W*(?:\(|—|,|as\b|since\b|because\b)", rest)
    )


def _quote(text: str) -> str:
    return " ".join(text.split())[:200]
