"""The files a project keeps for agents, read in one order, cut with a word about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from burnless.core.events import MemoryFile
from burnless.core.protocols import ProjectLayer

FILE_BYTES_MOST = 24_000
ALL_BYTES_MOST = 60_000

USER_LEVEL = "user:AGENTS.md"
"""How the user's own file is named: its real place would be a path of one machine."""

DECISIONS = "decisions/log.md"
_ROOT_FILES = ("MEMORY.md", "framework.md", DECISIONS)
_POINTER_CHARACTERS_MOST = 200
_MARKUP = re.compile(r"[#*_`>\[\]()-]")


@dataclass(frozen=True, slots=True)
class Memory:
    """One file as found. `path` is how it is named to the model."""

    path: str
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace").replace("\r\n", "\n").strip()


def find_memories(root: Path, cwd: Path, user_folder: Path | None) -> list[Memory]:
    """AGENTS.md from `cwd` up to `root` and the user level, CLAUDE.md likewise, then the rest.

    A file that repeats another, or only points to one, is left out.
    """
    folders = list(_folders_up(root, cwd))
    agents = [found for folder in folders if (found := _read(root, folder, "AGENTS.md"))]
    claudes = [found for folder in folders if (found := _read(root, folder, "CLAUDE.md"))]
    agents = [memory for memory in agents if not _points_to(memory, "CLAUDE.md", claudes)]
    if user_folder is not None:
        data = _bytes_of(user_folder / "AGENTS.md")
        agents += [Memory(USER_LEVEL, data)] if data else []
    claudes = [memory for memory in claudes if not _points_to(memory, "AGENTS.md", agents)]
    rest = [found for name in _ROOT_FILES if (found := _read(root, root, name))]
    return _without_repeats([*agents, *claudes, *rest])


def render_memories(memories: list[Memory]) -> ProjectLayer:
    """Each under its path. What does not fit is cut at a line's end, and said to be cut."""
    parts: list[str] = []
    files: list[MemoryFile] = []
    left = ALL_BYTES_MOST
    for memory in memories:
        text = _numbered(memory.text) if memory.path == DECISIONS else memory.text
        kept = _head(text, min(FILE_BYTES_MOST, left))
        left -= len(kept.encode())
        cut = kept != text
        parts.append(f"## {memory.path}\n\n{kept}{_cut_note(memory, cut)}".rstrip())
        digest = hashlib.sha256(memory.data).hexdigest()
        files.append(MemoryFile(memory.path, digest, len(memory.data), cut))
    return ProjectLayer("\n\n".join(parts), tuple(files))


def _folders_up(root: Path, cwd: Path) -> Iterator[Path]:
    if not cwd.is_relative_to(root):
        yield root
        return
    folder = cwd
    while folder != root:
        yield folder
        folder = folder.parent
    yield root


def _read(root: Path, folder: Path, name: str) -> Memory | None:
    """A link that leads out of the workspace is not followed: it could name a private file."""
    path = folder / name
    if not path.resolve().is_relative_to(root.resolve()):
        return None
    data = _bytes_of(path)
    return Memory(path.relative_to(root).as_posix(), data) if data else None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


def _points_to(memory: Memory, name: str, others: list[Memory]) -> bool:
    """It is a line or two that say: read the other one (and the other one is there)."""
    words = _MARKUP.sub("", memory.text)
    short = len(words) <= _POINTER_CHARACTERS_MOST and name.lower() in words.lower()
    folder = memory.path.rpartition("/")[0]
    return short and any(_stands_above(other.path, folder) for other in others)


def _stands_above(path: str, folder: str) -> bool:
    above = path.rpartition("/")[0]
    return path != USER_LEVEL and (not above or f"{folder}/".startswith(f"{above}/"))


def _without_repeats(memories: list[Memory]) -> list[Memory]:
    first: dict[str, Memory] = {}
    for memory in memories:
        if memory.text:
            first.setdefault(memory.text, memory)
    return list(first.values())


def _numbered(text: str) -> str:
    """So that a decision can be quoted with its line."""
    return "\n".join(f"{number}: {line}" for number, line in enumerate(text.split("\n"), 1))


def _head(text: str, most: int) -> str:
    data = text.encode()
    if len(data) <= most:
        return text
    head = data[: max(most, 0)].decode("utf-8", "ignore")
    return head[: head.rfind("\n") + 1].rstrip()


def _cut_note(memory: Memory, cut: bool) -> str:
    if not cut:
        return ""
    where = "the user's own file" if memory.path == USER_LEVEL else f"read {memory.path}"
    return f"\n[cut here: the file has {len(memory.data):,} bytes; for the rest, {where}]"
