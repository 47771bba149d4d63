"""Shell commands taken apart far enough to say whether two of them are the same work."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Topic(Enum):
    """What a command is about, as reports speak of it."""

    TESTS = "tests"
    BUILD = "build"
    LINT = "lint"
    TYPES = "type check"


@dataclass(frozen=True, slots=True)
class Part:
    """One program of a command line, wrappers taken off and spelled one way.

    words:  ("pytest", "-q", "tests/a.py")
    masked: its exit code is not the one the whole line ends with
    """

    words: tuple[str, ...]
    masked: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """Without the program, its subcommand words included, flags and their like left out."""
        return tuple(clean for word in self.words[1:] if (clean := _argument(word)))

    @property
    def only_looks(self) -> bool:
        """Its flags make it print something about itself instead of doing its work."""
        return any(word in _LOOKING_FLAGS for word in self.words[1:])

    @property
    def only_installs(self) -> bool:
        """A package manager that fetches what tests, and tests nothing."""
        return self.words[0] in _MANAGERS and self.words[1:2] != () and self.words[1] in _INSTALLS

    @property
    def is_narrow(self) -> bool:
        """A file, one test, or a filter says that it is not all there is to run."""
        named = any("::" in word or _FILE.search(word) for word in self.arguments)
        return named or any(word.partition("=")[0] in _FILTERS for word in self.words[1:])

    @property
    def is_check(self) -> bool:
        """A program that tests, builds, lints or checks types, whatever its flags say."""
        plain = Part(self.words[:1])
        return any(plain.is_about(topic) for topic in Topic)

    def is_about(self, topic: Topic) -> bool:
        if self.words[0] in _READERS or self.only_looks or self.only_installs:
            return False
        if self.words[0] in {"docker", "podman"} and self.words[1:2] == ("build",):
            return topic is Topic.BUILD
        return any(_TOPICS[topic].search(word) for word in self.words)


_LOOKING_WORDS = """
--version --help --collect-only --co --list --listTests --list-tests --no-run --dry-run --fixtures
--markers --setup-plan --setup-only --print-config --showconfig
"""
_LOOKING_FLAGS = frozenset(_LOOKING_WORDS.split())
_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun", "uv", "poetry", "pdm", "cargo", "go", "conda"})
_INSTALL_WORDS = """
install i add ci remove rm uninstall update upgrade up init view info ls list outdated audit link
search new get mod lock sync login publish pack create pip cache config why
"""
_INSTALLS = frozenset(_INSTALL_WORDS.split())
_FILTERS = frozenset({"-k", "-t", "--grep", "--filter", "-run", "--testNamePattern", "--lf"})
_FILE = re.compile(r"\.[a-z]{1,5}$", re.IGNORECASE)
_SEPARATORS = {"&&", "||", ";", "|", "|&", "&", "\n"}
_ENVIRONMENT = re.compile(r"^[A-Za-z_]\w*=")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1(.*?)\n.*?^\s*\2[ \t]*$", re.MULTILINE | re.DOTALL)
_REDIRECTION = re.compile(r"^(?:\d*[<>]|&>)")
_PYTHON = re.compile(r"^(?:python|pypy)[\d.]*$|^py$")
_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})
_WRAPPERS = {
    "timeout": 1,
    "gtimeout": 1,
    "env": 0,
    "nice": 0,
    "time": 0,
    "sudo": 0,
    "nohup": 0,
    "stdbuf": 0,
    "command": 0,
    "exec": 0,
    "npx": 0,
    "bunx": 0,
    "pnpx": 0,
    "xvfb-run": 0,
    "unbuffer": 0,
    "cross-env": 0,
    "dotenv": 0,
}
_RUN_WRAPPERS = frozenset({"uv", "poetry", "pipenv", "hatch", "pdm", "rye", "conda", "mamba"})
_VALUE_FLAGS = frozenset({"-s", "-k", "-n", "-u", "-i", "-o", "--signal", "--kill-after"})
_PACKAGE_RUNNERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_WITH_HOOKS = frozenset({"install", "i", "ci", "publish", "pack", "link"})
"""A package may build itself when it is installed or packed."""

_READER_WORDS = """
ls cat head tail less more grep egrep rg ag sed awk find fd git wc sort uniq diff stat file which
type echo printf pwd tree du df mkdir touch rm rmdir cp mv ln chmod chown cd test [ true false sleep
date whoami id env export set jq yq xxd od md5sum sha256sum cut tr tee vim nano code pip pip3 apt
apt-get brew gem open kill ps lsof curl wget
"""
_READERS = frozenset(_READER_WORDS.split())
"""Whatever their words are about, these test and build nothing."""

_PLAIN = frozenset({"git", "sleep", "true", "!", "npm", "gh", "ssh-keygen", "uv", "poetry"})

_TOPICS = {
    Topic.TESTS: re.compile(
        r"(?:^|[^a-z])(?:py|run|unit)?[-_]?tests?(?:$|[^a-z])|unittest|jest|vitest|mocha|rspec"
        r"|phpunit|ctest|nextest|^tox$|^nox$|behave|cypress|playwright|karma|^bats$|^prove$|specs?$"
        r"|runtests|^ava$|^nose2?$",
        re.IGNORECASE,
    ),
    Topic.BUILD: re.compile(
        r"build|compile|^tsc$|^make$|^g?cc$|^g\+\+$|^clang|^cmake$|^ninja$|webpack|^vite$|rollup"
        r"|esbuild|gradle|^mvn|^rustc$|^javac$|assemble|bundle",
        re.IGNORECASE,
    ),
    Topic.LINT: re.compile(
        r"lint|^ruff$|flake8|clippy|rubocop|biome|prettier|^black$|^vet$|shellcheck|^oxlint$"
        r"|pre-commit|^isort$|fmt",
        re.IGNORECASE,
    ),
    Topic.TYPES: re.compile(
        r"^mypy$|^d?mypy$|pyright|^tsc$|type-?check|types?:check|^flow$|^pyre$|^ty$|vue-tsc",
        re.IGNORECASE,
    ),
}
_OPAQUE = re.compile(
    r"^(?:make|just|task|invoke|inv|rake|bundle|ant|mvnw?|gradlew?|bazel|tox|nox|docker|docker-compose"
    r"|podman|ssh|xargs|eval|source|\.|pre-commit|parallel|act|nix|devbox|mise|earthly|node|deno"
    r"|ruby|perl|php|java|go|cargo|dotnet|swift|mix|sbt|Rscript|julia)$"
)


def is_opaque(part: Part) -> bool:
    """It may run other commands that no log names: a script, a make target, a git hook."""
    program = part.words[0]
    if part.only_looks or (part.only_installs and part.words[1] not in _WITH_HOOKS):
        return False
    if program in _SHELLS or program in _PACKAGE_RUNNERS or _OPAQUE.match(program):
        return True
    if _PYTHON.match(program):
        return len(part.words) > 1
    if program == "git":
        return len(part.words) > 1 and part.words[1] in {"commit", "push", "bisect", "rebase"}
    return "/" in program or program.endswith((".sh", ".py", ".js", ".rb", ".pl"))


def could_be_any(part: Part) -> bool:
    """Nothing says what it does: it may test or build as well as anything else."""
    known = part.words[0] in _READERS | _PLAIN or part.only_looks or part.only_installs
    return not known and not any(part.is_about(topic) for topic in Topic)


@lru_cache(maxsize=512)
def parts_of(command: str) -> tuple[Part, ...]:
    """The programs of a command line in order; () for what cannot be read."""
    words = _split(command)
    groups: list[tuple[list[str], str]] = [([], "")]
    for word in words:
        if word in _SEPARATORS:
            groups[-1] = (groups[-1][0], word)
            groups.append(([], ""))
        else:
            groups[-1][0].append(word)
    parts: list[Part] = []
    filled = [group for group in groups if group[0]]
    for index, (group, separator) in enumerate(filled):
        last = index == len(filled) - 1
        parts.extend(_unwrap(group, masked=not last or separator == "&"))
    return tuple(parts)


def chained_only(command: str) -> bool:
    """All parts are joined by `&&`: exit 0 means that each of them ended well."""
    return not any(word in _SEPARATORS - {"&&"} for word in _split(command))


def covers(run: Part, claimed: Part) -> bool:
    """Whether running `run` is what somebody means who says they ran `claimed`.

    Flags do not count. More or fewer paths are fine as long as none of the claimed ones was
    replaced by another.
    """
    if run.words[0].removeprefix("./") != claimed.words[0].removeprefix("./"):
        return False
    if run.only_looks and not claimed.only_looks and run.is_check:
        return False
    ran, said = run.arguments, claimed.arguments
    if not ran or not said:
        return True
    return all(_among(word, ran) for word in said) or all(_among(word, said) for word in ran)


def _among(word: str, words: tuple[str, ...]) -> bool:
    return any(_names_the_same(word, other) for other in words)


def _names_the_same(one: str, other: str) -> bool:
    """One is the end of the other, lies in it, or is one test of it (`a.py::test_b`)."""
    file_one, _, test_one = one.partition("::")
    file_other, _, test_other = other.partition("::")
    if test_one and test_other and test_one != test_other:
        return False
    longer, shorter = f"/{file_one}/", f"/{file_other}/"
    return (
        longer.endswith(shorter)
        or shorter.endswith(longer)
        or (longer.startswith(shorter) or shorter.startswith(longer))
    )


def _argument(word: str) -> str:
    if word.startswith("-") or _REDIRECTION.match(word):
        return ""
    return word.replace("\\", "/").removeprefix("./").rstrip("/") if word != "." else ""


def _split(command: str) -> list[str]:
    """What stands in a here-document is data, not a command."""
    joined = _HEREDOC.sub(r"\3", command).replace("\\\n", " ")
    lexer = shlex.shlex(joined.replace("\n", " ; "), posix=True, punctuation_chars="();|&<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return [word for word in lexer if word not in {"(", ")", "{", "}"}]
    except ValueError:
        return re.split(r"\s+", joined.strip())


def _unwrap(words: list[str], *, masked: bool) -> list[Part]:
    words = _without_redirections(words)
    while words:
        program = words[0].replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
        if words[0] == "!":  # its exit code says the opposite: another command
            behind = _unwrap(words[1:], masked=masked)
            return [Part(("!", *part.words), part.masked) for part in behind]
        if _ENVIRONMENT.match(words[0]) or program in {"then", "do", "else", "if", "while"}:
            words = words[1:]
        elif program in _WRAPPERS:
            words = _after_flags(words[1:])[_WRAPPERS[program] :]
        elif program in _RUN_WRAPPERS and words[1:2] in (["run"], ["exec"]) and words[2:]:
            words = _after_flags(words[2:])
        elif program in _SHELLS and (script := _inline_script(words)):
            inner = parts_of(script)
            return [Part(part.words, part.masked or masked) for part in inner]
        elif program in {"cd", "pushd", "popd", "set", "export", "fi", "done", "for"}:
            return []
        else:
            return [Part(_spelled(words, program), masked)]
    return []


def _without_redirections(words: list[str]) -> list[str]:
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in {"<", ">", ">>", "<<", ">&", "<<<", ">|"}:
            skip = True
            if kept and kept[-1].isdigit():
                kept.pop()
        else:
            kept.append(word)
    return kept


def _after_flags(words: list[str]) -> list[str]:
    while words and (words[0].startswith("-") or _ENVIRONMENT.match(words[0])):
        takes_value = words[0] in _VALUE_FLAGS
        words = words[2:] if takes_value else words[1:]
    return words


def _inline_script(words: list[str]) -> str:
    """The text behind `bash -c` (`-lc`, `-ec`, ...)."""
    for index, word in enumerate(words[1:-1], 1):
        if word.startswith("-") and word.endswith("c"):
            return words[index + 1]
    return ""


def _spelled(words: list[str], program: str) -> tuple[str, ...]:
    """`python3 -m pytest` is pytest, `npm test` is `npm run test`, `.venv/bin/ruff` is ruff."""
    rest = words[1:]
    if _PYTHON.match(program):
        flags_off = [word for word in rest if word not in {"-u", "-B", "-W", "error", "-I"}]
        if len(flags_off) > 1 and flags_off[0] == "-m":
            return (flags_off[1], *flags_off[2:])
        return ("python", *rest)
    if program == "pip3":
        return ("pip", *rest)
    if program == "py.test":
        return ("pytest", *rest)
    if program in _PACKAGE_RUNNERS and rest:
        verb = {"t": "test", "tst": "test", "run-script": "run"}.get(rest[0], rest[0])
        if verb in {"test", "start", "lint", "build", "typecheck"}:
            return (program, "run", verb, *rest[1:])
        if verb in {"exec", "dlx", "x"}:
            return tuple(word for word in rest[1:] if word != "--") or (program, verb)
        return (program, verb, *rest[1:])
    keeps_path = "/" in words[0] and not re.search(r"(?:^|/)(?:bin|\.bin|Scripts)/[^/]+$", words[0])
    return (words[0] if keeps_path else program, *rest)
