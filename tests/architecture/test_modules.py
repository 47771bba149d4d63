from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGE, ROOT, comments, modules, name_of, tree_of

MOST_LINES = 400
EVERYWHERE = ("src", "tests", "bench")
SUPPRESSION = re.compile(r"noqa|type:\s*ignore|pragma:|pylint:|mypy:|ruff:")
COUNTS = ROOT / "tests" / "architecture" / "counts.json"

OUTSIDE_WORLD = {
    "asyncio", "builtins", "datetime", "fcntl", "glob", "http", "io", "logging", "multiprocessing",
    "os", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "subprocess",
    "sys", "tempfile", "time", "urllib", "uuid",
}  # fmt: skip
"""Modules that read a clock, chance, files, the network or the process."""


def expected(name: str) -> int:
    """The one place of each number. It is raised in the commit that needs it, with the reason."""
    return int(json.loads(COUNTS.read_text("utf-8"))[name])


def test_no_module_is_longer_than_its_reader() -> None:
    lengths = {name_of(path): len(path.read_bytes().splitlines()) for path in modules(*EVERYWHERE)}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = []
    for path in modules("src"):
        docstring = ast.get_docstring(tree_of(path)) or ""
        if not re.match(r"\S.+[.:]$", " ".join(docstring.split("\n\n")[0].split())):
            silent.append(name_of(path))
    assert silent == []


def function_level_imports(path: Path) -> Iterator[ast.stmt]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (
                inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)
            )


def test_an_import_inside_a_function_is_there_for_the_start_up_budget() -> None:
    found = {
        (path, node.lineno) for path in modules("src") for node in function_level_imports(path)
    }
    reasons = {
        (path, line)
        for path in modules("src")
        for line, text in comments(path)
        if re.search(r"noqa: PLC0415 - start-up budget", text)
    }
    assert sorted(f"{name_of(path)}:{line}" for path, line in found - reasons) == []
    assert len(found) == expected("function_level_imports"), f"counted in {name_of(COUNTS)}"


def suppressions(*folders: str) -> list[str]:
    return [
        f"{name_of(path)}:{line} {text}"
        for path in modules(*folders)
        for line, text in comments(path)
        if SUPPRESSION.search(text)
    ]


def test_a_suppression_names_its_rule_and_its_reason() -> None:
    beside = re.compile(r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[\w, -]+\]) +[-#] \S")
    unreasoned = []
    for path in modules(*EVERYWHERE):
        said = dict(comments(path))
        for line, text in said.items():
            if SUPPRESSION.search(text) and not (beside.search(text) or line - 1 in said):
                unreasoned.append(f"{name_of(path)}:{line} {text}")
    assert unreasoned == []


def test_suppressions_are_counted() -> None:
    found = suppressions("src")
    assert len(found) == expected("suppressions_in_src"), "\n".join(found)
    found = suppressions("tests", "bench")
    assert len(found) == expected("suppressions_in_tests"), "\n".join(found)


def skips(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr in {
            "skip",
            "skipif",
            "xfail",
            "importorskip",
        }:
            yield f"{name_of(path)}:{node.lineno}"


def test_skipped_tests_are_counted() -> None:
    found = [place for path in modules("tests") for place in skips(path)]
    assert len(found) == expected("skipped_tests"), "\n".join(found)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_core_and_policy_reach_no_clock_no_chance_and_no_file() -> None:
    reached = {
        f"{name_of(path)} imports {name}"
        for path in modules("src/burnless/core", "src/burnless/policy")
        for name in imported(path)
        if name.partition(".")[0] in OUTSIDE_WORLD
    }
    assert sorted(reached) == []


def test_core_and_policy_call_nothing_that_reads_or_prints() -> None:
    called = [
        f"{name_of(path)}:{node.lineno} calls {node.func.id}"
        for path in modules("src/burnless/core", "src/burnless/policy")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"open", "print", "input", "exec", "eval", "breakpoint"}
    ]
    assert called == []


def test_no_folder_or_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "handler", "base", "common", "misc"}
    named = {path for path in PACKAGE.rglob("*") if path.stem in empty}
    assert sorted(name_of(path) for path in named) == []
