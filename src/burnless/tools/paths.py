"""What a path in a call really means: inside the workspace or not, through every link."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from burnless.policy.arguments import ArgumentProblem

_NEAREST = 3
_MOST_LISTED = 5_000
_LONGEST_NAME, _LONGEST_PATH = 255, 4_095
"""Bytes, as on Linux and (about) on macOS."""

_HALF_A_CHARACTER = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""The others are how Python spells bytes of a name that are no UTF-8."""

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Target:
    """One path of a call.

    given: as the model wrote it
    name:  what the session knows it by: relative to the workspace (POSIX) where it is inside,
           absolute where it is not; links resolved
    real:  the file itself
    accessed: the names permission is asked for: the one it was given by, and the real one
    """

    given: str
    name: str
    real: Path
    inside: bool
    accessed: tuple[str, ...]

    @property
    def exists(self) -> bool:
        """Also no for a name that no file can have."""
        try:
            self.real.stat()
        except (OSError, ValueError):
            return False
        return True


class BadPath(ArgumentProblem):
    """A path that no file can have."""


def locate(given: str, root: Path) -> Target:
    """Relative paths count from the workspace. Raises BadPath, and nothing else.

    Blanks around a path are slips, unless there is a file of just that name.
    """
    _check(given)
    top = Path(os.path.realpath(root))
    bare = given.strip()
    named_so = given != bare and os.path.lexists(top / given)
    lexical = Path(os.path.normpath(top / _expanded(given if named_so else bare)))
    try:
        real = Path(os.path.realpath(lexical))
    except (OSError, ValueError):
        real = lexical
    name, named = _name(real, top), _name(lexical, top)
    # A link is asked for under both names: a rule may be about either.
    accessed = (name,) if name == named else (named, name)
    return Target(given, name, real, real.is_relative_to(top), accessed)


def _check(given: str) -> None:
    """Raises BadPath for what the system would refuse, or would cut off in silence."""
    problem = ""
    if "\0" in given:
        problem = "has a NUL character in it"
    elif _HALF_A_CHARACTER.search(given):
        problem = "has half a character in it (a lone surrogate)"
    elif any(_bytes(name) > _LONGEST_NAME for name in given.split("/")):
        problem = f"has a name of more than {_LONGEST_NAME} bytes in it"
    elif _bytes(given) > _LONGEST_PATH:
        problem = f"is longer than {_LONGEST_PATH} bytes"
    if problem:
        shown = ascii(given[:_SHOWN]) + ("…" if given[_SHOWN:] else "")
        raise BadPath(f"{shown}: this path {problem}, so no file can have it; write another one")


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _expanded(bare: str) -> str:
    if not bare.startswith("~"):
        return bare or "."
    try:
        return str(Path(bare).expanduser())
    except RuntimeError:
        # No such user: then it is a plain name.
        return bare


def _name(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()


def why_no_new_file(target: Target) -> str:
    """Why a file that is not there yet should not be made under the name it was given; or ""."""
    bare = target.given.strip()
    if bare.endswith("/"):
        return (
            f"Not written: {target.given} ends with a slash, so it names a folder. "
            "Folders are made together with the first file in them: give the file's path."
        )
    if target.given != bare:
        return (
            f"Not written: the path {target.given!r} begins or ends with a blank. "
            f"If that is a slip write {bare!r}."
        )
    return ""


def not_there(target: Target, root: Path) -> str:
    """What to tell about a path that does not exist: the nearest ones that do."""
    near = _nearest(target, root)
    guess = f" Nearest: {', '.join(near)}." if near else ""
    return (
        f"{target.given}: no such file.{guess} Paths count from the workspace root; "
        "find files by name with search (glob)."
    )


def _nearest(target: Target, root: Path) -> list[str]:
    """Like-named files beside it, else files of the same name anywhere near the root."""
    folder = target.real.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    beside = [entry for entry in _entries(folder) if entry.is_file()]
    names = {entry.name: entry for entry in beside}
    close = difflib.get_close_matches(target.real.name, names, _NEAREST, cutoff=0.6)
    found = [names[name] for name in close] or _of_same_name(target.real.name, root)
    top = Path(os.path.realpath(root))
    return [_name(path, top) for path in found]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())[:_MOST_LISTED]
    except OSError:
        return []


def _of_same_name(name: str, root: Path) -> list[Path]:
    found: list[Path] = []
    seen = 0
    for folder, folders, files in os.walk(os.path.realpath(root)):
        folders[:] = sorted(entry for entry in folders if not entry.startswith("."))
        seen += len(files)
        if name in files:
            found.append(Path(folder) / name)
        if len(found) == _NEAREST or seen > _MOST_LISTED:
            break
    return found
