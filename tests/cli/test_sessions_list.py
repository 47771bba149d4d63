from __future__ import annotations

from burnless.cli.commands.sessions import sessions_text
from burnless.state.session_summary import SessionSummary


def test_a_row_keeps_the_id_and_twenty_cells_of_words_however_narrow_the_screen() -> None:
    name = "20261122-83a4-make-the-totals-of-receipts-exact"
    each = SessionSummary(name, first_words="Three tests fail since the last merge", status="done")
    row = sessions_text([each], 40).rstrip("\n")
    assert row.startswith(name)
    assert row.endswith("  Three tests fail si…")
