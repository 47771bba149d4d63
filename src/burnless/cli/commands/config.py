"""`agent config`: what is configured, and where each value comes from."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from burnless.cli.commands.finding import here
from burnless.state.config import LoadedConfig, load_settings
from burnless.state.layout import Layout
from burnless.ui.lines import one_line


def show_config(config_file: Path | None) -> int:
    """Raises ConfigProblem with file, line and the nearest right key."""
    sys.stdout.write(config_text(here(), config_file))
    return 0


def show_keys() -> int:
    """The key reference, as docs/configuration.md has it."""
    from burnless.state.config_reference import (  # noqa: PLC0415 - start-up budget
        render_reference,
    )

    sys.stdout.write(render_reference())
    return 0


def config_text(layout: Layout, config_file: Path | None) -> str:
    loaded = load_settings(layout, environ=os.environ, config_file=config_file)
    return "\n".join(part for part in (_set(loaded), _inert(loaded), _files(layout)) if part)


def _set(loaded: LoadedConfig) -> str:
    if not loaded.sources:
        return "nothing is configured: every key has its default\n"
    widest = max(len(setting.key) for setting in loaded.sources)
    rows = []
    for setting in loaded.sources:
        place = f"{setting.origin}:{setting.line}" if setting.line else setting.origin
        rows.append(f"{setting.key:<{widest}}  {one_line(setting.shown)}  ({place})")
    return "\n".join(rows) + "\n"


def _inert(loaded: LoadedConfig) -> str:
    """What a project's file says and nobody trusted yet."""
    if not loaded.untrusted:
        return ""
    rows = ["without effect until you trust the file (read it, then `agent trust`)"]
    rows += [f"  {key.key}: {one_line(key.shown)}  (line {key.line})" for key in loaded.untrusted]
    return "\n".join(rows) + "\n"


def _files(layout: Layout) -> str:
    rows = ["files"]
    for name, path in (
        ("user", layout.user.config_file),
        ("project", layout.config_file),
    ):
        state = "" if path.exists() else "  (not there)"
        rows.append(f"  {name:<8} {path}{state}")
    rows.append("every key: `agent config --keys`")
    return "\n".join(rows) + "\n"
