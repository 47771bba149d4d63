"""Text that stands for code a model did not write: "... rest of the file unchanged ..."."""

from __future__ import annotations

import re

_LEFT_OUT = frozenset({"rest", "remainder", "remaining"})
_KEPT = frozenset(
    {"existing", "previous", "original", "unchanged", "omitted", "other", "same", "snip", "snipped"}
)
_STAYS = frozenset(
    {"unchanged", "omitted", "same", "before", "here", "stay", "stays", "remain", "remains"}
    | {"continues", "goes", "follows"}
)
_CODE = frozenset(
    {"code", "implementation", "implementations", "method", "methods", "function", "functions"}
    | {"class", "classes", "content", "contents", "import", "imports", "logic", "body"}
    | {"definitions", "fields", "lines"}
)
_FILLING = frozenset(
    {"the", "of", "this", "your", "my", "its", "all", "as", "is", "are", "and", "in", "to", "from"}
    | {"with", "keep", "kept", "exactly", "it", "was", "were", "above", "below", "file", "files"}
    | {"module", "test", "tests", "cases", "section", "snippet", "for", "brevity"}
)
_KNOWN = _LEFT_OUT | _KEPT | _STAYS | _CODE | _FILLING

_HINT = re.compile(
    "rest|remain|existing|previous|original|unchanged|omitted|other|same|snip", re.IGNORECASE
)
_AROUND = " \t.…#/*-<>!;%{}()[]\"'"
_WORDS = re.compile(r"[A-Za-z' ,/-]+")
_COMMENT = re.compile(r"\s*(?://|#|--|/\*|\*|<!--|;|%|\{/\*|\"{3}|'{3}|\[|\()")
_DOTS = re.compile(r"(?:\.{3}|…)")
_SPREAD = re.compile(r"\s*\.{3}\w")
_LONGEST = 160
_MOST_STRANGE_WORDS = 1
_WORDS_NO_SPREAD_HAS = 3


def find_placeholder(text: str, known: str = "") -> str:
    """The first line that stands for missing text; "" where there is none.

    A line that is in `known` (the file as it is, or the text to replace) is real text.
    """
    for row in text.splitlines():
        if len(row) <= _LONGEST and _HINT.search(row) and _is_placeholder(row):
            line = row.strip()
            if line not in known:
                return line
    return ""


def _is_placeholder(row: str) -> bool:
    core = row.strip(_AROUND)
    if not _WORDS.fullmatch(core):
        return False
    words = re.findall(r"[a-z']+", core.lower())
    found = frozenset(words)
    if len(found - _KNOWN) > _MOST_STRANGE_WORDS or not found & (_LEFT_OUT | _KEPT):
        return False
    if _DOTS.search(row):
        # `...rest` is JavaScript; it takes a sentence to be a placeholder.
        return not _SPREAD.match(row) or len(words) >= _WORDS_NO_SPREAD_HAS
    about_code = bool(found & _LEFT_OUT or found & _CODE)
    return bool(_COMMENT.match(row) and found & _STAYS and about_code and len(words) > 1)


def refusal(line: str) -> str:
    return (
        f"Not written: the line {line!r} stands for text that is missing. "
        "What you send is all that will be in the file: write every line out, "
        "or use edit to change only the lines that differ."
    )
