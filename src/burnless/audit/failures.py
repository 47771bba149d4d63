"""Names of failing tests, read out of what test programs print."""

from __future__ import annotations

import re

FAILURES_MOST = 500

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_TIMES = re.compile(r"\s*\(?\b\d+(?:\.\d+)?\s*m?s\b\)?$")

_PROGRAMS = {
    "pytest": r"^(?:FAILED|ERROR) (?P<name>[^\s].*?\.py(?:::.*?)?)(?: - .*)?$",
    "unittest": r"^(?:FAIL|ERROR): (?P<name>\S+ \([\w.]+\)(?: [\[(].*)?|\S+ \S+|\S+)$",
    "go test": r"^\s*--- FAIL: (?P<name>\S+)",
    "go package": r"^FAIL\s+(?P<name>\S+ \[[\w ]+ failed\])$",
    "cargo test": r"^test (?P<name>\S+)(?: - should panic)? \.\.\. FAILED$",
    "jest": r"^\s*\u25cf (?P<name>.+? \u203a .+)$",
    "vitest": r"^\s*(?:FAIL|\u00d7)\s{1,2}(?P<name>\S+\.\w+(?: > .+)?)$",
    "tap": r"^\s*not ok \d+\s*-?\s*(?P<name>[^#]+?)\s*(?:#.*)?$",
    "rspec": r"^rspec (?P<name>\S+)",
    "phpunit": r"^\d+\) (?P<name>[\w\\]+::\w+)",
    "dotnet": r"^\s*Failed (?P<name>[\w.]+(?:\(.*\))?) \[",
    "node": r"^\s*\u2716 (?P<name>\S.*)$",
    "script": r"^(?:FAIL|FAILED|not ok):? (?P<name>[\w./:-]+)$",
}
"""Each asks for a mark that its program prints: a line that merely says "failed" is no test."""

_PATTERNS = tuple(re.compile(pattern) for pattern in _PROGRAMS.values())
_HEADS = re.compile(r"^failing tests:?$", re.IGNORECASE)


def find_failures(output: str) -> tuple[str, ...]:
    """Each once, in the order they are printed; () where nothing can be read."""
    names: dict[str, None] = {}
    for line in _COLOURS.sub("", output).splitlines():
        name = _name_in(line.rstrip())
        if name and not _HEADS.match(name):
            names.setdefault(name)
            if len(names) >= FAILURES_MOST:
                break
    return tuple(names)


def _name_in(line: str) -> str:
    for pattern in _PATTERNS:
        found = pattern.match(line)
        if found:
            return _TIMES.sub("", found["name"].strip())
    return ""
