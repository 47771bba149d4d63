"""Where a task's names occur in the workspace, and where they are defined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from burnless.workspace.git import Git
from burnless.workspace.slices import DEFINES, line_of_definition, read_source

_FILES_A_NAME = 6
_FILES_A_DEFINED_NAME = 20
_DEFINITIONS_MOST = 20
_LINE_CHARACTERS_MOST = 160
_SEARCHED_FILES_MOST = 5_000
_MANY_FILES = 20_000
_NAMES_IN_MANY_FILES = 4
"""Each name is one pass over the tree: about 0.4 s for 50,000 files."""
_DOTTED = re.compile(r"(?:\w+\.)*(?P<owner>[A-Za-z_]\w*)\.(?P<name>[A-Za-z_]\w*)")


class NamedPlaces:
    """Looks for names with one `git grep` each, or by reading where there is no git.

    files: what may be told of, workspace-relative
    """

    def __init__(self, root: Path, git: Git, files: Sequence[str]) -> None:
        self._root = root
        self._git = git
        self._files = files
        self._shown = set(files)

    def lines(self, names: Sequence[str]) -> list[str]:
        """One line a name that occurs, then one a definition."""
        many = len(self._files) > _MANY_FILES
        names = names[:_NAMES_IN_MANY_FILES] if many else names
        dotted = {} if many else {name: both for name in names if (both := self._dotted(name))}
        parts = [part for found in dotted.values() for part in found]
        hits = self._hits(list(dict.fromkeys([*names, *parts])))
        plain = {name: hits[name] for name in names if name not in dotted}
        defined = list(self._definitions(plain))
        for name, (owner, method) in dotted.items():
            defined.extend(self._inside(name, hits[owner], hits[method]))
        known = " ".join(defined)
        occurring = [self._where(name, hits[name], known) for name in names]
        return [*filter(None, occurring), *(f"defined: {line}" for line in defined)]

    def defining(self, symbols: Sequence[str]) -> list[str]:
        """Files that define one of these, those with most mentions first."""
        names = [symbol.removesuffix("()").rpartition(".")[2] for symbol in symbols]
        found = self._definitions(self._hits(names))
        return list(dict.fromkeys(line.split(":", 1)[0] for line in found))

    def _dotted(self, name: str) -> tuple[str, str] | None:
        """`Cart.total` as ("Cart", "total"); a file's name is no such thing."""
        found = _DOTTED.fullmatch(name)
        is_file = any(path == name or path.endswith(f"/{name}") for path in self._files)
        return (found["owner"], found["name"]) if found and not is_file else None

    def _hits(self, names: Sequence[str]) -> dict[str, Counter[str]]:
        """How often each file mentions each name."""
        options = ("grep", "-I", "-c", "-z", "-F", "-i", "--untracked", "-e")
        printed = self._git.read_each(*((*options, name) for name in names))
        if any(printed) or self._git.text("rev-parse", "--is-inside-work-tree"):
            # git grep fails where it finds nothing
            return {
                name: self._parse_counts(found or b"")
                for name, found in zip(names, printed, strict=True)
            }
        return self._hits_without_git(names)

    def _hits_without_git(self, names: Sequence[str]) -> dict[str, Counter[str]]:
        hits: dict[str, Counter[str]] = {name: Counter() for name in names}
        for path in self._files[:_SEARCHED_FILES_MOST] if names else ():
            text = read_source(self._root, path).lower()
            for name in names:
                number = text.count(name.lower())
                if number:
                    hits[name][path] = number
        return hits

    def _parse_counts(self, printed: bytes) -> Counter[str]:
        """Lines of path, NUL, number."""
        counts: Counter[str] = Counter()
        for line in printed.decode("utf-8", "surrogateescape").splitlines():
            path, _, number = line.partition("\0")
            if path in self._shown and number.isdigit():
                counts[path] = int(number)
        return counts

    def _definitions(self, hits: Mapping[str, Counter[str]]) -> Iterator[str]:
        """Only the files that mention the names most are opened."""
        words = [re.escape(name) for name in hits if name.isidentifier()]
        if not words:
            return
        pattern = re.compile(rf"^\s*(?:{DEFINES})(?:{'|'.join(words)})\b")
        totals: Counter[str] = sum(hits.values(), Counter())
        left = _DEFINITIONS_MOST
        for path in sorted(_by_hits(totals)[: 2 * _DEFINITIONS_MOST]):
            for number, line in enumerate(read_source(self._root, path).splitlines(), 1):
                if left and pattern.match(line):
                    left -= 1
                    yield _definition(path, number, line)

    def _inside(self, dotted: str, owner: Counter[str], method: Counter[str]) -> Iterator[str]:
        """`Cart.total` in the file of class Cart, `money.total` in money.py."""
        name = _DOTTED.fullmatch(dotted)
        if name is None:
            return
        both = Counter({path: owner[path] + method[path] for path in method if owner[path]})
        modules = [path for path in method if Path(path).stem == name["owner"]]
        for path in [*modules, *_by_hits(both)[: 2 * _DEFINITIONS_MOST]]:
            text = read_source(self._root, path)
            wanted = name["name"] if path in modules else f"{name['owner']}.{name['name']}"
            number = line_of_definition(path, text, wanted)
            if number:
                yield _definition(path, number, text.splitlines()[number - 1])
                return

    def _where(self, name: str, counts: Counter[str], defined: str) -> str:
        """Files whose path holds the name first, then those that mention it most."""
        named = [path for path in self._files if name.lower() in path.lower()]
        ordered = list(dict.fromkeys([*named[:_FILES_A_NAME], *_by_hits(counts)]))
        if not ordered:
            return ""
        is_defined = re.search(rf"\b{re.escape(name)}\b", defined) is not None
        most = _FILES_A_DEFINED_NAME if is_defined else _FILES_A_NAME
        shown = [f"{path}: {counts[path] or 'in its path'}" for path in ordered[:most]]
        more = len(ordered) - most
        rest = f", … {more} more file{'s' if more > 1 else ''}" if more > 0 else ""
        return f"{name} → {', '.join(shown)}{rest}"


def _definition(path: str, number: int, line: str) -> str:
    return f"{path}:{number}: {line.strip()[:_LINE_CHARACTERS_MOST]}"


def _by_hits(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda path: (-counts[path], path))
