"""Programs whose options decide what they do: copying, editing, formatting, paging."""

from __future__ import annotations

import re
from collections.abc import Sequence

from burnless.policy import known_commands as table
from burnless.policy.command_words import has_option, operands_of, option_paths, taken_out
from burnless.policy.known_commands import EVERYTHING, Known, Nature, rule_for
from burnless.policy.known_scripts import awk_only_prints, sed_parts

_SET_OPTION = re.compile(r"[-+][eufxno]+|pipefail|errexit|nounset|xtrace")
_PAGER_OPTIONS = frozenset({"-N", "-S", "-R", "-F", "-X", "-n"})
_PS_WORDS = frozenset({"aux", "ax", "auxw", "auxww", "-e", "-ef", "-eF", "-A", "-f", "-ax"})
_GOFMT_OPTIONS = frozenset({"-l", "-d", "-e", "-s", "-w"})
_DATE_SETS = re.compile(r"-\w*s.*|--s.*|\d[\d.]{7,}")


def know_copy(words: Sequence[str]) -> Known:
    """`cp` and `mv`: the last operand is written to, and what is moved is gone.

    A copy that is a link is another way to the file: what is written to it later is not seen.
    """
    operands = operands_of(words)
    links = words[0] == "cp" and has_option(words, "ls", ("--link", "--symbolic-link"))
    if links or has_option(words, "t", ("--target-directory",)) or not operands[1:]:
        return Known(Nature.UNKNOWN, writes=(*operands, *option_paths(words)))
    sources, target = operands[:-1], operands[-1]
    pattern = f"{words[0]} *"
    if words[0] == "mv":
        return Known(Nature.WRITES, writes=operands, pattern=pattern)
    return Known(Nature.WRITES, reads=sources, writes=(target,), pattern=pattern)


def know_rm(words: Sequence[str]) -> Known:
    """Named files can be restored; whole folders and patterns are asked about."""
    operands = operands_of(words)
    sweeping = any(set(word) & set("*?[") for word in operands)
    if sweeping or has_option(words, "rRd", ("--recursive", "--no-preserve-root")):
        return Known(Nature.UNKNOWN, writes=operands)
    return Known(Nature.WRITES, writes=operands, pattern="rm *")


def know_cd(words: Sequence[str]) -> Known:
    return Known(Nature.READS if cd_target(words) is not None else Nature.UNKNOWN)


def cd_target(words: Sequence[str]) -> str | None:
    """Where a `cd` goes; None where its words do not say."""
    targets = [word for word in words[1:] if word not in {"--", "-P", "-L"}]
    plain = len(targets) == 1 and targets[0] and not targets[0].startswith("-")
    return targets[0] if plain else None


def know_sed(words: Sequence[str]) -> Known:
    parts = sed_parts(words)
    if parts is None:
        operands = operands_of(words)
        return Known(Nature.UNKNOWN, reads=operands, writes=operands)
    if parts.in_place:
        return Known(Nature.WRITES, writes=parts.paths, pattern="sed -i *")
    return Known(Nature.READS, reads=parts.paths, pattern="sed *")


def know_awk(words: Sequence[str]) -> Known:
    operands = operands_of(words, "Fv")
    options = [word for word in words[1:] if word.startswith("-")]
    plain = all(word.startswith(("-F", "-v")) for word in options)
    if operands and plain and awk_only_prints(operands[0]):
        return Known(Nature.READS, reads=operands[1:], pattern="awk *")
    return Known(Nature.UNKNOWN, reads=operands)


def know_date(words: Sequence[str]) -> Known:
    files, words = taken_out(words, ("-f", "--file", "-r", "--reference"))
    if any(_DATE_SETS.fullmatch(word) for word in words[1:]):
        return Known(Nature.REACHES_OUT, pattern="date *")
    return Known(Nature.READS, reads=(*files, *option_paths(words)), pattern="date *")


def know_pager(words: Sequence[str]) -> Known:
    """With nobody at the keys it prints. Most options, and `+`, can write a file or run more."""
    if not all(word in _PAGER_OPTIONS for word in words[1:] if word.startswith(("-", "+"))):
        return Known(Nature.UNKNOWN)
    return Known(Nature.READS, reads=operands_of(words), pattern=f"{words[0]} *")


def know_ps(words: Sequence[str]) -> Known:
    """Which processes run; not their environments, where keys are (`ps e`, `ps -E`)."""
    plain = all(word in _PS_WORDS for word in words[1:])
    return Known(Nature.READS if plain else Nature.UNKNOWN, pattern="ps *" if plain else "")


def know_set(words: Sequence[str]) -> Known:
    plain = len(words) > 1 and all(_SET_OPTION.fullmatch(word) for word in words[1:])
    return Known(Nature.READS if plain else Nature.UNKNOWN)


def know_command(words: Sequence[str]) -> Known:
    looks = bool(words[2:]) and words[1] in {"-v", "-V"}
    return Known(Nature.READS if looks else Nature.UNKNOWN)


def know_formatter(words: Sequence[str]) -> Known:
    name = words[0]
    paths = tuple(path for path in operands_of(words) if path != ".") or EVERYTHING
    if set(words) & set(table.FORMATTERS[name]):
        return Known(Nature.READS, reads=paths, pattern=f"{name} *")
    return Known(Nature.WRITES, writes=paths, pattern=f"{name} *")


def know_ruff(words: Sequence[str]) -> Known:
    """`ruff check` and `ruff format --check` look; with --fix, and `ruff format`, they write."""
    subcommand = words[1] if len(words) > 1 else ""
    paths = tuple(path for path in operands_of(words[1:]) if path != ".") or EVERYTHING
    looks = subcommand in {"rule", "config", "linter", "version"}
    if subcommand == "check":
        fixes = has_option(words, "", ("--fix", "--fix-only", "--unsafe-fixes", "--add-noqa"))
        looks = not (fixes or has_option(words, "o", ("--output-file",)))
    elif subcommand == "format":
        looks = bool({"--check", "--diff"} & set(words))
    elif not looks:
        return Known(Nature.UNKNOWN, pattern=rule_for(words))
    if looks:
        return Known(Nature.READS, reads=paths, pattern=f"ruff {subcommand} *")
    return Known(Nature.WRITES, writes=paths, pattern=f"ruff {subcommand} *")


def know_gofmt(words: Sequence[str]) -> Known:
    paths = tuple(path for path in operands_of(words) if path != ".") or EVERYTHING
    if not {word for word in words[1:] if word.startswith("-")} <= _GOFMT_OPTIONS:
        return Known(Nature.UNKNOWN, writes=paths)
    if "-w" in words:
        return Known(Nature.WRITES, writes=paths, pattern="gofmt -w *")
    return Known(Nature.READS, reads=paths, pattern="gofmt *")
