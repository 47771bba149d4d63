"""Record = append + fsync, then fold, then show."""

from __future__ import annotations

import threading

from burnless.core import events as ev
from burnless.core.protocols import EventSink, SessionStore
from burnless.core.session import Session


def must_be_synced(event: ev.Event) -> bool:
    """Whether the event has to be on the disk before anything else happens.

    What only reports (a tool's outcome, a mark, a note) is in the kernel when `append` returns,
    so `kill -9` does not lose it, and the next synced event puts it on the disk: at the latest
    the one before the next paid call. An effect's intent and a paid reply cannot wait.
    """
    match event:
        case ev.ToolStarted():
            return event.effect
        case (
            ev.ToolFinished()
            | ev.NoticeGiven()
            | ev.StepMarked()
            | ev.NoteTaken()
            | ev.CheckFinished()
            | ev.StateSnapshotted()
            | ev.PlanningStarted()
            | ev.PlanningFailed()
            | ev.Consulted()
            | ev.ProjectFixed()
            | ev.PrefixFixed()
        ):
            return False
        case _:
            return True


class SessionRecorder:
    """The one way into a session's log; safe for the threads of parallel tools."""

    def __init__(self, store: SessionStore, session: Session, sink: EventSink) -> None:
        self._store = store
        self._session = session
        self._sink = sink
        self._lock = threading.RLock()

    @property
    def session(self) -> Session:
        return self._session

    def record(self, event: ev.Event) -> ev.Recorded:
        """Raises SessionProblem when the disk does not take it: then nothing else may happen."""
        with self._lock:
            recorded = self._store.append(event, sync=must_be_synced(event))
            self._session.apply(recorded)
            self._show(recorded)
            return recorded

    def _show(self, recorded: ev.Recorded) -> None:
        """A screen that fails over one event must not end work that was paid for."""
        try:
            self._sink.show(recorded)
        except OSError:  # nobody listens any more
            raise
        except Exception:
            return
