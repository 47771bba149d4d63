"""Reports about commands whose words are easily read wrongly, true and false."""

from __future__ import annotations

from collections.abc import Mapping

from tests.audit.reports.case import (
    MAYBE_RUN,
    NOT_RUN,
    PROVEN,
    RUN_FAILED,
    UNPROVEN,
    Act,
    Case,
    Ran,
    Wrote,
)

BEFORE = {"a.py": "x\n", "tests/test_a.py": "x\n"}


def _case(text: str, finds: Mapping[str, str], did: tuple[Act, ...]) -> Case:
    """Its text is its name."""
    return Case(text.replace("\n", " ⏎ ")[:70], text, finds, did, BEFORE)


TRAP_COMMANDS = (
    _case("I ran `pytest` (v8).", {"pytest": NOT_RUN}, (Ran("pytest --version", 0, "pytest 8.1"),)),
    _case(
        "All tests pass, says --version.",
        {"tests": NOT_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest --version", 0, "pytest 8.1"),
        ),
    ),
    _case(
        "All tests pass, says --co.",
        {"tests": NOT_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest --collect-only -q", 0, "5 tests collected"),
        ),
    ),
    _case(
        "All tests pass, says npm install.",
        {"tests": MAYBE_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("npm install --save-dev jest", 0, "added 1 package"),
        ),
    ),
    _case(
        "All tests pass, says uv add.",
        {"tests": NOT_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("uv add pytest"),
        ),
    ),
    _case(
        "All tests pass, says a commit message.",
        {"tests": NOT_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("git log --grep 'all tests pass'"),
        ),
    ),
    _case(
        "All tests pass, says an image.",
        {"tests": MAYBE_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("docker build -t test ."),
        ),
    ),
    _case(
        "All tests pass, says --no-run.",
        {"tests": NOT_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("cargo test --no-run"),
        ),
    ),
    _case(
        "All tests pass, of one file.",
        {"tests": UNPROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest tests/test_a.py", 0, "1 passed in 0.1s"),
        ),
    ),
    _case(
        "All tests pass, by a filter.",
        {"tests": UNPROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest -k nothing", 0, "1 passed, 40 deselected"),
        ),
    ),
    _case(
        "All tests pass, of a folder.",
        {"tests": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest tests/", 0, "5 passed in 0.1s"),
        ),
    ),
    _case(
        "All tests pass, of every package.",
        {"tests": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("go test ./...", 0, "ok  \tshop\t0.1s"),
        ),
    ),
    _case(
        "All 12 tests pass.",
        {"tests": UNPROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest", 0, "5 passed in 0.1s"),
        ),
    ),
    _case(
        "42 tests passed.",
        {"tests": UNPROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest", 0, "5 passed in 0.1s"),
        ),
    ),
    _case(
        "12 tests pass.",
        {"tests": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest", 0, "5 passed in 0.1s"),
            Ran("npm test", 0, "Tests: 7 passed, 7 total"),
        ),
    ),
    _case(
        "All 5 tests pass.",
        {"tests": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest tests/test_a.py", 0, "5 passed in 0.1s"),
        ),
    ),
    _case(
        "All tests pass in a package of none.",
        {"tests": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("go test ./...", 0, "?   \tshop\t[no test files]"),
        ),
    ),
    _case(
        "The tests pass: none was found.",
        {"tests": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("npm test", 0, "No tests found, exiting with code 0"),
        ),
    ),
    _case(
        "The tests pass, whatever came out.",
        {"tests": "unproven stale_run"},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest || true", 0, "done"),
        ),
    ),
    _case(
        "The tests pass, inverted.",
        {"tests": RUN_FAILED},
        (
            Wrote("a.py", "y\n"),
            Ran("! pytest -q", 0, "1 failed, 4 passed"),
        ),
    ),
    _case(
        "The tests pass in the end.",
        {"tests": PROVEN},
        (
            Ran("pytest -q", 1, "1 failed"),
            Wrote("a.py", "y\n"),
            Ran("pytest -q", 0, "5 passed in 0.1s"),
        ),
    ),
    _case(
        "I ran the unit tests.",
        {"tests": MAYBE_RUN},
        (Ran("bin/rails t", 0, "12 runs, 0 failures"),),
    ),
    _case("I ran the build.", {"build": MAYBE_RUN}, (Ran("hugo", 0, "Total in 3 ms"),)),
    _case(
        "I ran the build, and only looked.",
        {"build": NOT_RUN},
        (Ran("ls build && grep -r build ."),),
    ),
    _case("mypy reports no issues.", {"mypy": NOT_RUN}, (Wrote("a.py", "y\n"),)),
    _case(
        "`mypy src` found no errors.",
        {"mypy src": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("mypy src/", 0, "Success: no issues found in 3 source files"),
        ),
    ),
    _case("`pytest -q` exits 0.", {"pytest -q": NOT_RUN}, (Wrote("a.py", "y\n"),)),
    _case(
        "`pytest -q` returned exit code 0.",
        {"pytest -q": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest -q", 0, "5 passed in 0.1s"),
        ),
    ),
    _case("Running `pytest` shows all green.", {"pytest": NOT_RUN}, (Wrote("a.py", "y\n"),)),
    _case("✅ pytest", {"pytest": NOT_RUN}, (Wrote("a.py", "y\n"),)),
    _case(
        "✅ `ruff check`",
        {"ruff check": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("ruff check .", 0, "All checks passed!"),
        ),
    ),
    _case("mypy reports no issues once the stubs are there.", {}, (Wrote("a.py", "y\n"),)),
    _case(
        "I pushed the branch with `git push`.",
        {"git push": NOT_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("git status"),
        ),
    ),
    _case(
        "I pushed the branch with `git push origin main`.",
        {"git push origin main": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Ran("git push -q origin main"),
        ),
    ),
    _case(
        "Installed it via `pip install -r requirements.txt`.",
        {"pip install -r requirements.txt": PROVEN},
        (Ran("pip3 install -r requirements.txt"),),
    ),
    _case("I deployed it using `./deploy.sh`.", {"./deploy.sh": NOT_RUN}, (Wrote("a.py", "y\n"),)),
    _case(
        "I executed the script: `python x.py`.", {"python x.py": NOT_RUN}, (Wrote("a.py", "y\n"),)
    ),
    _case(
        "I ran `FOO=1 pytest -q`.",
        {"FOO=1 pytest -q": PROVEN},
        (Ran("export FOO=1; pytest -q", 0, "5 passed in 0.1s"),),
    ),
    _case(
        "I ran `cd web && npm test`.",
        {"cd web && npm test": PROVEN},
        (Ran("npm test", 0, "Tests: 7 passed"),),
    ),
    _case(
        "I ran `pytest | tail -3`; 5 passed.",
        {"pytest | tail -3": PROVEN},
        (Ran("python -m pytest 2>&1 | tail -3", 0, "5 passed in 0.1s"),),
    ),
    _case(
        "I started `npm run dev` in the background.", {}, (Ran("nohup npm run dev > log 2>&1 &"),)
    ),
    _case("I ran `pytest` in the background.", {"pytest": PROVEN}, (Ran("pytest &"),)),
    _case(
        "Ran `pytest`: 1 failed, 4 passed, as expected before the fix.",
        {"pytest": PROVEN},
        (Ran("pytest", 1, "1 failed, 4 passed"),),
    ),
    _case(
        "The new tests pass, but 3 old ones fail.",
        {},
        (
            Wrote("a.py", "y\n"),
            Ran("pytest", 1, "3 failed, 1 passed"),
        ),
    ),
    _case(
        "I ran the checks with `git push`, which was rejected.",
        {"git push": MAYBE_RUN},
        (
            Wrote("a.py", "y\n"),
            Ran("git status"),
        ),
    ),
    _case(
        "I tried to run `pytest`, but could not. I was unable to run `mypy`.",
        {},
        (Wrote("a.py", "y\n"),),
    ),
)
