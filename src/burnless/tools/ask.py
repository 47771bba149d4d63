"""The `ask` tool: one question to the user; in headless use the model decides and says so."""

from __future__ import annotations

import threading

from burnless.core.encoding import JsonObject
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.protocols import Approver, ToolContext, ToolOutcome
from burnless.tools.arguments import text_of, texts_of
from burnless.tools.load_file import failed
from burnless.tools.schema import load_schema

NOBODY = (
    "There is nobody to ask. Decide yourself: take the reading that is safest and easiest to "
    "undo, note the decision with plan_notes, and name it in the summary."
)


class AskTool:
    reads_only = True
    may_write_anywhere = False

    def __init__(self, approver: Approver) -> None:
        self._approver = approver
        self._one_at_a_time = threading.Lock()

    @property
    def schema(self) -> ToolSchema:
        return load_schema("ask")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return text_of(arguments, "question")

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        question = text_of(arguments, "question").strip()
        if not question:
            return failed("Not asked: question is empty.")
        with self._one_at_a_time:
            context.cancel.check()
            answer = self._approver.ask(question, texts_of(arguments, "options"))
        if answer is None:
            return ToolOutcome(NOBODY)
        if not answer.strip():
            return ToolOutcome(f"The user gave no answer. {NOBODY.split('. ', 1)[1]}")
        return ToolOutcome(f"The user answers: {answer}")
