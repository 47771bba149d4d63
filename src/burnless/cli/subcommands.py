"""The subcommands' names, arguments and help texts; what they do is in `commands/`."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from burnless.cli.commands import sessions
from burnless.cli.commands.audit import show_audit
from burnless.cli.commands.config import show_config, show_keys
from burnless.cli.commands.context import show_context
from burnless.cli.commands.cost import show_cost
from burnless.cli.commands.permissions import forget_rule, show_permissions
from burnless.cli.commands.trust import trust
from burnless.cli.help_text import WIDTH, GroupedCommand, GroupedGroup
from burnless.core.errors import UsageProblem

_SETTINGS: dict[str, Any] = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": WIDTH,
}

app = typer.Typer(
    cls=GroupedGroup,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
    help="Everything but a run.",
)
sessions_app = typer.Typer(
    cls=GroupedGroup,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
    help="The sessions of this workspace: list, show, rm, export, repair.",
)
permissions_app = typer.Typer(
    cls=GroupedGroup,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
    help="The permission rules in force.",
)
app.add_typer(sessions_app, name="sessions")
app.add_typer(permissions_app, name="permissions")

SessionId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="ID, unique prefix or name; else the newest.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def run_subcommand(argv: Sequence[str]) -> int:
    """Raises UsageProblem for what the subcommand does not take, and what it raises itself."""
    command = typer.main.get_command(app)
    words = list(argv)
    if words in (["sessions"], ["permissions"]):
        words.append("list")
    try:
        outcome = command.main(args=words, prog_name="agent", standalone_mode=False)
    except typer.TyperException as error:
        hint = f"agent {words[0]} --help shows what it takes"
        raise UsageProblem(error.format_message(), hint=hint) from error
    return outcome if isinstance(outcome, int) else 0


@app.command("init", cls=GroupedCommand)
def _init() -> int:
    """Write a commented .burnless/config.yaml for what is found: keys, local servers.

    An existing file is never overwritten.
    """
    from burnless.cli.commands.init import init  # noqa: PLC0415 - start-up budget

    return init()


@app.command("doctor", cls=GroupedCommand)
def _doctor(
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Make one tiny call to each model (costs a little).")
    ] = False,
) -> int:
    """Check each tier: model, key, window, price; then git, ripgrep and the sandbox."""
    from burnless.cli.commands.doctor import doctor  # noqa: PLC0415 - start-up budget

    return doctor(live=live)


@app.command("demo", cls=GroupedCommand)
def _demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the demo's repository to look at.")
    ] = False,
) -> int:
    """Watch it work on a small repository: the replies are recorded, all else is real.

    Needs no key and no network.
    """
    from burnless.cli.demo.command import run_demo  # noqa: PLC0415 - start-up budget

    return run_demo(keep=keep)


@sessions_app.command("list", cls=GroupedCommand)
def _sessions_list(*, as_json: AsJson = False) -> int:
    """Newest first: ID, time, status, steps done, cost, first words."""
    return sessions.show_list(as_json=as_json, columns=shutil.get_terminal_size().columns)


@sessions_app.command("show", cls=GroupedCommand)
def _sessions_show(session_id: SessionId = "") -> int:
    """What happened in a session: prompts, plans, tool calls, verdicts."""
    return sessions.show_one(session_id)


@sessions_app.command("rm", cls=GroupedCommand)
def _sessions_rm(
    session_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Which ones.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> int:
    """Remove sessions for good."""
    return sessions.remove(session_ids, yes=yes)


@sessions_app.command("export", cls=GroupedCommand)
def _sessions_export(
    session_id: SessionId = "",
    *,
    file_format: Annotated[
        str, typer.Option("--format", metavar="markdown|json", help="For people or programs.")
    ] = "markdown",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A file instead of stdout."),
    ] = None,
) -> int:
    """A whole session as one file."""
    return sessions.export(session_id, file_format=file_format, output=output)


@sessions_app.command("repair", cls=GroupedCommand)
def _sessions_repair(
    session_id: Annotated[str, typer.Argument(metavar="ID", help="Which one.")],
) -> int:
    """Cut a damaged log before the damage; a backup of it stays."""
    return sessions.repair(session_id)


@app.command("cost", cls=GroupedCommand)
def _cost(session_id: SessionId = "", *, as_json: AsJson = False) -> int:
    """What a session cost, by role and token class. An unknown price is "unknown", never $0."""
    return show_cost(session_id, as_json=as_json)


@app.command("context", cls=GroupedCommand)
def _context(session_id: SessionId = "") -> int:
    """What the prompt is made of: layers with tokens and hashes, memory files in order."""
    return show_context(session_id)


@app.command("audit", cls=GroupedCommand)
def _audit(
    session_id: SessionId = "",
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Hold the claims against the disk now.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """What was claimed and what the auditor found; exit 3 where it is contradicted."""
    return show_audit(session_id, again=again, as_json=as_json)


@app.command("config", cls=GroupedCommand)
def _config(
    *,
    file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Instead of the project's.")
    ] = None,
    keys: Annotated[bool, typer.Option("--keys", help="Every key there is, explained.")] = False,
) -> int:
    """What is configured, and where each value comes from."""
    return show_keys() if keys else show_config(file)


@app.command("trust", cls=GroupedCommand)
def _trust(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The project's without one.", show_default=False),
    ] = None,
    *,
    forget: Annotated[bool, typer.Option("--forget", help="Take the trust back.")] = False,
) -> int:
    """Trust a project's configuration as it is now; any change of the file asks again."""
    return trust(file, forget=forget)


@permissions_app.command("list", cls=GroupedCommand)
def _permissions_list() -> int:
    """Mode and rules: deny beats ask beats allow."""
    return show_permissions()


@permissions_app.command("forget", cls=GroupedCommand)
def _permissions_forget(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="As `list` shows it.")],
) -> int:
    """Take back an "always in this project"."""
    return forget_rule(rule)
