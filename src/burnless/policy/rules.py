"""Permission rules: `Bash(npm run test *)`, `Edit(src/**)`, `Read(.env)`, `mcp__server__tool`."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from burnless.core.errors import ConfigProblem
from burnless.policy.workspace_paths import inside, relative

_TOOLS = {
    "Bash": "Bash",
    "run_command": "Bash",
    "Edit": "Edit",
    "Write": "Edit",
    "edit": "Edit",
    "write": "Edit",
    "Read": "Read",
    "Search": "Read",
    "read": "Read",
    "search": "Read",
    "Worker": "Worker",
}
_SHAPE = re.compile(r"(?P<tool>[A-Za-z_][\w-]*)(?:\((?P<pattern>.*)\))?", re.S)
_HOME = r"(?:/home/[^/]+|/Users/[^/]+|/root)"


class RuleProblem(ConfigProblem):
    """A permission rule nobody can read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`tool`: "Bash" | "Edit" | "Read" | "Worker" | "mcp__…". `pattern` "" matches everything."""

    tool: str
    pattern: str
    text: str


@functools.lru_cache(maxsize=512)
def parse_rule(text: str) -> Rule:
    """Read one rule. Raises RuleProblem with the nearest right tool name."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise RuleProblem(
            f"{text!r} is not a permission rule",
            hint="write a tool and a pattern, as in Bash(npm run test *) or Edit(src/**)",
        )
    name, pattern = found["tool"], (found["pattern"] or "").strip()
    tool = name if name.startswith("mcp__") else _TOOLS.get(name, "")
    if not tool:
        near = difflib.get_close_matches(name, _TOOLS, 1)
        raise RuleProblem(
            f"{text!r} names the unknown tool {name!r}",
            hint=f"did you mean {near[0]}?" if near else "use Bash, Edit, Read, Worker or mcp__…",
        )
    return Rule(tool, "" if pattern in {"*", "**"} else pattern, text)


def readable_rules(texts: Iterable[str]) -> tuple[Rule, ...]:
    """The rules among `texts` that can be read; the others are left out."""
    rules = []
    for text in texts:
        try:
            rules.append(parse_rule(text))
        except RuleProblem:
            continue
    return tuple(rules)


def matching_command(rules: Sequence[Rule], text: str, tool: str = "Bash") -> Rule | None:
    """The first rule for this command. `text` is the words of one simple command."""
    return next(
        (rule for rule in rules if rule.tool == tool and command_matches(rule.pattern, text)), None
    )


def matching_path(rules: Sequence[Rule], tool: str, path: str, root: str) -> Rule | None:
    """The first rule of `tool` for an absolute path."""
    return next(
        (rule for rule in rules if rule.tool == tool and path_matches(rule.pattern, path, root)),
        None,
    )


def command_matches(pattern: str, text: str) -> bool:
    """`*` stands for anything; ` *` and `:*` at the end also for nothing."""
    return not pattern or _compiled_command(pattern).fullmatch(text) is not None


def path_matches(pattern: str, path: str, root: str) -> bool:
    """As in a .gitignore: without a slash at any depth, else from the workspace's root; a folder
    stands for all that is in it. `/x` and `~/x` are absolute.
    """
    if not pattern:
        return True
    if pattern.startswith(("/", "~")):
        return bool(_path_pattern(pattern).fullmatch(path))
    if not inside(path, root):
        return "/" not in pattern.rstrip("/") and bool(
            _path_pattern(pattern).fullmatch(path.lstrip("/"))
        )
    return bool(_path_pattern(pattern).fullmatch(relative(path, root)))


def exactly(text: str) -> str:
    """A pattern that matches `text` and nothing else."""
    return re.sub(r"([*\\])", r"\\\1", text)


def names_the_program(rule: Rule, text: str) -> bool:
    """Whether a command that could not be taken apart mentions what the rule is about."""
    if not rule.pattern:
        return True
    program = re.escape(rule.pattern.split()[0].replace("*", "").removesuffix(":"))
    return re.search(rf"(?<![\w.-]){program}(?![\w-])", text) is not None


@functools.lru_cache(maxsize=512)
def _compiled_command(pattern: str) -> re.Pattern[str]:
    pattern = pattern[:-2] + " *" if pattern.endswith(":*") else pattern
    open_end = pattern.endswith(" *") and not pattern.endswith("\\ *")
    body = pattern[:-2] if open_end else pattern
    pieces = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", body)
    source = "".join(".*" if piece == "*" else re.escape(_literal(piece)) for piece in pieces)
    return re.compile(source + (r"(?:\s.*)?" if open_end else ""), re.S)


def _literal(piece: str) -> str:
    return piece[1:] if piece in {"\\*", "\\\\"} else piece


@functools.lru_cache(maxsize=512)
def _path_pattern(pattern: str) -> re.Pattern[str]:
    body = pattern.removeprefix("./").rstrip("/")
    home = ""
    if body.startswith("~"):
        home, body = _HOME, body[1:]
    elif body.startswith("/"):
        body = "/" + body.lstrip("/")
    anywhere = "" if "/" in body else r"(?:.*/)?"
    pieces = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", body)
    source = "".join(_PATH_PIECES.get(piece) or re.escape(piece) for piece in pieces)
    return re.compile(f"{home}{anywhere if not home else ''}{source}(?:/.*)?", re.S)


_PATH_PIECES = {"**/": r"(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
