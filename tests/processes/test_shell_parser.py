from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burnless.core.permissions import ParsedCommand, Redirection, SimpleCommand
from burnless.core.protocols import ShellParser
from burnless.processes.shell_parser import PlainShellParser

PARSER: ShellParser = PlainShellParser()


def understood(text: str, *parts: str, redirections: tuple[Redirection, ...] = ()) -> ParsedCommand:
    commands = tuple(SimpleCommand(tuple(part.split(" "))) for part in parts)
    return ParsedCommand(text, True, commands, redirections)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ls", ["ls"]),
        (
            "pytest -q && ruff check; git status\nls",
            ["pytest -q", "ruff check", "git status", "ls"],
        ),
        ("a | b |& c || d", ["a", "b", "c", "d"]),
        ("a &&\n  b", ["a", "b"]),
        ("ls \\\n  -l", ["ls -l"]),
        ("# look first\nls # here", ["ls"]),
        ("timeout 5 pytest", ["pytest"]),
        ("timeout -k 3 --signal=INT 1.5m nice -n 5 nohup stdbuf -oL make all", ["make all"]),
        ("time -p env -i -u HOME ls -l", ["ls -l"]),
        ("env", ["env"]),
        ("command -v rg", ["command -v rg"]),
        ("bash scripts/build.sh --fast", ["bash scripts/build.sh --fast"]),
        ("git show HEAD~1:a.py stash@{0} HEAD^", ["git show HEAD~1:a.py stash@{0} HEAD^"]),
        ("find . -name *.py -exec wc {} \\;", ["find . -name *.py -exec wc {} ;"]),
        ("make x=1", ["make x=1"]),
        ("! grep -q x a", ["grep -q x a"]),
        ("test -e a && ! grep x a", ["test -e a", "grep x a"]),
    ],
)
def test_lists_pipes_and_wrappers_are_taken_apart(text: str, parts: list[str]) -> None:
    assert PARSER.parse(text) == understood(text, *parts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo 'a b' \"c d\" e\\ f", ("echo", "a b", "c d", "e f")),
        ("grep 'foo$' \"x$\" y$", ("grep", "foo$", "x$", "y$")),
        ('echo "a\\"b\\$c\\n"', ("echo", 'a"b$c\\n')),
        ("echo '' \"\"", ("echo", "", "")),
        ("echo a'b'\"c\"d", ("echo", "abcd")),
        ("echo '$(rm -rf /)' '`x`'", ("echo", "$(rm -rf /)", "`x`")),
        ("echo a#b", ("echo", "a#b")),
    ],
)
def test_quotes_are_taken_off_words(text: str, words: tuple[str, ...]) -> None:
    assert PARSER.parse(text) == ParsedCommand(text, True, (SimpleCommand(words),))


@pytest.mark.parametrize(
    ("text", "redirections"),
    [
        ("a > out.txt", [("out.txt", True)]),
        ("a 2>> err.log < in.txt", [("err.log", True), ("in.txt", False)]),
        ("a &> both", [("both", True)]),
        ("a >| forced 2>&1 3>&-", [("forced", True)]),
        ("a >&file", [("file", True)]),
        ("a <> both", [("both", True)]),
        ("a2>x", [("x", True)]),
        ("a > 'b c'", [("b c", True)]),
        ("a 2>/dev/null", [("/dev/null", True)]),
    ],
)
def test_redirections_name_the_file_and_the_direction(
    text: str, redirections: list[tuple[str, bool]]
) -> None:
    parsed = PARSER.parse(text)
    assert parsed.understood
    assert parsed.redirections == tuple(Redirection(*one) for one in redirections)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("cd src && a > x", "src/x"),
        ("cd src && cd lib && a | b > ../x", "src/lib/../x"),
        ("cd .. && a > x", "../x"),
        ("cd /etc && a > x", "/etc/x"),
    ],
)
def test_a_redirection_after_cd_counts_from_where_the_line_starts(text: str, path: str) -> None:
    assert PARSER.parse(text).redirections == (Redirection(path, True),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no command"),
        ("!", "the shell word !"),
        ("! ! a", "the shell word !"),
        ("a | ! b", "the shell word !"),
        ("! cd x && rm y", "the shell word !"),
        ("'!' a", "the shell word !"),
        ("   \n", "no command"),
        ("echo $(id)", "a command substitution"),
        ('echo "$(id)"', "a command substitution"),
        ("echo `id`", "a command substitution"),
        ('echo "`id`"', "a command substitution"),
        ("diff <(a) b", "a process substitution"),
        ("a > >(tee x)", "a process substitution"),
        ("echo $HOME", "a variable"),
        ('echo "${x}"', "a variable"),
        ("echo $?", "a variable"),
        ("echo $'a\\x41'", "a quote after a dollar sign"),
        ("(a; b)", "a subshell or function"),
        ("f() { a; }", "a subshell or function"),
        ("{ a; }", "the shell word {"),
        ("echo {a,b}", "braces"),
        ("for x in a; do b; done", "the shell word for"),
        ("if a; then b; fi", "the shell word if"),
        ("[[ a ]]", "the shell word [["),
        ("cat <<EOF\nx\nEOF", "a here-document"),
        ("cat <<< x", "a here-string"),
        ("X=1 pytest", "a variable set for one command"),
        ("X=1", "a variable set for one command"),
        ("> x y=1 a", "a variable set for one command"),
        ("env X=1 pytest", "a variable set for one command"),
        ("sleep 5 &", "a background job"),
        ("a & b", "a background job"),
        ("echo 'a", "a quote that is not closed"),
        ('echo "a', "a quote that is not closed"),
        ("echo a\\", "a backslash at the end"),
        ("echo $\\\nHOME", "a line break inside a word"),
        ("eval ls", "eval: runs text as more shell"),
        (". ./x", ".: runs text as more shell"),
        ("sh -c ls", "sh -c: runs text as more shell"),
        ("/bin/bash -lc ls", "bash -c: runs text as more shell"),
        ("timeout 5 bash -c ls", "bash -c: runs text as more shell"),
        ("sudo ls", "sudo: runs as another user"),
        ("ls | xargs rm", "xargs: makes words of its input, which cannot be seen here"),
        ("export PATH=/x", "export: changes what later commands mean"),
        ("timeout --what 5 ls", "timeout with --what"),
        ("timeout soon ls", "timeout with soon"),
        ("env -S 'ls'", "env with -S"),
        ("cat ~/.ssh/id_rsa", "a path that starts at the home folder"),
        ("a >", "a redirection without a file"),
        ("> a", "a redirection without a command"),
        ("a > *.txt", "a redirection to a pattern"),
        ("cd - && a > x", "a redirection after a cd that cannot be followed"),
        ("cd src; a > x", "a redirection after a cd that cannot be followed"),
        ("cd src || a > x", "a redirection after a cd that cannot be followed"),
        ("a && ", "&& without a command after it"),
        ("; a", "; without a command before it"),
        ("a;; b", "a case branch"),
        ("'' a", "a command without a name"),
        ("echo a\rb", "a control character"),
        ("echo 'a\x00b'", "a control character"),
        ("echo a\u00a0b", "a blank that is no space"),
        ("echo " + "a" * 30_000, "a very long command"),
    ],
)
def test_what_is_not_plain_is_not_understood_and_says_why(text: str, why: str) -> None:
    assert PARSER.parse(text) == ParsedCommand(text, False, why=why)


SHELLISH = st.text(
    st.sampled_from(list("ab1 \t\n'\"\\$`(){}&|;<>*?[]~#!=-/.,\r\u00e9")), max_size=30
)


@given(st.one_of(st.text(), SHELLISH))
@settings(max_examples=500)
def test_parsing_never_raises(text: str) -> None:
    parsed = PARSER.parse(text)
    assert parsed.understood is (parsed.why == "")
    assert parsed.understood or parsed.parts == ()


@given(SHELLISH, st.sampled_from(["$(", "`"]), SHELLISH)
@settings(max_examples=500)
def test_an_unquoted_substitution_is_never_understood(before: str, sign: str, after: str) -> None:
    plain = before.replace("'", "").replace('"', "").replace("\\", "").replace("#", "")
    assert not PARSER.parse(plain + sign + after).understood


WORDS = st.lists(
    st.text(st.sampled_from(list("abc-/._ '\"$*\\;|&<>(\n")), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
)


def quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from([" && ", "; ", " | ", "\n"]))
def test_no_word_is_lost_between_the_parts(commands: list[list[str]], join: str) -> None:
    named = [["run", *words] for words in commands]
    text = join.join(" ".join(quoted(word) for word in words) for words in named)
    parsed = PARSER.parse(text)
    assert [list(part.words) for part in parsed.parts] == named


@given(SHELLISH)
@settings(max_examples=150, deadline=None)
def test_bash_sees_the_same_words_wherever_the_parser_understands(tail: str) -> None:
    text = f"show {tail}"
    parsed = PARSER.parse(text)
    if not parsed.understood or len(parsed.parts) != 1 or parsed.redirections:
        return
    script = "set -f; show() { printf '%s\\0' \"$@\"; }\n" + text
    ran = subprocess.run(["bash", "-c", script], capture_output=True, timeout=20, check=True)
    words = ran.stdout.decode().split("\0")[:-1]
    assert ["show", *words] == list(parsed.parts[0].words) or (
        words == [""] and parsed.parts[0].words == ("show",)
    )
