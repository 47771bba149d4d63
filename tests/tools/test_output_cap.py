from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from burnless.tools.output_cap import OutputCap


def test_what_fits_is_left_alone() -> None:
    text = "a\n" * 9
    assert OutputCap(lines=10, bytes=100).cut(text, "rest") == text


def test_head_and_tail_stay_and_what_is_missing_is_counted() -> None:
    text = "\n".join(str(number) for number in range(100))
    assert OutputCap(lines=5, bytes=1_000).cut(text, "recall blob x") == (
        "0\n1\n[95 lines (277 bytes) left out here; recall blob x]\n97\n98\n99"
    )


def test_bytes_count_as_well_as_lines() -> None:
    text = "\n".join("\u00e4" * 10 for _ in range(100))
    cut = OutputCap(lines=1_000, bytes=105).cut(text, "rest")
    row = "\u00e4" * 10
    assert cut == f"{row}\n{row}\n[95 lines (1995 bytes) left out here; rest]\n{row}\n{row}\n{row}"


def test_a_line_longer_than_all_the_room_is_cut_inside() -> None:
    assert OutputCap(lines=10, bytes=10).cut("a" * 50 + "z" * 50, "rest") == (
        "aaaaa\n[90 bytes left out here; rest]\nzzzzz"
    )


@given(st.text(st.sampled_from(list("ab\u00e9\n\U0001f600")), max_size=400), st.integers(1, 20))
def test_a_cut_text_is_never_longer_than_its_cap_and_its_note(text: str, lines: int) -> None:
    cap = OutputCap(lines=lines, bytes=60)
    cut = cap.cut(text, "rest")
    assert cut == text or len(cut.encode()) <= 60 + len(
        "[9999 lines (9999 bytes) left out here; rest]\n\n"
    )
    assert cut == text or "left out here; rest]" in cut


@given(st.lists(st.text("abc", max_size=5), min_size=1, max_size=60))
def test_kept_lines_are_the_first_and_the_last_ones(rows: list[str]) -> None:
    cut = OutputCap(lines=6, bytes=10_000).cut("\n".join(rows), "rest").split("\n")
    if len(rows) > 6:
        note = next(index for index, row in enumerate(cut) if row.startswith("["))
        assert cut[:note] == rows[:note]
        assert cut[note + 1 :] == rows[len(rows) - len(cut) + note + 1 :]
        assert len(cut) == 7
