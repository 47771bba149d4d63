"""What is known of git's subcommands: which only look, which can destroy work."""

from __future__ import annotations

import re
from collections.abc import Sequence

from burnless.policy.known_commands import Known, Nature, names

_LOOKS = names(
    "status log diff show rev-parse ls-files ls-tree describe blame annotate shortlog "
    "cat-file grep merge-base rev-list for-each-ref name-rev count-objects check-ignore "
    "check-attr diff-tree diff-index diff-files whatchanged cherry version help var "
    "show-ref range-diff"
)
_DESTROYS = names(
    "reset clean checkout restore switch rebase filter-branch filter-repo gc prune reflog "
    "update-ref stash rm push worktree am cherry-pick revert merge pull bisect replace "
    "branch tag remote submodule symbolic-ref update-index read-tree"
)
_NEW_NAMES = "makes, moves or deletes a name for a commit"
_DOES = {
    "push": "publishes commits to another repository",
    "branch": _NEW_NAMES,
    "tag": _NEW_NAMES,
    "remote": "changes where this repository fetches from and pushes to",
    "submodule": "changes the repositories inside this one, or runs a command in each",
    "worktree": "makes or removes a folder with a checkout of its own",
    "am": "makes commits and changes files",
    "cherry-pick": "makes commits and changes files",
    "revert": "makes commits and changes files",
    "merge": "makes commits and changes files",
    "pull": "fetches commits and changes files",
    "rebase": "rewrites commits and changes files",
    "filter-branch": "rewrites the whole history",
    "filter-repo": "rewrites the whole history",
    "bisect": "changes what is checked out",
    "add": "changes this repository",
    "commit": "changes this repository",
    "init": "makes a repository",
    "config": "changes git's configuration",
    "notes": "changes this repository",
}
"""What the others do is told by their nature."""

_TOO_MUCH = "has an option that can write a file or start a program"
_OVERWRITES = "overwrites or deletes what is in another repository"
_FORCED_PUSH = ("--force", "--force-with-lease", "--mirror", "--delete", "--prune")
_BAD_OPTIONS = (
    "--output", "--ext-diff", "--textconv", "--filters", "--open-files-in-pager", "--paginate",
    "--web", "--info",
)  # fmt: skip
_GLOBAL_FREE = frozenset(
    {"--no-pager", "--no-optional-locks", "--literal-pathspecs", "--no-replace-objects"}
)
_GLOBAL_VALUED = frozenset({"-c", "--git-dir", "--work-tree", "--config-env", "--namespace"})

_LIST_ONLY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "branch": (
        names("-a -r -v -vv --all --remotes --verbose --show-current --no-color"),
        names(
            "-l --list --contains --no-contains --merged --no-merged --points-at --sort --format"
        ),
    ),
    "tag": (
        frozenset({"--no-color"}),
        names(
            "-l --list --contains --no-contains --merged --no-merged --points-at --sort --format -n"
        ),
    ),
}
"""Subcommands that list: options that never take a name, and options after which names are only
looked for."""

_READING_FORMS: dict[str, frozenset[str]] = {
    "stash": frozenset({"list", "show"}),
    "remote": frozenset({"get-url"}),
    "worktree": frozenset({"list"}),
    "submodule": frozenset({"status", "summary"}),
    "reflog": frozenset({"show"}),
    "notes": frozenset({"list", "show"}),
    "config": frozenset({"--get", "--get-all", "--get-regexp", "--list", "-l", "get", "list"}),
    "bisect": frozenset({"log"}),
}
_READS_ALONE = frozenset({"remote", "reflog"})


def know_git(words: Sequence[str]) -> Known:
    """`words` begin with "git"."""
    rest, folders, plain = _after_global_options(list(words[1:]))
    if not rest:
        return Known(Nature.READS if plain else Nature.UNKNOWN)
    subcommand, arguments = rest[0], rest[1:]
    pattern = f"git {subcommand} *"
    if plain and _only_looks(subcommand, arguments):
        reads = (*folders, *_paths(subcommand, arguments))
        return Known(Nature.READS, reads=reads, pattern=pattern)
    if not plain:
        return Known(Nature.REACHES_OUT, does="is given settings that can start any program")
    does = _DOES.get(subcommand, _TOO_MUCH if subcommand in _LOOKS else "")
    if subcommand == "push" and _is_forced(arguments):
        does = _OVERWRITES
    if subcommand in _DESTROYS:
        return Known(Nature.DESTROYS, reads=folders, does=does)
    return Known(Nature.REACHES_OUT, reads=folders, pattern=pattern, does=does)


def _is_forced(arguments: Sequence[str]) -> bool:
    """Also `+main`, and `:main`, which deletes."""
    return any(
        word.startswith(("+", ":", *_FORCED_PUSH)) or (_is_short(word) and set("fd") & set(word))
        for word in arguments
    )


def _is_short(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--")


def _after_global_options(words: list[str]) -> tuple[list[str], tuple[str, ...], bool]:
    """The words from the subcommand on, folders of -C, and whether nothing else was set.

    `-c` and `--config-env` can name programs to run, `--git-dir` a foreign configuration.
    """
    folders: list[str] = []
    plain = True
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option == "-C" and words:
            folders.append(words.pop(0))
            continue
        plain = plain and option in _GLOBAL_FREE
        if option in _GLOBAL_VALUED and words:
            words.pop(0)
    return words, tuple(folders), plain


def _paths(subcommand: str, arguments: Sequence[str]) -> list[str]:
    """Operands that may be paths, also as `HEAD:path`; a pattern to search for is none."""
    operands = [word for word in arguments if not word.startswith("-")]
    has_pattern = any(_is_short(word) and set("ef") & set(word) for word in arguments)
    if subcommand == "grep" and not has_pattern:
        del operands[:1]
    glued = [word.partition("=")[2] for word in arguments if word.startswith("--")]
    outside = [value for value in glued if value.startswith(("/", "~", ".."))]
    return [*(word.rpartition(":")[2] or "." for word in operands), *outside]


def _only_looks(subcommand: str, arguments: Sequence[str]) -> bool:
    if any(_is_bad(word) for word in arguments):
        return False
    shorts = [word for word in arguments if _is_short(word)]
    if subcommand in _LOOKS:
        return not any(set(word) & _BAD_LETTERS.get(subcommand, set()) for word in shorts)
    if subcommand in _LIST_ONLY:
        return _only_lists(*_LIST_ONLY[subcommand], arguments)
    forms = _READING_FORMS.get(subcommand, frozenset())
    if subcommand in _READS_ALONE and set(arguments) <= {"-v", "--verbose"}:
        return True
    if not arguments:
        return False
    if subcommand == "config":
        one_name = len(arguments) == 1 and _CONFIG_NAME.fullmatch(arguments[0]) is not None
        reads = bool(forms & set(arguments)) and not set(arguments) & _CONFIG_WRITES
        return one_name or reads
    return arguments[0] in forms


_BAD_LETTERS = {"grep": set("O"), "help": set("wi")}
"""Short options that start a program: git takes them in a cluster too."""

_CONFIG_NAME = re.compile(r"[a-z][\w-]*\.[^=\s]+", re.IGNORECASE)
_CONFIG_WRITES = names(
    "--add --unset --unset-all --replace-all --rename-section --remove-section --edit -e set unset"
)


def _is_bad(word: str) -> bool:
    """An option that writes a file or starts a program; git takes abbreviations of them too."""
    name = word.partition("=")[0]
    if name == "--text":
        return False
    return len(name) > len("--o") and any(option.startswith(name) for option in _BAD_OPTIONS)


def _only_lists(flags: frozenset[str], lookups: frozenset[str], arguments: Sequence[str]) -> bool:
    names = {word.partition("=")[0] for word in arguments if word.startswith("-")}
    if not names <= flags | lookups:
        return False
    has_operand = any(not word.startswith("-") for word in arguments)
    return not has_operand or bool(names & lookups)
