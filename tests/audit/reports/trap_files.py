"""Reports about files whose words are easily read wrongly, true and false."""

from __future__ import annotations

from collections.abc import Mapping

from tests.audit.reports.case import (
    MISSING,
    PROVEN,
    STILL_THERE,
    UNCHANGED,
    UNPROVEN,
    WRONG_SIZE,
    Act,
    Case,
    Deleted,
    Ran,
    Wrote,
)

BEFORE = {
    "a.py": "x\n",
    "b.py": "x\n",
    "src/auth.py": "x\n",
    "src/old.py": "x\n",
    "tests/test_a.py": "x\n",
    "README.md": "x\n",
    "config.json": "{}\n",
    "src/util.py": "u\n",
}


def _case(text: str, finds: Mapping[str, str], did: tuple[Act, ...]) -> Case:
    """Its text is its name."""
    return Case(text.replace("\n", " ⏎ ")[:70], text, finds, did, BEFORE)


TRAP_FILES = (
    _case(
        "src/util.py was renamed to src/helpers.py.",
        {"src/util.py": PROVEN, "src/helpers.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "`src/util.py` has been moved to `src/helpers.py`.",
        {"src/util.py": PROVEN, "src/helpers.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "- `src/util.py`: renamed to `src/helpers.py`",
        {"src/helpers.py": PROVEN, "src/util.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "| src/util.py | moved to src/helpers.py |",
        {"src/helpers.py": PROVEN, "src/util.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "Updated src/util.py (now src/helpers.py).",
        {"src/util.py": PROVEN, "src/helpers.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "Files changed:\n- src/util.py → src/helpers.py",
        {"src/util.py": PROVEN, "src/helpers.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "Files changed:\n- src/util.py (renamed to src/helpers.py)",
        {"src/util.py": PROVEN, "src/helpers.py": PROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "I updated src/util.py.",
        {"src/util.py": UNPROVEN},
        (
            Ran(
                "git mv src/util.py src/helpers.py",
                0,
                "",
                {"src/helpers.py": "u\n"},
                ("src/util.py",),
            ),
        ),
    ),
    _case(
        "src/util.py was renamed to src/tools.py.",
        {"src/util.py": "unproven still_there", "src/tools.py": MISSING},
        (),
    ),
    _case("The function was moved from a.py to b.py in v2.", {}, ()),
    _case(
        "Updated `A.py` and README.",
        {"A.py": PROVEN, "README": PROVEN},
        (
            Wrote("a.py", "y\n"),
            Wrote("README.md"),
        ),
    ),
    _case("Updated `B.py`.", {"B.py": UNCHANGED}, (Wrote("a.py", "y\n"),)),
    _case("I wrote résumé.md.", {"résumé.md": PROVEN}, (Wrote("re\u0301sume\u0301.md"),)),
    _case(
        "I wrote `re\u0301sume\u0301.md` (4 bytes).", {"résumé.md": PROVEN}, (Wrote("résumé.md"),)
    ),
    _case(
        "I updated a.py (500 KB uploads are refused now).",
        {"a.py": PROVEN},
        (Wrote("a.py", "y\n"),),
    ),
    _case("Created new.py (handles 64KB chunks).", {"new.py": PROVEN}, (Wrote("new.py"),)),
    _case("Added to a.py a 512 KB buffer.", {"a.py": PROVEN}, (Wrote("a.py", "y\n"),)),
    _case("Created new.py with 1 line (0.0 KB).", {"new.py": PROVEN}, (Wrote("new.py"),)),
    _case("Created new.py (2 GB).", {"new.py": WRONG_SIZE}, (Wrote("new.py"),)),
    _case(
        "Created new.py: 3 KB, and a.py was rewritten (2 bytes).",
        {"new.py": WRONG_SIZE, "a.py": PROVEN},
        (
            Wrote("new.py"),
            Wrote("a.py", "y\n"),
        ),
    ),
    _case("I updated a.py, b.py did not need changes.", {"a.py": PROVEN}, (Wrote("a.py", "y\n"),)),
    _case("I updated a.py; b.py already handled it.", {"a.py": PROVEN}, (Wrote("a.py", "y\n"),)),
    _case("I updated a.py and b.py is unaffected.", {"a.py": PROVEN}, (Wrote("a.py", "y\n"),)),
    _case(
        "I updated a.py rather than b.py, because config.json was generated.",
        {"a.py": PROVEN},
        (Wrote("a.py", "y\n"),),
    ),
    _case(
        "The log was written to run.log by the server in production.", {}, (Wrote("a.py", "y\n"),)
    ),
    _case("The bug was introduced in b.py.", {}, (Wrote("a.py", "y\n"),)),
    _case(
        "## Changes\n- a.py: parser\n- b.py: (no changes)\n- config.json - left as is",
        {"a.py": PROVEN},
        (Wrote("a.py", "y\n"),),
    ),
    _case(
        "Files changed:\n- `a.py` (calls `b.py`)\n  - now reads `config.json`",
        {"a.py": PROVEN},
        (Wrote("a.py", "y\n"),),
    ),
    _case("Removed b.py's main function.", {"b.py": PROVEN}, (Wrote("b.py", "n\n"),)),
    _case(
        "Removed config.json's old keys.",
        {"config.json": "unproven unchanged"},
        (Wrote("a.py", "y\n"),),
    ),
    _case(
        "Removed tests/test_a.py::test_x.",
        {"tests/test_a.py": PROVEN},
        (Wrote("tests/test_a.py", "n\n"),),
    ),
    _case("Added out.json output support and a `config.json` loader.", {}, (Wrote("a.py", "y\n"),)),
    _case(
        "Introduced settings.toml support. Simplified the b.py import.", {}, (Wrote("a.py", "y\n"),)
    ),
    _case("Implemented the config.json parser.", {}, (Wrote("a.py", "y\n"),)),
    _case(
        "Documented config.json in README.md.", {"README.md": PROVEN}, (Wrote("README.md", "n\n"),)
    ),
    _case("Extended config.json's schema in a.py.", {"a.py": PROVEN}, (Wrote("a.py", "y\n"),)),
    _case("Added b.py to .gitignore.", {".gitignore": PROVEN}, (Wrote(".gitignore", "b.py\n"),)),
    _case(
        "Recreated a.py.",
        {"a.py": "unproven unchanged"},
        (
            Deleted("a.py"),
            Wrote("a.py", "x\n"),
        ),
    ),
    _case(
        "Formatted a.py and b.py with black.",
        {"a.py": PROVEN, "b.py": "unproven unchanged"},
        (Ran("black .", 0, "1 file reformatted", {"a.py": "q\n"}),),
    ),
    _case(
        "Regenerated config.json.", {"config.json": "unproven unchanged"}, (Ran("python gen.py"),)
    ),
    _case("Formatted b.py with black.", {"b.py": UNCHANGED}, ()),
    _case(
        "Deleted a.py, then re-created a.py.",
        {"a.py": PROVEN},
        (
            Deleted("a.py"),
            Wrote("a.py", "z\n"),
        ),
    ),
    _case("I put the parser in new.py.", {"new.py": MISSING}, ()),
    _case(
        "I made changes to a.py and b.py.",
        {"a.py": PROVEN, "b.py": UNCHANGED},
        (Wrote("a.py", "y\n"),),
    ),
    _case("Made the necessary edits to `a.py`.", {"a.py": UNCHANGED}, ()),
    _case("I changed line 3 of a.py.", {"a.py": UNCHANGED}, ()),
    _case("I finished updating a.py.", {"a.py": UNCHANGED}, ()),
    _case("I've set up config.toml.", {"config.toml": MISSING}, ()),
    _case("src/old.py is gone.", {"src/old.py": STILL_THERE}, ()),
    _case("src/old.py no longer exists.", {"src/old.py": PROVEN}, (Deleted("src/old.py"),)),
    _case("Make sure src/old.py is gone.", {}, ()),
    _case("Output saved to out.csv", {"out.csv": MISSING}, ()),
    _case("Screenshot saved at shots/a.png", {"shots/a.png": MISSING}, ()),
    _case("Logs written to run.log", {"run.log": "unproven missing"}, ()),
    _case("Settings are saved to run.toml", {}, ()),
    _case(
        "No other files were touched: only `a.py` was changed.",
        {"a.py": PROVEN},
        (Wrote("a.py", "y\n"),),
    ),
    _case("You asked: 'I updated b.py and ran pytest'.", {}, (Wrote("a.py", "y\n"),)),
    _case(
        "I will update b.py next; config.json is generated from it.", {}, (Wrote("a.py", "y\n"),)
    ),
    _case("a.py, which was added in commit abc123, has a bug in b.py.", {}, ()),
    _case(
        "J'ai modifié a.py et supprimé src/old.py. Se eliminó b.py. Ich habe b.py gelöscht.",
        {},
        (Wrote("a.py", "y\n"),),
    ),
    _case(
        "Files created:\n  new.py\n\nFiles modified:\n  a.py\n  b.py (parser)\n",
        {"new.py": PROVEN, "a.py": PROVEN, "b.py": UNCHANGED},
        (
            Wrote("new.py"),
            Wrote("a.py", "y\n"),
        ),
    ),
    _case(
        "Files deleted:\nsrc/old.py\nsrc/util.py\n",
        {"src/old.py": PROVEN, "src/util.py": STILL_THERE},
        (Deleted("src/old.py"),),
    ),
    _case("Updated b.py to import new.py.", {"b.py": UNCHANGED}, (Wrote("a.py", "y\n"),)),
    _case("I changed b.py to use the new parser.", {"b.py": UNCHANGED}, (Wrote("a.py", "y\n"),)),
    _case("Changed the output from out.txt to out.csv.", {}, (Wrote("a.py", "y\n"),)),
    _case(
        "Updated all files in `src/` and `tests/**/*.py`.",
        {"src/": PROVEN, "tests/**/*.py": PROVEN},
        (
            Wrote("src/auth.py", "n\n"),
            Wrote("tests/u/test_b.py"),
        ),
    ),
)
