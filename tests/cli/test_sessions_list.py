from __future__ import annotations

from burnless.cli.commands.sessions import sessions_text
from burnless.state.session_summary import SessionSummary

ID = "20261122-83a4-make-the-totals-of-receipts-exact"
WORDS = "Three tests fail since the last merge"
EACH = SessionSummary(ID, first_words=WORDS, status="done")


def test_words_that_do_not_fit_beside_the_id_get_a_row_of_their_own() -> None:
    assert sessions_text([EACH], 115).endswith("  Three tests fail since the …\n")
    head, words = sessions_text([EACH], 80).splitlines()
    assert head.startswith(f"{ID}  ")
    assert head.endswith("  $0.0000")
    assert words == f"    {WORDS}"
    assert sessions_text([EACH], 30).splitlines()[1] == "    Three tests fail since th…"


def test_without_a_terminal_a_session_is_one_whole_row() -> None:
    (row,) = sessions_text([EACH], 0).splitlines()
    assert row.endswith(f"  {WORDS}")


def test_of_a_session_that_cannot_be_read_neither_cost_nor_time_is_made_up() -> None:
    damaged = SessionSummary("s", status="damaged", problem="line 2 is damaged")
    assert sessions_text([damaged], 0) == (
        "s               damaged         unknown  line 2 is damaged\n"
    )
