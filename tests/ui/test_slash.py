from __future__ import annotations

import pytest

from burnless.ui.slash import COMMANDS, help_text, split_command, unknown_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/help", ("/help", "")),
        ("  /plan make it fast ", ("/plan", "make it fast")),
        ("/quit", ("/exit", "")),
        ("?", ("/help", "")),
        ("/nonsense", ("/nonsense", "")),
        ("/etc/hosts is wrong", None),
        ("/", None),
        ("/2 is half", None),
        ("why / how", None),
        ("", None),
    ],
)
def test_a_command_is_a_word_with_a_slash_and_a_path_is_not(
    text: str, expected: tuple[str, str] | None
) -> None:
    assert split_command(text) == expected


def test_help_lists_every_command() -> None:
    text = help_text()
    assert all(f"{each.name} {each.argument}".strip() in text for each in COMMANDS)


def test_an_unknown_command_is_told_what_to_do() -> None:
    assert unknown_text("/undo") == "/undo is not available yet; /help lists what is"
    assert unknown_text("/cots") == "/cots is no command; did you mean /cost?"
    assert unknown_text("/zzz") == "/zzz is no command; see /help"
