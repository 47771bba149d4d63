"""A `claude` for tests: takes the real flags, reads the prompt on stdin, prints Claude's JSON.

`install_fake_claude(folder, replies)` writes an executable `claude` into `folder` (put it first on
PATH). Each run plays the first reply that was not played yet and whose `when` is in the prompt; a
run without one fails loudly. What each run was given is in `.calls`.

A reply is a mapping; every key has a default:
    when        text the prompt has to hold (default: any prompt)
    text        what it says
    plan        a value printed as one fenced JSON block behind `text`
    files       path -> content, written under the working directory; None deletes the file
    model       the model its API names ("claude-haiku-4-5")
    usage       Anthropic usage fields of the whole run
    cost        dollars
    key_source  "none" (a subscription) or "ANTHROPIC_API_KEY"
    error       a result subtype such as "error_max_turns"
    exit        exit code
    stderr      printed there
    plain       print `text` without any JSON
    cut         stop in the middle of the result line
    seconds     wait so long before answering
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = "FAKE_CLAUDE_SCRIPT"
USAGE = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 4000,
    "output_tokens": 50,
    "cache_creation": {"ephemeral_1h_input_tokens": 100, "ephemeral_5m_input_tokens": 200},
}


@dataclass(frozen=True)
class FakeClaude:
    """Where it was installed. `path` is the executable."""

    path: Path
    script: Path

    @property
    def calls(self) -> list[dict[str, Any]]:
        """One a run: `arguments`, `prompt`, `cwd`, `environment` (names only)."""
        log = self.script.with_suffix(".calls")
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return [json.loads(line) for line in lines]

    def forget(self) -> None:
        """As if nothing had been played yet."""
        for ending in (".calls", ".played"):
            self.script.with_suffix(ending).unlink(missing_ok=True)


def install_fake_claude(
    folder: Path, replies: Sequence[Mapping[str, Any]], program: str = "claude"
) -> FakeClaude:
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / f"{program}.script.json"
    script.write_text(json.dumps([dict(reply) for reply in replies]), "utf-8")
    path = folder / program
    python, here = shlex.quote(sys.executable), shlex.quote(str(Path(__file__).resolve()))
    path.write_text(
        f'#!/bin/sh\n{SCRIPT}={shlex.quote(str(script))} exec {python} -S {here} "$@"\n', "utf-8"
    )
    path.chmod(0o755)
    return FakeClaude(path, script)


def main() -> int:
    options = _options(sys.argv[1:])
    if not options.print:
        return _complain("a terminal is needed for the interactive mode (use --print)")
    if options.output_format == "stream-json" and not options.verbose:
        return _complain("when using --print, --output-format=stream-json requires --verbose")
    prompt = sys.stdin.read()
    if not prompt.strip():
        return _complain("input must be provided through stdin when using --print")
    script = Path(os.environ[SCRIPT])
    _log(script, prompt)
    reply = _next_reply(script, prompt)
    if reply is None:
        return _complain(f"no reply is left in {script.name} for this prompt")
    time.sleep(reply.get("seconds", 0))
    _write_files(reply.get("files", {}))
    sys.stderr.write(reply.get("stderr", ""))
    _print_reply(reply, options)
    return int(reply.get("exit", 0))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("claude", allow_abbrev=False)
    parser.add_argument("-p", "--print", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--output-format", choices=("text", "json", "stream-json"), default="text")
    parser.add_argument("--model")
    parser.add_argument(
        "--permission-mode",
        choices=("default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"),
    )
    parser.add_argument("--dangerously-skip-permissions", action="store_true")
    parser.add_argument("--tools")
    parser.add_argument("--strict-mcp-config", action="store_true")
    parser.add_argument("--allowedTools", "--allowed-tools", nargs="+")
    parser.add_argument("--disallowedTools", "--disallowed-tools", nargs="+")
    return parser.parse_args(arguments)


def _complain(reason: str) -> int:
    sys.stderr.write(f"Error: {reason}\n")
    return 1


def _log(script: Path, prompt: str) -> None:
    call = {
        "arguments": sys.argv[1:],
        "prompt": prompt,
        "cwd": str(Path.cwd()),
        "environment": sorted(os.environ),
    }
    with script.with_suffix(".calls").open("a", encoding="utf-8") as log:
        log.write(json.dumps(call) + "\n")


def _next_reply(script: Path, prompt: str) -> dict[str, Any] | None:
    played_file = script.with_suffix(".played")
    played = json.loads(played_file.read_text("utf-8")) if played_file.exists() else []
    for index, reply in enumerate(json.loads(script.read_text("utf-8"))):
        if index not in played and reply.get("when", "") in prompt:
            played_file.write_text(json.dumps([*played, index]), "utf-8")
            return dict(reply)
    return None


def _write_files(files: dict[str, str | None]) -> None:
    for name, content in files.items():
        path = Path(name)
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")


def _print_reply(reply: dict[str, Any], options: argparse.Namespace) -> None:
    text = reply.get("text", "")
    if "plan" in reply:
        text = f"{text}\n\n```json\n{json.dumps(reply['plan'], indent=2)}\n```".strip()
    if reply.get("plain") or options.output_format == "text":
        sys.stdout.write(text + "\n")
        return
    events = _events(reply, text)
    if options.output_format == "json":
        events = events if options.verbose else events[-1:]
    lines = [json.dumps(event) for event in events]
    printed = "\n".join(lines)
    if options.output_format == "json" and options.verbose:
        printed = json.dumps(events)
    if reply.get("cut"):
        printed = printed[: -len(lines[-1]) // 2]
    sys.stdout.write(printed + "\n")


def _events(reply: dict[str, Any], text: str) -> list[dict[str, Any]]:
    model = reply.get("model", "claude-haiku-4-5")
    usage = {**USAGE, **reply.get("usage", {})}
    error = reply.get("error", "")
    counted = {
        "inputTokens": usage["input_tokens"],
        "outputTokens": usage["output_tokens"],
        "cacheReadInputTokens": usage["cache_read_input_tokens"],
        "cacheCreationInputTokens": usage["cache_creation_input_tokens"],
        "costUSD": reply.get("cost", 0.0123),
    }
    result = {
        "type": "result",
        "subtype": error or "success",
        "is_error": bool(error),
        "num_turns": 2,
        "session_id": "00000000-0000-4000-8000-000000000000",
        "total_cost_usd": reply.get("cost", 0.0123),
        "usage": usage,
        "modelUsage": {model: counted},
        "permission_denials": [],
    }
    if not error:
        result["result"] = text
    return [
        {
            "type": "system",
            "subtype": "init",
            "cwd": str(Path.cwd()),
            "tools": ["Read", "Edit", "Bash"],
            "model": model,
            "permissionMode": "acceptEdits",
            "apiKeySource": reply.get("key_source", "none"),
        },
        {
            "type": "assistant",
            "message": {
                "model": model,
                "role": "assistant",
                "content": [{"type": "text", "text": text}],
                "usage": usage,
            },
            "parent_tool_use_id": None,
        },
        result,
    ]


if __name__ == "__main__":
    sys.exit(main())
