"""Writing and loading the configuration of a test's own workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from burnless.state.config import LoadedConfig, load_settings
from burnless.state.layout import Layout


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(
    layout: Layout,
    project: str = "",
    user: str = "",
    *,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
    trust: bool = True,
) -> LoadedConfig:
    if project:
        write(layout.config_file, project)
    if user:
        write(layout.user.config_file, user)
    return load_settings(layout, environ=environ or {}, flags=flags, trust_project=trust)
