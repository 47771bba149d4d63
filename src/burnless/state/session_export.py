"""A session as one file for people (Markdown) or for programs (JSON)."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from burnless.core import events as ev
from burnless.core.encoding import canonical, to_json
from burnless.core.messages import Role
from burnless.core.outcome import Spend
from burnless.core.session import Session
from burnless.core.usage import dollars_text


def export_json(session: Session, events: Sequence[ev.Recorded]) -> str:
    """`{"session": ID, "log_version": 1, "events": [{"seq", "at", "type", "data"}, ...]}`."""
    value = {
        "session": session.id,
        "log_version": ev.LOG_VERSION,
        "events": [
            {
                "seq": recorded.seq,
                "at": recorded.at,
                "type": type(recorded.event).__name__,
                "data": to_json(recorded.event),
            }
            for recorded in events
        ],
    }
    return canonical(value) + "\n"


def export_markdown(session: Session, events: Sequence[ev.Recorded]) -> str:
    """The conversation, the plans, what was run and changed, the verdicts and the bill."""
    parts = [_heading(session, events)]
    parts.extend(text for recorded in events if (text := _section(recorded)))
    parts.append(_bill(session))
    return "\n\n".join(parts) + "\n"


def _heading(session: Session, events: Sequence[ev.Recorded]) -> str:
    name = session.started.name if session.started else ""
    lines = [f"# Session {session.id}{f' ({name})' if name else ''}", ""]
    lines.append(f"- workspace: {session.workspace}")
    if events:
        lines.append(f"- from {_moment(events[0].at)} to {_moment(events[-1].at)}")
    return "\n".join(lines)


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def _section(recorded: ev.Recorded) -> str:  # noqa: C901, PLR0911, PLR0912 - one arm an event
    match recorded.event:
        case ev.PromptReceived(text=text, turn=turn):
            return f"## Turn {turn}\n\n{_quoted(text)}"
        case ev.CallReplied(role=Role.EXECUTOR) as reply:
            return reply.message.text
        case ev.NoticeGiven(text=text, kind=kind):
            return f"*Notice ({kind}):*\n\n{_quoted(text)}"
        case ev.PlanMade(text=text, reason=reason):
            return f"### Plan ({reason})\n\n{text}"
        case ev.PlanRefused():
            return "*The user refused this plan.*"
        case ev.ToolStarted(tool=tool, arguments=arguments):
            return f"**{tool}**\n\n{_fenced(arguments, 'json')}"
        case ev.ToolFinished() as finished:
            return f"{finished.tool}: {finished.outcome}\n\n{_fenced(finished.text)}"
        case ev.WorkerFinished(command=command, text=text):
            return f"Worker `{command}`:\n\n{_fenced(text)}"
        case ev.Consulted(question=question, advice=advice):
            return f"### Consulted\n\n{_quoted(question)}\n\n{advice}"
        case ev.Compacted(reason=reason):
            return f"*History compacted here ({reason}).*"
        case ev.Audited(report=report):
            return _audit(report.verdict, [finding.text for finding in report.findings])
        case ev.TurnFinished(status=status, summary=summary):
            return f"**Turn ended: {status}.** {summary}".rstrip()
        case _:
            return ""


def _audit(verdict: str, findings: Sequence[str]) -> str:
    return "\n".join([f"### Audit: {verdict}", "", *(f"- {text}" for text in findings)]).rstrip()


def _bill(session: Session) -> str:
    rows = [f"| {role} | {spend.calls} | {_cost(spend)} |" for role, spend in session.spend.items()]
    rows.append(f"| total | {session.total_spend.calls} | {_cost(session.total_spend)} |")
    return "\n".join(["## Bill", "", "| role | calls | cost |", "| --- | --- | --- |", *rows])


def _cost(spend: Spend) -> str:
    if spend.unknown and spend.unknown == spend.calls:
        return dollars_text(None)
    text = ("~" if spend.estimated else "") + dollars_text(spend.cost)
    if spend.included:
        text += f" + {dollars_text(spend.included)} included in a plan"
    return text + (f" + {spend.unknown} calls of unknown price" if spend.unknown else "")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _fenced(text: str, language: str = "") -> str:
    """A fence longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
