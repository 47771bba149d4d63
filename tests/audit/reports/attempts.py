"""Reports about commands that were refused or cut off."""

from __future__ import annotations

from burnless.core.protocols import FinishReport
from tests.audit.reports.case import MAYBE_RUN, NOT_RUN, PROVEN, Case, CutOff, Denied, Ran

ATTEMPTS = (
    Case(
        "a command that was refused, beside another of the same program that ran",
        "I ran `git push origin main` and `npm publish`.",
        {"git push origin main": NOT_RUN, "npm publish": NOT_RUN},
        (
            Ran("git status"),
            Denied("git push origin main"),
            Ran("npm run build"),
            Denied("cd web && npm publish"),
            Ran("git commit -qm done"),
        ),
    ),
    Case(
        "a refused command of finish",
        "",
        {"git push": NOT_RUN},
        (Ran("git status"), Denied("git push")),
        finish=FinishReport("done", "", commands=("git push",)),
    ),
    Case(
        "a command that was refused first and allowed then",
        "I ran `npm run build`.",
        {"npm run build": PROVEN},
        (Denied("npm run build"), Ran("npm run build")),
    ),
    Case(
        "a refusal that is owned up to",
        "I ran `git push`, but it was denied. I tried to run `npm publish`, which was refused.",
        {"git push": MAYBE_RUN},
        (Denied("git push"), Denied("npm publish")),
    ),
    Case(
        "tests that were refused, with a script that may have run them",
        "I ran the tests.",
        {"tests": MAYBE_RUN},
        (Denied("pytest -q"), Ran("python tools/verify.py")),
    ),
    Case(
        "a run that was cut off",
        "I ran `npm run e2e`.",
        {"npm run e2e": MAYBE_RUN},
        (CutOff("npm run e2e"),),
    ),
    Case(
        "an effect that was cut off hides no other command once its own line is known",
        "I ran `pytest -q`.",
        {"pytest -q": NOT_RUN},
        (CutOff("sleep 100"),),
    ),
)
