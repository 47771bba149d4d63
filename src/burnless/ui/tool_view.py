"""One line a tool call: what, on what, how long, how it ended."""

from __future__ import annotations

import json
from typing import Any

from burnless.core.events import ToolFinished
from burnless.ui.diffs import diff_lines, is_diff
from burnless.ui.lines import Line, Span, Style, block, clip, line, one_line

_TARGET_KEYS = (
    "command",
    "path",
    "paths",
    "files",
    "edits",
    "query",
    "pattern",
    "text",
    "symbol",
    "question",
    "event",
    "summary",
    "step",
)
LONGEST_TARGET = 100
WORTH_SAYING_SECONDS = 0.1
MINUTE_SECONDS = 60
LONGEST_ROW = 200
LONGEST_REFUSAL = 600
"""A refusal ends with the rule that would allow the call: that must not be cut off."""

OUTPUT_TAIL = 5
"""Last lines of a failing command that are shown without being asked for."""


def target_of(arguments: str) -> str:
    """What a call is about, in a few words. Arguments may be no valid JSON."""
    try:
        value = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return clip(one_line(arguments), LONGEST_TARGET)
    if not isinstance(value, dict):
        return clip(one_line(str(value)), LONGEST_TARGET)
    for key in _TARGET_KEYS:
        if value.get(key):
            return clip(one_line(_brief(value[key])), LONGEST_TARGET)
    return clip(one_line(" ".join(_brief(item) for item in value.values())), LONGEST_TARGET)


def _brief(value: Any) -> str:
    match value:
        case str():
            return value
        case {"path": str(path)}:
            return path
        case dict():
            return " ".join(_brief(item) for item in value.values())
        case list():
            return ", ".join(dict.fromkeys(_brief(item) for item in value))
        case _:
            return str(value)


def tool_lines(event: ToolFinished, target: str, bullet: str) -> list[Line]:
    """The line of a finished call, then its diff, or the end of what a failed command printed."""
    style, ending = _ending(event)
    parts = [Span(f"{bullet} ", style), Span(event.tool, Style.STRONG), Span(f" {target}")]
    if event.seconds >= WORTH_SAYING_SECONDS:
        parts.append(Span(f"  {seconds_text(event.seconds)}", Style.DIM))
    if ending:
        parts.append(Span(f"  {ending}", style))
    return [line(*parts), *_below(event)]


def _ending(event: ToolFinished) -> tuple[Style, str]:
    command = event.command
    if command is not None and command.timed_out:
        return Style.BAD, "timed out"
    if command is not None and command.exit_code is not None:
        return (Style.BAD if command.exit_code else Style.GOOD), f"exit {command.exit_code}"
    match event.outcome:
        case "ok":
            return Style.GOOD, ""
        case "denied":
            return Style.WARNING, "not permitted"
        case "interrupted":
            return Style.WARNING, "interrupted"
        case _:
            return Style.BAD, "failed"


def _below(event: ToolFinished) -> list[Line]:
    if is_diff(event.display):
        return diff_lines(event.display)
    failed = event.command is not None and event.command.exit_code != 0
    if event.outcome == "ok" and not failed:
        return []
    tail = [each for each in event.text.splitlines() if each.strip()]
    tail = tail[-OUTPUT_TAIL:] if event.command is not None else tail[:2]
    most = LONGEST_REFUSAL if event.outcome == "denied" else LONGEST_ROW
    return [each for row in tail for each in block(Style.DIM, clip(row, most), "    ")]


def seconds_text(seconds: float) -> str:
    if seconds < MINUTE_SECONDS:
        return f"{seconds:.1f}s"
    return f"{int(seconds // MINUTE_SECONDS)}m{int(seconds % MINUTE_SECONDS):02d}s"
