"""Names of sessions: readable, unique, safe as a folder's name."""

from __future__ import annotations

import re
import secrets
import time
import unicodedata

from burnless.core.errors import InputProblem

_VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SLUG_LENGTH = 24


def new_session_id(prompt: str, now: float) -> str:
    """`20261122-refactor-auth-7f3a`: local date, first words of the prompt, chance."""
    date = time.strftime("%Y%m%d", time.localtime(now))
    return "-".join(part for part in (date, slug(prompt), secrets.token_hex(2)) if part)


def slug(text: str) -> str:
    """The first words in plain ASCII, at most 24 characters, whole words where one fits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain[:400])
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word[:_SLUG_LENGTH]
        if len(longer) > _SLUG_LENGTH:
            break
        kept = longer
    return kept


def check_session_id(wanted: str) -> str:
    """A name the user gave. Raises InputProblem where it cannot be a folder's name."""
    if not _VALID.fullmatch(wanted):
        raise InputProblem(
            f"{wanted!r} cannot be a session's ID",
            hint="use letters, digits, '.', '_' and '-', starting with a letter or digit,"
            " at most 100 characters",
        )
    return wanted
