"""A plain and wary ShellParser: what it is not sure of, it says it does not understand.

Understood are lists and pipes of simple commands made of plain and quoted words, with
redirections to named files. Everything that lets a shell do more than the words say is not:
substitutions, variables, subshells, loops, here-documents, assignments, background jobs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from burnless.core.permissions import ParsedCommand, Redirection, SimpleCommand
from burnless.processes.shell_words import Arrow, NotUnderstood, Operator, Token, Word, split_words
from burnless.processes.shell_wrappers import is_assignment, unwrap

_CONTINUES = frozenset({"&&", "||", "|", "|&"})
_LONGEST = 20_000


class PlainShellParser:
    """Implements core's ShellParser with the standard library alone."""

    def parse(self, command: str) -> ParsedCommand:
        """Never raises. A path in `redirections` counts from where the command line starts,

        also after a `cd` in it; a `cd` is a part like any other.
        """
        try:
            return _parse(command)
        except NotUnderstood as problem:
            return ParsedCommand(command, understood=False, why=str(problem))


def _parse(command: str) -> ParsedCommand:
    if len(command) > _LONGEST:
        raise NotUnderstood("a very long command")
    parts: list[SimpleCommand] = []
    redirections: list[Redirection] = []
    folder: str | None = ""
    before = ""
    for tokens, after in _commands(split_words(command)):
        words, arrows = _words_and_arrows(_without_negation(tokens, before))
        redirections += [_redirection(arrow, target, folder) for arrow, target in arrows if target]
        inner = unwrap(words)
        folder = _folder_after(inner, folder, before, after)
        parts.append(SimpleCommand(inner))
        before = after
    if not parts:
        raise NotUnderstood("no command")
    return ParsedCommand(
        command, understood=True, parts=tuple(parts), redirections=tuple(redirections)
    )


def _commands(tokens: Sequence[Token]) -> list[tuple[list[Word | Arrow], str]]:
    """Each command and the sign after it. A newline after `&&`, `||` or `|` changes nothing."""
    commands: list[tuple[list[Word | Arrow], str]] = []
    current: list[Word | Arrow] = []
    for token in tokens:
        if not isinstance(token, Operator):
            current.append(token)
        elif current:
            commands.append((current, token.sign))
            current = []
        elif token.sign != "\n":
            raise NotUnderstood(f"{token.sign} without a command before it")
    if current:
        commands.append((current, ""))
    elif commands and commands[-1][1] in _CONTINUES:
        raise NotUnderstood(f"{commands[-1][1]} without a command after it")
    return commands


def _without_negation(tokens: list[Word | Arrow], before: str) -> list[Word | Arrow]:
    """`! grep x a.py` runs what grep runs. After a `cd` it would turn the `&&` around."""
    negates = tokens[0] == Word("!") and before not in {"|", "|&"} and len(tokens) > 1
    return tokens[1:] if negates and tokens[1] != Word("cd") else tokens


def _words_and_arrows(
    tokens: Sequence[Word | Arrow],
) -> tuple[list[str], list[tuple[Arrow, Word | None]]]:
    words: list[str] = []
    arrows: list[tuple[Arrow, Word | None]] = []
    rest = iter(tokens)
    for token in rest:
        if isinstance(token, Word):
            if not words and is_assignment(token.text):
                raise NotUnderstood("a variable set for one command")
            words.append(token.text)
            continue
        target = next(rest, None)
        if not isinstance(target, Word):
            raise NotUnderstood("a redirection without a file")
        arrows.append((token, None if _copies_a_number(token, target) else target))
    if not words:
        raise NotUnderstood("a redirection without a command")
    return words, arrows


def _copies_a_number(arrow: Arrow, target: Word) -> bool:
    """`2>&1` and `>&-` name no file."""
    return arrow.sign in {">&", "<&"} and (target.text.rstrip("-") or "0").isdigit()


def _redirection(arrow: Arrow, target: Word, folder: str | None) -> Redirection:
    if target.glob or not target.text:
        raise NotUnderstood("a redirection to a pattern")
    if folder is None and not target.text.startswith("/"):
        raise NotUnderstood("a redirection after a cd that cannot be followed")
    return Redirection(
        posixpath.join(folder or "", target.text), writes=arrow.sign not in {"<", "<&"}
    )


def _folder_after(words: Sequence[str], folder: str | None, before: str, after: str) -> str | None:
    """Where the next command starts, from where the line starts; None = not certain.

    A `cd` may fail: only what hangs on it by `&&` is sure to run in the new folder.
    """
    if words[0] != "cd":
        return folder if not folder or after in {"&&", "|", "|&"} else None
    targets = [word for word in words[1:] if word not in {"--", "-P", "-L"}]
    plain = len(targets) == 1 and targets[0] != "" and not targets[0].startswith("-")
    if folder is None or after != "&&" or before in {"|", "|&"} or not plain:
        return None
    return posixpath.join(folder, targets[0])
