"""The `consult` tool: a question to the planner, of which a session has only a few."""

from __future__ import annotations

import threading

from burnless.core import events as ev
from burnless.core.encoding import JsonObject
from burnless.core.errors import BurnlessError, Cancelled, WrongModelServed
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.protocols import Advisor, ToolContext, ToolOutcome
from burnless.core.session import Session
from burnless.tools.arguments import text_of
from burnless.tools.load_file import failed
from burnless.tools.schema import load_schema

_YOURSELF = "Decide yourself, note the decision with plan_notes, or finish as blocked and say why."


class ConsultTool:
    reads_only = True
    may_write_anywhere = False

    def __init__(self, advisor: Advisor, most: int) -> None:
        self._advisor = advisor
        self._most = most
        self._lock = threading.Lock()
        self._counted = 0
        self._not_recorded = 0

    @property
    def schema(self) -> ToolSchema:
        return load_schema("consult")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return text_of(arguments, "question")

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        question = text_of(arguments, "question").strip()
        if not question:
            return failed("Not asked: question is empty. Put the evidence in it.")
        if not self._reserve(context.session):
            return failed(
                f"Not asked: the {self._most} consultations of this session are used up. "
                f"{_YOURSELF}"
            )
        try:
            advice = self._advisor.advise(question, context.cancel)
        except (Cancelled, WrongModelServed):
            self._give_back()
            raise
        except BurnlessError as error:
            self._give_back()
            return failed(f"The planner could not be asked: {error}. {_YOURSELF}")
        left = self._most - context.session.consults - 1
        return ToolOutcome(
            f"{advice.strip()}\n[{max(left, 0)} consultations left]",
            events=(ev.Consulted(question, advice),),
        )

    def _reserve(self, session: Session) -> bool:
        """Calls side by side count too, before the session has heard of them."""
        with self._lock:
            if session.consults != self._counted:
                self._counted, self._not_recorded = session.consults, 0
            if self._counted + self._not_recorded >= self._most:
                return False
            self._not_recorded += 1
            return True

    def _give_back(self) -> None:
        """What was not answered is not one of the few."""
        with self._lock:
            self._not_recorded -= 1
