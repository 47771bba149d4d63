"""Finding, listing, copying and removing sessions."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.errors import InputProblem, SessionProblem
from burnless.core.protocols import Clock
from burnless.core.session import Session
from burnless.state.durable import write_whole
from burnless.state.layout import Layout, UserFolders, make_session_folder
from burnless.state.log_file import LOG_NAME, LoadedLog, load_log
from burnless.state.log_lines import encode_line
from burnless.state.session_ids import check_session_id, new_session_id
from burnless.state.session_store import (
    SessionFolder,
    create_session,
    lock_session,
)
from burnless.state.session_summary import SessionSummary, summarize


def start_session(
    layout: Layout, clock: Clock, *, prompt: str = "", session_id: str = ""
) -> SessionFolder:
    """A new session's folder and log. Raises InputProblem for a bad or taken ID, SessionProblem."""
    if session_id:
        check_session_id(session_id)
        if any((root / session_id).exists() for root in layout.session_roots):
            raise InputProblem(
                f"there is a session {session_id} already",
                hint=f"agent --resume {session_id}, or choose another ID",
            )
        store = create_session(make_session_folder(layout, session_id), clock)
    else:
        store = create_session(_make_new_folder(layout, prompt, clock.now()), clock)
    remember_workspace(layout)
    return store


def fork_session(layout: Layout, source: Path, clock: Clock, *, session_id: str = "") -> Path:
    """A copy under its own ID, which knows where it came from; the source may be in use."""
    loaded = load_log(source / LOG_NAME)
    if not loaded.events or not isinstance(loaded.events[0].event, ev.SessionStarted):
        raise InputProblem(
            f"session {source.name} is empty: nothing to copy", hint="start a new one"
        )
    prompt = next(
        (e.event.text for e in loaded.events if isinstance(e.event, ev.PromptReceived)), ""
    )
    with start_session(layout, clock, prompt=prompt, session_id=session_id) as store:
        target = store.folder
    started = replace(
        loaded.events[0].event, session_id=target.name, forked_from=source.name, name=""
    )
    with (source / LOG_NAME).open("rb") as log:
        log.seek(loaded.ends[0])
        rest = log.read(loaded.size - loaded.ends[0])
    # Copied events are older than the copy: what they cost is not counted to a day twice.
    first = encode_line(ev.Recorded(1, round(clock.now(), 3), started))
    if (source / "blobs").is_dir():
        shutil.copytree(source / "blobs", target / "blobs", copy_function=_link_or_copy)
    write_whole(target / LOG_NAME, first + rest)
    return target


def list_sessions(layout: Layout) -> list[SessionSummary]:
    """All sessions of the workspace, newest first."""
    summaries = [summarize(folder) for folder in session_folders(layout)]
    return sorted(summaries, key=lambda summary: summary.updated_at, reverse=True)


def session_folders(layout: Layout) -> list[Path]:
    return [folder for root in layout.session_roots for folder in _folders_below(root)]


def newest_session(layout: Layout) -> Path | None:
    """The session that was written last, without reading any."""
    logs = [folder / LOG_NAME for folder in session_folders(layout)]
    written = [log for log in logs if log.stat().st_size]
    return max(written, key=lambda log: log.stat().st_mtime_ns).parent if written else None


def find_session(layout: Layout, wanted: str) -> Path:
    """By ID, by the name the user gave it, or by a prefix of one ID. Raises InputProblem."""
    folders = session_folders(layout)
    matches = [folder for folder in folders if folder.name == wanted]
    if not matches and wanted:
        matches = [folder for folder in folders if summarize(folder).name == wanted]
    if not matches and wanted:
        matches = [folder for folder in folders if folder.name.startswith(wanted)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = ", ".join(sorted(folder.name for folder in matches))
        raise InputProblem(
            f"{wanted!r} may be any of {len(matches)} sessions: {names}",
            hint="give more of the ID",
        )
    raise InputProblem(
        f"there is no session {wanted!r} in {layout.workspace}",
        hint="`agent sessions list` shows the sessions there are",
    )


def read_session(folder: Path) -> tuple[Session, LoadedLog]:
    """The fold of a log, for showing: takes no lock and changes nothing. Raises SessionProblem."""
    loaded = load_log(folder / LOG_NAME)
    session = Session()
    for recorded in loaded.events:
        session.apply(recorded)
    return session, loaded


def remove_session(folder: Path) -> None:
    """Remove a session for good; who calls has asked. Raises SessionProblem where it is in use."""
    lock = lock_session(folder)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise SessionProblem(
            f"session {folder.name} cannot be removed: {error.strerror}",
            hint=f"check who owns {folder}",
        ) from error
    finally:
        os.close(lock)


def remember_workspace(layout: Layout) -> None:
    """Add the workspace to the user's list. The list only helps to find: no error is worth one."""
    path = layout.user.workspaces_file
    if layout.workspace in known_workspaces(layout.user):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(canonical(str(layout.workspace)) + "\n")
    except OSError:
        return


def known_workspaces(user: UserFolders) -> list[Path]:
    """Every workspace that had a session, oldest first, whether it still exists or not."""
    try:
        lines = user.workspaces_file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return list(dict.fromkeys(path for line in lines for path in _path_in(line)))


def _path_in(line: str) -> Iterator[Path]:
    try:
        value = json.loads(line)
    except ValueError:
        return
    if isinstance(value, str):
        yield Path(value)


def _make_new_folder(layout: Layout, prompt: str, now: float) -> Path:
    while True:
        try:
            return make_session_folder(layout, new_session_id(prompt, now))
        except FileExistsError:
            continue


def _folders_below(root: Path) -> list[Path]:
    try:
        return sorted(entry for entry in root.iterdir() if (entry / LOG_NAME).exists())
    except OSError:
        return []


def _link_or_copy(source: str, target: str) -> None:
    """Blobs never change, so two sessions may share one file."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
