"""The lines of a file that are most like what an edit looked for: to show, never to change."""

from __future__ import annotations

from dataclasses import dataclass

from burnless.tools.load_file import numbered, rows_of

_MOST_ROWS = 20_000
_MOST_SHOWN_ROWS = 16
_ANCHORS = 6
_LEAST_LIKE = 50.0
_AROUND = 1
_LONGEST_ROW = 300


@dataclass(frozen=True, slots=True)
class _Candidate:
    first: int
    score: float


def nearest_lines(text: str, wanted: str, most: int = 2) -> str:
    """Numbered blocks of the likest places, best first; "" where nothing is like it."""
    rows = rows_of(text)[:_MOST_ROWS]
    looked_for = wanted.replace("\r\n", "\n").strip("\n").split("\n")
    blocks: list[str] = []
    shown: list[int] = []
    for candidate in _candidates(rows, looked_for):
        if any(abs(candidate.first - other) < len(looked_for) for other in shown):
            continue
        shown.append(candidate.first)
        blocks.append(_block(rows, candidate.first, len(looked_for)))
        if len(blocks) == most:
            break
    return "\n---\n".join(blocks)


def _candidates(rows: list[str], wanted: list[str]) -> list[_Candidate]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - start-up budget

    stripped = [row.strip() for row in wanted]
    anchor = max(range(len(wanted)), key=lambda index: len(stripped[index]))
    if not stripped[anchor]:
        return []
    hits = process.extract(
        stripped[anchor][:_LONGEST_ROW],
        [row.strip()[:_LONGEST_ROW] for row in rows],
        scorer=fuzz.ratio,
        limit=_ANCHORS,
        score_cutoff=_LEAST_LIKE,
    )
    found = []
    whole = "\n".join(stripped)
    for _, _, index in hits:
        first = max(0, index - anchor)
        window = "\n".join(row.strip() for row in rows[first : first + len(wanted)])
        found.append(_Candidate(first, fuzz.ratio(whole, window)))
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.first))


def _block(rows: list[str], first: int, length: int) -> str:
    start = max(0, first - _AROUND)
    part = rows[start : min(len(rows), first + min(length, _MOST_SHOWN_ROWS) + _AROUND)]
    return numbered(part, start + 1)
