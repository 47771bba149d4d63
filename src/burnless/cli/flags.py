"""The flags of a run, declared once: parsing, help text and documentation come from here."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Final

import typer

from burnless.cli.help_text import WIDTH, GroupedCommand
from burnless.cli.invocation import Invocation, OutputFormat, check_together
from burnless.cli.options import RunOptions
from burnless.core.errors import UsageProblem
from burnless.core.settings import TIERS, PermissionMode
from burnless.core.usage import picodollars
from burnless.version import __version__

PICK: Final = "\0pick"
"""Stands for a `--resume` without a value; no session has such a name."""

_OUTPUT = "Input and output"
_SESSION = "Session"
_MODELS = "Models"
_LIMITS = "Limits"
_PERMISSIONS = "Permissions"
_CONFIG = "Configuration"

HELP = """A coding agent that plans with a frontier model, works with a cheap one, and proves what
it says it did. Without a prompt it opens an interactive session; with -p, piped input or
no terminal it runs one prompt and exits."""

EPILOG = """Other commands (agent COMMAND --help):

\b
  init      write a commented configuration       doctor       check models, keys and tools
  demo      watch it work, no key needed          config       what is configured, and where
  sessions  list, show, rm, export, repair        trust        trust this project's config
  cost      what a session cost, by role          permissions  the rules in force
  context   what the prompt is made of            audit        claims against the disk

Exit codes:

\b
  0 ok   1 failure   2 usage   3 a claim contradicted, or a check newly failing
  41 no or bad key   42 bad input   52 configuration   53 turn limit   54 budget
  75 provider unavailable, try again   130 interrupted   143 terminated

Only a bare first word is a command: `agent "init the repo"` is a prompt, and so is
`agent -- init`."""

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"burnless {__version__}")
        raise typer.Exit


@app.command(
    cls=GroupedCommand,
    help=HELP,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
)
def read_flags(
    *,
    prompt: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PROMPT", help="What to do; - reads it from stdin.", show_default=False
        ),
    ] = None,
    print_: Annotated[
        bool,
        typer.Option(
            "--print",
            "-p",
            help="Headless: run one prompt, answer on stdout, progress on stderr.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    output_format: Annotated[
        OutputFormat,
        typer.Option(help="Of a headless run; json formats imply -p.", rich_help_panel=_OUTPUT),
    ] = OutputFormat.TEXT,
    input_format: Annotated[str, typer.Option(hidden=True)] = "text",
    json_schema: Annotated[
        str,
        typer.Option(
            metavar="JSON",
            help="A JSON schema the final answer has to fit.",
            rich_help_panel=_OUTPUT,
        ),
    ] = "",
    plain: Annotated[
        bool,
        typer.Option("--plain", help="No colours, no live line.", rich_help_panel=_OUTPUT),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", help="Show each model call too.", rich_help_panel=_OUTPUT),
    ] = False,
    continue_: Annotated[
        bool,
        typer.Option(
            "--continue",
            "-c",
            help="Go on with this workspace's newest session.",
            rich_help_panel=_SESSION,
        ),
    ] = False,
    resume: Annotated[
        str,
        typer.Option(
            "--resume",
            "-r",
            metavar="[ID|NAME]",
            help="Go on with a session; without a value, choose from a list.",
            rich_help_panel=_SESSION,
        ),
    ] = "",
    session_id: Annotated[
        str,
        typer.Option(
            metavar="ID", help="A new session of this id, or that one.", rich_help_panel=_SESSION
        ),
    ] = "",
    fork_session: Annotated[
        bool,
        typer.Option(
            "--fork-session", help="Go on in a copy of the session.", rich_help_panel=_SESSION
        ),
    ] = False,
    name: Annotated[
        str,
        typer.Option(
            "--name", "-n", metavar="NAME", help="Name the session.", rich_help_panel=_SESSION
        ),
    ] = "",
    model: Annotated[
        str,
        typer.Option(
            metavar="M",
            help="One model (provider/name) or tier for planner and executor.",
            rich_help_panel=_MODELS,
        ),
    ] = "",
    tier: Annotated[
        str,
        typer.Option(
            metavar="gold|silver|bronze", help="Tier that executes.", rich_help_panel=_MODELS
        ),
    ] = "",
    planner: Annotated[
        str,
        typer.Option(metavar="M|TIER", help="Who plans.", rich_help_panel=_MODELS),
    ] = "",
    executor: Annotated[
        str,
        typer.Option(metavar="M|TIER", help="Who does the work.", rich_help_panel=_MODELS),
    ] = "",
    no_planner: Annotated[
        bool,
        typer.Option(
            "--no-planner",
            help="Never call a planner: one step in your own words.",
            rich_help_panel=_MODELS,
        ),
    ] = False,
    profile: Annotated[str, typer.Option(hidden=True)] = "",
    effort: Annotated[
        str,
        typer.Option(
            metavar="E",
            help="Reasoning effort of the executor: low, medium, high.",
            rich_help_panel=_MODELS,
        ),
    ] = "",
    append_system_prompt: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help="Add to the executor's instructions.", rich_help_panel=_MODELS
        ),
    ] = "",
    max_turns: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Executor calls in one prompt.", rich_help_panel=_LIMITS
        ),
    ] = None,
    max_budget_usd: Annotated[
        str,
        typer.Option(
            metavar="X",
            help="Dollars; a call that could cross it is not sent.",
            rich_help_panel=_LIMITS,
        ),
    ] = "",
    max_calls: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Model calls in the session.", rich_help_panel=_LIMITS
        ),
    ] = None,
    permission_mode: Annotated[
        PermissionMode | None,
        typer.Option(help="What is asked before it is done.", rich_help_panel=_PERMISSIONS),
    ] = None,
    skip_permissions: Annotated[
        bool,
        typer.Option(
            "--dangerously-skip-permissions",
            help="Same as --permission-mode bypassPermissions.",
            rich_help_panel=_PERMISSIONS,
        ),
    ] = False,
    allowed_tools: Annotated[
        list[str] | None,
        typer.Option(
            "--allowedTools",
            "--allowed-tools",
            metavar="RULE",
            help="Needs no question, e.g. 'Bash(npm test *)'; repeatable.",
            rich_help_panel=_PERMISSIONS,
        ),
    ] = None,
    disallowed_tools: Annotated[
        list[str] | None,
        typer.Option(
            "--disallowedTools",
            "--disallowed-tools",
            metavar="RULE",
            help="Is refused, e.g. 'Edit(migrations/**)'; repeatable.",
            rich_help_panel=_PERMISSIONS,
        ),
    ] = None,
    add_dir: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Another folder to work in; repeatable.",
            rich_help_panel=_PERMISSIONS,
        ),
    ] = None,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust",
            help="Trust this project's configuration as it is now.",
            rich_help_panel=_PERMISSIONS,
        ),
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Use this configuration file.", rich_help_panel=_CONFIG),
    ] = None,
    bare: Annotated[
        bool,
        typer.Option(
            "--bare",
            help="No discovery: no memory files, no user or project configuration.",
            rich_help_panel=_CONFIG,
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help="Write the exact last requests into the session folder.",
            rich_help_panel=_CONFIG,
        ),
    ] = False,
    record: Annotated[bool, typer.Option("--record", hidden=True)] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-v",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
            rich_help_panel=_CONFIG,
        ),
    ] = False,
) -> Invocation:
    """The flags as an Invocation. Raises UsageProblem."""
    del version
    _refuse_what_is_not_there(profile=profile, record=record, input_format=input_format)
    options = RunOptions(
        cwd=Path.cwd(),
        config_path=config,
        trust=trust,
        session_id=session_id,
        resume="" if resume == PICK else resume,
        continue_newest=continue_,
        fork=fork_session,
        name=name,
        model=model,
        planner=planner,
        executor=executor,
        tier=_tier(tier),
        no_planner=no_planner,
        permission_mode=_mode(permission_mode, skip_permissions),
        allowed_tools=split_rules(allowed_tools or ()),
        disallowed_tools=split_rules(disallowed_tools or ()),
        add_dirs=tuple(add_dir or ()),
        max_turns=max_turns,
        max_budget_usd=_dollars(max_budget_usd),
        max_calls=max_calls,
        append_system_prompt=append_system_prompt,
        json_schema=_schema(json_schema),
        effort=effort,
        bare=bare,
        debug=debug,
    )
    invocation = Invocation(
        options=options,
        prompt=" ".join(prompt or ()),
        headless=print_ or output_format is not OutputFormat.TEXT,
        output_format=output_format,
        pick_session=resume == PICK,
        plain=plain,
        verbose=verbose,
    )
    check_together(invocation)
    return invocation


def split_rules(given: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Rules may be given one a flag, or several in one with commas between them.

    A comma inside brackets belongs to its rule: "Bash(git log, *),Read" are two.
    """
    rules: list[str] = []
    for text in given:
        depth, start = 0, 0
        for position, character in enumerate(text):
            depth += (character == "(") - (character == ")")
            if character == "," and depth <= 0:
                rules.append(text[start:position])
                start = position + 1
        rules.append(text[start:])
    return tuple(rule.strip() for rule in rules if rule.strip())


def _refuse_what_is_not_there(*, profile: str, record: bool, input_format: str) -> None:
    """A flag that users know from elsewhere is refused aloud, never ignored."""
    if profile:
        raise UsageProblem(
            "--profile is not available yet", hint="choose models with --planner and --executor"
        )
    if record:
        raise UsageProblem("--record is not available yet", hint="--debug keeps the last requests")
    if input_format == "stream-json":
        raise UsageProblem(
            "--input-format stream-json is not available yet",
            hint="send one prompt on stdin, and the next with --resume ID",
        )
    if input_format != "text":
        raise UsageProblem(f"--input-format {input_format} is unknown", hint="use text")


def _tier(given: str) -> str:
    if given and given not in TIERS:
        raise UsageProblem(f"--tier {given} is unknown", hint=f"use one of {', '.join(TIERS)}")
    return given


def _mode(given: PermissionMode | None, skip: bool) -> PermissionMode | None:
    if skip and given not in {None, PermissionMode.BYPASS}:
        raise UsageProblem(
            f"--dangerously-skip-permissions contradicts --permission-mode {given}",
            hint="give only one of them",
        )
    return PermissionMode.BYPASS if skip else given


def _dollars(given: str) -> int | None:
    if not given:
        return None
    try:
        amount = Decimal(given.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise UsageProblem(
            f"--max-budget-usd {given} is not an amount of dollars", hint="for example 2.50"
        )
    return picodollars(amount)


def _schema(given: str) -> str:
    if not given:
        return ""
    try:
        schema = json.loads(given)
    except ValueError as error:
        raise UsageProblem(
            f"--json-schema is not JSON: {error}", hint='for example \'{"type": "object"}\''
        ) from error
    if not isinstance(schema, dict):
        raise UsageProblem("--json-schema has to be a JSON object", hint='{"type": "object", ...}')
    return given
