"""The words of a command sorted: operands, options, and the paths that options name."""

from __future__ import annotations

from collections.abc import Sequence

_LEAVES_OUT = ("--exclude", "--exclude-dir", "--ignore")


def operands_of(words: Sequence[str], valued: str = "") -> tuple[str, ...]:
    """The words that are no options and no option's value; all are after `--`."""
    operands: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            operands.extend(rest)
        elif not word.startswith("-") or word == "-":
            operands.append(word)
        elif (len(word) == len("-A") and word[1] in valued) or word in _LEAVES_OUT:
            next(rest, None)
    return tuple(word for word in operands if word != "-")


def option_paths(words: Sequence[str]) -> list[str]:
    """Paths that are glued to an option: `--file=/etc/passwd`, `-f/etc/passwd`."""
    paths = []
    for word in words[1:]:
        if word.startswith("--") and "=" in word:
            paths.append(word.partition("=")[2])
        elif word.startswith("-") and "/" in word:
            paths.append(word[2:])
    return [path for path in paths if path]


def taken_out(
    words: Sequence[str], options: Sequence[str]
) -> tuple[tuple[str, ...], Sequence[str]]:
    """The values of these options, and the words without them."""
    if not set(words) & set(options):
        return (), words
    values: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in options:
            values += [value for value in (next(rest, ""),) if value]
        else:
            others.append(word)
    return tuple(values), others


def has_option(words: Sequence[str], short: str, long: Sequence[str]) -> bool:
    """Whether one of these options is set: in a cluster, abbreviated, or with a value."""
    for word in words[1:]:
        if word == "--":
            return False
        name = word.partition("=")[0]
        if word.startswith("--"):
            if len(name) > len("--x") and any(option.startswith(name) for option in long):
                return True
        elif word.startswith("-") and set(word[1:]) & set(short):
            return True
    return False
