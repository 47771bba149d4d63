from __future__ import annotations

from burnless.cli.command_line import LATER, SUBCOMMANDS
from burnless.cli.reference import PAGE, render_page


def test_the_page_is_made_from_the_help_texts() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == render_page(), "run: python -m burnless.cli.reference"


def test_every_subcommand_has_a_section_and_none_is_promised() -> None:
    page = render_page()
    for name in SUBCOMMANDS:
        assert f"\n## agent {name}" in page
    for name in LATER:
        assert f"\n## agent {name}" not in page
