"""`agent context`: what the prompt is made of, layer by layer, and which files went into it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from burnless.cli.commands.finding import here, session_folder
from burnless.cli.commands.meter import configured_meter
from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.core.session import Session
from burnless.state.log_file import LoadedLog
from burnless.state.sessions import read_session

_HASH_SHOWN = 12


def show_context(wanted: str) -> int:
    layout = here()
    session, loaded = read_session(session_folder(layout, wanted))
    sys.stdout.write(context_text(session, loaded, configured_meter(session, layout)))
    return 0


def context_text(session: Session, loaded: LoadedLog, meter: str) -> str:
    """Layers of each role's last request in cache order, memory files in the order of loading,
    how full the context is, and the rent meter. Token counts are estimates, but for the last
    call's."""
    parts = [f"session {session.id}\n"]
    parts += [_layers(call) for call in _last_calls(loaded.events)]
    parts.append(_memory(session))
    parts.append(_fill(session) + meter)
    return "\n".join(part for part in parts if part)


def _last_calls(events: Iterable[ev.Recorded]) -> list[ev.CallStarted]:
    """The newest request of each role that says what it was made of."""
    last: dict[Role, ev.CallStarted] = {}
    for recorded in events:
        event = recorded.event
        if isinstance(event, ev.CallStarted) and event.layers:
            last[event.role] = event
    return [last[role] for role in Role if role in last]


def _layers(call: ev.CallStarted) -> str:
    rows = [f"{call.role} ▸ {call.model}"]
    for layer in call.layers:
        digest = layer.sha256[:_HASH_SHOWN]
        rows.append(f"  {layer.layer:<10} {layer.tokens:>9,} tokens  {digest}")
    total = sum(layer.tokens for layer in call.layers)
    rows.append(f"  {'in all':<10} {total:>9,} tokens")
    return "\n".join(rows) + "\n"


def _memory(session: Session) -> str:
    if session.project is None:
        return ""
    if not session.project.files:
        return "no memory files were found (AGENTS.md, CLAUDE.md, MEMORY.md, ...)\n"
    rows = ["memory files, in the order they were loaded"]
    for number, file in enumerate(session.project.files, 1):
        cut = "  (only its head)" if file.cut else ""
        digest = file.sha256[:_HASH_SHOWN]
        rows.append(f"  {number}. {file.path}  {file.bytes:,} bytes  {digest}{cut}")
    return "\n".join(rows) + "\n"


def _fill(session: Session) -> str:
    rows = [f"last executor call: {session.context_tokens:,} tokens in context"]
    rows.append(f"compactions: {len(session.compactions)}")
    if session.compactions:
        last = session.compactions[-1]
        rows.append(f"last one: {last.reason}, at {last.context_tokens:,} tokens")
    return "\n".join(rows) + "\n"
