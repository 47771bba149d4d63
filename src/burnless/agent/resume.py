"""Coming back: close what was open, tell the model what changed, then go on."""

from __future__ import annotations

from burnless.agent.advisor import PURPOSE
from burnless.agent.context import executor_system, fix_prefix
from burnless.agent.kit import Kit
from burnless.agent.tool_runner import close_open_calls
from burnless.agent.unfinished import unused_advice
from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.version import __version__

CONSULT = "consult"
NO_OUTCOME = (
    "Interrupted before a result came back, and it changed nothing: call it again if you need it."
)


def mend(kit: Kit) -> None:
    """After loading a log: every tool call that was left open gets an answer.

    A call whose intent was recorded may or may not have happened: the model is told so.
    """
    kit.recorder.record(ev.SessionResumed(__version__, str(kit.root)))
    _tell_paid_advice(kit)
    close_open_calls(kit, NO_OUTCOME)


def _tell_paid_advice(kit: Kit) -> None:
    """A consultation whose answer is in the log is answered with it."""
    asked = [call for call in kit.session.open_calls.values() if call.name == CONSULT]
    advice = unused_advice(kit, PURPOSE) if len(asked) == 1 else ""
    if advice:
        kit.recorder.record(ev.ToolFinished(asked[0].id, CONSULT, advice))
        kit.recorder.record(ev.Consulted(asked[0].arguments, advice))


def tell_what_changed(kit: Kit) -> None:
    """A project file that changed is one notice; other tools or instructions are a new prefix."""
    session = kit.session
    if session.project is not None:
        was = session.told_files
        now = {file.path: file for file in kit.surveyor.project_layer().files}
        gone = [ev.MemoryFile(path, "", 0) for path in was.keys() - now.keys() if was[path]]
        changed = [file for path, file in now.items() if file.sha256 != was.get(path)]
        if gone or changed:
            _tell(kit, changed, sorted(gone, key=lambda file: file.path))
    if Role.EXECUTOR in session.prefixes:
        fix_prefix(kit, Role.EXECUTOR, kit.tools, executor_system(kit))


def _tell(kit: Kit, changed: list[ev.MemoryFile], gone: list[ev.MemoryFile]) -> None:
    """One notice; what it told is folded, so that no state of a file is told twice."""
    parts = []
    if changed:
        named = ", ".join(f"{file.path} ({file.sha256[:8]})" for file in changed)
        parts.append(
            f"Changed on disk since this session read them: {named}. Your instructions still show "
            "the old text: read it now, and follow what is new."
        )
    if gone:
        named = ", ".join(file.path for file in gone)
        parts.append(
            f"No longer on disk: {named}. What your instructions show of it no longer holds, and "
            "there is nothing to read."
        )
    text = "\n".join(parts)
    kit.recorder.record(ev.NoticeGiven(text, "memory_changed", files=(*changed, *gone)))
