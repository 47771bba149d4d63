"""What is known of shell programs: which only read, which write where, which run project code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What a simple command does, as far as its words show."""

    READS = "only reads"
    WRITES = "writes the files it names"
    RUNS_PROJECT = "runs this project's own code"
    UNKNOWN = "is not known to be harmless"
    REACHES_OUT = "reaches beyond this workspace"
    DESTROYS = "can destroy work that is not saved anywhere else"


@dataclass(frozen=True, slots=True)
class Known:
    """A simple command as it is understood.

    reads, writes: the paths its words name, as they stand
    pattern:       the Bash rule that would allow it again; "" = only these very words
    does:          what it does in words, where more is known than its nature says
    """

    nature: Nature
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    pattern: str = ""
    does: str = ""

    @property
    def in_words(self) -> str:
        return self.does or self.nature.value


@dataclass(frozen=True, slots=True)
class Reader:
    """A program that only reads.

    skip:       operands before the first path (a pattern, a script); -1 = no operand is a path
    short:      letters of options that write or run something
    long:       the same for long options; an abbreviation counts
    valued:     letters of options whose value is the next word and no path
    files:      options whose value is the next word and a path
    most:       more operands than this mean writing; -1 = any number
    """

    skip: int = 0
    short: str = ""
    long: tuple[str, ...] = ()
    valued: str = ""
    files: tuple[str, ...] = ()
    most: int = -1


def names(text: str) -> frozenset[str]:
    """A table of names, written as one text."""
    return frozenset(text.split())


_ALL = Reader()
_NO_PATHS = Reader(skip=-1)
_GREP = Reader(skip=1, valued="ABCmdDe", files=("-f", "--file", "--exclude-from"))

READERS: dict[str, Reader] = {
    **dict.fromkeys(
        names(
            "cat wc ls stat du diff cmp comm tac rev fold fmt expand unexpand hexdump strings "
            "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum shasum md5 "
            "realpath readlink zcat"
        ),
        _ALL,
    ),
    **dict.fromkeys(
        names(
            "echo true false : pwd sleep whoami id uname arch nproc uptime which type seq tr expr "
            "getconf tty locale groups basename dirname df free exit cal"
        ),
        _NO_PATHS,
    ),
    # Bash takes a variable's name here, and runs what stands in its brackets.
    "printf": Reader(skip=-1, short="v"),
    "wait": Reader(skip=-1, short="p"),
    "test": Reader(skip=-1, short="vR"),
    "[": Reader(skip=-1, short="vR"),
    "head": Reader(valued="nc"),
    "tail": Reader(valued="nc"),
    "nl": Reader(valued="bhfsw"),
    "od": Reader(valued="AjNt"),
    "cut": Reader(valued="dfbc"),
    "paste": Reader(valued="d"),
    "join": Reader(valued="toeavj12"),
    "column": Reader(valued="soc"),
    "tree": Reader(short="oR", long=("--output",)),
    "file": Reader(short="C", long=("--compile",)),
    "sort": Reader(short="o", long=("--output", "--compress-program"), valued="tkS"),
    "uniq": Reader(valued="fsw", most=1),
    "xxd": Reader(short="r", long=("--revert",), valued="lscgo", most=1),
    "base64": Reader(short="o", long=("--output",)),
    "jq": Reader(skip=1, files=("-f", "--from-file", "-L")),
    "grep": _GREP,
    "egrep": _GREP,
    "fgrep": _GREP,
    "rg": Reader(
        skip=1,
        short="z",
        long=("--pre", "--hostname-bin", "--search-zip"),
        valued="ABCmgtTjMrEde",
        files=("-f", "--file", "--ignore-file"),
    ),
    "fd": Reader(
        skip=1,
        short="xX",
        long=("--exec", "--exec-batch"),
        valued="dteE",
        files=("--search-path", "--base-directory", "--ignore-file", "-C"),
    ),
}

WRITERS: dict[str, int] = {"mkdir": 0, "touch": 0, "rmdir": 0, "tee": 0, "chmod": 1}
"""Programs that write the files their operands name, and how many operands come before those."""

CAREFUL_WRITERS = names(
    "ln dd truncate install unlink shred tar unzip zip gzip gunzip patch split csplit chown chgrp"
)
"""They write files too, but in ways (links, archives, devices) that are asked about each time."""

EVERYTHING = ("./*",)
"""What a formatter does to `.`: files in it change, the folder itself stays."""

FORMATTERS: dict[str, tuple[str, ...]] = {
    "black": ("--check", "--diff"),
    "isort": ("--check", "--check-only", "--diff", "-c"),
}
"""Programs that rewrite the files they are given, and the options with which they only look."""

PROJECT_PROGRAMS = names(
    "pytest py.test tox nox jest vitest mocha ava rspec ctest phpunit make gmake just "
    "ninja rake gradle gradlew ./gradlew mvn mvnw ./mvnw mypy pyright pylint flake8 "
    "eslint tsc"
)
TARGETS = frozenset({"make", "gmake", "just", "ninja", "rake", "gradle", "./gradlew", "mvn"})
"""Programs whose first operand says what they do: a rule for `make test` is none for `make all`."""

PROJECT_SUBCOMMANDS: dict[str, frozenset[str]] = {
    "npm": frozenset({"test", "t", "run", "run-script", "start"}),
    "yarn": frozenset({"test", "run", "lint", "build"}),
    "pnpm": frozenset({"test", "run", "lint", "build"}),
    "bun": frozenset({"test", "run"}),
    "deno": frozenset({"test", "lint", "check", "task"}),
    "cargo": names("test build check clippy run bench doc nextest fmt"),
    "go": frozenset({"test", "build", "vet", "run", "generate"}),
    "dotnet": frozenset({"build", "test", "run"}),
    "swift": frozenset({"build", "test", "run"}),
    "mix": frozenset({"test", "compile"}),
    "composer": frozenset({"test"}),
}
SCRIPT_NAMES = frozenset({"run", "run-script", "task"})
"""Subcommands whose next word names what they run: it belongs into a rule."""

PROJECT_MODULES = names(
    "pytest unittest doctest mypy tox nox pylint flake8 compileall py_compile coverage"
)
"""What `python -m` runs of a project."""

INTERPRETERS = frozenset({"python", "python3", "node", "ruby", "perl", "php", "bash", "sh", "zsh"})
ENVIRONMENT_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "rye", "pixi"})
EXECUTORS = frozenset({"npx", "bunx"})

REACHING_MODULES = frozenset({"pip", "ensurepip", "twine", "venv", "http.server"})

_PIP_LOOKS = {
    "list": names("--format=columns --format=freeze --format=json --not-required --user"),
    "freeze": names("--local -l --user --all"),
    "show": names("-f --files -v --verbose"),
}
_NPM_LOOKS = names("--all -a --json --long -g --global --depth=0 --depth=1 --depth=2")

LOOKS: dict[str, dict[str, frozenset[str]]] = {
    "pip": _PIP_LOOKS,
    "pip3": _PIP_LOOKS,
    "npm": {"ls": _NPM_LOOKS, "list": _NPM_LOOKS},
    "go": {"version": frozenset(), "env": frozenset({"-json"})},
    "java": {"-version": frozenset()},
    "javac": {"-version": frozenset()},
}
"""First words with which a program only tells what is there, and the options it may have then."""

ASK_VERSION = (("--version",), ("-V",), ("--help",))
HAS_VERSION = names(
    "python python3 pip pip3 uv poetry node npm npx yarn pnpm bun deno go cargo rustc "
    "rustup gcc g++ clang cmake make java javac ruby gem php perl git rg pytest ruff mypy "
    "black isort tox nox docker kubectl terraform gh jq curl wget bash zsh psql sqlite3"
)

REACHES_OUT = names(
    "curl wget ssh scp sftp rsync nc ncat telnet ftp gh glab hub aws gcloud az kubectl "
    "helm terraform pulumi docker podman docker-compose psql mysql mongosh mongo "
    "redis-cli sqlite3 twine gem brew apt apt-get dnf yum pacman apk snap systemctl "
    "service launchctl crontab at mail sendmail kill killall pkill shutdown reboot mount "
    "umount mkfs fdisk useradd passwd open xdg-open osascript drizzle-kit prisma alembic "
    "flyway sudo doas su pkexec xargs"
)
"""Programs whose effects a workspace cannot show and an undo cannot reach."""

INSTALLERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("npm", "yarn", "pnpm", "bun"),
        names("install i ci add remove rm uninstall update upgrade publish link login exec dlx x"),
    ),
    **dict.fromkeys(("pip", "pip3"), frozenset({"install", "uninstall", "download", "wheel"})),
    "uv": frozenset({"add", "remove", "sync", "lock", "pip", "publish", "tool", "venv", "self"}),
    "poetry": frozenset({"add", "remove", "install", "update", "lock", "publish"}),
    "cargo": frozenset({"install", "publish", "add", "remove", "update", "login", "yank"}),
    "go": frozenset({"get", "install", "mod"}),
    "composer": frozenset({"install", "require", "update", "remove"}),
    "bundle": frozenset({"install", "update", "add"}),
}
HAS_SUBCOMMANDS = names(
    "git npm yarn pnpm bun deno pip pip3 uv poetry cargo go docker kubectl terraform gh "
    "aws gcloud dotnet composer bundle helm systemctl mix swift alembic prisma"
)
"""Programs whose second word says what they do: it belongs into a rule."""


def rule_for(words: Sequence[str]) -> str:
    """The rule a user would write for it: the program, and its subcommand where it has one."""
    if words[0] in HAS_SUBCOMMANDS and len(words) > 1 and not words[1].startswith("-"):
        return f"{words[0]} {words[1]} *"
    return f"{words[0]} *"
