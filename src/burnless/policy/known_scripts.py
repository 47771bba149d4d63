"""sed and awk scripts: both languages can write files and start programs, most scripts do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ADDRESS = r"(?:\d+|\$|/(?:[^/\\\n]|\\.)*/I?)(?:~\d+)?"
_SED_END = r"\s*(?:[;\n]\s*|(?=\})|\Z)"
_SED_COMMAND = re.compile(
    rf"\s*(?:{_ADDRESS}(?:,\s*[+~]?{_ADDRESS})?\s*!?\s*)?"
    rf"(?:\{{\s*|(?:[pdqDPgGhHxnN=]"
    r"|s(?P<d>[/|#,@:!%~])(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)[gpiIM0-9]*"
    r"|y/(?:[^/\\\n]|\\.)*/(?:[^/\\\n]|\\.)*/"
    rf"|[aic](?:\s*\\\n|\\|\s)(?:[^\\\n]|\\.)*(?=\n|\Z)|\}}){_SED_END})",
    re.S,
)
"""One command with its address; `{` and `}` count as commands."""

_SED_FLAGS = frozenset(
    {"--quiet", "--silent", "--regexp-extended", "--separate", "--unbuffered", "--null-data"}
)
_SED_CLUSTER = re.compile(r"-[nErsuz]+")
_AWK_ACTS = re.compile(r"system|getline|close|fflush|[|@]|ARGV|ENVIRON")
_AWK_PRINTS_TO = re.compile(r"printf?\s*\(?[^;}]*>")
_AWK_COMPARES = re.compile(r"(?:\$?\w+|\))\s*>=?\s*[\d.]+(?=\s*(?:[){]|&&|\Z))")


@dataclass(frozen=True, slots=True)
class SedParts:
    """A sed call whose scripts only print, delete, and replace text."""

    in_place: bool
    paths: tuple[str, ...]


def sed_parts(words: Sequence[str]) -> SedParts | None:
    """None where an option or a script is not known to be harmless."""
    scripts: list[str] = []
    operands: list[str] = []
    in_place = False
    rest = iter(words[1:])
    for word in rest:
        if word in {"-e", "--expression"}:
            scripts.append(next(rest, ""))
        elif word.startswith("--expression="):
            scripts.append(word.partition("=")[2])
        elif word in {"-i", "--in-place"}:
            in_place = True
        elif not word.startswith("-") or word == "-":
            operands.append(word)
        elif word not in _SED_FLAGS and not _SED_CLUSTER.fullmatch(word):
            return None
    if not scripts:
        scripts, operands = operands[:1], operands[1:]
    if not scripts or not all(_sed_is_harmless(script) for script in scripts):
        return None
    return SedParts(in_place, tuple(operands))


def _sed_is_harmless(script: str) -> bool:
    at = 0
    while at < len(script):
        found = _SED_COMMAND.match(script, at)
        if found is None or found.end() == at:
            return False
        at = found.end()
    return bool(script.strip())


def awk_only_prints(script: str) -> bool:
    """Whether an awk script has nothing in it that writes, runs or reads anything else.

    Only what `print` gives away can be sent to a file: a `>` before the first is a comparison.
    """
    if _AWK_ACTS.search(script.replace("||", " ")) or _AWK_PRINTS_TO.search(script):
        return False
    _, printed, rest = script.partition("print")
    return not printed or ">" not in _AWK_COMPARES.sub("", rest)
