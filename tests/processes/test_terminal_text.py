from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.terminal_text import plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\r\nb\r\n", "a\nb\n"),
        ("10%\r20%\rdone\n", "done\n"),
        ("done\r", "done"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"),
        ("\x1b(Bx\x1b=y", "xy"),
        ("b\x08bo\x08old", "bold"),
        ("a\x00b\x07c\td", "abc\td"),
        ("cut \x1b[3", "cut "),
    ],
)
def test_a_screen_text_is_left(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@given(st.text(st.sampled_from(list("ab\x1b[]0;m\r\n\x07\x08\x9bP\\"))))
def test_no_control_but_tab_and_newline_is_left(text: str) -> None:
    assert not set(plain_text(text)) & {"\x1b", "\r", "\x07", "\x08", "\x9b"}
