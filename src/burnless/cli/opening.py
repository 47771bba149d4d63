"""Which session a run goes on with, and opening it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from burnless.cli.options import RunOptions
from burnless.core.errors import InputProblem
from burnless.core.protocols import Clock
from burnless.core.session import Session
from burnless.state.layout import Layout
from burnless.state.session_ids import check_session_id
from burnless.state.session_store import SessionFolder, open_session
from burnless.state.sessions import find_session, fork_session, newest_session, start_session


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that is locked for this process. `dropped_bytes`: a torn tail that was cut off."""

    store: SessionFolder
    session: Session
    dropped_bytes: int = 0

    @property
    def is_new(self) -> bool:
        return self.session.seq == 0


def open_for(options: RunOptions, layout: Layout, clock: Clock) -> Opened:
    """Find or start the session these options ask for.

    Raises InputProblem where the one asked for is not there, SessionProblem where it is in use or
    damaged.
    """
    folder = _existing(options, layout)
    if folder is None:
        store = start_session(
            layout, clock, prompt=options.first_prompt, session_id=options.session_id
        )
        return Opened(store, Session())
    if options.fork:
        folder = fork_session(layout, folder, clock, session_id=options.session_id)
    store, loaded = open_session(folder, clock)
    session = Session()
    for recorded in loaded.events:
        session.apply(recorded)
    return Opened(store, session, loaded.dropped_tail_bytes)


def _existing(options: RunOptions, layout: Layout) -> Path | None:
    if options.resume:
        return find_session(layout, options.resume)
    if options.continue_newest:
        newest = newest_session(layout)
        if newest is None:
            raise InputProblem(
                f"there is no session in {layout.workspace} to continue",
                hint='start one: agent "what to do"',
            )
        return newest
    if options.session_id:
        check_session_id(options.session_id)
        for root in layout.session_roots:
            folder = root / options.session_id
            if folder.is_dir():
                return folder
    return None
