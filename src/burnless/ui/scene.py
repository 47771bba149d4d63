"""From events to lines: what the user is told of each fact, the same on a screen and on stderr."""

from __future__ import annotations

import re

from burnless.core import events as ev
from burnless.core.evidence import CheckOutcome, Verdict
from burnless.core.messages import Role
from burnless.core.plan import StepStatus
from burnless.core.usage import dollars_text
from burnless.ui.lines import Line, Span, Style, block, clip, line, styled
from burnless.ui.plan_view import checklist
from burnless.ui.tool_view import seconds_text, target_of, tool_lines
from burnless.ui.verdict_view import verdict_lines

_NO_LINES: list[Line] = []


class Scene:
    """Folds events as they come; `lines` of one event depends on nothing but those before it.

    bullet:  what stands before a tool call ("●", or "*" where that cannot be drawn)
    verbose: show each model call with its tokens and cost
    prose:   show what a model says between its calls (where it is not streamed anyway)
    """

    def __init__(self, *, bullet: str = "●", verbose: bool = False, prose: bool = False) -> None:
        self._bullet = bullet
        self._verbose = verbose
        self._prose = prose
        self._targets: dict[str, str] = {}
        self._only_said = False
        self._asked = ""
        self.diffs: list[str] = []

    # One arm an event, so that mypy sees when one is missing: length is the point.
    def lines(self, event: ev.Event) -> list[Line]:  # noqa: C901, PLR0911, PLR0912
        match event:
            case ev.PrefixFixed():
                return _reason("the prompt starts anew", event.reason)
            case ev.ProjectFixed():
                return _reason("project files were read again", event.reason)
            case ev.NoticeGiven(kind="audit" | "focus"):
                return _NO_LINES  # the verdict was shown, finding by finding; the focus as a fact
            case ev.NoticeGiven():
                return [styled(Style.DIM, f"notice: {clip(_first(event.text).rstrip(':'), 160)}")]
            case ev.PlanningStarted():
                return [styled(Style.DIM, f"planning ({event.reason.replace('_', ' ')})")]
            case ev.PlanMade():
                return _plan_made(event)
            case ev.PlanRefused():
                return [styled(Style.WARNING, "the plan was refused: nothing of it holds")]
            case ev.PlanningFailed():
                return [styled(Style.WARNING, f"planning failed: {event.error}")]
            case ev.StepMarked():
                return _step_marked(event)
            case ev.NoteTaken():
                return [line(Span(f"{event.kind}: ", Style.DIM), event.text)]
            case ev.CallStarted():
                return self._call_started(event)
            case ev.CallReplied():
                return self._call_replied(event)
            case ev.CallFailed():
                return [styled(Style.WARNING, f"{event.role} call failed: {_said(event.error)}")]
            case ev.ModelPinned():
                return [styled(Style.DIM, f"{event.model} is served by {event.served}")]
            case ev.ToolStarted():
                self._targets[event.call] = target_of(event.arguments)
                self._only_said = self._only_said and not event.effect
                return _NO_LINES
            case ev.ToolFinished():
                return self._tool_finished(event)
            case ev.Consulted():
                return _consulted(event)
            case ev.Compacted():
                return _compacted(event)
            case ev.CheckFinished():
                return [_check(event.outcome, event.phase)]
            case ev.Audited():
                return self._audited(event)
            case ev.WorkerStarted():
                self._only_said = False
                return [line(Span(f"{self._bullet} worker ", Style.STRONG), event.command)]
            case ev.WorkerFinished():
                return _worker_finished(event)
            case ev.PromptReceived() | ev.TurnFinished():
                self._only_said = isinstance(event, ev.PromptReceived)
                return _NO_LINES
            case (
                ev.SessionStarted()
                | ev.SessionResumed()
                | ev.StateSnapshotted()
                | ev.ApprovalGiven()
            ):
                return _NO_LINES

    def _call_started(self, event: ev.CallStarted) -> list[Line]:
        if not self._verbose:
            return _NO_LINES
        reserved = dollars_text(event.reserved)
        text = f"{event.role} ▸ {event.model}, about {event.input_estimate:,} tokens in"
        return [styled(Style.DIM, f"{text}, at most {reserved}")]

    def _call_replied(self, event: ev.CallReplied) -> list[Line]:
        for call in event.message.calls:
            self._targets[call.id] = target_of(call.arguments)
        lines: list[Line] = []
        if event.dropped_reasoning:
            what = f"{event.dropped_reasoning} reasoning blocks of another model family"
            lines.append(styled(Style.DIM, f"{what} were not sent"))
        if self._verbose:
            lines.append(styled(Style.DIM, _bill(event)))
        says = self._prose and event.role is Role.EXECUTOR and event.message.calls
        return [*lines, *(block(Style.PLAIN, event.message.text) if says else [])]

    def _tool_finished(self, event: ev.ToolFinished) -> list[Line]:
        if event.display:
            self.diffs.append(event.display)
        lines = tool_lines(event, self._targets.pop(event.call, ""), self._bullet)
        was_asked = bool(event.display) and event.display == self._asked
        self._asked = ""
        return lines[:1] if was_asked else lines

    def asked(self, detail: str) -> None:
        """A question showed this diff just now: the edit itself need not show it again."""
        self._asked = detail

    def _audited(self, event: ev.Audited) -> list[Line]:
        """That an answer claimed nothing is no news, as long as the turn had no effect either."""
        nothing = event.report.verdict is Verdict.NOTHING and not event.report.findings
        return _NO_LINES if nothing and self._only_said else verdict_lines(event.report)


def _first(text: str) -> str:
    return next((each for each in text.strip().splitlines() if each.strip()), "")


_CLASS_NAME = re.compile(r"[A-Z]\w+: ")


def _said(error: str) -> str:
    """Without the name of the exception, which the log keeps for programs."""
    named = _CLASS_NAME.match(error)
    return error[named.end() :] if named else error


def _reason(what: str, why: str) -> list[Line]:
    return [styled(Style.DIM, f"{what}: {why}")] if why else []


def _plan_made(event: ev.PlanMade) -> list[Line]:
    lines = checklist(event.plan)
    if event.source == "fallback":
        lines.append(styled(Style.WARNING, "  no plan came back: this is a fallback"))
    return lines


_MARKED = {
    StepStatus.DONE: ("done", Style.GOOD),
    StepStatus.FAILED: ("failed", Style.BAD),
    StepStatus.CANCELLED: ("cancelled", Style.DIM),
    StepStatus.PENDING: ("open again", Style.PLAIN),
}


def _step_marked(event: ev.StepMarked) -> list[Line]:
    word, style = _MARKED[event.status]
    evidence = f"  {clip(_first(event.evidence), 120)}" if event.evidence else ""
    return [line(Span(f"step {event.step} {word}", style), Span(evidence, Style.DIM))]


def _bill(event: ev.CallReplied) -> str:
    served = event.served or "unproved"
    usage = event.usage
    tokens = f"{usage.input:,} in, {usage.output:,} out" if usage else "usage unknown"
    if usage and usage.cache_read:
        tokens += f", {usage.cache_read:,} from cache"
    cost = dollars_text(event.cost) + (" (included)" if event.included else "")
    return f"{event.role} ▸ {served}: {tokens}, {cost}, {seconds_text(event.seconds)}"


def _consulted(event: ev.Consulted) -> list[Line]:
    return [
        line(Span("consulted the planner: ", Style.ACCENT), clip(_first(event.question), 120)),
        *block(Style.DIM, event.advice, "  "),
    ]


def _compacted(event: ev.Compacted) -> list[Line]:
    what = f"history up to event {event.capsule.through} became capsule {event.capsule.number}"
    return [styled(Style.ACCENT, f"compacted ({event.reason.replace('_', ' ')}): {what}")]


_PHASES = {"baseline": " before any change", "again": " (run again)"}


def _check(outcome: CheckOutcome, phase: str) -> Line:
    when = _PHASES.get(phase, "")
    name = Span(f"check `{outcome.command}`{when}: ", Style.DIM)
    if outcome.refused:
        return line(name, Span(f"not run, {outcome.refused}", Style.WARNING))
    if outcome.passed:
        return line(name, Span("passed", Style.GOOD))
    ended = "timed out" if outcome.exit_code is None else f"exit {outcome.exit_code}"
    failing = f", {len(outcome.failures)} failing" if outcome.failures else ""
    style = Style.WARNING if phase == "baseline" else Style.BAD
    return line(name, Span(ended + failing, style))


def _worker_finished(event: ev.WorkerFinished) -> list[Line]:
    ended = "was ended" if event.exit_code is None else f"exit {event.exit_code}"
    style = Style.GOOD if event.exit_code == 0 else Style.BAD
    lines = [line(Span(f"worker {ended}", style), f"  {seconds_text(event.seconds)}")]
    lines += [line(f"  {change.kind} {change.path}") for change in event.changes]
    return [*lines, *block(Style.PLAIN, event.text, "  ")]
