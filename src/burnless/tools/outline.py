"""What is in a file, by name and line: enough to ask for the right lines next."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

_MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".rst"})
_KEYED = frozenset({".json", ".yaml", ".yml", ".toml"})
_PYTHON = frozenset({".py", ".pyi"})
_MOST_ENTRIES = 120
_LONGEST_ROW = 200
_SHOWN_OF_ROW = 120

_DEFINITION = re.compile(
    r"""^(?P<indent>[ \t]*)
    (?:(?:export|default|public|private|protected|internal|static|final|abstract|async|inline
        |override|open|sealed|data|virtual|extern|unsafe|const|pub(?:\([a-z]+\))?)\s+)*
    (?:class|interface|struct|enum|trait|impl|module|namespace|function\*?|fn|func|def|type|object
       |protocol|extension|record|macro_rules!|sub|package|message|service)
    \s+(?:\([^)]*\)\s*)?(?:<[^>]*>\s*)?(?P<name>[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*[?!]?)""",
    re.VERBOSE,
)
_ASSIGNED = re.compile(
    r"^(?P<indent>)(?:export\s+)?(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=]+)?=\s*"
    r"(?:async\s*)?(?:function|\(|[A-Za-z_$][\w$]*\s*=>)"
)
_CALLABLE = re.compile(
    r"^(?P<indent>[ \t]*)(?!(?:if|for|while|switch|return|else|catch|new|throw|await)\b)"
    r"(?:[A-Za-z_$][\w$<>\[\],.*&:~?]*[ \t*&]+)*(?P<name>[A-Za-z_$~][\w$:~]*)\s*\([^;]*\)"
    r"\s*(?:const\s*)?(?::\s*[^={;]+)?(?:throws\s+[\w., ]+)?\{\s*$"
)
_HEADING = re.compile(r"^(?P<indent>#{1,6})\s+(?P<name>.+?)\s*#*$")
_KEY = re.compile(r"""^(?P<indent>(?:[ ]{2}|\t)?)(?P<name>"[^"]+"|[\w.-]+)\s*[:=]""")
_TABLE = re.compile(r"^(?P<indent>)\[+(?P<name>[^\]]+)\]+\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition: its lines (from 1, both included), its full name, its own first line."""

    name: str
    first: int
    last: int
    depth: int
    text: str


def outline_of(path: str, text: str) -> tuple[Entry, ...]:
    """In the order of the file; nothing where nothing is recognised."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _PYTHON:
        entries = _python(text)
        if entries is not None:
            return entries
    rows = text.split("\n")
    if suffix in _MARKDOWN:
        return _closed(rows, list(_headings(rows)))
    if suffix in _KEYED:
        return _closed(rows, list(_keys(rows, suffix)))
    return _braced(rows, list(_definitions(rows)))


def render(entries: tuple[Entry, ...]) -> str:
    """A line an entry; the deepest ones are left out first where there are too many."""
    shown = entries
    while len(shown) > _MOST_ENTRIES and (deepest := max(entry.depth for entry in shown)):
        shown = tuple(entry for entry in shown if entry.depth < deepest)
    rows = [f"{'  ' * entry.depth}{entry.first}-{entry.last} {entry.text}" for entry in shown]
    if len(rows) > _MOST_ENTRIES:
        rows = [*rows[:_MOST_ENTRIES], f"[{len(rows) - _MOST_ENTRIES} more, not shown]"]
    elif len(shown) < len(entries):
        rows.append(f"[{len(entries) - len(shown)} inner ones left out]")
    return "\n".join(rows)


def find_symbol(entries: tuple[Entry, ...], symbol: str) -> tuple[Entry, ...]:
    """By full name, else by its end: `method` finds `Class.method`."""
    wanted = symbol.strip().replace("::", ".").removesuffix("()")
    exact = tuple(entry for entry in entries if entry.name == wanted)
    return exact or tuple(entry for entry in entries if entry.name.endswith(f".{wanted}"))


def _python(text: str) -> tuple[Entry, ...] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tuple(_python_entries(tree, "", 0, text.split("\n")))


def _python_entries(node: ast.AST, owner: str, depth: int, rows: list[str]) -> Iterator[Entry]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{owner}{child.name}"
            first = min([child.lineno, *(each.lineno for each in child.decorator_list)])
            last = child.end_lineno or child.lineno
            yield Entry(name, first, last, depth, _clipped(rows[child.lineno - 1]))
            yield from _python_entries(child, f"{name}.", depth + 1, rows)
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _python_entries(child, owner, depth, rows)


_Found = tuple[str, int, int, str]
"""Name, line from 1, column or level, text of the line."""


def _headings(rows: list[str]) -> Iterator[_Found]:
    fenced = False
    for number, row in enumerate(rows, 1):
        if row.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and (found := _HEADING.match(row)):
            yield found["name"], number, len(found["indent"]) - 1, row


def _keys(rows: list[str], suffix: str) -> Iterator[_Found]:
    inside = False
    for number, row in enumerate(rows, 1):
        if suffix == ".toml" and (found := _TABLE.match(row)):
            inside = True
            yield found["name"], number, 0, row
        elif inside or not (found := _KEY.match(row)):
            continue
        # The keys of a JSON object stand one level in, those of YAML at the margin.
        elif bool(found["indent"]) is (suffix == ".json"):
            yield found["name"].strip('"'), number, 0, row


def _definitions(rows: list[str]) -> Iterator[_Found]:
    for number, row in enumerate(rows, 1):
        found = _DEFINITION.match(row) or _ASSIGNED.match(row) or _callable(row)
        if found:
            yield found["name"], number, len(found["indent"].expandtabs(4)), row


def _callable(row: str) -> re.Match[str] | None:
    # The pattern is dear on long rows, and a definition's first line is not long.
    return _CALLABLE.match(row) if len(row) <= _LONGEST_ROW and row.rstrip().endswith("{") else None


def _closed(rows: list[str], found: list[_Found]) -> tuple[Entry, ...]:
    """Each reaches to the next of its level or above."""
    entries = []
    for index, (name, first, level, text) in enumerate(found):
        after = (line for _, line, other, _ in found[index + 1 :] if other <= level)
        last = next(after, len(rows) + 1) - 1
        entries.append(Entry(name, first, _without_blank(rows, last), level, _clipped(text)))
    return tuple(entries)


def _braced(rows: list[str], found: list[_Found]) -> tuple[Entry, ...]:
    """Each reaches as far as its indentation does, its closing line included."""
    entries: list[Entry] = []
    open_ones: list[tuple[int, str, int]] = []
    for name, first, column, text in found:
        last = _end_of_block(rows, first, column)
        while open_ones and (open_ones[-1][0] >= column or open_ones[-1][2] < first):
            open_ones.pop()
        full = f"{open_ones[-1][1]}.{name}" if open_ones else name
        full = full.replace("::", ".")
        entries.append(Entry(full, first, last, len(open_ones), _clipped(text)))
        open_ones.append((column, full, last))
    return tuple(entries)


def _end_of_block(rows: list[str], first: int, column: int) -> int:
    last = first
    for number in range(first + 1, len(rows) + 1):
        row = rows[number - 1]
        if not row.strip():
            continue
        indent = len(row) - len(row.lstrip())
        if len(row[:indent].expandtabs(4)) > column:
            last = number
            continue
        if row.lstrip().startswith("{") and number == first + 1:
            continue
        return number if row.lstrip().startswith(("}", ")", "end", "]")) else last
    return last


def _without_blank(rows: list[str], last: int) -> int:
    while last > 1 and not rows[last - 1].strip():
        last -= 1
    return last


def _clipped(row: str) -> str:
    text = row.strip()
    return text if len(text) <= _SHOWN_OF_ROW else f"{text[:_SHOWN_OF_ROW]}…"
