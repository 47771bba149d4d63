"""A report's free text as single statements: sentences, list items and table rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

TEXT_CHARACTERS_MOST = 40_000
"""Of a longer text the first and the last half of it are read."""

STATEMENT_CHARACTERS_MOST = 1_000
"""What stands further on in one sentence is not read: nobody reports like that."""


class Section(Enum):
    """What the heading above a statement says about it."""

    NONE = "none"
    WRITTEN = "written"
    DELETED = "deleted"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Statement:
    """`is_item`: it was a list item or a table row of its own."""

    text: str
    section: Section = Section.NONE
    is_item: bool = False


_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(
    r"<!--.{0,2000}?-->|<(think|thinking|system-reminder)>.{0,9999}?</\1>", re.DOTALL
)
_HEADING = re.compile(
    r"^\s{0,3}#{1,6}\s+(.*?)\s*#*$|^\s*\*\*([^*]+)\*\*:?\s*$|^\s*__([^_]+)__:?\s*$"
)
_ITEM = re.compile(r"^\s*(?:(?:[-*+•▪◦\u2013]|\d{1,2}[.)])\s+|(?=[✅✔✓☑]))(.*)$")
_LONE_PATH = re.compile(r"^\s*`?[\w.@+/\\-]*[./\\][\w.@+/\\-]*`?\s*(?:\([^()]*\))?\s*$")
"""A line of its own below "Files created:" is an item too, with no mark in front."""
_OPEN_BOX = re.compile(r"^\[\s?\]\s*")
_DONE_BOX = re.compile(r"^\[[xX✓✔]\]\s*")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^[\s|:=-]+$")
_NOT_DONE = re.compile(r"^\s*(?:❌|✗|✘|⚠️?|🚧|⏳|🔜|❓|🔲|⬜)")
_PLAIN_MARKS = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u00a0", "''\"\"\u2014 ")
_QUOTED = re.compile(r"\"[^\"\n]{0,500}\"")
_SPEECH_WORDS_LEAST = 3
_SHORT_FORMS = re.compile(r"\b(e\.g|i\.e|etc|vs|approx|incl|cf|resp)\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\")*_]*\s+(?=[^a-z\s])|(?<=[.!])\s+(?=all\b)")
_LABEL_WORDS_MOST = 8

_AHEAD = re.compile(
    r"""\b(?:next|remaining|to-?dos?|future|follow-?ups?|recommend\w*|suggest\w*|propos\w+|plans?
    |how\s+to|usage|caveats?|limitations?|optional\w*|would|could|should|options?|alternatives?
    |open\s+questions?|background|context|examples?|to\s+(?:run|test|verify|do|try|apply)
    |verification\s+steps|manual\w*|reviewed|inspected|examined|read|references?|relevant|key\s+files
    |not|unchanged|untouched|skipped|scope|known\s+issues?|problems?|root\s+cause|analysis|findings?
    |before|expected|if|you|your|blocked|unable|couldn't|previous\w*|earlier|existing)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DELETED = re.compile(r"\b(?:deleted|removed)\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"""\b(?:created|modified|changed|updated|added|edited|touched|written|generated|new)\b
    |^(?:summary\s+of\s+|the\s+|my\s+|all\s+|code\s+|file\s+)*changes?(?:\s+made)?$
    |^what\s+(?:i\s+|was\s+|has\s+been\s+|we\s+)?(?:changed|did|done|built|added)$""",
    re.IGNORECASE | re.VERBOSE,
)


def split_statements(text: str) -> list[Statement]:
    """Code blocks, block quotes, quoted speech and unticked boxes are nothing that was said."""
    if len(text) > TEXT_CHARACTERS_MOST:
        half = TEXT_CHARACTERS_MOST // 2
        text = f"{text[:half]}\n\n{text[-half:]}"
    text = unicodedata.normalize("NFC", text).translate(_PLAIN_MARKS)
    plain = _FENCE.sub("\n", _HIDDEN.sub(" ", text))
    reader = _Reader()
    for line in plain.splitlines():
        reader.take(line)
    reader.flush()
    return reader.statements


class _Reader:
    """Takes lines and gives statements; knows the heading, or the `label:` line, above them."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._heading = Section.NONE
        self._label = Section.NONE
        self._pending: list[str] = []
        self._in_item = False

    @property
    def _section(self) -> Section:
        return self._heading if self._label is Section.NONE else self._label

    def take(self, line: str) -> None:
        heading, item, row = _HEADING.match(line), _ITEM.match(line), _ROW.match(line)
        if heading:
            self._take_heading(next(filter(None, heading.groups()), ""))
        elif row:
            self.flush()
            self.statements.extend(_row(row.group(1), self._section))
        elif item:
            self.flush()
            self._pending, self._in_item = [item.group(1)], True
        elif not line.strip() or line.lstrip().startswith(">"):
            self.flush()
        else:
            self._take_text(line)

    def flush(self) -> None:
        """A statement ends here."""
        text, self._pending = " ".join(self._pending), []
        self.statements.extend(_sentences(text, self._section, self._in_item))
        self._in_item = False

    def _take_heading(self, title: str) -> None:
        self.flush()
        self._heading, self._label = _section_of(title), Section.NONE
        own = Section.AHEAD if self._heading is Section.AHEAD else Section.NONE
        self.statements.extend(_sentences(title, own, False))

    def _take_text(self, line: str) -> None:
        if self._section in {Section.WRITTEN, Section.DELETED} and _LONE_PATH.match(line):
            self.flush()
            self.statements.extend(_sentences(line, self._section, True))
            return
        indented = line.startswith((" ", "\t"))
        if self._in_item and not indented:
            self.flush()
        if not self._pending and not indented:
            self._label = Section.NONE
        self._pending.append(line.strip())
        if _is_label(line) and not self._in_item:
            self.flush()
            self._label = _section_of(line.strip().rstrip(":"))


def _is_label(line: str) -> bool:
    """A short line that ends in a colon heads the list below it."""
    return line.rstrip().endswith(":") and len(line.split()) <= _LABEL_WORDS_MOST


def _section_of(title: str) -> Section:
    words = re.sub(r"[^\w\s'-]", " ", title).strip()
    if _AHEAD.search(words):
        return Section.AHEAD
    if _DELETED.search(words) and not re.search(r"created|changed|added|updated", words, re.I):
        return Section.DELETED
    return Section.WRITTEN if _WRITTEN.search(words) else Section.NONE


def _row(cells: str, section: Section) -> Iterator[Statement]:
    if _RULE.match(cells) or _NOT_DONE.search(cells):
        return
    words = [cell.strip() for cell in cells.split("|")]
    yield Statement(" — ".join(word for word in words if word), section, True)


def _sentences(text: str, section: Section, is_item: bool) -> Iterator[Statement]:
    text = text.strip()
    if not text or _OPEN_BOX.match(text) or _NOT_DONE.match(text):
        return
    text = _DONE_BOX.sub("", text)
    text = _QUOTED.sub(_without_speech, _SHORT_FORMS.sub(r"\1", text))
    for sentence in _SENTENCE_END.split(text):
        if sentence and sentence.strip():
            yield Statement(sentence.strip()[:STATEMENT_CHARACTERS_MOST], section, is_item)


def _without_speech(quoted: re.Match[str]) -> str:
    """A quoted word may be a file's name; a quoted sentence is somebody else's."""
    return " … " if len(quoted[0].split()) >= _SPEECH_WORDS_LEAST else quoted[0]
