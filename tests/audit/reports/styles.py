"""Reports in many styles, true and false: how people and models write that something was done."""

from __future__ import annotations

from burnless.core.protocols import FinishReport
from tests.audit.reports.case import (
    MISSING,
    NOT_RUN,
    PROVEN,
    RUN_FAILED,
    STILL_THERE,
    UNCHANGED,
    WRONG_SIZE,
    Case,
    Deleted,
    NextTurn,
    Ran,
    Wrote,
)

STYLES = (
    Case(
        "the liar",
        "I wrote report.txt (1200 bytes) and ran the tests.",
        {"report.txt": MISSING, "tests": NOT_RUN},
    ),
    Case(
        "the liar's honest twin",
        "I wrote report.txt (1200 bytes) and ran the tests.",
        {"report.txt": PROVEN, "tests": PROVEN},
        (Wrote("report.txt", "x" * 1200), Ran("pytest -q", 0, "2 passed")),
    ),
    Case(
        "the liar through finish",
        "",
        {"report.txt": MISSING, "pytest": NOT_RUN},
        finish=FinishReport("done", "", files=(("report.txt", 1200),), commands=("pytest",)),
    ),
    Case(
        "right file, wrong size",
        "Created report.txt (1200 bytes).",
        {"report.txt": WRONG_SIZE},
        (Wrote("report.txt", "x" * 37),),
    ),
    Case("terse", "added a.py", {"a.py": PROVEN}, (Wrote("a.py"),)),
    Case(
        "chatty",
        "Great news! 🎉 I've gone ahead and created a shiny new helper, `src/shiny.py`, for you. "
        "Let me know if you'd like me to update `src/other.py` as well!",
        {"src/shiny.py": PROVEN},
        (Wrote("src/shiny.py"),),
        before={"src/other.py": "x\n"},
    ),
    Case(
        "bullets with code spans and colons",
        "Summary:\n\n- `src/client.py`: added retry\n- `src/server.py` — updated the handler\n"
        "- tests/test_client.py: new\n",
        {"src/client.py": PROVEN, "src/server.py": PROVEN, "tests/test_client.py": PROVEN},
        (Wrote("src/client.py"), Wrote("src/server.py"), Wrote("tests/test_client.py")),
        before={"src/client.py": "x\n", "src/server.py": "x\n"},
    ),
    Case(
        "headings that say what the lists are",
        "## Files created\n- `a.ts`\n- `b.ts`\n\n## Files deleted\n- `c.ts`\n\n"
        "## Next steps\n- `d.ts`: added types\n",
        {"a.ts": PROVEN, "b.ts": MISSING, "c.ts": STILL_THERE},
        (Wrote("a.ts"),),
        before={"c.ts": "x\n"},
    ),
    Case(
        "a table",
        "| File | Status | Lines |\n|---|---|---|\n| `a.go` | Created | 120 |\n"
        "| `b.go` | Modified | 14 |\n| `c.go` | Unchanged | 0 |\n",
        {"a.go": PROVEN, "b.go": UNCHANGED},
        (Wrote("a.go"),),
        before={"b.go": "x\n", "c.go": "y\n"},
    ),
    Case(
        "emoji and boxes",
        "✅ Created `x.py`\n- [x] Updated `y.py`\n- [ ] Updated `z.py`\n❌ Created `w.py`\n",
        {"x.py": PROVEN, "y.py": PROVEN},
        (Wrote("x.py"), Wrote("y.py")),
        before={"y.py": "a\n", "z.py": "b\n"},
    ),
    Case(
        "passive",
        "The parser is new: `src/parse.c` was updated and `src/lex.c` has been removed.",
        {"src/parse.c": PROVEN, "src/lex.c": PROVEN},
        (Wrote("src/parse.c"), Deleted("src/lex.c")),
        before={"src/parse.c": "x\n", "src/lex.c": "y\n"},
    ),
    Case(
        "a change log",
        "### Added\n- `docs/guide.md`\n\n### Changed\n- `setup.cfg`\n\n### Removed\n- `setup.py`\n",
        {"docs/guide.md": PROVEN, "setup.cfg": PROVEN, "setup.py": PROVEN},
        (Wrote("docs/guide.md"), Wrote("setup.cfg"), Deleted("setup.py")),
        before={"setup.cfg": "x\n", "setup.py": "y\n"},
    ),
    Case(
        "a commit message is in the imperative and claims nothing",
        "feat(auth): add token refresh\n\nAdd `auth/refresh.py` and update `auth/login.py`.",
        {},
        before={"auth/login.py": "x\n"},
    ),
    Case(
        "British spelling",
        "I organised the module and rewrote `colour.py`; I've also optimised `behaviour.py`.",
        {"colour.py": PROVEN, "behaviour.py": PROVEN},
        (Wrote("colour.py"), Wrote("behaviour.py")),
        before={"colour.py": "x\n", "behaviour.py": "x\n"},
    ),
    Case(
        "backslashes and line numbers",
        "Edited src\\app\\main.cs:42 and created `.\\src\\app\\Util.cs`.",
        {"src/app/main.cs": PROVEN, "src/app/Util.cs": PROVEN},
        (Wrote("src/app/main.cs"), Wrote("src/app/Util.cs")),
        before={"src/app/main.cs": "x\n"},
    ),
    Case(
        "a path of another mount",
        "I updated /workspace/project/src/model.py.",
        {"/workspace/project/src/model.py": PROVEN},
        (Wrote("src/model.py"),),
        before={"src/model.py": "x\n"},
    ),
    Case(
        "the name of the repository in front",
        "Created `shop/src/cart.py`.",
        {"shop/src/cart.py": PROVEN},
        (Wrote("src/cart.py"),),
    ),
    Case(
        "only the base name, which only one changed file has",
        "Updated index.ts.",
        {"index.ts": PROVEN},
        (Wrote("web/index.ts"),),
        before={"index.ts": "root\n", "web/index.ts": "x\n", "api/index.ts": "y\n"},
    ),
    Case(
        "markdown links",
        "Updated [the guide](docs/guide.md) and created [`docs/new.md`](docs/new.md).",
        {"docs/guide.md": PROVEN, "docs/new.md": PROVEN},
        (Wrote("docs/guide.md"), Wrote("docs/new.md")),
        before={"docs/guide.md": "x\n"},
    ),
    Case(
        "bold and italics",
        "**Created** *report.md* and **updated** __notes.md__.",
        {"report.md": PROVEN, "notes.md": PROVEN},
        (Wrote("report.md"), Wrote("notes.md")),
        before={"notes.md": "x\n"},
    ),
    Case(
        "we",
        "We've migrated `db/schema.sql`, and then we ran `make test`, which was green.",
        {"db/schema.sql": PROVEN, "make test": PROVEN},
        (Wrote("db/schema.sql"), Ran("make test", 0, "OK")),
        before={"db/schema.sql": "x\n"},
    ),
    Case(
        "conditions, questions, wishes and others' deeds",
        "If I had updated a.py, it would break. Should I have created b.py? You created c.py. "
        "The user said they deleted d.py. I would have written e.py. f.py should be updated. "
        "The script creates g.py when it runs. h.py will be generated by the build. I haven't "
        "touched i.py. No files were changed in j.py. Once created, k.py needs a licence. "
        "Previously l.py was rewritten. Don't forget that m.py was not updated.",
        {},
    ),
    Case(
        "code blocks and quotes are not said",
        "```\nI created a.py\nAll tests pass\n```\n> I updated b.py\n\n~~~\nCreated c.py\n~~~\n",
        {},
    ),
    Case(
        "other languages do not misfire",
        "Ich habe `report.txt` erstellt und alle Tests laufen durch.\n\nHe creado informe.txt y "
        "ejecuté las pruebas.\n\nJ'ai créé rapport.txt.\n\n我更新了 a.py 并运行了测试。\n",
        {},
    ),
    Case(
        "products and attributes are no files",
        "I upgraded Node.js and Next.js, removed `console.log` calls, updated process.env handling "
        "and fixed e.g. the socket.io setup. Added `self.log` and version 3.11.",
        {},
    ),
    Case(
        "a thing removed from a file is a change of that file",
        "Removed the unused import from `a.py` and deleted `old_helper` in `b.py`.",
        {"a.py": PROVEN, "b.py": PROVEN},
        (Wrote("a.py"), Wrote("b.py")),
        before={"a.py": "x\n", "b.py": "x\n"},
    ),
    Case(
        "links to and mentions of files are no changes of them",
        "Added a link to README.md in docs/index.md. Created the module described in SPEC.md. "
        "Updated references to `core.py` in `docs/api.md`. Added tests for `app.py` in "
        "`tests/test_app.py`.",
        {"docs/index.md": PROVEN, "docs/api.md": PROVEN, "tests/test_app.py": PROVEN},
        (Wrote("docs/index.md"), Wrote("docs/api.md"), Wrote("tests/test_app.py")),
        before={"README.md": "x\n", "SPEC.md": "x\n", "core.py": "x\n", "app.py": "x\n"},
    ),
    Case(
        "permissions are no bytes",
        "Made `run.sh` executable and changed the file mode of `ci.sh`.",
        {},
        before={"run.sh": "x\n", "ci.sh": "x\n"},
    ),
    Case(
        "a glob and a folder",
        "Updated `src/*.py` and everything in `tests/unit/`.",
        {"src/*.py": PROVEN, "tests/unit/": PROVEN},
        (Wrote("src/a.py"), Wrote("tests/unit/test_a.py")),
        before={"src/a.py": "x\n"},
    ),
    Case(
        "deleted and still there, deleted and gone",
        "deleted old.py, and I also removed legacy/utils.js.",
        {"old.py": STILL_THERE, "legacy/utils.js": PROVEN},
        (Deleted("legacy/utils.js"),),
        before={"old.py": "x\n", "legacy/utils.js": "y\n"},
    ),
    Case(
        "ran and counted",
        "ran pytest -q: 12 passed",
        {"pytest -q": PROVEN, "tests": PROVEN},
        (Ran("pytest -q", 0, "12 passed in 0.3s"),),
    ),
    Case(
        "every spelling of the same run",
        "I ran `npm test`, `python -m pytest tests/test_a.py`, `./run_tests.sh` and `cargo test`.",
        {
            "npm test": PROVEN,
            "python -m pytest tests/test_a.py": PROVEN,
            "./run_tests.sh": PROVEN,
            "cargo test": PROVEN,
        },
        (
            Ran("cd web && npm run test"),
            Ran("PYTHONPATH=. timeout 30 pytest -x ./tests/test_a.py"),
            Ran("bash -c './run_tests.sh --fast'"),
            Ran("RUST_BACKTRACE=1 cargo test --all 2>&1 | tee log.txt"),
        ),
    ),
    Case(
        "a pass whose pipe hides the exit code, told by the last line",
        "`pytest` passes.",
        {"pytest": PROVEN},
        (Ran("pytest 2>&1 | tail -1", 0, "31 passed in 2.1s"),),
    ),
    Case(
        "a grep that found no failures ends with 1",
        "All tests pass.",
        {"tests": "unproven stale_run"},
        (Ran("pytest -q | grep FAILED", 1, ""),),
    ),
    Case(
        "a chain whose later part failed says nothing of the tests",
        "All tests pass.",
        {"tests": "unproven stale_run"},
        (Ran("pytest -q && git push", 1, "rejected"),),
    ),
    Case(
        "a stale pass is run again and holds",
        "All tests pass now.",
        {"tests": PROVEN},
        (Ran("pytest -q", 0, "5 passed"), Wrote("a.py")),
    ),
    Case(
        "a stale pass is run again and fails",
        "All tests pass now.",
        {"tests": RUN_FAILED},
        (Ran("pytest -q", 0, "5 passed"), Wrote("a.py")),
        again={"pytest -q": 1},
    ),
    Case(
        "the whole suite failed and only one file was run since",
        "All tests pass.",
        {"tests": PROVEN},
        (Ran("pytest", 1, "1 failed"), Wrote("a.py"), Ran("pytest tests/test_a.py", 0, "1 passed")),
    ),
    Case(
        "the named file's tests pass while others fail",
        "The tests in tests/test_a.py pass.",
        {"tests in tests/test_a.py": PROVEN},
        (Wrote("a.py"), Ran("pytest", 1, "4 failed"), Ran("pytest tests/test_a.py", 0, "1 passed")),
    ),
    Case(
        "fixed after the first failure",
        "The tests failed at first; after the fix all 7 tests pass.",
        {},
        (Ran("pytest", 1, "1 failed"), Wrote("a.py"), Ran("pytest", 0, "7 passed")),
    ),
    Case(
        "the last run failed",
        "Everything is done. All tests pass. ✅",
        {"tests": RUN_FAILED},
        (Wrote("a.py"), Ran("go test ./...", 1, "FAIL example.com/x 0.01s")),
    ),
    Case(
        "lint and types",
        "Lint is clean and the type check passes. `mypy` reports no issues, `ruff check` is green.",
        {"lint": PROVEN, "type check": PROVEN, "ruff check": PROVEN, "mypy": PROVEN},
        (Ran("ruff check .", 0, "All checks passed!"), Ran("mypy src", 0, "Success")),
    ),
    Case(
        "no tests were run and it says so",
        "I did not run the tests. There is no need to run `pytest`. You can run `npm test` to "
        "verify. Make sure all tests pass before merging. The tests were already passing before.",
        {},
        (Wrote("a.py"),),
    ),
    Case(
        "claims about the past turn and about this one",
        "In this turn I updated `b.py`; `a.py` was updated as well.",
        {"a.py": PROVEN, "b.py": PROVEN},
        (Wrote("a.py"), NextTurn(), Wrote("b.py")),
        before={"a.py": "x\n", "b.py": "x\n"},
    ),
    Case(
        "kilobytes in both countings",
        "Wrote a.bin.txt (2 KB), b.txt (2.0 KiB) and c.txt (~2 kB).",
        {"a.bin.txt": PROVEN, "b.txt": PROVEN, "c.txt": PROVEN},
        (
            Wrote("a.bin.txt", "x" * 2000),
            Wrote("b.txt", "x" * 2048),
            Wrote("c.txt", "x" * 2150),
        ),
    ),
    Case(
        "kilobytes that are not",
        "Wrote a.txt (2 KB).",
        {"a.txt": WRONG_SIZE},
        (Wrote("a.txt", "x" * 300),),
    ),
    Case("nothing to report", "The function returns early when the list is empty.", {}),
)
