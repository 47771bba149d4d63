"""Which command lines name a file, and which of those may have made, moved or removed it. Pure."""

from __future__ import annotations

import re

_WORD = r"(?<![\w.-]){0}(?![\w-]|\.\w)"
_ALTERS = re.compile(
    r"(?<![\w./-])(?:rm|unlink|mv|cp|tee|touch|install|rsync|dd|ln|truncate|mktemp|trap|git)(?![\w-])"
    r"|>|\s-[a-z]*c\s|<<|\bopen\(|\bos\.|shutil|\bwrite",
)
_WHOLE = (
    r"(?:>\|?\s*|\btee\s+(?:-\S+\s+)*){0}|\b(?:cp|mv|install)\s[^;&|]*\s{0}(?=\s*(?:$|[;&|\n]))"
)
_MODE = re.compile(r"(?<![\w.-])(?:chmod|setfacl|install|update-index\s+--chmod)(?![\w-])")


def may_have_passed(command: str, path: str) -> bool:
    """The line names the file and does more than read: it may have come and gone within it."""
    return _names(command, path) and bool(_ALTERS.search(command))


def rewrites(command: str, path: str) -> bool:
    """The line writes the whole file, whatever was in it."""
    target = rf"['\"]?{_spelled(path)}['\"]?"
    appends = re.sub(r">>", "++", command)
    return bool(re.search(_WHOLE.format(target), appends))


def sets_mode(command: str, path: str) -> bool:
    return _names(command, path) and bool(_MODE.search(command))


def _names(command: str, path: str) -> bool:
    name = re.escape(path.rstrip("/").rpartition("/")[2])
    return bool(name) and bool(re.search(_WORD.format(name), command))


def _spelled(path: str) -> str:
    """The name with any folders in front of it."""
    name = re.escape(path.rstrip("/").rpartition("/")[2])
    return rf"(?:[\w./~$-]*/)?{name}(?![\w.-])"
