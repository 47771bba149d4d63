"""A generated repository to work in, the same every time, with facts planted in some files."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

FILE_LINES = 320
FILLER_LINES = 12
SLICES_PER_FILE = 7
SLICE_STRIDE = 40
FILES_AT_ONCE = 5
"""Work moves over a handful of files at a time, several places in each, then goes on."""

_NOUNS = ("ledger", "invoice", "settlement", "payout", "refund", "batch", "account", "voucher")
_VERBS = ("collect", "round", "split", "merge", "check", "post", "cancel", "sort", "price", "match")


_RULES = (
    "- Amounts are integers in the smallest unit of their currency; nothing is a float.",
    "- Every part has one owner; ask before you move a function between parts.",
    "- A limit is a parameter with a default, never a constant in the middle of a function.",
    "- Round once, at the end, and always down, unless the contract of the entry says otherwise.",
)
"""House rules of about 1,400 tokens when repeated, as a grown AGENTS.md has them."""


@dataclass(frozen=True)
class Slice:
    """Lines of one file, 1-based, both ends included: 1 to 3 KB of text."""

    path: str
    first: int
    last: int


@dataclass(frozen=True)
class FilePlant:
    """A line to stand in the slice that a step reads."""

    step: int
    line: str


def slice_of(step: int) -> Slice:
    """What the step with this number (from 0) reads: no two of the first 10,000 are alike."""
    group, within = divmod(step, FILES_AT_ONCE * SLICES_PER_FILE)
    file = group * FILES_AT_ONCE + within % FILES_AT_ONCE
    first = within // FILES_AT_ONCE * SLICE_STRIDE + 1
    return Slice(path_of(file), first, first + 29 + step * 7 % 46)


def path_of(file: int) -> str:
    return f"books/{_NOUNS[file // 25 % len(_NOUNS)]}_{file // 25:03d}/part_{file:05d}.py"


def build(root: Path, *, steps: int, plants: tuple[FilePlant, ...], files: int = 0) -> None:
    """Write and commit a repository that holds what `steps` steps read, and at least `files`."""
    needed = {slice_of(step).path for step in range(max(steps, 1))}
    for number in range(max(files, len(needed))):
        path = root / path_of(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = FILE_LINES if path_of(number) in needed else FILLER_LINES
        path.write_text("\n".join(_code(number, lines)) + "\n", "utf-8")
    for plant in plants:
        place = slice_of(plant.step)
        path = root / place.path
        text = path.read_text("utf-8").splitlines()
        text[place.first + 5] = plant.line
        path.write_text("\n".join(text) + "\n", "utf-8")
    (root / "AGENTS.md").write_text("\n".join(_RULES * 16) + "\n", "utf-8")
    (root / "README.md").write_text("# Books\n\nEvery part keeps one kind of entry.\n", "utf-8")
    (root / ".gitignore").write_text("__pycache__/\n", "utf-8")
    _commit(root)


def _code(number: int, lines: int) -> list[str]:
    """Plain functions with names of their own; no number above 999 stands in them."""
    rng = random.Random(number)  # noqa: S311 - made-up code, the same every time
    noun = _NOUNS[number % len(_NOUNS)]
    written = [f'"""Part {number}: keeps {noun} entries in order."""', "", ""]
    while len(written) < lines:
        verb, other = rng.choice(_VERBS), rng.choice(_NOUNS)
        name = f"{verb}_{other}_{len(written):03d}"
        limit, share = rng.randrange(2, 999), rng.randrange(2, 99)
        written += [
            f"def {name}({noun}: list[int], limit: int = {limit}) -> int:",
            f'    """{verb.capitalize()} the {other} part of a {noun}, at most `limit` at once."""',
            f"    kept = [amount for amount in {noun} if amount % {share} != 0]",
            "    if len(kept) > limit:",
            f"        kept = sorted(kept)[: limit - {rng.randrange(1, 9)}]",
            f"    return sum(kept) // {rng.randrange(2, 30)}",
            "",
            "",
        ]
    return written[:lines]


def _commit(root: Path) -> None:
    quiet = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"]
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        [*quiet, "commit", "-q", "-m", "Begin"],
    ):
        subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
