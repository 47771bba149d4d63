"""The commands a repository's own manifests name: what builds, tests and checks it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

COMMANDS_MOST = 30
_SCRIPT_CHARACTERS_MOST = 80
_TARGET = re.compile(r"^([A-Za-z][\w.-]*)\s*:(?!=)", re.MULTILINE)
_RECIPE = re.compile(r"^@?([a-z][\w-]*)(?:\s[^:=\n]*)?:(?!=)", re.MULTILINE)
_LOCKFILES = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
)
_PYTHON_TOOLS = (
    ("pytest", "pytest"),
    ("ruff", "ruff check"),
    ("mypy", "mypy"),
    ("tox", "tox"),
    ("black", "black --check ."),
    ("pyright", "pyright"),
)
_BY_MANIFEST = (
    ("Cargo.toml", "cargo test"),
    ("go.mod", "go test ./..."),
    ("pom.xml", "mvn test"),
    ("gradlew", "./gradlew test"),
    ("tox.ini", "tox"),
    ("pytest.ini", "pytest"),
    ("Gemfile", "bundle exec rake"),
    ("mix.exs", "mix test"),
)


def find_commands(root: Path) -> list[str]:
    """One line a command, in the order of the manifests; nothing is run to find out."""
    lines = [
        *_package_scripts(root),
        *_make_targets(root),
        *_just_recipes(root),
        *_python_tools(root),
        *(command for name, command in _BY_MANIFEST if (root / name).is_file()),
    ]
    return list(dict.fromkeys(lines))[:COMMANDS_MOST]


def read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") if path.is_file() else ""
    except OSError:
        return ""


def _package_scripts(root: Path) -> Iterator[str]:
    try:
        package = json.loads(read_text(root / "package.json") or "{}")
    except (ValueError, RecursionError):
        return
    scripts = package.get("scripts") if isinstance(package, dict) else None
    if not isinstance(scripts, dict):
        return
    runner = next((tool for name, tool in _LOCKFILES if (root / name).is_file()), "npm")
    for name, script in scripts.items():
        yield f"{runner} run {name}  ({_short(str(script))})"


def _make_targets(root: Path) -> Iterator[str]:
    for name in ("GNUmakefile", "Makefile", "makefile"):
        text = read_text(root / name)
        if text:
            yield from (f"make {target}" for target in dict.fromkeys(_TARGET.findall(text)))
            return


def _just_recipes(root: Path) -> Iterator[str]:
    text = read_text(root / "justfile") or read_text(root / "Justfile")
    yield from (f"just {recipe}" for recipe in dict.fromkeys(_RECIPE.findall(text)))


def _python_tools(root: Path) -> Iterator[str]:
    try:
        manifest = tomllib.loads(read_text(root / "pyproject.toml"))
    except tomllib.TOMLDecodeError:
        return
    tools = manifest.get("tool")
    if isinstance(tools, dict):
        yield from (command for tool, command in _PYTHON_TOOLS if tool in tools)


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _SCRIPT_CHARACTERS_MOST:
        return line
    return f"{line[:_SCRIPT_CHARACTERS_MOST]}…"
