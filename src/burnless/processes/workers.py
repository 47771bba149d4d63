"""Another agent's command line as a worker: started by the one runner, read by its JSON."""

from __future__ import annotations

import functools
import json
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

from burnless.core.cancel import CancelToken
from burnless.core.encoding import from_json
from burnless.core.errors import ConfigProblem, ModelProblem
from burnless.core.protocols import ProcessResult, Runner, WorkerReply
from burnless.core.settings import Tier
from burnless.core.terminal_text import plain_text
from burnless.processes.worker_output import WorkerOutput, parse_output, readable_line

Purpose: TypeAlias = Literal["executor", "planner"]

DEADLINE_SECONDS = 3_600.0
"""A step of a whole agent takes minutes; after this long it is hanging."""

TAIL_LINES = 30
"""How much of the output stands for a worker that failed without an answer."""

LONGEST_LINE = 1_000_000
"""Characters; what a longer line says is not for a screen. The whole of it is read at the end."""

NOT_STARTED = 127

SHELL_WORDS = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "<", "2>&1"})

PAID_BY_USE = (
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_FOUNDRY",
    "CLAUDE_CODE_USE_VERTEX",
)
"""With one of these set, "no API key" does not mean that a subscription pays."""


@dataclass(frozen=True, slots=True)
class FlagGroup:
    """Flags to append, unless the user's own command has one of `unless`."""

    add: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownCli:
    """A CLI whose headless use is known: data in `worker_clis.json`.

    shape:      how its output is read (see `worker_output.parse_output`)
    subcommand: what goes right behind the program, where headless use is a subcommand
    always, executor, planner: flags by purpose; the planner's let it read and not write
    """

    program: str
    title: str
    install: str
    shape: str
    always: tuple[FlagGroup, ...]
    executor: tuple[FlagGroup, ...]
    planner: tuple[FlagGroup, ...]
    subcommand: FlagGroup | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    clis: tuple[KnownCli, ...]


def known_cli(command: str) -> KnownCli | None:
    """The row of the table for the program this command starts, whatever folder it is in."""
    words = _split(command)
    return _known_clis().get(PurePath(words[0]).name)


def worker_command(tier: Tier, purpose: Purpose) -> tuple[str, ...]:
    """The words that are run for this tier, as `doctor` shows them.

    Raises ConfigProblem for a command that is empty, unbalanced, or needs a shell.
    """
    words = _split(tier.command)
    cli = known_cli(tier.command)
    if cli is None or tier.args == "exact":
        return words
    if cli.subcommand and not _gives(words, cli.subcommand.unless):
        words = (words[0], *cli.subcommand.add, *words[1:])
    for group in (*cli.always, *(cli.planner if purpose == "planner" else cli.executor)):
        if not _gives(words, group.unless):
            words = (*words, *group.add)
    return words


def worker_for(
    tier_name: str, tier: Tier, runner: Runner, cwd: Path, purpose: Purpose
) -> CommandWorker:
    """The worker behind a `command:` tier, to plan or to carry out steps in `cwd`.

    Raises ConfigProblem as `worker_command` does.
    """
    words = worker_command(tier, purpose)
    return CommandWorker(tier_name, tier.command, words, known_cli(tier.command), runner, cwd)


@dataclass(frozen=True, slots=True)
class CommandWorker:
    """One CLI. It gets the prompt on stdin and the whole environment, since its keys are in it.

    command: as the user wrote it; `words` is what is run
    """

    tier: str
    command: str
    words: tuple[str, ...]
    cli: KnownCli | None
    runner: Runner
    cwd: Path
    deadline_seconds: float = DEADLINE_SECONDS

    def run(
        self, prompt: str, on_output: Callable[[str], None], cancel: CancelToken
    ) -> WorkerReply:
        """Run it to its end. Its lines go to `on_output` as they come, JSON made readable.

        `exit_code` is None where the deadline ended it, and 1 where the CLI exits 0 but its own
        result says that it failed. Raises Cancelled, and ModelProblem where it cannot be started.
        """
        lines = _Lines(on_output)
        result = self.runner.run(
            self.words,
            cwd=self.cwd,
            deadline_seconds=self.deadline_seconds,
            cancel=cancel,
            on_output=lines.feed,
            stdin=prompt,
            keep_keys=True,
        )
        lines.flush()
        cancel.check()
        if result.exit_code == NOT_STARTED:
            raise self._not_started(result)
        printed = plain_text(result.stdout)
        output = parse_output(self.cli.shape if self.cli else "text", printed)
        return WorkerReply(
            text=_report(output, result),
            exit_code=1 if output.error and result.exit_code == 0 else result.exit_code,
            usage=output.usage,
            served_model=output.served_model,
            cost=output.cost,
            included=output.flat_rate and not any(map(os.environ.get, PAID_BY_USE)),
            seconds=result.seconds,
        )

    def _not_started(self, result: ProcessResult) -> ModelProblem:
        program = self.words[0]
        reason = result.output.strip().splitlines()
        install = f"install {self.cli.title} ({self.cli.install})" if self.cli else "install it"
        return ModelProblem(
            f"the {self.tier} worker `{program}` could not be started"
            + (f": {reason[-1]}" if reason else ""),
            hint=f"{install}, or change tiers.{self.tier}.command",
        )


def _report(output: WorkerOutput, result: ProcessResult) -> str:
    """What the worker said, and why it failed: in its own words, else the tail of its output."""
    parts = [output.text]
    if output.error:
        if output.error != output.text:
            parts.append(f"[the worker says that it failed: {output.error}]")
    elif result.exit_code != 0:
        tail = _tail(result.output)
        parts = [tail] if output.text in tail else [output.text, tail]
    if result.timed_out:
        parts.append(f"[the worker was stopped after {result.seconds:.0f} seconds]")
    return "\n\n".join(part for part in parts if part)


def _tail(printed: str) -> str:
    readable = [readable_line(line) for line in printed.strip().splitlines()]
    return "\n".join([line for line in readable if line.strip()][-TAIL_LINES:])


class _Lines:
    """Chunks in, readable lines out."""

    def __init__(self, on_output: Callable[[str], None]) -> None:
        self._on_output = on_output
        self._rest = ""

    def feed(self, chunk: str) -> None:
        *whole, self._rest = (self._rest + chunk).split("\n")
        for line in whole:
            self._show(line)
        if len(self._rest) > LONGEST_LINE:
            self._rest = ""

    def flush(self) -> None:
        if self._rest:
            self._show(self._rest)
        self._rest = ""

    def _show(self, line: str) -> None:
        readable = readable_line(line)
        if readable.strip():
            self._on_output(readable + "\n")


def _split(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise ConfigProblem(
            f"the worker command {command!r} cannot be read: {error}",
            hint="balance its quotes",
        ) from error
    if not words:
        raise ConfigProblem("a tier's command is empty", hint="write `command: claude`, say")
    if SHELL_WORDS & set(words) or "=" in words[0]:
        raise ConfigProblem(
            f"the worker command {command!r} needs a shell, and workers run without one",
            hint=f"write it as: sh -c {shlex.quote(command)}",
        )
    return words


def _gives(words: tuple[str, ...], flags: tuple[str, ...]) -> bool:
    """Whether the user's words hold one of these flags, also as `--flag=value`."""
    return any(word in flags or word.partition("=")[0] in flags for word in words[1:])


@functools.cache
def _known_clis() -> dict[str, KnownCli]:
    text = resources.files("burnless.processes").joinpath("worker_clis.json").read_text("utf-8")
    table = from_json(_Table, json.loads(text))
    return {cli.program: cli for cli in table.clis}
