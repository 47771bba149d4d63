"""A session on a terminal: open the engine for it, and hand both to the loop."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import replace

from burnless.cli.commands.config import config_text
from burnless.cli.commands.context import context_text
from burnless.cli.commands.meter import meter_text
from burnless.cli.commands.permissions import permissions_text
from burnless.cli.commands.sessions import sessions_text
from burnless.cli.exits import complain
from burnless.cli.invocation import Invocation
from burnless.cli.opener import OpenEngine
from burnless.cli.options import RunOptions
from burnless.core.errors import BurnlessError, InputProblem
from burnless.state.layout import Layout, layout_of
from burnless.state.sessions import find_session, list_sessions, read_session, remove_session
from burnless.ui.engine import Engine
from burnless.ui.interactive import Interactive
from burnless.ui.slash_commands import Reports


def run_interactive(invocation: Invocation, open_engine: OpenEngine) -> int:
    """Until the user leaves; the value is the exit code."""
    layout = layout_of(invocation.options.cwd, os.environ)
    frontend = Interactive(plain=invocation.plain, verbose=invocation.verbose)
    try:
        options = replace(_chosen(invocation, layout, frontend), first_prompt=invocation.prompt)
        engine = open_engine(options, frontend.exchange, frontend.exchange)
    except BurnlessError as error:
        return complain(error)
    try:
        return frontend.run(engine, invocation.prompt, _reports(engine, layout, options))
    except BurnlessError as error:
        return complain(error, engine.session_id)
    finally:
        engine.close()
        if not engine.session.prompts:
            _forget(layout, engine.session_id)


def _chosen(invocation: Invocation, layout: Layout, frontend: Interactive) -> RunOptions:
    if not invocation.pick_session:
        return invocation.options
    sessions = list_sessions(layout)
    if not sessions:
        raise InputProblem(
            f"there is no session in {layout.workspace} to resume",
            hint='start one: agent "what to do"',
        )
    rows = [f"{each.id}  {each.name or each.first_words} ({each.status})" for each in sessions]
    chosen = frontend.pick("Which session?", rows)
    if chosen is None:
        raise InputProblem("no session was chosen", hint="agent --resume ID names one")
    return replace(invocation.options, resume=sessions[chosen].id)


def _forget(layout: Layout, session_id: str) -> None:
    """A session nobody ever wrote a prompt in is nothing to come back to."""
    with contextlib.suppress(BurnlessError):
        remove_session(find_session(layout, session_id))


def _reports(engine: Engine, layout: Layout, options: RunOptions) -> Reports:
    def context() -> str:
        for root in layout.session_roots:
            if (root / engine.session_id).is_dir():
                session, loaded = read_session(root / engine.session_id)
                meter = meter_text(session, engine.settings, engine.cards)
                return context_text(session, loaded, meter)
        return "the session is not on disk\n"

    def permissions() -> str:
        given = engine.session.rules_given
        return permissions_text(layout, engine.settings.permissions, engine.mode, given)

    return Reports(
        by_command={
            "/context": context,
            "/sessions": lambda: sessions_text(
                list_sessions(layout), shutil.get_terminal_size().columns
            ),
            "/config": lambda: config_text(layout, options.config_path),
            "/permissions": permissions,
        },
        history_file=layout.user.state / "history",
        folder=options.cwd,
    )
