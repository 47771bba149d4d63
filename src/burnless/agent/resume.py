"""Coming back: close what was open, tell the model what changed, then go on."""

from __future__ import annotations

from burnless.agent.advisor import PURPOSE
from burnless.agent.context import executor_system, fix_prefix
from burnless.agent.kit import Kit
from burnless.agent.tool_runner import close_open_calls
from burnless.agent.unfinished import unused_advice
from burnless.core import events as ev
from burnless.core.messages import Notice, Role
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
        was = {file.path: file.sha256 for file in session.project.files}
        layer = kit.surveyor.project_layer()
        now = {file.path: file.sha256 for file in layer.files}
        changed = sorted(path for path in was.keys() | now.keys() if was.get(path) != now.get(path))
        if changed:
            _tell_once(kit, [(path, now.get(path, "")) for path in changed])
    if Role.EXECUTOR in session.prefixes:
        fix_prefix(kit, Role.EXECUTOR, kit.tools, executor_system(kit))


def _tell_once(kit: Kit, changed: list[tuple[str, str]]) -> None:
    """The hashes make the notice of each state another text: the same one is not given again."""
    named = ", ".join(f"{path} ({sha256[:8] or 'gone'})" for path, sha256 in changed)
    text = (
        f"Changed on disk since this session read them: {named}. Your instructions still show the "
        "old text: read it now, and follow what is new."
    )
    if Notice(text) not in kit.session.messages:
        kit.recorder.record(ev.NoticeGiven(text, "memory_changed"))
