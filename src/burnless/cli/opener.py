"""How a run gets its engine: the wiring in earnest, a scripted one in tests."""

from __future__ import annotations

from typing import Protocol

from burnless.cli.options import RunOptions
from burnless.core.protocols import Approver, EventSink
from burnless.ui.engine import Engine


class DrivenEngine(Engine, Protocol):
    """An engine and the names of its tools, which scripts are told first."""

    @property
    def tool_names(self) -> tuple[str, ...]: ...


class OpenEngine(Protocol):
    def __call__(self, options: RunOptions, approver: Approver, sink: EventSink) -> DrivenEngine:
        """Raises BurnlessError: no key, no such session, a configuration that cannot be used."""
