"""Does a file still parse? Only for formats the standard library (or a callable) can tell."""

from __future__ import annotations

import ast
import json
import tomllib
import warnings
from collections.abc import Callable
from pathlib import PurePosixPath

_JSON_WITH_COMMENTS = ("tsconfig", "jsconfig", "devcontainer")
_LARGEST = 2_000_000

Check = Callable[[str], str]
"""A text to what is wrong with it; "" where it parses."""


class SyntaxChecks:
    """`check_yaml` comes from outside: only one part of the project knows YAML."""

    def __init__(self, check_yaml: Check) -> None:
        self._by_suffix: dict[str, Check] = {
            ".py": python_problem,
            ".pyi": python_problem,
            ".json": json_problem,
            ".toml": toml_problem,
            ".yaml": check_yaml,
            ".yml": check_yaml,
        }

    def warning(self, path: str, before: str, after: str) -> str:
        """A line for the model where `after` does not parse; "" where it does."""
        name = PurePosixPath(path)
        check = self._by_suffix.get(name.suffix.lower())
        if check is None or len(after) > _LARGEST or name.name.startswith(_JSON_WITH_COMMENTS):
            return ""
        problem = check(after)
        if not problem:
            return ""
        if before and check(before):
            return f"Warning: {path} does not parse (it did not before either): {problem}."
        return f"Warning: {path} does not parse now: {problem}. Mend it before you go on."


def python_problem(text: str) -> str:
    try:
        with warnings.catch_warnings():
            # An odd escape in a string is a warning, not a mistake of syntax.
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def json_problem(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError) as error:
        return str(error)
    return ""


def toml_problem(text: str) -> str:
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return str(error)
    return ""
