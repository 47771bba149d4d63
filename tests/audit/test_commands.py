from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.audit.claims import read_claims
from burnless.audit.command_findings import Result, is_stale, result_of
from burnless.audit.commands import Part, Topic, chained_only, covers, is_opaque, parts_of
from burnless.core.evidence import ClaimKind, CommandOutcome, FileChange
from burnless.core.journal import JournaledChange, JournaledCommand
from burnless.core.session import Session


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("pytest -q", [("pytest", "-q")]),
        ("python3.11 -m pytest tests", [("pytest", "tests")]),
        ("python -B -m unittest -v", [("unittest", "-v")]),
        ("py.test a", [("pytest", "a")]),
        ("npm t", [("npm", "run", "test")]),
        ("npm run-script build", [("npm", "run", "build")]),
        ("yarn lint", [("yarn", "run", "lint")]),
        ("pnpm exec vitest run", [("vitest", "run")]),
        ("npm install", [("npm", "install")]),
        ("npm", [("npm",)]),
        ("uv run --frozen pytest", [("pytest",)]),
        ("poetry run python -m mypy .", [("mypy", ".")]),
        ("cd a && A=1 B=2 timeout -s KILL 30 nice ./run.sh x", [("./run.sh", "x")]),
        ("scripts/check.sh", [("scripts/check.sh",)]),
        ("/usr/bin/env FOO=1 make test", [("make", "test")]),
        (".venv/bin/pytest", [("pytest",)]),
        ("C:\\\\tools\\\\node.exe a.js", [("node", "a.js")]),
        ("bash -lc 'cd x; npx jest'", [("jest",)]),
        ("pytest > out.txt 2>&1", [("pytest",)]),
        ("if ! make; then exit 1; fi", [("!", "make"), ("exit", "1")]),
        ("cat > a.sh <<'EOF'\npytest\nEOF", [("cat",)]),
        ("pytest \\\n  -q", [("pytest", "-q")]),
        ("export A=1\npytest", [("pytest",)]),
        ("echo 'unbalanced", [("echo", "'unbalanced")]),
        ("", []),
        ("A=1", []),
    ],
)
def test_a_command_line_is_its_programs_without_their_wrappers(
    command: str, words: list[tuple[str, ...]]
) -> None:
    assert [part.words for part in parts_of(command)] == words


@pytest.mark.parametrize(
    ("command", "topics"),
    [
        ("pytest", {Topic.TESTS}),
        ("cargo nextest run", {Topic.TESTS}),
        ("./run_tests.sh", {Topic.TESTS}),
        ("go test ./...", {Topic.TESTS}),
        ("npm run test:unit", {Topic.TESTS}),
        ("python test_a.py", {Topic.TESTS}),
        ("npm run build", {Topic.BUILD}),
        ("tsc --noEmit", {Topic.BUILD, Topic.TYPES}),
        ("ruff check .", {Topic.LINT}),
        ("mypy src", {Topic.TYPES}),
        ("cat tests/test_a.py", set()),
        ("git commit -m 'Add tests'", set()),
        ("python latest.py", set()),
    ],
)
def test_what_a_command_is_about(command: str, topics: set[Topic]) -> None:
    (part,) = parts_of(command)
    assert {topic for topic in Topic if part.is_about(topic)} == topics


@pytest.mark.parametrize(
    ("run", "claimed", "same"),
    [
        ("pytest -q", "pytest", True),
        ("pytest tests", "pytest tests/test_a.py", True),
        ("pytest tests/test_a.py", "pytest", True),
        ("pytest tests/test_a.py", "pytest test_a.py::test_x", True),
        ("pytest tests/test_a.py", "pytest tests/test_b.py", False),
        ("npm run build", "npm run test", False),
        ("make lint", "pytest", False),
    ],
)
def test_a_run_covers_what_somebody_means_by_a_command(run: str, claimed: str, same: bool) -> None:
    assert covers(parts_of(run)[0], parts_of(claimed)[0]) is same


@pytest.mark.parametrize(
    ("command", "opaque"),
    [
        ("make x", True),
        ("bash x.sh", True),
        ("./deploy", True),
        ("check.py", True),
        ("python a.py", True),
        ("python", False),
        ("git commit -m x", True),
        ("git status", False),
        ("pytest", False),
        ("ls", False),
    ],
)
def test_a_script_may_run_what_no_log_names(command: str, opaque: bool) -> None:
    (part,) = parts_of(command)
    assert is_opaque(part) is opaque


@pytest.mark.parametrize(
    ("command", "code", "last_line", "result"),
    [
        ("pytest", 0, "", Result.PASSED),
        ("pytest", 1, "", Result.FAILED),
        ("pytest", None, "", Result.UNKNOWN),
        ("pytest", 0, "2 failed, 1 passed", Result.UNKNOWN),
        ("pytest", 0, "0 failed, 3 passed", Result.PASSED),
        ("pytest | tail -1", 0, "2 failed, 1 passed", Result.FAILED),
        ("pytest | tail -1", 0, "3 passed", Result.PASSED),
        ("pytest | grep x", 1, "", Result.UNKNOWN),
        ("pytest; echo done", 0, "done", Result.UNKNOWN),
        ("pytest || true", 0, "", Result.UNKNOWN),
        ("pytest && ls", 0, "a.py", Result.PASSED),
        ("pytest && ls", 2, "ls: no such file", Result.UNKNOWN),
        ("cd x && pytest", 1, "", Result.FAILED),
        ("pytest &", 0, "", Result.UNKNOWN),
    ],
)
def test_an_exit_code_counts_only_where_it_is_the_commands_own(
    command: str, code: int | None, last_line: str, result: Result
) -> None:
    part = next(part for part in parts_of(command) if part.words[0] == "pytest")
    assert result_of(CommandOutcome(command, code, last_line), part) is result


def test_only_a_chain_of_ands_ends_well_when_all_of_it_did() -> None:
    assert chained_only("a && b && c")
    assert not chained_only("a && b; c")
    assert not chained_only("a | b")


@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        ([], False),
        ([("a.py", "1", "2")], True),
        ([("README.md", "1", "2"), ("docs/x.html", "", "2")], False),
        ([("a.py", "1", "2"), ("a.py", "2", "1")], False),
        ([("a.py", "1", "1")], False),
        ([("test.txt.py", "1", "")], True),
    ],
)
def test_a_run_is_stale_when_code_was_left_different_after_it(
    changes: list[tuple[str, str, str]], stale: bool
) -> None:
    session = Session()
    session.changes.append(JournaledChange(1, 1, "write", FileChange("before.py", "", "1")))
    entry = JournaledCommand(2, 1, CommandOutcome("pytest", 0), 1)
    for number, (path, before, after) in enumerate(changes, 3):
        change = FileChange(path, before, after)
        session.changes.append(JournaledChange(number, 1, "write", change))
    assert is_stale(entry, session) is stale


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("All 42 tests pass now.", {"tests": "passed"}),
        ("All tests passing (12/12).", {"tests": "passed"}),
        ("The test suite was run and passes.", {"tests": "passed"}),
        ("`npm test` was run.", {"npm test": "run"}),
        ("| pytest | ✅ pass |", {"pytest": "passed"}),
        ("npm run build succeeded", {"npm run build": "passed"}),
        ("Executed `$ python -m unittest` successfully.", {"python -m unittest": "passed"}),
        ("Ran `X=1 cd`, `main()` and `note:`.", {"X=1 cd": "run"}),
        ("I ran ./ci.sh --fast.", {"./ci.sh --fast": "run"}),
        ("After the change, all 7 tests pass.", {"tests": "passed"}),
        ("0 failed, 12 passed", {"tests": "passed"}),
        ("Tests pass with no errors.", {"tests": "passed"}),
        ("19/20 tests pass", {}),
        ("19 of 20 tests pass", {}),
        ("Most tests pass.", {}),
        ("If you run pytest, all tests pass.", {}),
        ("Verify that all tests pass.", {}),
        ("I fixed it so that all tests pass.", {}),
        ("Tests pass on CI.", {}),
        ("Tests were run by the CI.", {}),
        ("The tests weren't run.", {}),
        ("I ran into trouble with the tests.", {}),
        ("The tests are already passing.", {}),
        ("Are all tests passing?", {}),
        ("The helper passes `tests` through.", {}),
        ("ran out of time", {}),
    ],
)
def test_what_a_sentence_claims_about_commands(text: str, claims: dict[str, str]) -> None:
    found = {
        claim.subject: "run" if claim.kind is ClaimKind.COMMAND_RUN else "passed"
        for claim in read_claims(text)
        if claim.kind in {ClaimKind.COMMAND_RUN, ClaimKind.COMMAND_PASSED}
    }
    assert found == claims


@given(st.text(alphabet="ab'\"|&;<> \\\n$()-=/", max_size=40))
def test_any_command_line_is_taken_apart_without_an_error(command: str) -> None:
    for part in parts_of(command):
        assert isinstance(part, Part)
        assert part.words
        assert covers(part, part)
