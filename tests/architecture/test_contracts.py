from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import burnless
from tests.architecture.source import ROOT, modules, name_of, tree_of


def test_the_rings_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_public_names_are_sorted_and_can_be_imported() -> None:
    assert burnless.__all__ == sorted(burnless.__all__)
    assert [name for name in burnless.__all__ if not hasattr(burnless, name)] == []


def patches(path: Path) -> Iterator[str]:
    """Where a test replaces code instead of passing something in."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            module = getattr(node, "module", None) or ""
            if any("mock" in name.split(".") for name in (module, *names)):
                yield f"{name_of(path)}:{node.lineno} imports a mock"
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {
            "monkeypatch.setattr",
            "monkeypatch.delattr",
            "mocker.patch",
        }:
            yield f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"


def test_no_test_patches_code() -> None:
    assert [place for path in modules("tests", "bench") for place in patches(path)] == []


def test_test_names_are_sentences_without_docstrings() -> None:
    tests = [
        (path, node)
        for path in modules("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    described = [f"{name_of(path)} {node.name}" for path, node in tests if ast.get_docstring(node)]
    short = [
        f"{name_of(path)} {node.name}" for path, node in tests if len(node.name.split("_")) < 4
    ]
    assert (described, short) == ([], [])
