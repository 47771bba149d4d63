"""Help in groups, as plain text: a list of forty flags in one column helps nobody."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

WIDTH = 92
_PLAIN_TYPE = re.compile(r" <(?:str|path|list\[\w+\])>$")
"""What a type adds behind a name, where it says nothing that the help text does not."""


class GroupedCommand(TyperCommand):
    """A command whose options are listed under the panel each was declared with."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None or not isinstance(param, TyperArgument | TyperOption):
                continue
            usual = "Arguments" if isinstance(param, TyperArgument) else "Options"
            name = _PLAIN_TYPE.sub("", record[0])
            groups.setdefault(param.rich_help_panel or usual, []).append((name, record[1]))
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


class GroupedGroup(TyperGroup):
    """Subcommands in the order of their declaration."""

    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(self.commands)
