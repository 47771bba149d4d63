"""The argument parser: plain grouped help, one-line errors with a next step, no abbreviations.

The standard library's, because a run must start fast: parsers that validate with pydantic take
longer to import than everything else before the first request.
"""

from __future__ import annotations

import argparse
import shutil
from difflib import get_close_matches
from typing import Any, NoReturn

from burnless.core.errors import UsageProblem

WIDEST = 92
_HELP_COLUMN = 34


class Parser(argparse.ArgumentParser):
    """Raises UsageProblem instead of leaving; `--help` still prints and raises SystemExit(0)."""

    def __init__(self, prog: str = "agent", **settings: Any) -> None:
        width = settings.pop("width", None) or min(WIDEST, shutil.get_terminal_size().columns)
        super().__init__(
            prog,
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
                prog, max_help_position=_HELP_COLUMN, width=width
            ),
            allow_abbrev=False,
            add_help=False,
            **settings,
        )
        self._positionals.title, self._optionals.title = "Arguments", "Flags"

    def error(self, message: str) -> NoReturn:
        raise UsageProblem(self._nearer(message), hint=f"{self.prog} --help shows what there is")

    def offer_help(self, group: argparse._ArgumentGroup | None = None) -> None:
        (group or self).add_argument("-h", "--help", action="help", help="show this and exit")

    def _nearer(self, message: str) -> str:
        """An unknown flag is told with the nearest one there is."""
        known, _, unknown = message.partition("unrecognized arguments: ")
        if known or not unknown:
            return message
        flag = unknown.split()[0].partition("=")[0]
        near = get_close_matches(flag, self._option_string_actions, 1)
        return f"there is no {flag} here" + (f"; did you mean {near[0]}?" if near else "")
