"""From a reply's tool calls to recorded outcomes: check, permit, intend, run, record."""

from __future__ import annotations

import difflib
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from burnless.agent.kit import Kit
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.encoding import JsonObject
from burnless.core.errors import Cancelled, WrongModelServed
from burnless.core.messages import ToolCall
from burnless.core.permissions import Access, ReadPath
from burnless.core.protocols import FinishReport, Snapshot, Tool, ToolOutcome
from burnless.policy.arguments import ArgumentProblem, check_arguments

INTERRUPTED = (
    "Interrupted before a result came back; it may or may not have happened, or only in part. "
    "Look at what it would have changed (read, git diff) before you repeat it."
)
NOT_RUN = "Not run: the user interrupted before it started."
NOT_REACHED = "Not run: the turn ended before it started."


def close_open_calls(kit: Kit, unstarted: str) -> None:
    """Every call gets an answer: without one no provider takes the conversation again.

    A call whose intent was recorded may or may not have happened; the others are `unstarted`.
    """
    session = kit.session
    for call in list(session.open_calls.values()):
        text = INTERRUPTED if call.id in session.open_effects else unstarted
        kit.recorder.record(ev.ToolFinished(call.id, call.name, text, "interrupted"))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A call that passed its checks and may run."""

    call: ToolCall
    tool: Tool
    arguments: JsonObject
    effect: bool


@dataclass(frozen=True, slots=True)
class _Rejected:
    call: ToolCall
    text: str
    outcome: str


class ToolRunner:
    """Runs the calls of one reply. Each ends in exactly one ToolFinished, whatever happens.

    before_effect: called before each batch with an effect, when the marks of earlier batches hold
    """

    def __init__(self, kit: Kit, before_effect: Callable[[], None]) -> None:
        self._kit = kit
        self._before_effect = before_effect
        self._by_name = {tool.schema.name: tool for tool in kit.tools}
        self._snapshot: Snapshot | None = None
        self._ends_the_turn: WrongModelServed | None = None

    def has_effect(self, call: ToolCall, cancel: CancelToken) -> bool:
        """Whether running it could change anything outside the session's own state."""
        tool = self._by_name.get(call.name)
        if tool is None or tool.reads_only:
            return False
        try:
            arguments = check_arguments(tool.schema, call.arguments)
            accesses = tool.accesses(arguments, self._kit.tool_context(cancel))
        except ArgumentProblem:
            return False
        return any(self._is_effect(access) for access in accesses)

    def _is_effect(self, access: Access) -> bool:
        return not isinstance(access, ReadPath) and not self._kit.gate.judge(access).reads_only

    def run(
        self, calls: Sequence[ToolCall], cancel: CancelToken, cut: str = ""
    ) -> FinishReport | None:
        """Run in order; neighbouring read-only calls run side by side, any other is a barrier.

        `cut`: id of a call that was cut off by the output limit and must not run.
        Returns the report of `finish`, if it was called. Raises Cancelled, WrongModelServed.
        """
        finish: FinishReport | None = None
        try:
            for batch in _batches(calls, self._by_name):
                cancel.check()
                outcomes = self._run_batch(batch, cancel, cut)
                for outcome in outcomes:
                    finish = outcome.finish or finish if outcome else finish
        except Cancelled:
            close_open_calls(self._kit, NOT_RUN)
            raise
        return finish

    def _run_batch(
        self, batch: Sequence[ToolCall], cancel: CancelToken, cut: str
    ) -> list[ToolOutcome | None]:
        checked = [self._check(call, cancel, cut) for call in batch]
        runnable = [item for item in checked if isinstance(item, _Ready)]
        if any(ready.effect for ready in runnable):
            self._before_effect()
        for ready in runnable:
            call = ready.call
            self._kit.recorder.record(
                ev.ToolStarted(call.id, call.name, call.arguments, ready.effect)
            )
        results = self._execute(runnable, cancel)
        outcomes: list[ToolOutcome | None] = []
        for item in checked:
            if isinstance(item, _Rejected):
                self._finished(item.call, ToolOutcome(item.text, is_error=True), item.outcome, 0.0)
                outcomes.append(None)
                continue
            outcome, how, seconds = results[item.call.id]
            self._finished(item.call, outcome, how, seconds)
            outcomes.append(outcome)
        if self._ends_the_turn is not None:
            raise self._ends_the_turn
        return outcomes

    def _check(self, call: ToolCall, cancel: CancelToken, cut: str) -> _Ready | _Rejected:
        tool = self._by_name.get(call.name)
        if tool is None:
            return _Rejected(call, _unknown_tool(call.name, list(self._by_name)), "error")
        if call.id == cut:
            return _Rejected(call, _CUT_CALL, "error")
        context = self._kit.tool_context(cancel)
        try:
            arguments = check_arguments(tool.schema, call.arguments)
            accesses = tool.accesses(arguments, context)
        except ArgumentProblem as problem:
            return _Rejected(call, f"Not run. {problem}", "error")
        effect = False
        for access in accesses:
            detail = "" if tool.reads_only else tool.preview(arguments, context)
            permit = self._kit.gate.permit(access, detail)
            if not permit.allowed:
                return _Rejected(call, f"Denied, not run: {permit.reason}", "denied")
            effect = effect or not (isinstance(access, ReadPath) or permit.reads_only)
        return _Ready(call, tool, arguments, effect)

    def _execute(
        self, items: Sequence[_Ready], cancel: CancelToken
    ) -> dict[str, tuple[ToolOutcome, str, float]]:
        results: dict[str, tuple[ToolOutcome, str, float]] = {}
        if len(items) == 1:
            results[items[0].call.id] = self._run_one(items[0], cancel)
            return results
        threads = [
            threading.Thread(
                target=lambda item=item: results.update(
                    {item.call.id: self._run_one(item, cancel)}
                ),
                name=f"tool-{item.call.name}",
                daemon=True,
            )
            for item in items
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def _run_one(self, item: _Ready, cancel: CancelToken) -> tuple[ToolOutcome, str, float]:
        kit = self._kit
        began = kit.clock.monotonic()
        watched = item.effect and item.tool.may_write_anywhere
        before = self._take_snapshot() if watched else None
        try:
            outcome = item.tool.run(item.arguments, kit.tool_context(cancel))
            how = "error" if outcome.is_error else "ok"
        except Cancelled:
            outcome, how = ToolOutcome(INTERRUPTED, is_error=True), "interrupted"
        except WrongModelServed as error:
            self._ends_the_turn = error
            outcome, how = ToolOutcome(f"Not used: {error}.", is_error=True), "error"
        if before is not None:
            outcome = self._with_changes(outcome, before)
        return outcome, how, kit.clock.monotonic() - began

    def _take_snapshot(self) -> Snapshot:
        """Hashes of the last one are taken over: what is not newer by stat costs nothing."""
        self._snapshot = self._kit.snapshots.take(self._snapshot)
        return self._snapshot

    def _with_changes(self, outcome: ToolOutcome, before: Snapshot) -> ToolOutcome:
        self._snapshot = self._kit.snapshots.take(before)
        found = self._kit.snapshots.compare(before, self._snapshot)
        return replace(outcome, changes=(*outcome.changes, *found))

    def _finished(self, call: ToolCall, outcome: ToolOutcome, how: str, seconds: float) -> None:
        record = self._kit.recorder.record
        record(
            ev.ToolFinished(
                call.id,
                call.name,
                outcome.text,
                how,
                blob=outcome.blob,
                seconds=round(seconds, 3),
                seen=outcome.seen,
                changes=outcome.changes,
                command=outcome.command,
                display=outcome.display,
            )
        )
        for event in outcome.events:
            record(event)
        if any(isinstance(event, ev.StepMarked) for event in outcome.events):
            self._kit.show_plan()


_CUT_CALL = (
    "Not run: the call was cut off at the output limit, and nothing of it was done. Send less in "
    "one call. A large file: write its first part, then append with edit, call by call (old: the "
    "last line; new: that line and what follows)."
)


def _batches(calls: Sequence[ToolCall], tools: dict[str, Tool]) -> list[list[ToolCall]]:
    """Neighbours that only read together; every other call alone."""

    def key(pair: tuple[int, ToolCall]) -> int:
        index, call = pair
        tool = tools.get(call.name)
        return -1 if tool is not None and tool.reads_only else index

    return [[call for _, call in group] for _, group in itertools.groupby(enumerate(calls), key)]


def _unknown_tool(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    guess = f" Did you mean {near[0]}?" if near else ""
    return (
        f"Not run: there is no tool {name!r}.{guess} The tools are: {', '.join(known)}. "
        "To change a file use edit, to make one write, for the shell run_command."
    )
