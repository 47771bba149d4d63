"""From the words of a simple command to what it does, by the tables of what is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from burnless.policy import known_commands as table
from burnless.policy.command_words import has_option, operands_of, option_paths, taken_out
from burnless.policy.known_commands import EVERYTHING, Known, Nature, Reader, rule_for
from burnless.policy.known_git import know_git
from burnless.policy.known_programs import (
    know_awk,
    know_cd,
    know_command,
    know_copy,
    know_date,
    know_formatter,
    know_gofmt,
    know_pager,
    know_ps,
    know_rm,
    know_ruff,
    know_sed,
    know_set,
)

_SYSTEM_FOLDERS = ("/usr/bin/", "/bin/", "/usr/local/bin/", "/opt/homebrew/bin/")
_SCRIPT = re.compile(r"[\w./-]+\.(?:py|js|mjs|cjs|ts|rb|pl|php|sh|bash|zsh)")


def know(words: Sequence[str]) -> Known:
    """What one program with its words does; what is in no table is unknown."""
    name = _program(words[0])
    known = _know(name, (name, *words[1:]))
    if not known.pattern or name == words[0]:
        return known
    return replace(known, pattern=words[0] + known.pattern.removeprefix(name))


def _know(name: str, words: Sequence[str]) -> Known:
    if name in table.HAS_VERSION and tuple(words[1:]) in table.ASK_VERSION:
        return Known(Nature.READS)
    if _only_tells(name, words):
        return Known(Nature.READS, pattern=rule_for(words))
    if name in table.READERS:
        return _know_reader(table.READERS[name], name, words)
    if name in _CUSTOM:
        return _CUSTOM[name](words)
    if name in table.WRITERS or name in table.CAREFUL_WRITERS:
        return _know_writer(name, words)
    if name in table.REACHES_OUT:
        return Known(Nature.REACHES_OUT, writes=operands_of(words), pattern=rule_for(words))
    return _know_runner(name, words)


def _program(word: str) -> str:
    """A program by its name; a path of its own (`./tool`) is another program of that name."""
    for folder in _SYSTEM_FOLDERS:
        if word.startswith(folder):
            return word.removeprefix(folder)
    return word


def _only_tells(name: str, words: Sequence[str]) -> bool:
    options = table.LOOKS.get(name, {}).get(words[1] if len(words) > 1 else "")
    return options is not None and {word for word in words[2:] if word.startswith("-")} <= options


def _know_reader(reader: Reader, name: str, words: Sequence[str]) -> Known:
    files, words = taken_out(words, reader.files)
    operands = operands_of(words, reader.valued)
    if has_option(words, reader.short, reader.long) or 0 <= reader.most < len(operands):
        return Known(Nature.UNKNOWN, reads=operands, writes=operands)
    if reader.skip < 0:
        return Known(Nature.READS, pattern=f"{name} *")
    has_pattern = bool(files) or has_option(words, "ef", ("--regexp", "--files"))
    skip = 0 if has_pattern else reader.skip
    paths = operands[skip:] or (() if skip else (".",))
    reads = (*paths, *files, *option_paths(words))
    return Known(Nature.READS, reads=reads, pattern=f"{name} *")


def _know_writer(name: str, words: Sequence[str]) -> Known:
    if name in table.CAREFUL_WRITERS:
        values = tuple(word.rpartition("=")[2] for word in words[1:] if "exclude" not in word)
        return Known(Nature.UNKNOWN, writes=values, pattern=rule_for(words))
    if name == "chmod" and has_option(words, "R", ("--recursive",)):
        return Known(Nature.UNKNOWN, writes=operands_of(words))
    paths = operands_of(words, "m" if name == "mkdir" else "")[table.WRITERS[name] :]
    return Known(Nature.WRITES, writes=paths, pattern=f"{name} *")


def _know_find(words: Sequence[str]) -> Known:
    """`find` only looks, unless an action deletes, writes or runs what does more than look."""
    at = 1
    while at < len(words) and words[at] in {"-H", "-L", "-P"}:
        at += 1
    end = at
    while end < len(words) and not words[end].startswith(("-", "(", "!")):
        end += 1
    starts = tuple(words[at:end]) or (".",)
    looked = Known(Nature.READS, reads=starts, pattern="find *")
    rest = list(words[end:])
    while rest:
        word = rest.pop(0)
        if word in {"-exec", "-execdir"}:
            inner = _taken_until_end(rest)
            known = know(inner) if inner else Known(Nature.UNKNOWN)
            if known.nature is not Nature.READS:
                return Known(Nature.UNKNOWN, reads=starts, writes=(*starts, *known.writes))
            looked = Known(Nature.READS, reads=(*looked.reads, *known.reads), pattern="find *")
        elif word == "-delete" or word.startswith(("-ok", "-fprint", "-fls", "-files0")):
            return Known(Nature.UNKNOWN, reads=starts, writes=(*starts, *rest[:1]))
    return looked


def _taken_until_end(rest: list[str]) -> list[str]:
    inner: list[str] = []
    while rest:
        word = rest.pop(0)
        if word in {";", "+"}:
            break
        inner.append(word)
    return inner


_CUSTOM = {
    "git": know_git,
    "cp": know_copy,
    "mv": know_copy,
    "rm": know_rm,
    "cd": know_cd,
    "find": _know_find,
    "sed": know_sed,
    "awk": know_awk,
    "gawk": know_awk,
    "date": know_date,
    "less": know_pager,
    "more": know_pager,
    "ps": know_ps,
    "set": know_set,
    "command": know_command,
    "black": know_formatter,
    "isort": know_formatter,
    "ruff": know_ruff,
    "gofmt": know_gofmt,
}


def _know_runner(name: str, words: Sequence[str]) -> Known:
    """Programs that run other code: this project's, a script, or who knows what."""
    subcommand = words[1] if len(words) > 1 else ""
    if name in table.PROJECT_PROGRAMS:
        return Known(Nature.RUNS_PROJECT, pattern=_target_pattern(name, words))
    if subcommand in table.INSTALLERS.get(name, ()):
        return Known(Nature.REACHES_OUT, pattern=rule_for(words))
    if name == "go" and subcommand == "fmt":
        return Known(Nature.WRITES, writes=EVERYTHING, pattern="go fmt *")
    if subcommand in table.PROJECT_SUBCOMMANDS.get(name, ()):
        return Known(Nature.RUNS_PROJECT, pattern=_script_pattern(words))
    if name in table.INTERPRETERS:
        return _know_interpreter(words)
    if name in table.ENVIRONMENT_RUNNERS and subcommand == "run":
        return _know_inside(words[:2], words[2:])
    if name == "bundle" and subcommand == "exec":
        return _know_inside(words[:2], words[2:])
    if name in table.EXECUTORS:
        return _know_inside(words[:1], words[1:])
    return Known(Nature.UNKNOWN, writes=operands_of(words), pattern=rule_for(words))


def _target_pattern(name: str, words: Sequence[str]) -> str:
    targets = operands_of(words, "Cfj")
    if name not in table.TARGETS or not targets:
        return f"{words[0]} *"
    return f"{words[0]} {targets[0]} *" if words[1] == targets[0] else ""


def _script_pattern(words: Sequence[str]) -> str:
    if words[1] in table.SCRIPT_NAMES and words[0] not in {"cargo", "go", "dotnet", "swift"}:
        named = [word for word in words[2:3] if not word.startswith("-")]
        return f"{words[0]} {words[1]} {named[0]} *" if named else ""
    return f"{words[0]} {words[1]} *"


def _know_interpreter(words: Sequence[str]) -> Known:
    """`python -m pytest` and `python tool.py` run what is in the project; `-c` anything."""
    first = words[1] if len(words) > 1 else ""
    if first == "-m" and words[2:] and words[0].startswith("python"):
        pattern = f"{words[0]} -m {words[2]} *"
        if words[2] in table.PROJECT_MODULES:
            return Known(Nature.RUNS_PROJECT, pattern=pattern)
        reaches = words[2] in table.REACHING_MODULES
        return Known(Nature.REACHES_OUT if reaches else Nature.UNKNOWN, pattern=pattern)
    if _SCRIPT.fullmatch(first):
        return Known(Nature.RUNS_PROJECT, pattern=f"{words[0]} {first} *")
    return Known(Nature.UNKNOWN)


def _know_inside(outer: Sequence[str], inner: Sequence[str]) -> Known:
    """`uv run pytest` runs pytest in an environment that it may have to make first."""
    if not inner or inner[0].startswith("-"):
        return Known(Nature.UNKNOWN)
    known = know(inner)
    fetched = outer[0] in table.EXECUTORS and known.nature is not Nature.RUNS_PROJECT
    if fetched or known.nature not in {Nature.READS, Nature.WRITES, Nature.RUNS_PROJECT}:
        nature = Nature.REACHES_OUT if fetched else known.nature
        return Known(nature, reads=known.reads, writes=known.writes)
    pattern = " ".join((*outer, known.pattern)) if known.pattern else ""
    return Known(Nature.RUNS_PROJECT, reads=known.reads, writes=known.writes, pattern=pattern)
