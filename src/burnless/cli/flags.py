"""The flags of a run, declared once: parsing, help text and documentation come from here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from burnless.cli.parser import Parser
from burnless.core.settings import TIERS, PermissionMode
from burnless.version import __version__

PICK: Final = "\0pick"
"""Stands for a `--resume` without a value; no session has such a name."""

FORMATS = ("text", "json", "stream-json")

_ABOUT = """\
A coding agent that plans with a frontier model, works with a cheap one, and
proves what it says it did. Without a prompt it opens an interactive session;
with -p, piped input or no terminal it runs one prompt and exits."""

_AFTER = """\
Other commands (agent COMMAND --help):
  init         write a commented configuration for the keys found here
  doctor       check tiers, keys, prices and tools
  demo         watch it work on a small repository, no key needed
  sessions     list, show, rm, export, repair
  audit        what was claimed, and what the auditor found
  cost         what a session cost, by role
  context      what the prompt is made of
  permissions  the rules in force
  config       what is configured, and where
  trust        trust this project's configuration

Exit codes:
  0 ok   1 failure   2 usage   3 a claim contradicted, or a check newly failing
  41 no or bad key   42 bad input   52 configuration   53 turn limit   54 budget
  75 provider unavailable, try again   130 interrupted   143 terminated

Only a bare first word is a command: `agent "init the repo"` is a prompt, and
so is `agent -- init`."""


def run_parser(width: int | None = None) -> Parser:
    """All flags of a run. The names of what it yields are those `read_flags` reads."""
    parser = Parser(usage="agent [flags] [PROMPT]", description=_ABOUT, epilog=_AFTER, width=width)
    parser.add_argument_group("Arguments").add_argument(
        "prompt", nargs="*", metavar="PROMPT", help="what to do; - reads it from stdin"
    )
    _add_output(parser.add_argument_group("Input and output"))
    _add_session(parser.add_argument_group("Session"))
    _add_models(parser.add_argument_group("Models"))
    _add_limits(parser.add_argument_group("Limits"))
    _add_permissions(parser.add_argument_group("Permissions"))
    _add_configuration(parser, parser.add_argument_group("Configuration and help"))
    return parser


def parse_flags(argv: Sequence[str]) -> argparse.Namespace:
    """Prompt words may stand anywhere between flags; all after `--` is prompt.

    Raises UsageProblem; SystemExit(0) where --help or --version has answered.
    """
    words = list(argv)
    cut = words.index("--") if "--" in words else len(words)
    parser = run_parser()
    parsed = parser.parse_intermixed_args(words[:cut])
    parsed.prompt += words[cut + 1 :]
    return parsed


def _add_output(group: argparse._ArgumentGroup) -> None:
    _switch(group, "-p", "--print", "headless: one prompt, answer on stdout, progress on stderr")
    group.add_argument(
        "--output-format",
        choices=FORMATS,
        default="text",
        help="text, json or stream-json; the json formats imply -p",
        metavar="FORMAT",
    )
    _switch(group, "--plain", "no colours, no live line")
    _switch(group, "--verbose", "show each model call too")
    _hidden(group, "--input-format", default="text")
    _hidden(group, "--json-schema")


def _add_session(group: argparse._ArgumentGroup) -> None:
    _switch(group, "-c", "--continue", "go on with this workspace's newest session")
    group.add_argument(
        "-r",
        "--resume",
        nargs="?",
        const=PICK,
        default="",
        metavar="ID|NAME",
        help="go on with a session; without a value, choose from a list",
    )
    _value(group, "--session-id", "ID", "a new session of this id, or that one")
    _switch(group, "--fork-session", "go on in a copy of the session")
    _value(group, "-n", "--name", "NAME", "name the session")


def _add_models(group: argparse._ArgumentGroup) -> None:
    _value(group, "--model", "M", "one model (provider/name) or tier for planner and executor")
    group.add_argument(
        "--tier", choices=TIERS, default="", metavar="TIER", help="gold, silver or bronze executes"
    )
    _value(group, "--planner", "M|TIER", "who plans")
    _value(group, "--executor", "M|TIER", "who does the work")
    _switch(group, "--no-planner", "never call a planner: one step in your own words")
    _value(group, "--effort", "E", "reasoning effort of the executor: low, medium, high")
    _value(group, "--append-system-prompt", "TEXT", "add to the executor's instructions")
    _hidden(group, "--profile")


def _add_limits(group: argparse._ArgumentGroup) -> None:
    _value(group, "--max-turns", "N", "executor calls in one prompt")
    _value(group, "--max-budget-usd", "X", "dollars; a call that could cross it is not sent")
    _value(group, "--max-calls", "N", "model calls in the session")


def _add_permissions(group: argparse._ArgumentGroup) -> None:
    modes = [mode.value for mode in PermissionMode]
    group.add_argument(
        "--permission-mode",
        choices=modes,
        metavar="MODE",
        help=f"what is asked before it is done: {', '.join(modes)}",
    )
    _switch(
        group,
        "--dangerously-skip-permissions",
        "the same as --permission-mode bypassPermissions",
    )
    _rules(group, "allowed", "needs no question, e.g. 'Bash(npm test *)'; repeatable")
    _rules(group, "disallowed", "is refused, e.g. 'Edit(migrations/**)'; repeatable")
    _hidden(group, "--add-dir")
    _switch(group, "--trust", "trust this project's configuration as it is now")


def _add_configuration(parser: Parser, group: argparse._ArgumentGroup) -> None:
    group.add_argument("--config", type=Path, metavar="FILE", help="use this configuration file")
    _switch(group, "--bare", "no discovery: no memory files, no user or project configuration")
    _switch(group, "--debug", "write the exact last requests into the session folder")
    _hidden(group, "--record", action="store_true")
    group.add_argument(
        "-v",
        "--version",
        action="version",
        version=f"burnless {__version__}",
        help="show the version and exit",
    )
    parser.offer_help(group)


def _switch(group: argparse._ArgumentGroup, *names_and_help: str) -> None:
    *names, text = names_and_help
    group.add_argument(*names, action="store_true", help=text)


def _value(group: argparse._ArgumentGroup, *names_and_help: str) -> None:
    *names, metavar, text = names_and_help
    group.add_argument(*names, default="", metavar=metavar, help=text)


def _rules(group: argparse._ArgumentGroup, which: str, text: str) -> None:
    """Both spellings that users know from elsewhere."""
    group.add_argument(
        f"--{which}Tools",
        f"--{which}-tools",
        action="append",
        default=[],
        dest=f"{which}_tools",
        metavar="RULE",
        help=text,
    )


def _hidden(
    group: argparse._ArgumentGroup, name: str, *, default: str = "", action: str = "store"
) -> None:
    """Known from elsewhere and not there yet: refused aloud, not listed."""
    group.add_argument(name, default=default, action=action, help=argparse.SUPPRESS)
