"""Reports of passing deeds: files made and removed in one command, modes, rewrites, commits,
counted lines and named symbols; true and false."""

from __future__ import annotations

from collections.abc import Mapping

from burnless.core.protocols import FinishReport
from tests.audit.reports.case import (
    MAYBE_RUN,
    MISSING,
    NOT_RUN,
    PROVEN,
    STILL_THERE,
    UNCHANGED,
    UNPROVEN,
    WRONG_SIZE,
    Act,
    Case,
    Denied,
    Moded,
    Ran,
    Worked,
    Wrote,
    WroteSame,
)

MAYBE_UNCHANGED = "unproven unchanged"
MAYBE_MISSING = "unproven missing"
BEFORE = {"calc.py": "def sub(): ...\n", "a.txt": "a\n", "run.sh": "true\n", "b.py": "x\n"}
FIXED = Wrote("calc.py", "def sub(a, b):\n    return a - b\n")
ONE_COMMAND = Ran("echo 1 > t.py && python3 t.py && rm t.py")
LISTED = FinishReport("done", "", (("calc.py", None),), (), ())


def _case(
    text: str,
    finds: Mapping[str, str],
    *did: Act,
    finish: FinishReport | None = None,
    mark: str = "",
) -> Case:
    """Its text is its name, with a mark where two cases have one text."""
    name = f"{text[:90]}{mark}".replace("\n", " ⏎ ")
    return Case(name, text, finds, (FIXED, *did), BEFORE, finish)


_PASSING_FILES = (
    _case("I created t.py, ran it and removed it.", {"t.py": UNPROVEN}, ONE_COMMAND),
    _case("I wrote t.py to reproduce the bug, then deleted it.", {"t.py": UNPROVEN}, ONE_COMMAND),
    _case("Created a temporary t.py and removed it again.", {"t.py": UNPROVEN}, ONE_COMMAND),
    _case(
        "I created a scratch file t.py for checking; it has been removed.",
        {"t.py": UNPROVEN},
        ONE_COMMAND,
    ),
    _case(
        "I created t.py to check it. It was deleted afterwards.", {"t.py": UNPROVEN}, ONE_COMMAND
    ),
    _case(
        "I created t.py to check it. It printed 1. I then removed the script again.",
        {"t.py": UNPROVEN},
        ONE_COMMAND,
    ),
    _case("I created t.py to try it out.", {"t.py": MAYBE_MISSING}, ONE_COMMAND),
    _case(
        "I wrote a scratch script to /nowhere/at/all/t.py and deleted it afterwards.",
        {"/nowhere/at/all/t.py": UNPROVEN},
        Ran("echo 1 > /nowhere/at/all/t.py; python3 /nowhere/at/all/t.py; rm /nowhere/at/all/t.py"),
    ),
    _case(
        "I renamed a.txt to b.txt and back again.",
        {"a.txt": "unproven still_there", "b.txt": MAYBE_MISSING},
        Ran("mv a.txt b.txt && mv b.txt a.txt"),
    ),
    _case(
        "I created t.py, ran it and removed it.",
        {"t.py": PROVEN},
        Wrote("t.py"),
        Ran("rm t.py", deletes=("t.py",)),
        mark=" (two steps)",
    ),
    _case("I created t.py.", {"t.py": MISSING}, Ran("python3 t.py", 2)),
    _case(
        "I created t.py and t2.py.", {"t.py": MISSING, "t2.py": MISSING}, Ran("cat t.py t2.py", 1)
    ),
    _case(
        "Created zzz.py. I found a stale check in calc.py and removed it.",
        {"zzz.py": MISSING},
        ONE_COMMAND,
    ),
    _case("I wrote t.py and deleted b.py.", {"t.py": MISSING, "b.py": STILL_THERE}, Ran("ls")),
)

_MODES = (
    _case(
        "Set the executable bit on run.sh.",
        {"run.sh": PROVEN},
        Moded("chmod +x run.sh", "run.sh"),
        finish=FinishReport("done", "", (("run.sh", None),), (), ()),
    ),
    _case(
        "I made run.sh runnable.",
        {"run.sh": MAYBE_UNCHANGED},
        Ran("chmod +x run.sh"),
        finish=FinishReport("done", "", (("run.sh", None),), (), ()),
    ),
    _case("Updated run.sh.", {"run.sh": UNCHANGED}, Ran("cat run.sh")),
    _case(
        "Updated run.sh.",
        {"run.sh": MAYBE_UNCHANGED},
        Moded("chmod +x run.sh", "run.sh"),
        Moded("chmod -x run.sh", "run.sh", executable=False),
        mark=" (there and back)",
    ),
)

_REWRITES = (
    _case(
        "I also rewrote a.txt with identical content.",
        {"a.txt": MAYBE_UNCHANGED},
        WroteSame("a.txt"),
    ),
    _case(
        "Rewrote a.txt (same content).",
        {"a.txt": MAYBE_UNCHANGED},
        Ran("printf 'a\\n' > a.txt"),
        finish=FinishReport("done", "", (("a.txt", None),), (), ()),
    ),
    _case("I rewrote a.txt.", {"a.txt": UNCHANGED}),
    _case("Changed the greeting in a.txt.", {"a.txt": UNCHANGED}, WroteSame("a.txt")),
    _case(
        "Changed the greeting in a.txt.",
        {"a.txt": UNCHANGED},
        WroteSame("a.txt"),
        finish=FinishReport("done", "", (("a.txt", None),), (), ()),
        mark=" (listed)",
    ),
    _case("I rewrote a.txt.", {"a.txt": UNCHANGED}, Ran("grep x > out.txt a.txt"), mark=" (read)"),
)

_COMMIT = Ran('git add -A && git commit -m "fix"')
_GIT = (
    _case("I committed the fix.", {"git commit": NOT_RUN}),
    _case('Committed the fix to calc.py as `git commit -m "fix"`.', {"git commit": NOT_RUN}),
    _case("Fixed sub and committed it to git.", {"git commit": NOT_RUN}),
    _case("Fixed sub and pushed to origin.", {"git push": NOT_RUN}),
    _case(
        "The changes were committed and pushed to `origin/main`.",
        {"git commit": NOT_RUN, "git push": NOT_RUN},
    ),
    _case("The changes have been pushed to GitHub.", {"git push": NOT_RUN}),
    _case("I merged the branch into main.", {"git merge": NOT_RUN}),
    _case(
        "Merged the feature branch into `main` and tagged the release as v1.2.",
        {"git merge": NOT_RUN, "git tag": NOT_RUN},
    ),
    _case(
        "Committed and pushed the changes.",
        {"git commit": PROVEN, "git push": PROVEN},
        Ran('git commit -qam "fix" && git push'),
    ),
    _case("I committed the change.", {"git commit": PROVEN}, _COMMIT),
    _case(
        "I committed the change.",
        {"git commit": PROVEN},
        Ran('git -C . commit -am "x"'),
        mark=" (git -C)",
    ),
    _case(
        "I committed the change.",
        {"git commit": "unproven run_failed"},
        Ran('git commit -am "x"', 1),
        mark=" (failed)",
    ),
    _case(
        "I committed the change.", {"git commit": MAYBE_RUN}, Ran("make release"), mark=" (make)"
    ),
    _case("I committed the change.", {"git commit": MAYBE_RUN}, Worked(), mark=" (worker)"),
    _case(
        "I pushed the branch to origin, but it was refused.",
        {"git push": MAYBE_RUN},
        Denied("git push origin"),
    ),
    _case("I merged the pull request.", {"git merge": PROVEN}, Ran("gh pr merge 3 --squash")),
    _case(
        "I have not committed the changes. Nothing was committed or pushed. The changes are not "
        "committed. You can commit the fix and push to origin. Committed changes stay as they are. "
        "The save was committed before the response is sent. Merged a.txt into calc.py's table. "
        "Pushed the check down into the loop. Tagged the tests as slow. I'm committed to the plan. "
        "No changes were committed. The earlier fix was committed by you. Merged the two loops.",
        {},
    ),
    _case(
        "Moved the write so that the transaction is committed first. The session changes were "
        "committed to the database twice. It committed the changes in the transaction early.",
        {},
    ),
)

_LINES = (
    _case("Wrote r.txt (300 lines).", {"r.txt": WRONG_SIZE}, Wrote("r.txt", "x\n" * 3)),
    _case("Created r.txt with 300 lines.", {"r.txt": WRONG_SIZE}, Wrote("r.txt", "x\n" * 3)),
    _case(
        "Wrote r.txt (300 lines).", {"r.txt": PROVEN}, Wrote("r.txt", "x\n" * 300), mark=" (true)"
    ),
    _case("Wrote r.txt (301 lines).", {"r.txt": PROVEN}, Wrote("r.txt", "x\n" * 300)),
    _case("Wrote r.txt (~280 lines).", {"r.txt": PROVEN}, Wrote("r.txt", "x\n" * 300)),
    _case("Wrote r.txt (about 280 lines).", {"r.txt": PROVEN}, Wrote("r.txt", "x\n" * 300)),
    _case(
        "Wrote r.txt (3 lines, no newline at the end).",
        {"r.txt": PROVEN},
        Wrote("r.txt", "x\nx\nx"),
    ),
    _case(
        "Wrote r.txt (+3 lines). Updated b.py (1 line). Created new.py (2 lines of code).",
        {"r.txt": PROVEN, "b.py": PROVEN, "new.py": PROVEN},
        Wrote("r.txt", "x\n" * 30),
        Wrote("b.py", "y\n" * 9),
        Wrote("new.py", "z\n" * 9),
    ),
    _case(
        "Wrote r.txt (3 lines). Then I appended a summary to r.txt.",
        {"r.txt": "unproven wrong_size"},
        Wrote("r.txt", "x\n" * 3),
        Wrote("r.txt", "x\n" * 30),
    ),
)

_SYMBOLS = (
    _case("Added function `mul` to calc.py.", {"calc.py": PROVEN, "mul in calc.py": MISSING}),
    _case("Added a `mul()` helper to `calc.py`.", {"calc.py": PROVEN, "mul in calc.py": MISSING}),
    _case(
        "I implemented the `Calc` class in calc.py.",
        {"calc.py": PROVEN, "Calc in calc.py": MISSING},
    ),
    _case(
        "Added tests `test_a` and `test_b` to b.py.",
        {"b.py": PROVEN, "test_a in b.py": PROVEN, "test_b in b.py": MISSING},
        Wrote("b.py", "def test_a(): ...\n"),
    ),
    _case("Added function `sub(a, b)` to calc.py.", {"calc.py": PROVEN, "sub in calc.py": PROVEN}),
    _case("Added method `Calc.sub` to calc.py.", {"calc.py": PROVEN, "sub in calc.py": PROVEN}),
    _case(
        "Added function `mul` to calc.py.",
        {"calc.py": PROVEN, "mul in calc.py": "unproven missing"},
        Wrote("b.py", "def mul(): ...\n"),
        mark=" (moved on)",
    ),
    _case(
        "Added function `su` to calc.py.", {"calc.py": PROVEN, "su in calc.py": "unproven missing"}
    ),
    _case(
        "Added a call of `mul` to calc.py. Added `mul` support to calc.py. Added a note in calc.py "
        "on function `mul`. I would add function `mul` to calc.py.",
        {"calc.py": PROVEN},
    ),
)

_EXISTENCE = (
    _case(
        "zzz.py now exists and holds the helper; calc.py fixed.",
        {"zzz.py": MISSING, "calc.py": PROVEN},
        finish=LISTED,
    ),
    _case("The helper lives in zzz.py now. calc.py is fixed.", {"zzz.py": MISSING}),
    _case("b.py now exists and holds the helper.", {"b.py": MAYBE_UNCHANGED}),
    _case("n.py now exists and holds the helper.", {"n.py": PROVEN}, Wrote("n.py")),
    _case(
        "If zzz.py now exists, run it. Check that zzz.py now exists. I looked whether zzz.py "
        "exists now. zzz.py no longer exists now. Nothing lives in zzz.py now.",
        {},
    ),
)

DEEDS = (
    *_PASSING_FILES,
    *_MODES,
    *_REWRITES,
    *_GIT,
    *_LINES,
    *_SYMBOLS,
    *_EXISTENCE,
)
