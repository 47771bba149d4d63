"""Burnless: a terminal coding agent. `from burnless import BurnlessAgent` is the Python API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burnless.version import __version__

if TYPE_CHECKING:
    from burnless.cli.api import BurnlessAgent, RunResult

__all__ = ["BurnlessAgent", "RunResult", "__version__"]


def __getattr__(name: str) -> Any:
    """The API is imported when it is asked for: `agent --version` must not pay for it."""
    if name in {"BurnlessAgent", "RunResult"}:
        from burnless.cli import api  # noqa: PLC0415 - start-up budget

        return getattr(api, name)
    raise AttributeError(f"module 'burnless' has no attribute {name!r}")
