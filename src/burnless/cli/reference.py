"""docs/cli.md, made from the help texts themselves: `python -m burnless.cli.reference`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from burnless.cli import flags, subcommands
from burnless.cli.help_text import WIDTH

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"

_HEAD = """# The command line

<!-- Made by `python -m burnless.cli.reference`; a test compares it. -->

One command, `agent`, runs prompts; its subcommands do everything else. The answer goes to stdout,
progress and errors to stderr, and every run that ends badly says in its last line what to do next.
`headless.md` has the JSON formats.
"""


def render_page() -> str:
    """The whole page, the same on every terminal."""
    run = typer.main.get_command(flags.app)
    group: Any = typer.main.get_command(subcommands.app)
    parts = [_HEAD, _section("agent", run)]
    parts += [_section(title, command) for title, command in _below("agent", group)]
    return "\n".join(parts)


def _below(title: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        inner = f"{title} {name}"
        if hasattr(command, "commands"):
            yield from _below(inner, command)
        else:
            yield inner, command


def _section(title: str, command: Any) -> str:
    context = command.make_context(
        title, [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
    )
    return f"## {title}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


def main() -> int:
    PAGE.write_text(render_page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
