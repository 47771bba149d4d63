"""The `run_command` tool: one shell command, its exit code first, its output capped."""

from __future__ import annotations

import os
import shlex

from burnless.core.encoding import JsonObject
from burnless.core.evidence import CommandOutcome
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access, RunCommand
from burnless.core.protocols import Blobs, ProcessResult, Runner, ToolContext, ToolOutcome
from burnless.core.settings import Limits
from burnless.core.terminal_text import plain_text
from burnless.tools.arguments import number_of, text_of
from burnless.tools.load_file import failed
from burnless.tools.output_cap import OutputCap
from burnless.tools.paths import Target, locate
from burnless.tools.schema import load_schema

NOT_FOUND, KILLED = 127, 137
_LONGEST_LAST_LINE = 200


class RunCommandTool:
    reads_only = False
    may_write_anywhere = True

    def __init__(self, runner: Runner, blobs: Blobs, limits: Limits) -> None:
        self._runner = runner
        self._blobs = blobs
        self._limits = limits
        self._cap = OutputCap(limits.result_lines, limits.result_bytes)

    @property
    def schema(self) -> ToolSchema:
        return load_schema("run_command")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        """The command as it would be typed where commands start."""
        return (RunCommand(_typed(arguments, context)),)

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return _typed(arguments, context)

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        command = text_of(arguments, "command")
        folder = _folder(arguments, context)
        if not command.strip():
            return failed("Not run: command is empty.")
        if isinstance(folder, str):
            return failed(folder)
        seconds, note = self._deadline(arguments)
        result = self._runner.run(
            command,
            cwd=folder.real,
            deadline_seconds=seconds,
            cancel=context.cancel,
            on_output=context.on_output,
        )
        return self._outcome(command, result, seconds, note, context)

    def _deadline(self, arguments: JsonObject) -> tuple[float, str]:
        asked = number_of(arguments, "timeout_seconds")
        if asked is None or asked <= 0:
            return self._limits.command_seconds, ""
        most = self._limits.command_seconds_most
        note = f" (timeout_seconds can be {most:g} at most)" if asked > most else ""
        return min(float(asked), most), note

    def _outcome(
        self,
        command: str,
        result: ProcessResult,
        seconds: float,
        note: str,
        context: ToolContext,
    ) -> ToolOutcome:
        whole = self._whole_text(result)
        body, blob = whole, ""
        if not self._cap.fits(whole):
            blob = self._blobs.put(whole.encode("utf-8", "replace"))
            body = self._cap.cut(whole, f"the whole: recall blob {blob}")
        head = _head(result, seconds, note, cancelled=context.cancel.cancelled)
        return ToolOutcome(
            text=f"{head}\n{body.rstrip() or '(no output)'}",
            # A command that ran and failed is a result, not an error of the call.
            is_error=result.exit_code is None,
            command=CommandOutcome(
                command=command,
                exit_code=result.exit_code,
                last_line=_last_line(whole),
                seconds=round(result.seconds, 3),
                timed_out=result.timed_out,
            ),
            blob=blob,
        )

    def _whole_text(self, result: ProcessResult) -> str:
        """The runner's `output` is cut for reading; what is kept for the blob is cut here."""
        if result.total_bytes <= self._limits.result_bytes:
            return result.output
        return plain_text(result.full.decode("utf-8", "replace"))


def _typed(arguments: JsonObject, context: ToolContext) -> str:
    command = text_of(arguments, "command")
    folder = _folder(arguments, context)
    if isinstance(folder, str):
        return command
    start = os.path.realpath(context.cwd)
    if folder.real.as_posix() == start:
        return command
    return f"cd {shlex.quote(os.path.relpath(folder.real, start))} && {command}"


def _folder(arguments: JsonObject, context: ToolContext) -> Target | str:
    given = text_of(arguments, "cwd")
    target = locate(given or str(context.cwd), context.root)
    if given and not target.inside:
        return (
            f"Not run: cwd {given} is outside the workspace. Leave it out, or use a folder in it."
        )
    if not target.real.is_dir():
        return (
            f"Not run: cwd {given or target.name} is no folder. It counts from the workspace "
            "root; read lists folders."
        )
    return target


def _head(result: ProcessResult, seconds: float, note: str, *, cancelled: bool) -> str:
    """The first line. No time in it: a repeated result has to look the same."""
    if result.timed_out:
        return (
            f"timed out after {seconds:g} s and was killed with its children{note}; no exit code. "
            "Is what it printed enough? Else run a smaller part, or a form of it that ends; a "
            "longer timeout_seconds helps only what was about to end."
        )
    if result.exit_code is None:
        return "interrupted by the user; no exit code" if cancelled else "killed; no exit code"
    meaning = {
        NOT_FOUND: " (no such program here: check the name, or what the project uses instead)",
        KILLED: " (killed from outside, often for using too much memory)",
    }
    return f"exit {result.exit_code}{meaning.get(result.exit_code, '')}{note}"


def _last_line(text: str) -> str:
    return text.rstrip().rsplit("\n", 1)[-1].strip()[:_LONGEST_LAST_LINE]
