"""What is known of git's subcommands: which only look, which can destroy work."""

from __future__ import annotations

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
_BAD_OPTIONS = ("--output", "--ext-diff", "--textconv", "--open-files-in-pager", "--paginate")
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
    "remote": frozenset({"-v", "--verbose", "get-url"}),
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
        return Known(Nature.REACHES_OUT)
    if subcommand in _DESTROYS:
        return Known(Nature.DESTROYS, reads=folders)
    return Known(Nature.REACHES_OUT, reads=folders, pattern=pattern)


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
    if subcommand == "grep":
        del operands[:1]
    return [word.rpartition(":")[2] or "." for word in operands]


def _only_looks(subcommand: str, arguments: Sequence[str]) -> bool:
    if any(_is_bad(word) for word in arguments):
        return False
    if subcommand in _LOOKS:
        return not (subcommand == "grep" and any(word.startswith("-O") for word in arguments))
    if subcommand in _LIST_ONLY:
        return _only_lists(*_LIST_ONLY[subcommand], arguments)
    forms = _READING_FORMS.get(subcommand, frozenset())
    if not arguments:
        return subcommand in _READS_ALONE
    if subcommand == "config":
        return bool(forms & set(arguments)) and not set(arguments) & _CONFIG_WRITES
    return arguments[0] in forms


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
