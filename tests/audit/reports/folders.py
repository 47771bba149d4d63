"""Reports about folders that are named like any other word."""

from __future__ import annotations

from tests.audit.reports.case import MISSING, PROVEN, STILL_THERE, Case, Deleted, Wrote

MAYBE_THERE = "unproven still_there"
TREE = {
    "build/out.js": "x\n",
    "docs/a.md": "x\n",
    "tests/test_a.py": "x\n",
    "src/components/b.ts": "x\n",
}

FOLDERS = (
    Case("a bare folder that is still there", "I removed build.", {"build": STILL_THERE}, (), TREE),
    Case(
        "a bare folder whose files are gone, though it stays as an empty one",
        "I removed build.",
        {"build": PROVEN},
        (Deleted("build/out.js"),),
        TREE,
    ),
    Case(
        "called a folder",
        "I deleted the build directory.\n- Removed the docs folder\n",
        {"build": STILL_THERE, "docs": STILL_THERE},
        (),
        TREE,
    ),
    Case(
        "a folder in the passive",
        "The build directory was removed.",
        {"build": STILL_THERE},
        (),
        TREE,
    ),
    Case(
        "a list of bare folders, one of which is none",
        "Removed build, coverage and docs folders.",
        {"build": STILL_THERE, "docs": STILL_THERE},
        (),
        TREE,
    ),
    Case("a created folder that is not there", "Created the docs/ folder", {"docs/": MISSING}),
    Case(
        "a created folder that is there",
        "Created the docs/ folder and the reports folder.",
        {"docs/": PROVEN},
        (Wrote("docs/a.md"),),
    ),
    Case("a created folder in code marks", "Created the `reports` folder.", {"reports": MISSING}),
    Case(
        "a created folder further down, named by its last part",
        "Created the `reports` directory. Created `charts/`.",
        {"reports": PROVEN, "charts/": PROVEN},
        (Wrote("out/reports/a.md"), Wrote("out/charts/a.svg")),
    ),
    Case(
        "a removed folder further down, named by its last part",
        "Removed `components/`.",
        {"components/": PROVEN},
        (Deleted("src/components/b.ts"),),
        TREE,
    ),
    Case(
        "words that are folders too, but mean what they hold",
        "Removed docs. I removed the tests. Removed `build`.",
        {"docs": MAYBE_THERE, "tests": MAYBE_THERE, "build": MAYBE_THERE},
        (),
        TREE,
    ),
    Case(
        "words that only look like folders",
        "Removed the build step. I removed build warnings. Removed tests that were flaky. Removed "
        "build artifacts from the cache. Removed foo. If I removed build, it would break. Removed "
        "`build` from the workflow. Updated docs. Added tests. Fixed build.",
        {},
        (),
        TREE,
    ),
    Case(
        "what names a file or folder is not that file or folder",
        "Removed the `old.py` reference. Removed the src/ prefix. Removed `old.py` entries. Added "
        "the `new.py` import. Removed the docs/ rule.",
        {},
        (),
        {**TREE, "old.py": "x\n"},
    ),
    Case(
        "slashes that end no folder",
        "Updated the guide w/ examples and added and/or handling for n/a values.",
        {},
        (),
        TREE,
    ),
)
