"""Sessions on disk, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from burnless.core import events as ev
from burnless.state.layout import Layout, UserFolders
from burnless.state.session_store import open_session
from burnless.state.sessions import start_session
from tests.support.clocks import SetClock


def layout_in(folder: Path) -> Layout:
    """A workspace and a user of its own."""
    workspace = folder / "work"
    workspace.mkdir(exist_ok=True)
    home = folder / "home"
    return Layout(workspace.resolve(), UserFolders(home, home, home / "cache"))


def write_session(
    layout: Layout, session_id: str, events: Iterable[ev.Event], *, at: float = 1_763_827_200.0
) -> Path:
    clock = SetClock(at)
    with start_session(layout, clock, session_id=session_id) as store:
        for event in events:
            store.append(event, sync=False)
            clock.seconds += 1
    return store.folder


def loaded_events(folder: Path) -> list[ev.Event]:
    store, loaded = open_session(folder, SetClock())
    store.close()
    return [recorded.event for recorded in loaded.events]
