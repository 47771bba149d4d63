"""The subcommands' names, arguments and help texts; what they do is in `commands/`."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from burnless.cli.commands import sessions
from burnless.cli.commands.audit import show_audit
from burnless.cli.commands.config import show_config, show_keys
from burnless.cli.commands.context import show_context
from burnless.cli.commands.cost import show_cost
from burnless.cli.commands.permissions import forget_rule, show_permissions
from burnless.cli.commands.trust import trust
from burnless.cli.parser import Parser

Do = Callable[[argparse.Namespace], int]

_DEFAULT_OF_GROUP = {"sessions": "list", "permissions": "list"}


def run_subcommand(argv: Sequence[str]) -> int:
    """Raises UsageProblem for what the subcommand does not take, and what it raises itself."""
    words = list(argv)
    if words in (["sessions"], ["permissions"]):
        words.append(_DEFAULT_OF_GROUP[words[0]])
    parser, _ = subcommand_parsers()
    parsed, unknown = parser.parse_known_args(words)
    if unknown:
        parsed.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    do: Do = parsed.do
    return do(parsed)


def subcommand_parsers(width: int | None = None) -> tuple[Parser, list[Parser]]:
    """The parser of all subcommands, and each one's own. `do` of what is parsed does it."""
    parser = Parser(width=width)
    parser.offer_help()
    commands = _Commands(parser, width, [])
    commands.add(
        "init", _init, "write a commented .burnless/config.yaml for the keys and servers found here"
    )
    doctor = commands.add("doctor", _doctor, "check tiers, keys, prices, git, ripgrep, sandbox")
    _config_file(doctor)
    _switch(doctor, "--live", "make one tiny call to each model (costs a little)")
    demo = commands.add("demo", _demo, "watch it work on a small repository, with recorded replies")
    _switch(demo, "--keep", "leave the demo's repository to look at")
    _add_sessions(commands.group("sessions", "the sessions of this workspace"))
    cost = commands.add("cost", _cost, "what a session cost, by role and token class")
    _session(cost)
    _switch(cost, "--json", "as JSON, in picodollars")
    context = commands.add("context", _context, "what the prompt is made of, and its memory files")
    _session(context)
    audit = commands.add("audit", _audit, "what was claimed and what the auditor found")
    _session(audit)
    audit.add_argument("--turn", type=_turn_number, metavar="N", help="of turn N; else the newest")
    _switch(audit, "--again", "hold the newest claims against the disk now")
    _switch(audit, "--json", "as JSON")
    config = commands.add("config", _config, "what is configured, and where each value comes from")
    _config_file(config)
    _switch(config, "--keys", "every key there is, explained")
    trusting = commands.add("trust", _trust, "trust a project's configuration as it is now")
    trusting.add_argument("file", nargs="?", type=Path, metavar="FILE", help="else the project's")
    _switch(trusting, "--forget", "take the trust back")
    _add_permissions(commands.group("permissions", "the permission rules in force"))
    return parser, commands.leaves


def _add_sessions(commands: _Commands) -> None:
    listing = commands.add("list", _sessions_list, "newest first: ID, time, status, steps, cost")
    _switch(listing, "--json", "a JSON object a line")
    show = commands.add("show", _sessions_show, "what happened in a session")
    _session(show)
    remove = commands.add("rm", _sessions_rm, "remove sessions for good")
    remove.add_argument("ids", nargs="+", metavar="ID", help="which ones")
    _switch(remove, "-y", "--yes", "do not ask")
    export = commands.add("export", _sessions_export, "a whole session as one file")
    _session(export)
    export.add_argument(
        "--format", choices=("markdown", "json"), default="markdown", help="for people, or programs"
    )
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="a file instead of stdout"
    )
    repair = commands.add(
        "repair", _sessions_repair, "cut a damaged log before the damage; a backup stays"
    )
    repair.add_argument("id", metavar="ID", help="which one")


def _add_permissions(commands: _Commands) -> None:
    commands.add("list", _permissions_list, "mode and rules: deny beats ask beats allow")
    forget = commands.add("forget", _permissions_forget, 'take back an "always in this project"')
    forget.add_argument("rule", metavar="RULE", help="as `list` shows it")


class _Commands:
    """Adds subcommands to a parser, all in the same style."""

    def __init__(self, parser: Parser, width: int | None, leaves: list[Parser]) -> None:
        self._parsers: Any = parser.add_subparsers(
            metavar="COMMAND", required=True, parser_class=Parser
        )
        self._width = width
        self.leaves = leaves

    def add(self, name: str, do: Do, text: str) -> Parser:
        parser = self._parser(name, text)
        parser.set_defaults(do=do, parser=parser)
        self.leaves.append(parser)
        return parser

    def group(self, name: str, text: str) -> _Commands:
        return _Commands(self._parser(name, text), self._width, self.leaves)

    def _parser(self, name: str, text: str) -> Parser:
        sentence = f"{text[0].upper()}{text[1:]}."
        parser: Parser = self._parsers.add_parser(
            name, help=text, description=sentence, width=self._width
        )
        parser.offer_help()
        return parser


def _switch(parser: Parser, *names_and_help: str) -> None:
    *names, text = names_and_help
    parser.add_argument(*names, action="store_true", help=text)


def _config_file(parser: Parser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="instead of the project's")


def _session(parser: Parser) -> None:
    parser.add_argument(
        "id", nargs="?", default="", metavar="ID", help="ID, unique prefix or name; else the newest"
    )


def _turn_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _columns() -> int:
    """0 where no terminal is written to: then no row is too long."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _init(_parsed: argparse.Namespace) -> int:
    from burnless.cli.commands.init import init  # noqa: PLC0415 - start-up budget

    return init()


def _doctor(parsed: argparse.Namespace) -> int:
    from burnless.cli.commands.doctor import doctor  # noqa: PLC0415 - start-up budget

    return doctor(parsed.config, live=parsed.live)


def _demo(parsed: argparse.Namespace) -> int:
    from burnless.cli.demo.command import run_demo  # noqa: PLC0415 - start-up budget

    return run_demo(keep=parsed.keep)


def _sessions_list(parsed: argparse.Namespace) -> int:
    return sessions.show_list(as_json=parsed.json, columns=_columns())


def _sessions_show(parsed: argparse.Namespace) -> int:
    return sessions.show_one(parsed.id, columns=_columns())


def _sessions_rm(parsed: argparse.Namespace) -> int:
    return sessions.remove(parsed.ids, yes=parsed.yes)


def _sessions_export(parsed: argparse.Namespace) -> int:
    return sessions.export(parsed.id, as_json=parsed.format == "json", output=parsed.output)


def _sessions_repair(parsed: argparse.Namespace) -> int:
    return sessions.repair(parsed.id)


def _cost(parsed: argparse.Namespace) -> int:
    return show_cost(parsed.id, as_json=parsed.json)


def _context(parsed: argparse.Namespace) -> int:
    return show_context(parsed.id)


def _audit(parsed: argparse.Namespace) -> int:
    if parsed.again and parsed.turn is not None:
        parsed.parser.error("--again is for the newest turn: leave out --turn")
    return show_audit(parsed.id, turn=parsed.turn, again=parsed.again, as_json=parsed.json)


def _config(parsed: argparse.Namespace) -> int:
    return show_keys() if parsed.keys else show_config(parsed.config)


def _trust(parsed: argparse.Namespace) -> int:
    return trust(parsed.file, forget=parsed.forget)


def _permissions_list(_parsed: argparse.Namespace) -> int:
    return show_permissions()


def _permissions_forget(parsed: argparse.Namespace) -> int:
    return forget_rule(parsed.rule)
