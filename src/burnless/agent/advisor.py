"""The planner, asked one question in the middle of the work: one call, no tools."""

from __future__ import annotations

import threading

from burnless.agent import prompts
from burnless.agent.context import side_request
from burnless.core.cancel import CancelToken
from burnless.core.messages import Role, UserMessage
from burnless.core.protocols import EventSink, Model, Recorder
from burnless.core.session import Session
from burnless.policy.plan_text import render_plan

PURPOSE = "consult"


class PlannerAdvisor:
    """Implements core's Advisor over the planner's model."""

    def __init__(self, model: Model, recorder: Recorder, sink: EventSink) -> None:
        self._model = model
        self._recorder = recorder
        self._sink = sink
        self._one_at_a_time = threading.Lock()  # consultations may come side by side

    def advise(self, question: str, cancel: CancelToken) -> str:
        session = self._recorder.session
        request = side_request(
            self._model.card,
            purpose=PURPOSE,
            tools=(),
            system=prompts.load("advisor.md"),
            project=session.project.text if session.project else "",
            tail=(UserMessage(_question_text(session, question)),),
            cache_key=session.id,
        )
        with self._one_at_a_time:
            reply = self._model.complete(
                request, lambda delta: self._sink.signal(Role.PLANNER, delta), cancel
            )
        return reply.message.text or "(the advisor gave no answer: decide, and note the decision)"


def _question_text(session: Session, question: str) -> str:
    parts = []
    if session.turn:
        parts.append(f"<user>\n{session.turn.prompt}\n</user>")
    if session.plan:
        parts.append(f"<plan>\n{render_plan(session.plan)}\n</plan>")
    notes = "\n".join(f"- {note.kind}: {note.text}" for note in session.notes[-10:])
    if notes:
        parts.append(f"<notes>\n{notes}\n</notes>")
    commands = "\n".join(
        f"- `{entry.outcome.command}` exited {entry.outcome.exit_code}: {entry.outcome.last_line}"
        for entry in session.commands[-5:]
    )
    if commands:
        parts.append(f"<commands>\n{commands}\n</commands>")
    parts.append(f"<question>\n{question}\n</question>")
    return "\n\n".join(parts)
