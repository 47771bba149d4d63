"""The names a task's words hold: what to look for in the code before anybody is asked."""

from __future__ import annotations

import re

IDENTIFIERS_MOST = 12
_PLAIN_LETTERS_LEAST = 4

_QUOTED = re.compile(r"`([^`\n]{2,80})`|\"([\w./-]{2,80})\"|'([\w./-]{2,80})'")
_PATH = re.compile(r"(?<![\w/])[\w.-]*(?:/[\w.-]+)+|(?<!\w)[\w-]+\.[A-Za-z]{1,5}(?!\w)")
_CODE = re.compile(
    r"\b[A-Za-z_]\w*(?:\.\w+)*\(\)?"  # calls
    r"|\b\w*[a-z0-9]_\w+\b|\b_\w+\b"  # snake_case
    r"|\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+\b|\b[a-z]+(?:[A-Z][a-z0-9]*)+\b"  # CamelCase
    r"|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b"  # CONSTANTS
)
_WORD = re.compile(r"\b[A-Za-z][a-z]+\b")
_COMMON_WORDS = """
about above add after again all also and another any are because been before being below
between both bug build but call can change check class clean code command could create crash
delete did does doing done down each error ensure every everything explain fail fails file
files find first fix fixes from function get give good handle has have help here how implement
improve into issue just like line look make makes method more most move much must name need
needs never new next not now old only other our out over please problem project refactor
remove rename replace return review rewrite run same should show simple simplify some still
such support sure test tests than that the their them then there these they thing things this
those through too turn under until update use used user uses using very want what when where
which while who why will with without work working works would write wrong year your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def find_identifiers(task: str) -> list[str]:
    """Names in the order they are met: quoted ones and code first, then plain words, capped."""
    quoted = [next(filter(None, found)) for found in _QUOTED.findall(task)]
    rest = _QUOTED.sub(" ", task)
    paths = _PATH.findall(rest)
    code = [name.rstrip("()") for name in _CODE.findall(_PATH.sub(" ", rest))]
    plain = [
        word.lower()
        for word in _WORD.findall(_CODE.sub(" ", _PATH.sub(" ", rest)))
        if len(word) >= _PLAIN_LETTERS_LEAST and word.lower() not in _COMMON
    ]
    names = [name.strip() for name in (*quoted, *paths, *code, *plain)]
    return list(dict.fromkeys(name for name in names if _is_useful(name)))[:IDENTIFIERS_MOST]


def _is_useful(name: str) -> bool:
    return len(name) > 1 and any(letter.isalpha() for letter in name)
