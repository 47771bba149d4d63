"""What a model is told when an edit was not made: what was wrong, the nearest truth, what next."""

from __future__ import annotations

from collections.abc import Sequence

from burnless.tools.edit_candidates import nearest_lines
from burnless.tools.edit_text import Edit, Problem, Refused


def why_refused(name: str, refused: Refused, edits: Sequence[Edit], *, unread: bool) -> str:
    """One refusal in words. The edits before it met no problem, but were not made either."""
    which = "old" if len(edits) == 1 else f"edit {refused.index + 1} of {len(edits)}: old"
    again = "send the edit again" if len(edits) == 1 else "send all edits again"
    head = f"Nothing was changed in {name}: {which}"
    match refused.problem:
        case Problem.EMPTY:
            return (
                f"{head} is empty. To insert, take the line beside the place as old and repeat "
                "it in new; for a whole file use write."
            )
        case Problem.NO_CHANGE:
            return f"{head} and new are the same text. Say in new what has to be different."
        case Problem.NOT_UNIQUE:
            blanks = ", blanks ignored" if refused.blanks else ""
            return (
                f"{head} stands in several places (lines {_lines(refused)}{blanks}). "
                f"Add lines around it until it is the only one and {again}; "
                "or set all to true, if every place is meant."
            )
        case Problem.ALREADY_THERE:
            return (
                f"{head} is not there, but new already is (line {_lines(refused)}): "
                "this edit seems to be made. Look there; leave it out if so."
            )
        case Problem.NOT_FOUND:
            return _not_found(head, refused, edits, again, unread=unread)


def why_stale(name: str, by: str, text: str, wanted: str) -> str:
    near = nearest_lines(text, wanted, 1)
    around = f" The lines around that place now:\n{near}\n" if near else " "
    return (
        f"Nothing was changed: {name} changed since you read it, {by}.{around}"
        f"Read {name} again, then send the edit for what is there now."
    )


def _lines(refused: Refused) -> str:
    return ", ".join(str(line) for line in refused.lines)


def _not_found(
    head: str, refused: Refused, edits: Sequence[Edit], again: str, *, unread: bool
) -> str:
    made = " (after the edits before it)" if refused.index else ""
    read = " You have not read this file in this session." if unread else ""
    near = nearest_lines(refused.text, edits[refused.index].old)
    if not near:
        return (
            f"{head} is not in the file{made}, and no line is like it.{read} "
            f"Is it the right file? search for it, or read the file, then {again}."
        )
    return (
        f"{head} is not in the file{made}.{read} Nearest lines, as they are:\n{near}\n"
        f"Copy what you mean exactly, without the numbers, and {again}."
    )
