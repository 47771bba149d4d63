from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from burnless.ui.lines import cells
from burnless.ui.screen import RunningText


def written(pieces: list[str], columns: int) -> str:
    running = RunningText(lambda: columns)
    return "".join(running.feed(piece) for piece in pieces if piece) + running.rest()


def test_a_word_that_comes_in_two_pieces_is_not_broken() -> None:
    assert written(["The first wo", "rd is here.\nAnd ", "more"], 12) == (
        "The first\nword is\nhere.\nAnd more"
    )


def test_blanks_at_the_start_of_a_line_are_kept() -> None:
    assert written(["def f():\n    return 1"], 20) == "def f():\n    return 1"


def test_text_without_blanks_is_shown_as_it_comes() -> None:
    running = RunningText(lambda: 40)
    assert running.feed("日本語" * 10) == "日本語" * 10


def test_a_second_text_starts_on_a_row_of_its_own() -> None:
    running = RunningText(lambda: 10)
    assert running.feed("one two") + running.rest() == "one two"
    assert running.feed("three four") + running.rest() == "three four"


@given(st.lists(st.text(alphabet="ab \n日", min_size=1), max_size=20), st.integers(5, 30))
def test_rows_hold_every_word_in_order_and_fit(pieces: list[str], columns: int) -> None:
    shown = written(pieces, columns)
    text = "".join(pieces)
    assert shown.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    if all(cells(word) <= min(columns, 23) for word in text.split()):
        assert shown.split() == text.split()
        assert max(cells(row.strip()) for row in shown.split("\n")) <= columns
