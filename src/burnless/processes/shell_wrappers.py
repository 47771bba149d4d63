"""Programs that only run another one: `timeout 5 pytest` is `pytest`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from burnless.processes.shell_words import NotUnderstood

ONE_BY_ONE = "makes words of its input, which cannot be seen here"
AS_ANOTHER = "runs as another user"
MORE_SHELL = "runs text as more shell"
CHANGES_LATER = "changes what later commands mean"

REFUSED_PROGRAMS: Mapping[str, str] = {
    "sudo": AS_ANOTHER,
    "doas": AS_ANOTHER,
    "su": AS_ANOTHER,
    "pkexec": AS_ANOTHER,
    "eval": MORE_SHELL,
    "source": MORE_SHELL,
    ".": MORE_SHELL,
    "exec": MORE_SHELL,
    "command": MORE_SHELL,
    "builtin": MORE_SHELL,
    "trap": MORE_SHELL,
    "parallel": MORE_SHELL,
    "watch": MORE_SHELL,
    "xargs": ONE_BY_ONE,
    "alias": CHANGES_LATER,
    "unalias": CHANGES_LATER,
    "declare": CHANGES_LATER,
    "typeset": CHANGES_LATER,
    "local": CHANGES_LATER,
    "readonly": CHANGES_LATER,
    "export": CHANGES_LATER,
    "unset": CHANGES_LATER,
    "enable": CHANGES_LATER,
    "hash": CHANGES_LATER,
    "shopt": CHANGES_LATER,
    "pushd": CHANGES_LATER,
    "popd": CHANGES_LATER,
}
SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "busybox"})
KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac"}
    | {"function", "select", "in", "coproc", "[[", "{", "}", "!"}
)
_SHORT_WITH_C = re.compile(r"[-+][A-Za-z]*c")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """How to find the program behind a wrapper's own words.

    flags:    options that stand alone
    valued:   options that take the next word
    joined:   options that hold their value themselves (`-oL`, `--signal=INT`)
    operands: words before the program, each of which must pass `operand`
    """

    flags: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    joined: tuple[str, ...] = ()
    operands: int = 0
    operand: Callable[[str], object] = bool


_DURATION = re.compile(r"\d+(?:\.\d+)?[smhd]?").fullmatch

_WRAPPERS: Mapping[str, _Wrapper] = {
    "timeout": _Wrapper(
        flags=frozenset({"--preserve-status", "--foreground", "-v", "--verbose"}),
        valued=frozenset({"-k", "--kill-after", "-s", "--signal"}),
        joined=("-k", "--kill-after=", "-s", "--signal="),
        operands=1,
        operand=_DURATION,
    ),
    "env": _Wrapper(
        flags=frozenset({"-i", "--ignore-environment", "-"}),
        valued=frozenset({"-u", "--unset"}),
        joined=("-u", "--unset="),
    ),
    "nice": _Wrapper(valued=frozenset({"-n", "--adjustment"}), joined=("-n", "--adjustment=")),
    "nohup": _Wrapper(),
    "time": _Wrapper(flags=frozenset({"-p"})),
    "stdbuf": _Wrapper(
        valued=frozenset({"-i", "-o", "-e"}),
        joined=("-i", "-o", "-e", "--input=", "--output=", "--error="),
    ),
}


def unwrap(words: Sequence[str]) -> tuple[str, ...]:
    """The words of the program that really runs. Raises NotUnderstood where that is not plain."""
    rest = tuple(words)
    while True:
        _refuse(rest)
        wrapper = _WRAPPERS.get(rest[0])
        inner = _inside(rest[0], wrapper, rest[1:]) if wrapper else ()
        if not inner:
            return rest
        rest = inner


def is_assignment(word: str) -> bool:
    return _ASSIGNMENT.match(word) is not None


def _refuse(words: Sequence[str]) -> None:
    name = words[0].rsplit("/", 1)[-1]
    if not name:
        raise NotUnderstood("a command without a name")
    if name in KEYWORDS:
        raise NotUnderstood(f"the shell word {name}")
    if name == "command" and words[1:2] in (("-v",), ("-V",)):
        return
    if name in REFUSED_PROGRAMS:
        raise NotUnderstood(f"{name}: {REFUSED_PROGRAMS[name]}")
    if name in SHELLS and any(_SHORT_WITH_C.match(word) for word in words[1:]):
        raise NotUnderstood(f"{name} -c: {MORE_SHELL}")


def _inside(name: str, wrapper: _Wrapper, words: tuple[str, ...]) -> tuple[str, ...]:
    """What `name` runs, or nothing where it runs nothing (`env` alone)."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        option = words[at]
        at += 1
        if option == "--":
            break
        if option in wrapper.valued:
            at += 1
        elif option not in wrapper.flags and not _is_joined(option, wrapper):
            raise NotUnderstood(f"{name} with {option}")
    operands, inner = words[at : at + wrapper.operands], words[at + wrapper.operands :]
    if not all(wrapper.operand(word) for word in operands):
        raise NotUnderstood(f"{name} with {operands[0]}")
    if name == "env" and inner and is_assignment(inner[0]):
        raise NotUnderstood("a variable set for one command")
    return inner


def _is_joined(option: str, wrapper: _Wrapper) -> bool:
    return any(option.startswith(start) and option != start for start in wrapper.joined)
