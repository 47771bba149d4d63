"""A process that appends events for as long as it lives and prints each acknowledged number."""

from __future__ import annotations

import sys
from pathlib import Path

from burnless.core import events as ev
from burnless.state.session_store import open_session
from tests.support.clocks import SetClock

if __name__ == "__main__":
    store, _ = open_session(Path(sys.argv[1]), SetClock())
    while True:
        recorded = store.append(ev.NoteTaken("fact", "x" * 3_000), sync=True)
        sys.stdout.write(f"{recorded.seq}\n")
        sys.stdout.flush()
