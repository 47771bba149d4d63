"""Which session a subcommand is about."""

from __future__ import annotations

import os
from pathlib import Path

from burnless.core.errors import InputProblem
from burnless.core.session import Session
from burnless.state.layout import Layout, layout_of
from burnless.state.log_file import LoadedLog
from burnless.state.sessions import find_session, newest_session, read_session


def here() -> Layout:
    """The workspace around the current folder."""
    return layout_of(Path.cwd(), os.environ)


def session_folder(layout: Layout, wanted: str) -> Path:
    """By ID, name or unique prefix; "" = the newest. Raises InputProblem."""
    if wanted:
        return find_session(layout, wanted)
    newest = newest_session(layout)
    if newest is None:
        raise InputProblem(
            f"there is no session in {layout.workspace} yet",
            hint='start one: agent "what to do"',
        )
    return newest


def load(wanted: str) -> tuple[Session, LoadedLog]:
    """Raises InputProblem where there is none, SessionProblem where it is damaged."""
    return read_session(session_folder(here(), wanted))
