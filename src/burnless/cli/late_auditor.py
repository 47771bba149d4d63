"""The auditor, imported when a report is to be judged: it is much of what would be imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import AuditReport
from burnless.core.protocols import Auditor, FinishReport, Prover, Snapshots
from burnless.core.session import Session
from burnless.core.settings import Settings


class LateAuditor:
    """Implements `Auditor`."""

    def __init__(
        self, root: Path, cwd: Path, snapshots: Snapshots, prover: Prover, settings: Settings
    ) -> None:
        self._root = root
        self._cwd = cwd
        self._snapshots = snapshots
        self._prover = prover
        self._settings = settings
        self._made: Auditor | None = None

    def audit(
        self,
        session: Session,
        report: FinishReport | None,
        prose: str,
        record: Callable[[ev.Event], object],
        cancel: CancelToken,
    ) -> AuditReport:
        """As the protocol says."""
        return self._auditor().audit(session, report, prose, record, cancel)

    def _auditor(self) -> Auditor:
        if self._made is None:
            from burnless.audit.auditor import WorkspaceAuditor  # noqa: PLC0415 - start-up budget

            self._made = WorkspaceAuditor(
                self._root, self._cwd, self._snapshots, self._prover, self._settings
            )
        return self._made
