"""Current lines of the files and symbols a plan's step names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from burnless.core.capsule import FileSlice

SLICE_LINES_MOST = 80
ALL_LINES_MOST = 240
SLICES_MOST = 20
FILE_BYTES_MOST = 2_000_000

DEFINES = (
    r"(?:(?:export|default|public|private|protected|static|async|abstract|final|pub)\s+)*"
    r"(?:def|class|function|func|fn|interface|type|struct|enum|trait|module|const|let|var)\s+"
    r"(?:\([^)]*\)\s*)?"
)
"""What stands before a name where it is defined, in most languages."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines from 1, both ends included."""

    first: int
    last: int


def slice_files(root: Path, paths: Sequence[str], symbols: Sequence[str]) -> tuple[FileSlice, ...]:
    """The symbols where they are defined in `paths`; a file with none of them gives its head.

    What is longer than its share is cut, and what has no room left is only named: each says so.
    """
    found: list[FileSlice] = []
    lines_left = ALL_LINES_MOST
    for path in dict.fromkeys(paths):
        text = read_source(root, path)
        lines = text.splitlines()
        for span in _spans(path, text, lines, symbols):
            if not lines_left:
                found.append(
                    FileSlice(path, f"{span.first}-{span.last}", f"[left out: read {path}]")
                )
                continue
            last = min(span.last, span.first + min(SLICE_LINES_MOST, lines_left) - 1)
            shown = lines[span.first - 1 : last]
            if last < span.last:
                shown.append(f"[cut: read {path} from line {last + 1}]")
            found.append(FileSlice(path, f"{span.first}-{last}", "\n".join(shown)))
            lines_left -= last - span.first + 1
    return tuple(found[:SLICES_MOST])


def line_of_definition(path: str, text: str, symbol: str) -> int:
    """The line, from 1, where `name` or `Class.method` is defined; 0 = not in this file."""
    lines = text.splitlines()
    owner = symbol.rpartition(".")[0].rpartition(".")[2]
    if owner and not any(_find_symbol(path, text, lines, owner)):
        return 0
    found = next(_find_symbol(path, text, lines, symbol), None)
    if found is None:
        return 0
    name = symbol.rpartition(".")[2]
    within = range(found.first, found.last + 1)  # decorators stand before the name
    return next((number for number in within if name in lines[number - 1]), found.first)


def read_source(root: Path, path: str) -> str:
    """Text of a file inside the workspace; "" for anything else, and for binary ones."""
    target = root / path
    try:
        inside = target.resolve().is_relative_to(root.resolve())
        if not inside or not target.is_file() or target.stat().st_size > FILE_BYTES_MOST:
            return ""
        data = target.read_bytes()
    except (OSError, ValueError):
        return ""
    return "" if b"\0" in data[:8192] else data.decode("utf-8", "replace")


def _spans(path: str, text: str, lines: list[str], symbols: Sequence[str]) -> list[_Span]:
    if not lines:
        return []
    named = [span for symbol in symbols for span in _find_symbol(path, text, lines, symbol)]
    if not named:
        return [_Span(1, len(lines))]
    ordered = sorted(set(named), key=lambda span: (span.first, -span.last))
    outer: list[_Span] = []
    for span in ordered:
        if not outer or span.last > outer[-1].last:
            outer.append(span)
    return outer


def _find_symbol(path: str, text: str, lines: list[str], symbol: str) -> Iterator[_Span]:
    name = symbol.strip().removesuffix("()")
    if path.endswith((".py", ".pyi")):
        tree = _parse(text)
        if tree is not None:
            yield from _in_python(tree, name.split("."))
            return
    yield from _in_text(lines, name.rpartition(".")[2])


def _parse(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _in_python(tree: ast.AST, parts: list[str]) -> Iterator[_Span]:
    """`Class.method` is looked for inside the class; a bare name anywhere."""
    for node in ast.walk(tree):
        if _defined_name(node) != parts[0]:
            continue
        if len(parts) == 1:
            yield _span_of(node)
        else:
            children = ast.iter_child_nodes(node)
            yield from (_span_of(child) for child in children if _defined_name(child) == parts[1])


def _defined_name(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def _span_of(node: ast.AST) -> _Span:
    first = int(getattr(node, "lineno", 1))
    decorators = getattr(node, "decorator_list", [])
    return _Span(
        min([first, *(int(item.lineno) for item in decorators)]),
        int(getattr(node, "end_lineno", first) or first),
    )


def _in_text(lines: list[str], name: str) -> Iterator[_Span]:
    """From the line that defines it to the next line that is indented no deeper."""
    pattern = re.compile(rf"^(\s*)(?:{DEFINES}){re.escape(name)}\b")
    method = re.compile(rf"^(\s+)(?:async\s+)?{re.escape(name)}\s*\([^;]*\{{\s*$")
    for index, line in enumerate(lines):
        found = pattern.match(line) or method.match(line)
        if found:
            yield _Span(index + 1, _end_of_block(lines, index, len(found.group(1))))


def _end_of_block(lines: list[str], start: int, indent: int) -> int:
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            closes = line.strip()[0] in "})]"
            return index + 1 if closes else index
    return len(lines)
