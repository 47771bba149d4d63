from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.ui.lines import (
    Line,
    Span,
    Style,
    block,
    cells,
    clip,
    line,
    plain_text,
    safe,
    styled,
    wrap,
)

HOSTILE = "\x1b[2J\x1b]0;title\x07red\x1b[31m\x08\x00 end\u202eevil\ttab"


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    shown = safe(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_text_without_controls_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_escape_sequences_are_gone_whole() -> None:
    assert safe(HOSTILE) == "re endevil tab"
    assert "title" not in safe(HOSTILE)


@given(st.text(), st.integers(min_value=0, max_value=30))
def test_a_clipped_text_fits_and_says_that_it_was_cut(text: str, columns: int) -> None:
    text = safe(text).replace("\n", "")
    shown = clip(text, columns)
    assert cells(shown) <= columns
    assert shown == text or columns == 0 or shown.endswith("…")


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("日本語", 6), ("e\u0301", 1), ("👍", 2)]
)
def test_columns_are_counted_as_a_terminal_draws_them(text: str, columns: int) -> None:
    assert cells(text) == columns


def test_a_line_is_one_line_whatever_it_is_made_of() -> None:
    made = line(Span("a\nb", Style.BAD), "\x1b[31mc")
    assert made == Line((Span("a b", Style.BAD), Span("c")))


def test_a_block_keeps_its_lines_and_drops_trailing_blanks_in_text() -> None:
    lines = block(Style.DIM, "one  \n\ntwo", "  ")
    assert plain_text(lines) == "  one\n\n  two\n"


def test_a_row_is_broken_between_words_and_what_follows_is_indented() -> None:
    assert wrap("short", 10) == ["short"]
    assert wrap("  s1. Take the tax", 12) == ["  s1. Take", "    the tax"]
    assert wrap("one two", 0) == ["one two"]
    assert wrap("日本語 日本語 ok", 8) == ["日本語", "  日本語", "  ok"]
    assert wrap("a" * 20 + " b", 10) == ["a" * 20, "  b"]


@given(st.text(alphabet="ab 日", max_size=60), st.integers(4, 30))
def test_breaking_rows_loses_no_word(text: str, columns: int) -> None:
    rows = wrap(text, columns)
    assert " ".join(rows).split() == text.split()
    for row in rows:
        assert cells(row) <= columns or len(row.split()) <= 1


def test_lines_of_a_file_are_never_broken() -> None:
    lines = [styled(Style.ADDED, "+ a b c d"), line("a b c d")]
    assert plain_text(lines, 5) == "+ a b c d\na b c\n  d\n"
