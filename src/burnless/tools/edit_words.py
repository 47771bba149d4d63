"""What a model is told when an edit was not made: what was wrong, the nearest truth, what next."""

from __future__ import annotations

from collections.abc import Sequence

from burnless.tools.edit_candidates import nearest_lines
from burnless.tools.edit_text import Edit, Problem, Refused
from burnless.tools.load_file import numbered, rows_of

_LONGEST_ROW = 200


def why_refused(name: str, refused: Refused, edits: Sequence[Edit], *, unread: bool) -> str:
    """One refusal in words. The edits before it met no problem, but were not made either."""
    which, made = "old", ""
    if len(edits) > 1:
        which, made = f"edit {refused.index + 1} of {len(edits)}: old", ", and no edit was made"
    again = "send the edit again" if len(edits) == 1 else "send all edits again"
    head = f"Nothing was changed in {name}{made}: {which}"
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
                f"{head} stands in several places{blanks}:\n{_rows(refused)}\n"
                "Which one do you mean? Put more of its line, or the lines around it, into old "
                f"and {again}. all: true only if every place has to change."
            )
        case Problem.ALREADY_THERE:
            rest = "go on" if len(edits) == 1 else "leave this edit out and send the others again"
            return (
                f"{head} is not there, but new already is (line {_lines(refused)}): this edit "
                f"seems to be made already. If that is the place you mean, {rest}."
            )
        case Problem.ALREADY_AROUND:
            rest = "go on" if len(edits) == 1 else "leave this edit out and send the others again"
            return (
                f"{head} stands inside new already (line {_lines(refused)}): this edit seems to be "
                f"made already, so {rest}. To add the same text once more, take it into old too."
            )
        case Problem.NUMBERED:
            return (
                f"{head.removesuffix('old')}new has line numbers of a listing in it "
                f"({_lines(refused)}), which would get into the file. Write old and new without "
                f"them, and {again}."
            )
        case Problem.NOT_FOUND:
            return _not_found(head, refused, edits, again, unread=unread)


def why_stale(name: str, by: str, text: str, wanted: str) -> str:
    near = nearest_lines(text, wanted, 1)
    around = f" The lines around that place now:\n{near}\n" if near else " "
    return (
        f"Nothing was changed: {name} changed since you read it, {by}.{around}"
        f"Read {name} again (the part you edit is enough), then edit what is there now."
    )


def _lines(refused: Refused) -> str:
    return ", ".join(str(line) for line in refused.lines)


def _rows(refused: Refused) -> str:
    """The lines the places begin with, as they are."""
    rows = rows_of(refused.text)
    return "\n".join(numbered([rows[line - 1][:_LONGEST_ROW]], line) for line in refused.lines)


def _not_found(
    head: str, refused: Refused, edits: Sequence[Edit], again: str, *, unread: bool
) -> str:
    state = "as the edits before would leave them" if refused.index else "as they are"
    read = " You have not read this file in this session." if unread else ""
    near = nearest_lines(refused.text, edits[refused.index].old)
    if not near:
        return (
            f"{head} is not in the file, and no line is like it.{read} "
            f"Is it the right file? search for it, or read the file, then {again}."
        )
    return (
        f"{head} is not in the file.{read} Nearest lines, {state}:\n{near}\n"
        "Copy old exactly from the place you mean, line for line and without the numbers, "
        f"and {again}."
    )
