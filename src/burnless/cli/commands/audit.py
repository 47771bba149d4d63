"""`agent audit`: what was claimed in a session, and what the auditor found."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from burnless.cli.commands.finding import load
from burnless.cli.exits import say_why
from burnless.cli.options import RunOptions
from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.errors import InputProblem
from burnless.core.evidence import AuditReport, Verdict
from burnless.core.protocols import Approver, EventSink
from burnless.ui.headless import HeadlessApprover, TextFrontend
from burnless.ui.lines import plain_text
from burnless.ui.verdict_view import verdict_lines
from burnless.ui.wire_json import audit_object

CONTRADICTED = 3


@dataclass(frozen=True, slots=True)
class _Audited:
    """The last verdict on one turn."""

    turn: int
    report: AuditReport


def show_audit(wanted: str, *, turn: int | None, again: bool, as_json: bool) -> int:
    """The verdict on one turn, the newest one for None, or with `again` a new one of that.

    Exit code 3 where it is contradicted. Raises InputProblem for a turn that has none.
    """
    session, loaded = load(wanted)
    audits = _audits(loaded.events)
    if again:
        newest = session.turn.number if session.turn else 0
        shown = _Audited(newest, _again(session.id))
    elif turn is not None:
        shown = _of_turn(audits, turn, session.id)
    elif audits:
        shown = audits[-1]
    else:
        sys.stdout.write(f"session {session.id}: nothing was audited yet\n")
        return 0
    if as_json:
        sys.stdout.write(canonical(audit_object(shown.report)) + "\n")
    else:
        sys.stdout.write(f"session {session.id}, turn {shown.turn}\n")
        sys.stdout.write(plain_text(verdict_lines(shown.report)))
        sys.stdout.write(_others(audits, shown.turn))
    if shown.report.verdict is not Verdict.CONTRADICTED:
        return 0
    say_why("a claim is contradicted", "let it be mended", session.id)
    return CONTRADICTED


def _audits(events: Iterable[ev.Recorded]) -> list[_Audited]:
    """One for each turn that was audited: its last, which is the one that counted."""
    turn, found = 0, dict[int, AuditReport]()
    for recorded in events:
        if isinstance(recorded.event, ev.PromptReceived):
            turn = recorded.event.turn
        elif isinstance(recorded.event, ev.Audited):
            found[turn] = recorded.event.report
    return [_Audited(*each) for each in found.items()]


def _of_turn(audits: Sequence[_Audited], turn: int, session_id: str) -> _Audited:
    for audited in audits:
        if audited.turn == turn:
            return audited
    known = ", ".join(str(audited.turn) for audited in audits) or "none"
    raise InputProblem(
        f"turn {turn} of session {session_id} was not audited", hint=f"these turns were: {known}"
    )


def _others(audits: Sequence[_Audited], shown: int) -> str:
    """A line for each other turn, so that none is overlooked."""
    others = [audited for audited in audits if audited.turn != shown]
    if not others:
        return ""
    rows = (f"  turn {each.turn}: {_in_short(each.report)}\n" for each in others)
    return f"other turns (agent audit --turn N shows one)\n{''.join(rows)}"


def _in_short(report: AuditReport) -> str:
    number = len(report.findings)
    counted = f", {number} finding{'' if number == 1 else 's'}" if number else ""
    return f"{report.verdict.value.replace('_', ' ')}{counted}"


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
