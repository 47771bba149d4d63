"""From the words of a simple command to what it does, by the tables of what is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from burnless.policy import known_commands as table
from burnless.policy.known_commands import Known, Nature, Reader
from burnless.policy.known_git import know_git
from burnless.policy.known_scripts import awk_only_prints, sed_parts

_SYSTEM_FOLDERS = ("/usr/bin/", "/bin/", "/usr/local/bin/", "/opt/homebrew/bin/")
_LEAVES_OUT = ("--exclude", "--exclude-dir", "--ignore")
_EVERYTHING = ("./*",)
"""What a formatter does to `.`: files in it change, the folder itself stays."""
_SCRIPT = re.compile(r"[\w./-]+\.(?:py|js|mjs|cjs|ts|rb|pl|php|sh|bash|zsh)")
_SET_OPTION = re.compile(r"[-+][eufxno]+|pipefail|errexit|nounset|xtrace")
_PAGER_OPTIONS = frozenset({"-N", "-S", "-R", "-F", "-X", "-n"})
_PS_WORDS = frozenset({"aux", "ax", "auxw", "auxww", "-e", "-ef", "-eF", "-A", "-f", "-ax"})
_GOFMT_OPTIONS = frozenset({"-l", "-d", "-e", "-s", "-w"})
_DATE_SETS = re.compile(r"-\w*s.*|--s.*|\d[\d.]{7,}")


def know(words: Sequence[str]) -> Known:
    """What one program with its words does; what is in no table is unknown."""
    name = _program(words[0])
    if name in table.HAS_VERSION and tuple(words[1:]) in table.ASK_VERSION:
        return Known(Nature.READS)
    if _only_tells(name, words):
        return Known(Nature.READS, pattern=_pattern(words))
    if name in table.READERS:
        return _know_reader(table.READERS[name], name, words)
    if name in _CUSTOM:
        return _CUSTOM[name](words)
    if name in table.WRITERS or name in table.CAREFUL_WRITERS:
        return _know_writer(name, words)
    if name in table.REACHES_OUT:
        return Known(Nature.REACHES_OUT, writes=_operands(words), pattern=_pattern(words))
    return _know_runner(name, words)


def _program(word: str) -> str:
    """A program by its name; a path of its own (`./tool`) is another program of that name."""
    for folder in _SYSTEM_FOLDERS:
        if word.startswith(folder):
            return word.removeprefix(folder)
    return word


def _pattern(words: Sequence[str]) -> str:
    """The rule a user would write for it: the program, and its subcommand where it has one."""
    if words[0] in table.HAS_SUBCOMMANDS and len(words) > 1 and not words[1].startswith("-"):
        return f"{words[0]} {words[1]} *"
    return f"{words[0]} *"


def _only_tells(name: str, words: Sequence[str]) -> bool:
    options = table.LOOKS.get(name, {}).get(words[1] if len(words) > 1 else "")
    return options is not None and {word for word in words[2:] if word.startswith("-")} <= options


def _know_reader(reader: Reader, name: str, words: Sequence[str]) -> Known:
    files, words = _taken_out(words, reader.files)
    operands = _operands(words, reader.valued)
    if _has_option(words, reader.short, reader.long) or 0 <= reader.most < len(operands):
        return Known(Nature.UNKNOWN, reads=operands, writes=operands)
    if reader.skip < 0:
        return Known(Nature.READS, pattern=f"{name} *")
    has_pattern = bool(files) or _has_option(words, "ef", ("--regexp", "--files"))
    skip = 0 if has_pattern else reader.skip
    paths = operands[skip:] or (() if skip else (".",))
    reads = (*paths, *files, *_option_paths(words))
    return Known(Nature.READS, reads=reads, pattern=f"{name} *")


def _taken_out(
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


def _operands(words: Sequence[str], valued: str = "") -> tuple[str, ...]:
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


def _option_paths(words: Sequence[str]) -> list[str]:
    """Paths that are glued to an option: `--file=/etc/passwd`, `-f/etc/passwd`."""
    paths = []
    for word in words[1:]:
        if word.startswith("--") and "=" in word:
            paths.append(word.partition("=")[2])
        elif word.startswith("-") and "/" in word:
            paths.append(word[2:])
    return [path for path in paths if path]


def _has_option(words: Sequence[str], short: str, long: Sequence[str]) -> bool:
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


def _know_writer(name: str, words: Sequence[str]) -> Known:
    if name in table.CAREFUL_WRITERS:
        values = tuple(word.rpartition("=")[2] for word in words[1:] if "exclude" not in word)
        return Known(Nature.UNKNOWN, writes=values, pattern=_pattern(words))
    if name == "chmod" and _has_option(words, "R", ("--recursive",)):
        return Known(Nature.UNKNOWN, writes=_operands(words))
    paths = _operands(words, "m" if name == "mkdir" else "")[table.WRITERS[name] :]
    return Known(Nature.WRITES, writes=paths, pattern=f"{name} *")


def _know_copy(words: Sequence[str]) -> Known:
    """`cp` and `mv`: the last operand is written to, and what is moved is gone.

    A copy that is a link is another way to the file: what is written to it later is not seen.
    """
    operands = _operands(words)
    links = words[0] == "cp" and _has_option(words, "ls", ("--link", "--symbolic-link"))
    if links or _has_option(words, "t", ("--target-directory",)) or not operands[1:]:
        return Known(Nature.UNKNOWN, writes=(*operands, *_option_paths(words)))
    sources, target = operands[:-1], operands[-1]
    pattern = f"{words[0]} *"
    if words[0] == "mv":
        return Known(Nature.WRITES, writes=operands, pattern=pattern)
    return Known(Nature.WRITES, reads=sources, writes=(target,), pattern=pattern)


def _know_rm(words: Sequence[str]) -> Known:
    """Named files can be restored; whole folders and patterns are asked about."""
    operands = _operands(words)
    sweeping = any(set(word) & set("*?[") for word in operands)
    if sweeping or _has_option(words, "rRd", ("--recursive", "--no-preserve-root")):
        return Known(Nature.UNKNOWN, writes=operands)
    return Known(Nature.WRITES, writes=operands, pattern="rm *")


def _know_cd(words: Sequence[str]) -> Known:
    return Known(Nature.READS if cd_target(words) is not None else Nature.UNKNOWN)


def cd_target(words: Sequence[str]) -> str | None:
    """Where a `cd` goes; None where its words do not say."""
    targets = [word for word in words[1:] if word not in {"--", "-P", "-L"}]
    plain = len(targets) == 1 and targets[0] and not targets[0].startswith("-")
    return targets[0] if plain else None


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


def _know_sed(words: Sequence[str]) -> Known:
    parts = sed_parts(words)
    if parts is None:
        operands = _operands(words)
        return Known(Nature.UNKNOWN, reads=operands, writes=operands)
    if parts.in_place:
        return Known(Nature.WRITES, writes=parts.paths, pattern="sed -i *")
    return Known(Nature.READS, reads=parts.paths, pattern="sed *")


def _know_awk(words: Sequence[str]) -> Known:
    operands = _operands(words, "Fv")
    options = [word for word in words[1:] if word.startswith("-")]
    plain = all(word.startswith(("-F", "-v")) for word in options)
    if operands and plain and awk_only_prints(operands[0]):
        return Known(Nature.READS, reads=operands[1:], pattern="awk *")
    return Known(Nature.UNKNOWN, reads=operands)


def _know_date(words: Sequence[str]) -> Known:
    files, words = _taken_out(words, ("-f", "--file", "-r", "--reference"))
    if any(_DATE_SETS.fullmatch(word) for word in words[1:]):
        return Known(Nature.REACHES_OUT, pattern="date *")
    return Known(Nature.READS, reads=(*files, *_option_paths(words)), pattern="date *")


def _know_pager(words: Sequence[str]) -> Known:
    """With nobody at the keys it prints. Most options, and `+`, can write a file or run more."""
    if not all(word in _PAGER_OPTIONS for word in words[1:] if word.startswith(("-", "+"))):
        return Known(Nature.UNKNOWN)
    return Known(Nature.READS, reads=_operands(words), pattern=f"{words[0]} *")


def _know_ps(words: Sequence[str]) -> Known:
    """Which processes run; not their environments, where keys are (`ps e`, `ps -E`)."""
    plain = all(word in _PS_WORDS for word in words[1:])
    return Known(Nature.READS if plain else Nature.UNKNOWN, pattern="ps *" if plain else "")


def _know_set(words: Sequence[str]) -> Known:
    plain = len(words) > 1 and all(_SET_OPTION.fullmatch(word) for word in words[1:])
    return Known(Nature.READS if plain else Nature.UNKNOWN)


def _know_command(words: Sequence[str]) -> Known:
    looks = bool(words[2:]) and words[1] in {"-v", "-V"}
    return Known(Nature.READS if looks else Nature.UNKNOWN)


def _know_formatter(words: Sequence[str]) -> Known:
    name = words[0]
    paths = tuple(path for path in _operands(words) if path != ".") or _EVERYTHING
    if set(words) & set(table.FORMATTERS[name]):
        return Known(Nature.READS, reads=paths, pattern=f"{name} *")
    return Known(Nature.WRITES, writes=paths, pattern=f"{name} *")


def _know_ruff(words: Sequence[str]) -> Known:
    """`ruff check` and `ruff format --check` look; with --fix, and `ruff format`, they write."""
    subcommand = words[1] if len(words) > 1 else ""
    paths = tuple(path for path in _operands(words[1:]) if path != ".") or _EVERYTHING
    looks = subcommand in {"rule", "config", "linter", "version"}
    if subcommand == "check":
        fixes = _has_option(words, "", ("--fix", "--fix-only", "--unsafe-fixes", "--add-noqa"))
        looks = not (fixes or _has_option(words, "o", ("--output-file",)))
    elif subcommand == "format":
        looks = bool({"--check", "--diff"} & set(words))
    elif not looks:
        return Known(Nature.UNKNOWN, pattern=_pattern(words))
    if looks:
        return Known(Nature.READS, reads=paths, pattern=f"ruff {subcommand} *")
    return Known(Nature.WRITES, writes=paths, pattern=f"ruff {subcommand} *")


def _know_gofmt(words: Sequence[str]) -> Known:
    paths = tuple(path for path in _operands(words) if path != ".") or _EVERYTHING
    if not {word for word in words[1:] if word.startswith("-")} <= _GOFMT_OPTIONS:
        return Known(Nature.UNKNOWN, writes=paths)
    if "-w" in words:
        return Known(Nature.WRITES, writes=paths, pattern="gofmt -w *")
    return Known(Nature.READS, reads=paths, pattern="gofmt *")


_CUSTOM = {
    "git": know_git,
    "cp": _know_copy,
    "mv": _know_copy,
    "rm": _know_rm,
    "cd": _know_cd,
    "find": _know_find,
    "sed": _know_sed,
    "awk": _know_awk,
    "gawk": _know_awk,
    "date": _know_date,
    "less": _know_pager,
    "more": _know_pager,
    "ps": _know_ps,
    "set": _know_set,
    "command": _know_command,
    "black": _know_formatter,
    "isort": _know_formatter,
    "ruff": _know_ruff,
    "gofmt": _know_gofmt,
}


def _know_runner(name: str, words: Sequence[str]) -> Known:
    """Programs that run other code: this project's, a script, or who knows what."""
    subcommand = words[1] if len(words) > 1 else ""
    if name in table.PROJECT_PROGRAMS:
        return Known(Nature.RUNS_PROJECT, pattern=_target_pattern(name, words))
    if subcommand in table.INSTALLERS.get(name, ()):
        return Known(Nature.REACHES_OUT, pattern=_pattern(words))
    if name == "go" and subcommand == "fmt":
        return Known(Nature.WRITES, writes=_EVERYTHING, pattern="go fmt *")
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
    return Known(Nature.UNKNOWN, writes=_operands(words), pattern=_pattern(words))


def _target_pattern(name: str, words: Sequence[str]) -> str:
    targets = _operands(words, "Cfj")
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
