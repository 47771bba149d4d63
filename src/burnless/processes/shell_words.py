"""Bash source to words and operators, as far as it is plain; the rest is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its quotes taken off.

    bare: nothing of it was quoted or escaped
    glob: an unquoted `*`, `?` or `[` is in it: the shell may turn it into other names
    """

    text: str
    bare: bool = True
    glob: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """What joins commands: `&&`, `||`, `;`, `|`, `|&` or a newline."""

    sign: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A redirection without its file number: `>`, `>>`, `>|`, `>&`, `&>`, `<`, `<&`, `<>`."""

    sign: str


Token: TypeAlias = Word | Operator | Arrow


class NotUnderstood(Exception):
    """The plain words why a command cannot be taken apart safely. Never leaves this package."""


_REFUSED = (
    ("<<<", "a here-string"),
    ("<<", "a here-document"),
    ("<(", "a process substitution"),
    (">(", "a process substitution"),
    (";;", "a case branch"),
    (";&", "a case branch"),
    ("(", "a subshell or function"),
    (")", "a subshell or function"),
    ("`", "a command substitution"),
    ("$(", "a command substitution"),
)
_NUMBERED_ARROW = re.compile(r"(?:\d*(>>|>\||>&|<&|<>|>|<)|(&>>|&>))")
_ARROW = re.compile(r"()(&>>|&>|>>|>\||>&|<&|<>|>|<)")
_OPERATOR = re.compile(r"&&|\|\||\|&|;|\||\n")
_VARIABLE = re.compile(r"\$[A-Za-z0-9_{\[?$!#@*-]")
_DOLLAR_QUOTE = re.compile(r"\$['\"]")
_PLAIN = re.compile(r"\{\d*\}|[^\s'\"\\$`(){};&|<>*?\[~#\x00-\x20\x7f-\x9f\ud800-\udfff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def split_words(source: str) -> list[Token]:
    """Raises NotUnderstood at the first thing that is more than quoted and plain words."""
    return _Lexer(source).tokens()


class _Lexer:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._tokens: list[Token] = []
        self._start_word()

    def _start_word(self) -> None:
        self._text: list[str] = []
        self._in_word, self._bare, self._glob = False, True, False

    def tokens(self) -> list[Token]:
        while self._at < len(self._source):
            self._refuse_constructs()
            taken = self._arrow() or self._operator() or self._quoted() or self._comment()
            if not taken:
                self._plain()
        self._end_word()
        return self._tokens

    def _refuse_constructs(self) -> None:
        for sign, name in _REFUSED:
            if self._source.startswith(sign, self._at):
                raise NotUnderstood(name)
        if _VARIABLE.match(self._source, self._at):
            raise NotUnderstood("a variable")
        if _DOLLAR_QUOTE.match(self._source, self._at):
            raise NotUnderstood("a quote after a dollar sign")

    def _arrow(self) -> bool:
        # Only digits that begin a word are a file number: `a2>x` writes the word a2.
        found = (_ARROW if self._in_word else _NUMBERED_ARROW).match(self._source, self._at)
        if found is None:
            return False
        self._push(Arrow(found[1] or found[2]), found.end())
        return True

    def _operator(self) -> bool:
        found = _OPERATOR.match(self._source, self._at)
        if found is None:
            if self._source[self._at] == "&":
                raise NotUnderstood("a background job")
            return False
        self._push(Operator(found.group()), found.end())
        return True

    def _push(self, token: Token, end: int) -> None:
        self._end_word()
        self._tokens.append(token)
        self._at = end

    def _end_word(self) -> None:
        if self._in_word:
            self._tokens.append(Word("".join(self._text), self._bare, self._glob))
        self._start_word()

    def _add(self, text: str, end: int, *, bare: bool) -> None:
        if _CONTROL.search(text):
            raise NotUnderstood("a control character")
        self._text.append(text)
        self._in_word = True
        self._bare = self._bare and bare
        self._at = end

    def _quoted(self) -> bool:
        match self._source[self._at]:
            case "\\":
                self._escape()
            case "'":
                end = self._source.find("'", self._at + 1)
                if end < 0:
                    raise NotUnderstood("a quote that is not closed")
                self._add(self._source[self._at + 1 : end], end + 1, bare=False)
            case '"':
                self._double_quoted()
            case _:
                return False
        return True

    def _escape(self) -> None:
        following = self._source[self._at + 1 : self._at + 2]
        if not following:
            raise NotUnderstood("a backslash at the end")
        if following != "\n":
            self._add(following, self._at + 2, bare=False)
        elif self._in_word:
            # Bash would join the halves before it looks at them, whatever they turn into.
            raise NotUnderstood("a line break inside a word")
        else:
            self._at += 2

    def _double_quoted(self) -> None:
        self._add("", self._at + 1, bare=False)
        while (character := self._source[self._at : self._at + 1]) != '"':
            if not character:
                raise NotUnderstood("a quote that is not closed")
            if character == "`" or self._source.startswith("$(", self._at):
                raise NotUnderstood("a command substitution")
            if _VARIABLE.match(self._source, self._at):
                raise NotUnderstood("a variable")
            if character == "\\":
                self._escape_in_quotes()
            elif character == "$" and self._source.startswith("\\\n", self._at + 1):
                raise NotUnderstood("a line break inside a word")
            else:
                self._add(character, self._at + 1, bare=False)
        self._at += 1

    def _escape_in_quotes(self) -> None:
        following = self._source[self._at + 1 : self._at + 2]
        if following == "\n":
            raise NotUnderstood("a line break inside a word")
        escapable = following in {"$", "`", '"', "\\"}
        self._add(following if escapable else "\\" + following, self._at + 2, bare=False)

    def _comment(self) -> bool:
        if self._source[self._at] != "#" or self._in_word:
            return False
        end = self._source.find("\n", self._at)
        self._at = end if end >= 0 else len(self._source)
        return True

    def _plain(self) -> None:
        character = self._source[self._at]
        if character in " \t":
            self._end_word()
            self._at += 1
        elif found := _PLAIN.match(self._source, self._at):
            self._add(found.group(), found.end(), bare=True)
        else:
            self._special(character)

    def _special(self, character: str) -> None:
        if character == "{" and self._source[self._at + 1 : self._at + 2].strip():
            raise NotUnderstood("braces")
        if character == "~" and not self._in_word:
            raise NotUnderstood("a path that starts at the home folder")
        if character.isspace() and not _CONTROL.match(character):
            raise NotUnderstood("a blank that is no space")
        self._glob = self._glob or character in "*?["
        self._add(character, self._at + 1, bare=True)
