"""docs/cli.md, made from the help texts themselves: `python -m burnless.cli.reference`."""

from __future__ import annotations

import sys
from pathlib import Path

from burnless.cli.flags import run_parser
from burnless.cli.parser import WIDEST, Parser
from burnless.cli.subcommands import subcommand_parsers

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"

_HEAD = """# The command line

<!-- Made by `python -m burnless.cli.reference`; a test compares it. -->

One command, `agent`, runs prompts; its subcommands do everything else. The answer goes to stdout,
progress and errors to stderr, and every run that ends badly says in its last line what to do next.
`headless.md` has the JSON formats.
"""


def render_page() -> str:
    """The whole page, the same on every terminal."""
    _, subcommands = subcommand_parsers(WIDEST)
    return "\n".join([_HEAD, *map(_section, (run_parser(WIDEST), *subcommands))])


def _section(parser: Parser) -> str:
    return f"## {parser.prog}\n\n```text\n{parser.format_help().rstrip()}\n```\n"


def main() -> int:
    PAGE.write_text(render_page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
