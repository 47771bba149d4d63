"""`agent sessions`: list, show, rm, export, repair."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from burnless.cli.commands.finding import here, session_folder
from burnless.core import events as ev
from burnless.core.encoding import canonical, to_json
from burnless.core.errors import InputProblem, UsageProblem
from burnless.core.usage import dollars_text
from burnless.state.session_export import export_json, export_markdown
from burnless.state.session_store import repair_session
from burnless.state.session_summary import SessionSummary
from burnless.state.sessions import (
    find_session,
    list_sessions,
    read_session,
    remove_session,
)
from burnless.ui.lines import cells, clip, one_line, plain_text
from burnless.ui.scene import Scene

_LEAST_WORDS = 20
"""Cells of the words that say which session it is; with less room they get a row of their own."""
_INDENT = "    "


def show_list(*, as_json: bool, columns: int) -> int:
    sessions = list_sessions(here())
    if as_json:
        sys.stdout.writelines(canonical(to_json(each)) + "\n" for each in sessions)
    else:
        sys.stdout.write(sessions_text(sessions, columns))
    return 0


def show_one(wanted: str, *, columns: int) -> int:
    """What happened in it, told like on the screen."""
    session, loaded = read_session(session_folder(here(), wanted))
    scene = Scene(bullet="*", prose=True)
    name = f" ({session.started.name})" if session.started and session.started.name else ""
    sys.stdout.write(f"session {session.id}{one_line(name)} in {one_line(session.workspace)}\n")
    for recorded in loaded.events:
        if isinstance(recorded.event, ev.PromptReceived):
            sys.stdout.write(f"\n> {_prompt(recorded.event.text)}\n")
        sys.stdout.write(plain_text(scene.lines(recorded.event), columns))
        if isinstance(recorded.event, ev.TurnFinished):
            sys.stdout.write(_ending(recorded.event))
    return 0


def remove(wanted: Sequence[str], *, yes: bool) -> int:
    """Raises InputProblem for an ID that names none, SessionProblem for one in use."""
    layout = here()
    folders = [find_session(layout, each) for each in wanted]
    if not yes and not _confirmed(folders):
        return 0
    for folder in folders:
        remove_session(folder)
        sys.stdout.write(f"removed {folder.name}\n")
    return 0


def export(wanted: str, *, as_json: bool, output: Path | None) -> int:
    """Raises InputProblem where `output` cannot be written."""
    session, loaded = read_session(session_folder(here(), wanted))
    text = (export_json if as_json else export_markdown)(session, loaded.events)
    if output is None:
        sys.stdout.write(text)
        return 0
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputProblem(
            f"{output} cannot be written: {error.strerror}", hint="choose another file"
        ) from error
    sys.stderr.write(f"written to {output}\n")
    return 0


def repair(wanted: str) -> int:
    """Cut a damaged log before the damage; the log as it was stays as a backup."""
    folder = session_folder(here(), wanted)
    done = repair_session(folder)
    if done.backup is None:
        sys.stdout.write(f"{folder.name} is whole: {done.kept} events\n")
    else:
        sys.stdout.write(
            f"{folder.name}: kept {done.kept} events, cut {done.cut_lines} lines;"
            f" the log as it was is {done.backup}\n"
        )
    return 0


def sessions_text(sessions: Sequence[SessionSummary], columns: int) -> str:
    """Newest first, a line each; two on a narrow screen. `columns` 0: however long they are."""
    if not sessions:
        return 'no sessions here yet; agent "what to do" starts one\n'
    widest = max(len(each.id) for each in sessions)
    return "".join(_row(each, widest, columns) + "\n" for each in sessions)


def _row(each: SessionSummary, widest: int, columns: int) -> str:
    steps = f" {each.steps_done}/{len(each.steps)}" if each.steps else ""
    unknown = each.problem or (each.unknown and each.unknown == each.calls)
    cost = dollars_text(None if unknown else each.cost) + (
        "+?" if each.unknown and each.cost else ""
    )
    when = time.strftime("%m-%d %H:%M", time.localtime(each.updated_at)) if each.updated_at else ""
    head = f"{each.id:<{widest}}  {when:<11}  {each.status + steps:<14} {cost:>8}"
    words = one_line(each.problem or each.name or each.first_words)
    room = columns - cells(head) - 2
    if not columns or not words or cells(words) <= room:
        return f"{head}  {words}".rstrip()
    if room >= _LEAST_WORDS:
        return f"{head}  {clip(words, room)}"
    return f"{head}\n{_INDENT}{clip(words, columns - len(_INDENT))}"


def _prompt(text: str) -> str:
    return "\n  ".join(one_line(row) for row in text.splitlines())


def _ending(event: ev.TurnFinished) -> str:
    words = f": {one_line(event.summary or event.reason)}" if event.summary or event.reason else ""
    return f"[{event.status}]{words}\n"


def _confirmed(folders: Sequence[Path]) -> bool:
    names = ", ".join(folder.name for folder in folders)
    if not sys.stdin.isatty():
        raise UsageProblem(
            f"removing {names} cannot be undone, and nobody is there to confirm it",
            hint="add --yes",
        )
    sys.stdout.write(f"Remove {names} for good? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
