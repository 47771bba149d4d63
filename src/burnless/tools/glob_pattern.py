"""File name patterns, the same for every way of searching."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|\{[^{}]*\}|.", re.DOTALL)
_WILD = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def name_filter(pattern: str, base: str = "") -> Callable[[str], bool]:
    """Does a path (relative to the workspace) match? Without a slash its last part has to.

    With one, the path from the workspace or from `base` has to. An empty pattern takes all.
    """
    pattern = pattern.strip().removeprefix("./").lstrip("/")
    if not pattern:
        return lambda path: True
    if pattern.endswith("/"):
        pattern += "**"
    matches = re.compile(glob_regex(pattern)).fullmatch
    if "/" not in pattern:
        return lambda path: matches(PurePosixPath(path).name) is not None
    under = "" if base in {"", "."} else f"{base}/"
    return lambda path: (
        matches(path) is not None or (under != "" and matches(path.removeprefix(under)) is not None)
    )


def glob_regex(pattern: str) -> str:
    """`*` and `?` stay inside one folder, `**` does not; `[ab]` and `{a,b}` choose."""
    return "".join(_translate(token) for token in _TOKEN.findall(pattern))


def _translate(token: str) -> str:
    if token in _WILD:
        return _WILD[token]
    if len(token) > 1 and token.startswith("["):
        inside = token[1:-1].replace("\\", r"\\").replace("[", r"\[")
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
    if len(token) > 1 and token.startswith("{"):
        return "(?:" + "|".join(glob_regex(part) for part in token[1:-1].split(",")) + ")"
    return re.escape(token)
