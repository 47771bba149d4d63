"""Events of the log as text a model can read."""

from __future__ import annotations

from burnless.core import events as ev
from burnless.core.encoding import canonical, to_json

_ONE_LINE = 200
_BEFORE_HIT = 60


def render_event(recorded: ev.Recorded) -> str:
    """The whole of an event: a head line with its id, then what was said or done."""
    head, body = _head_and_body(recorded.event)
    return f"e{recorded.seq} {head}\n{body}".rstrip("\n")


def render_hit(recorded: ev.Recorded, wanted: str) -> str:
    """One line: id, what it is, and the words around the hit."""
    head, body = _head_and_body(recorded.event)
    text = " ".join(f"{head}: {body}".split())
    at = text.casefold().find(wanted.casefold())
    start = max(0, at - _BEFORE_HIT)
    before, after = ("…" if start else ""), ("…" if len(text) > start + _ONE_LINE else "")
    return f"e{recorded.seq} {before}{text[start : start + _ONE_LINE]}{after}"


_HeadAndBody = tuple[str, str]


def _head_and_body(event: ev.Event) -> _HeadAndBody:
    known = _said(event) or _planned(event) or _done(event)
    return known or (type(event).__name__, canonical(to_json(event)))


def _said(event: ev.Event) -> _HeadAndBody | None:
    match event:
        case ev.PromptReceived():
            return "the user said", event.text
        case ev.CallReplied():
            calls = "\n".join(f"[{call.name} {call.arguments}]" for call in event.message.calls)
            return f"reply of the {event.role.value}", f"{event.message.text}\n{calls}".strip()
        case ev.NoticeGiven():
            return f"notice ({event.kind})", event.text
        case ev.NoteTaken():
            return event.kind, event.text
        case ev.Consulted():
            return "consultation", f"{event.question}\n-> {event.advice}"
        case ev.Compacted():
            return f"compaction {event.capsule.number} ({event.reason})", event.text
        case _:
            return None


def _planned(event: ev.Event) -> _HeadAndBody | None:
    match event:
        case ev.PlanMade():
            return f"plan, revision {event.plan.revision} ({event.reason})", event.text
        case ev.PlanRefused():
            return "the user refused that plan", ""
        case ev.StepMarked():
            return f"step {event.step}: {event.status.value}", event.evidence
        case ev.CheckFinished():
            outcome = event.outcome
            code = outcome.refused or f"exit {outcome.exit_code}"
            return f"check `{outcome.command}`: {code}", outcome.last_lines
        case ev.TurnFinished():
            return f"turn {event.turn} ended: {event.status}", f"{event.summary}\n{event.reason}"
        case _:
            return None


def _done(event: ev.Event) -> _HeadAndBody | None:
    match event:
        case ev.ToolStarted():
            return f"{event.tool} was started", event.arguments
        case ev.ToolFinished():
            return _tool_finished(event)
        case ev.WorkerFinished():
            changed = "".join(f"\n{change.kind} {change.path}" for change in event.changes)
            return f"worker, step {event.step}, exit {event.exit_code}", f"{event.text}{changed}"
        case _:
            return None


def _tool_finished(event: ev.ToolFinished) -> _HeadAndBody:
    rows = [event.text]
    rows += [f"[{change.kind} {change.path}]" for change in event.changes]
    if event.display and "@@" not in event.text:
        rows.append(event.display)
    if event.blob:
        rows.append(f"[the whole output: recall blob {event.blob}]")
    command = f" `{event.command.command}`" if event.command else ""
    return f"{event.tool}{command}, {event.outcome}", "\n".join(rows)
