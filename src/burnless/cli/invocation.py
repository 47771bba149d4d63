"""A run as the command line asked for it, and the rules about which flags go together."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path

from burnless.cli.flags import PICK
from burnless.cli.options import RunOptions
from burnless.core.errors import UsageProblem
from burnless.core.settings import PermissionMode
from burnless.core.usage import picodollars


class OutputFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    STREAM_JSON = "stream-json"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run, before anything was read or opened.

    prompt:       "" = none was given, "-" = all of stdin
    headless:     asked for by a flag; a missing terminal makes a run headless too
    pick_session: `--resume` without a value: let the user choose one
    plain:        no colours, no live line, no toolbar
    """

    options: RunOptions
    prompt: str = ""
    headless: bool = False
    output_format: OutputFormat = OutputFormat.TEXT
    pick_session: bool = False
    plain: bool = False
    verbose: bool = False


def invocation_of(parsed: argparse.Namespace) -> Invocation:
    """What the flags mean together. Raises UsageProblem."""
    _refuse_what_is_not_there(parsed)
    output_format = OutputFormat(parsed.output_format)
    invocation = Invocation(
        options=_options(parsed),
        prompt=" ".join(parsed.prompt),
        headless=parsed.print or output_format is not OutputFormat.TEXT,
        output_format=output_format,
        pick_session=parsed.resume == PICK,
        plain=parsed.plain,
        verbose=parsed.verbose,
    )
    _check_sessions(invocation)
    _check_models(invocation.options)
    return invocation


def split_rules(given: Sequence[str]) -> tuple[str, ...]:
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


def _options(parsed: argparse.Namespace) -> RunOptions:
    return RunOptions(
        cwd=Path.cwd(),
        config_path=parsed.config,
        trust=parsed.trust,
        session_id=parsed.session_id,
        resume="" if parsed.resume == PICK else parsed.resume,
        continue_newest=getattr(parsed, "continue"),
        fork=parsed.fork_session,
        name=parsed.name,
        model=parsed.model,
        planner=parsed.planner,
        executor=parsed.executor,
        tier=parsed.tier,
        no_planner=parsed.no_planner,
        permission_mode=_mode(parsed.permission_mode, parsed.dangerously_skip_permissions),
        allowed_tools=split_rules(parsed.allowed_tools),
        disallowed_tools=split_rules(parsed.disallowed_tools),
        max_turns=_count("--max-turns", parsed.max_turns),
        max_budget_usd=_dollars(parsed.max_budget_usd),
        max_calls=_count("--max-calls", parsed.max_calls),
        append_system_prompt=parsed.append_system_prompt,
        effort=parsed.effort,
        bare=parsed.bare,
        debug=parsed.debug,
    )


_NOT_THERE = (
    ("profile", "--profile", "choose models with --planner and --executor"),
    ("record", "--record", "--debug keeps the last requests"),
    ("json_schema", "--json-schema", "ask for JSON in the prompt, and check what comes"),
    ("add_dir", "--add-dir", "start in a folder above both"),
)


def _refuse_what_is_not_there(parsed: argparse.Namespace) -> None:
    """A flag that users know from elsewhere is refused aloud, never ignored."""
    for name, flag, hint in _NOT_THERE:
        if getattr(parsed, name):
            raise UsageProblem(f"{flag} is not available yet", hint=hint)
    if parsed.input_format == "stream-json":
        raise UsageProblem(
            "--input-format stream-json is not available yet",
            hint="send one prompt on stdin, and the next with --resume ID",
        )
    if parsed.input_format != "text":
        raise UsageProblem(f"--input-format {parsed.input_format} is unknown", hint="use text")


def _check_sessions(invocation: Invocation) -> None:
    options = invocation.options
    resuming = bool(options.resume) or invocation.pick_session
    reopening = resuming or options.continue_newest
    if resuming and options.continue_newest:
        raise UsageProblem(
            "--resume and --continue both choose a session", hint="give only one of them"
        )
    if reopening and options.session_id and not options.fork:
        raise UsageProblem(
            "--session-id names a session, and so does --resume or --continue",
            hint="give one of them, or add --fork-session to name the copy",
        )
    if options.fork and not reopening:
        raise UsageProblem(
            "--fork-session copies a session, but none was chosen", hint="add --resume ID or -c"
        )
    if invocation.pick_session and invocation.headless:
        raise UsageProblem(
            "--resume without a value asks, and a headless run has nobody to ask",
            hint="agent sessions list shows the IDs; give one: --resume ID",
        )


def _check_models(options: RunOptions) -> None:
    if options.no_planner and options.planner:
        raise UsageProblem(
            "--planner and --no-planner contradict each other", hint="give only one of them"
        )
    if options.tier and options.executor:
        raise UsageProblem(
            "--tier and --executor both choose the executor", hint="give only one of them"
        )


def _mode(given: str | None, skip: bool) -> PermissionMode | None:
    mode = PermissionMode(given) if given else None
    if skip and mode not in {None, PermissionMode.BYPASS}:
        raise UsageProblem(
            f"--dangerously-skip-permissions contradicts --permission-mode {given}",
            hint="give only one of them",
        )
    return PermissionMode.BYPASS if skip else mode


def _count(flag: str, given: str) -> int | None:
    if not given:
        return None
    if not given.isdecimal() or int(given) < 1:
        raise UsageProblem(f"{flag} {given} is not a number of calls", hint=f"{flag} 40")
    return int(given)


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
