"""docs/cli.md, made from the help texts themselves: `python -m burnless.cli.reference`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from burnless.cli.flags import run_parser
from burnless.cli.parser import WIDEST
from burnless.cli.subcommands import subcommand_parser

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"

_HEAD = """# The command line

<!-- Made by `python -m burnless.cli.reference`; a test compares it. -->

One command, `agent`, runs prompts; its subcommands do everything else. The answer goes to stdout,
progress and errors to stderr, and every run that ends badly says in its last line what to do next.
`headless.md` has the JSON formats.
"""


def render_page() -> str:
    """The whole page, the same on every terminal."""
    parts = [_HEAD, _section(run_parser(WIDEST))]
    parts += [_section(parser) for parser in _leaves(subcommand_parser(WIDEST))]
    return "\n".join(parts)


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Every subcommand that does something itself."""
    for action in parser._subparsers._group_actions if parser._subparsers else ():  # noqa: SLF001 - argparse has no public way to list subcommands
        for inner in dict(action.choices or {}).values():
            if inner._subparsers:  # noqa: SLF001 - as above
                yield from _leaves(inner)
            else:
                yield inner


def _section(parser: argparse.ArgumentParser) -> str:
    return f"## {parser.prog}\n\n```text\n{parser.format_help().rstrip()}\n```\n"


def main() -> int:
    PAGE.write_text(render_page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
