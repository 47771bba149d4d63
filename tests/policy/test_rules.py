import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.policy.rules import (
    Rule,
    RuleProblem,
    command_matches,
    exactly,
    matching_command,
    matching_path,
    names_the_program,
    parse_rule,
    path_matches,
    readable_rules,
)

ROOT = "/srv/ada/work"
HOME = "/home" + "/ada"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Bash(npm run test *)", ("Bash", "npm run test *")),
        ("Bash", ("Bash", "")),
        ("Bash(*)", ("Bash", "")),
        ("Edit(**)", ("Edit", "")),
        (" Write(src/**) ", ("Edit", "src/**")),
        ("run_command(echo (a) b)", ("Bash", "echo (a) b")),
        ("search(docs/)", ("Read", "docs/")),
        ("Worker(claude *)", ("Worker", "claude *")),
        ("mcp__server__tool", ("mcp__server__tool", "")),
    ],
)
def test_a_rule_is_a_tool_and_a_pattern(text: str, rule: tuple[str, str]) -> None:
    assert parse_rule(text) == Rule(*rule, text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "write a tool and a pattern, as in Bash(npm run test *) or Edit(src/**)"),
        ("Bash(x", "write a tool and a pattern, as in Bash(npm run test *) or Edit(src/**)"),
        ("Bsh(x)", "did you mean Bash?"),
        ("Telephone(x)", "use Bash, Edit, Read, Worker or mcp__…"),
    ],
)
def test_a_rule_nobody_can_read_is_a_config_problem(text: str, hint: str) -> None:
    with pytest.raises(RuleProblem) as caught:
        parse_rule(text)
    assert (caught.value.hint, caught.value.exit_code) == (hint, 52)


def test_rules_that_cannot_be_read_are_left_out_where_that_is_asked_for() -> None:
    assert readable_rules(["Bash(x)", "nonsense("]) == (parse_rule("Bash(x)"),)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("npm run test *", "npm run test", True),
        ("npm run test *", "npm run test unit", True),
        ("npm run test *", "npm run testing", False),
        ("npm run test:*", "npm run test unit", True),
        ("npm run test", "npm run test unit", False),
        ("ls*", "lsof -i", True),
        ("git * main", "git push origin main", True),
        ("git * main", "git push origin main2", False),
        ("", "anything", True),
        ("rm \\*.pyc", "rm *.pyc", True),
        ("rm \\*.pyc", "rm -rf / x.pyc", False),
        ("echo a\\b", "echo a\\b", True),
        ("cat *", "cat a\nb", True),
    ],
)
def test_stars_in_a_command_rule_stand_for_anything(pattern: str, text: str, matches: bool) -> None:
    assert command_matches(pattern, text) is matches


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_exact_pattern_matches_its_text_and_no_other(text: str, other: str) -> None:
    pattern = exactly(text)
    if pattern:
        assert command_matches(pattern, text)
        assert command_matches(pattern, other) is (other == text)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("", f"{ROOT}/a", True),
        ("src/**", f"{ROOT}/src/a/b.py", True),
        ("src/**", f"{ROOT}/lib/src/a.py", False),
        ("src/", f"{ROOT}/src/a.py", True),
        ("./src/*.py", f"{ROOT}/src/a.py", True),
        ("src/*.py", f"{ROOT}/src/a/b.py", False),
        ("**/a.py", f"{ROOT}/x/y/a.py", True),
        ("**/a.py", f"{ROOT}/a.py", True),
        (".env", f"{ROOT}/sub/.env", True),
        (".env", "/elsewhere/.env", True),
        (".env", f"{ROOT}/.env.local", False),
        ("*.pem", f"{ROOT}/keys/a.pem", True),
        ("migrations", f"{ROOT}/app/migrations/1.py", True),
        ("file.?", f"{ROOT}/file.c", True),
        ("src/**", "/elsewhere/src/a.py", False),
        ("/etc/**", "/etc/passwd", True),
        ("//etc/hosts", "/etc/hosts", True),
        ("/etc", "/etcetera", False),
        ("~/notes", f"{HOME}/notes/a.md", True),
        ("~/notes", "/Users" + "/ada/notes", True),
        ("~/notes", "/root" + "/notes", True),
        ("~/notes", "/srv/notes", False),
        ("a(b).py", f"{ROOT}/a(b).py", True),
    ],
)
def test_path_rules_read_like_a_gitignore(pattern: str, path: str, matches: bool) -> None:
    assert path_matches(pattern, path, ROOT) is matches


def test_the_first_matching_rule_of_the_right_tool_is_found() -> None:
    rules = tuple(map(parse_rule, ("Edit(a)", "Read(a)", "Bash(ls *)", "Bash", "Worker(x)")))
    assert matching_path(rules, "Read", f"{ROOT}/a", ROOT) == rules[1]
    assert matching_path(rules, "Read", f"{ROOT}/b", ROOT) is None
    assert matching_command(rules, "ls -l") == rules[2]
    assert matching_command(rules, "id") == rules[3]
    assert matching_command(rules, "x", "Worker") == rules[4]
    assert matching_command(rules, "y", "Worker") is None


@pytest.mark.parametrize(
    ("rule", "text", "named"),
    [
        ("Bash(rm *)", "echo $(rm -rf x)", True),
        ("Bash(rm *)", "echo farm $(alarm)", False),
        ("Bash(rm:*)", "x;rm y", True),
        ("Bash", "anything", True),
    ],
)
def test_a_rule_is_held_against_text_that_was_not_taken_apart(
    rule: str, text: str, named: bool
) -> None:
    assert names_the_program(parse_rule(rule), text) is named
