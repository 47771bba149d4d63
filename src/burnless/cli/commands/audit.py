"""`agent audit`: what was claimed in a session, and what the auditor found."""

from __future__ import annotations

import sys
from pathlib import Path

from burnless.cli.commands.finding import load
from burnless.cli.exits import say_why
from burnless.cli.options import RunOptions
from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.evidence import AuditReport, Verdict
from burnless.core.protocols import Approver, EventSink
from burnless.ui.headless import HeadlessApprover, TextFrontend
from burnless.ui.lines import plain_text
from burnless.ui.verdict_view import verdict_lines
from burnless.ui.wire_json import audit_object

CONTRADICTED = 3


def show_audit(wanted: str, *, again: bool, as_json: bool) -> int:
    """The last verdict, or with `again` a new one; exit code 3 where it is contradicted."""
    session, loaded = load(wanted)
    report = _again(session.id) if again else _last(list(loaded.events))
    if report is None:
        sys.stdout.write(f"session {session.id}: nothing was audited yet\n")
        return 0
    if as_json:
        sys.stdout.write(canonical(audit_object(report)) + "\n")
    else:
        sys.stdout.write(f"session {session.id}\n{plain_text(verdict_lines(report))}")
    if report.verdict is not Verdict.CONTRADICTED:
        return 0
    say_why("a claim is contradicted", "let it be mended", session.id)
    return CONTRADICTED


def _last(events: list[ev.Recorded]) -> AuditReport | None:
    audits = (each.event for each in reversed(events) if isinstance(each.event, ev.Audited))
    return next((audited.report for audited in audits), None)


def _again(session_id: str) -> AuditReport:
    """Against the disk as it is now. Raises SessionProblem where the session is in use."""
    from burnless.cli.wiring import open_engine  # noqa: PLC0415 - start-up budget

    approver: Approver = HeadlessApprover()
    sink: EventSink = TextFrontend(sys.stdout, sys.stderr)
    options = RunOptions(cwd=Path.cwd(), resume=session_id, without_models=True)
    engine = open_engine(options, approver, sink)
    try:
        return engine.audit()
    finally:
        engine.close()
