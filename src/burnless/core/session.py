"""The session as a fold of its log: the only state there is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from burnless.core import events as ev
from burnless.core.capsule import Quote
from burnless.core.evidence import CheckOutcome, CommandOutcome, FileChange
from burnless.core.journal import (
    JournaledAttempt,
    JournaledChange,
    JournaledCommand,
    JournaledNote,
    attempts_in,
)
from burnless.core.messages import (
    PLANNING,
    Message,
    Notice,
    Role,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.core.outcome import Spend
from burnless.core.plan import Plan
from burnless.core.tail import TailEntry, keep_raw
from burnless.core.turn import ToolSignature, Turn
from burnless.core.usage import Usage


@dataclass(slots=True)
class Session:
    """`apply` is the only thing that changes it, one recorded event at a time.

    The same events always give the same session; nothing else feeds it.

    plan_made:      event and placement of the newest plan
    told_mode:      the permission mode the model works in as far as it knows: it is told of changes
    told_files:     hashes of the project files as the model was last told of them; "" = gone
    planning_cost:  picodollars of the newest planning, over all its calls
    unseen_effects: events of effects that were cut off, so that what they changed is not journaled
    worker_runs:    events of agent CLIs that ended; the commands they ran are in no journal
    attempts:       commands that were refused or cut off
    judged_through: the last event before those that the next audit looks at: work of a turn
                    that was stopped is judged with the turn after it
    unjudged_effects, unjudged_marks: how many effects and closed steps these are
    """

    seq: int = 0
    started: ev.SessionStarted | None = None
    workspace: str = ""
    burnless: str = ""
    prefixes: dict[Role, ev.PrefixFixed] = field(default_factory=dict)
    project: ev.ProjectFixed | None = None
    told_mode: str = ""
    told_files: dict[str, str] = field(default_factory=dict)
    head_text: str = ""
    tail: list[TailEntry] = field(default_factory=list)
    prompts: list[Quote] = field(default_factory=list)
    plan: Plan | None = None
    plan_made: tuple[int, str] = (0, "")
    notes: list[JournaledNote] = field(default_factory=list)
    compactions: list[ev.Compacted] = field(default_factory=list)
    progress_at_compaction: list[int] = field(default_factory=list)
    turn: Turn | None = None
    spend: dict[Role, Spend] = field(default_factory=dict)
    spend_by_model: dict[str, Spend] = field(default_factory=dict)
    open_reservations: dict[str, ev.CallStarted] = field(default_factory=dict)
    last_layers: dict[tuple[Role, str], tuple[ev.LayerHash, ...]] = field(default_factory=dict)
    calls_started: int = 0
    consults: int = 0
    pins: dict[str, str] = field(default_factory=dict)
    known_files: dict[str, str] = field(default_factory=dict)
    file_events: dict[str, list[int]] = field(default_factory=dict)
    changes: list[JournaledChange] = field(default_factory=list)
    commands: list[JournaledCommand] = field(default_factory=list)
    failures: list[Quote] = field(default_factory=list)
    baseline: dict[str, CheckOutcome] = field(default_factory=dict)
    check_failures: dict[str, int] = field(default_factory=dict)
    edits_at_failure: dict[str, int] = field(default_factory=dict)
    open_calls: dict[str, ToolCall] = field(default_factory=dict)
    open_effects: dict[str, ev.ToolStarted] = field(default_factory=dict)
    unseen_effects: list[int] = field(default_factory=list)
    worker_runs: list[int] = field(default_factory=list)
    attempts: list[JournaledAttempt] = field(default_factory=list)
    judged_through: int = 0
    unjudged_effects: int = 0
    unjudged_marks: int = 0
    snapshotted_step: str | None = None
    rules_given: list[str] = field(default_factory=list)
    planning_cost: int = 0
    context_tokens: int = 0
    context_sum: int = 0
    context_calls: int = 0
    context_base: int = 0
    _held_notices: list[TailEntry] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.started.session_id if self.started else ""

    @property
    def total_spend(self) -> Spend:
        return sum(self.spend.values(), Spend())

    @property
    def turn_spend(self) -> Spend:
        return sum(self.turn.spend.values(), Spend()) if self.turn else Spend()

    @property
    def in_turn(self) -> bool:
        return self.turn is not None and self.turn.over is None

    @property
    def messages(self) -> list[Message]:
        """The raw tail as the model sees it."""
        return [entry.message for entry in self.tail]

    @property
    def progress(self) -> int:
        """Grows with each step closed, file changed or first seen, note taken, command first run,
        and with each word of the user.

        Two compactions with the same progress are thrashing.
        """
        closed = len(self.plan.steps) - len(self.plan.open_steps) if self.plan else 0
        commands = len({entry.outcome.command for entry in self.commands})
        learned = len(self.known_files) + len(self.notes) + len(self.prompts)
        return closed + len(self.changes) + learned + commands

    def apply(self, recorded: ev.Recorded) -> None:
        """Take one event in. Events of a session come in order, each exactly once."""
        self.seq = recorded.seq
        self._apply(recorded.event)

    # One arm an event, so that mypy sees when one is missing: length is the point.
    def _apply(self, event: ev.Event) -> None:  # noqa: C901, PLR0912, PLR0915
        match event:
            case ev.SessionStarted():
                self.started = event
                self.workspace, self.burnless = event.workspace, event.burnless
            case ev.SessionResumed():
                self.burnless = event.burnless
                self.workspace = event.workspace or self.workspace
                if self.turn:  # the limit of calls is for one run of a prompt
                    self.turn.executor_calls = 0
            case ev.PrefixFixed():
                self.prefixes[event.role] = event
            case ev.ProjectFixed():
                self.project = event
                self.told_files = {file.path: file.sha256 for file in event.files}
            case ev.PromptReceived():
                self._prompt_received(event)
            case ev.NoticeGiven():
                self._notice(event)
            case ev.PlanMade():
                self._plan_made(event)
            case ev.PlanRefused():
                self._plan_refused(event)
            case ev.StepMarked():
                self._step_marked(event)
            case ev.NoteTaken():
                self.notes.append(JournaledNote(self.seq, event.kind, event.text))
            case ev.CallStarted():
                self.calls_started += 1
                self.open_reservations[event.call] = event
                self.last_layers[event.role, event.purpose] = event.layers
            case ev.CallReplied():
                self._call_replied(event)
            case ev.CallFailed():
                self._charge(event)
            case ev.ModelPinned():
                self.pins[event.model] = event.served
            case ev.ToolStarted():
                if event.effect:
                    self.open_effects[event.call] = event
                    self._count_effect()
            case ev.ToolFinished():
                self._tool_finished(event)
            case ev.ApprovalGiven():
                if event.answer == "session":
                    self.rules_given.append(event.rule)
            case ev.Consulted():
                self.consults += 1
            case ev.Compacted():
                self._compacted(event)
            case ev.CheckFinished():
                self._check_finished(event)
            case ev.Audited():
                if self.turn:
                    self.turn.audits += 1
            case ev.WorkerStarted():
                self.unseen_effects.append(self.seq)
                self._count_effect()
                if self.turn:
                    self.turn.executor_calls += 1
            case ev.WorkerFinished():
                self._worker_finished(event)
            case ev.TurnFinished():
                if self.turn:
                    self.turn.over = event
            case ev.PlanningStarted():
                self.planning_cost = 0
            case ev.StateSnapshotted():
                self.snapshotted_step = event.step
            case ev.PlanningFailed():
                if self.turn:
                    self.turn.plannings += 1
                if event.reason == "check_failed":
                    self.check_failures = {}  # asked, in vain: not again at every step

    def _prompt_received(self, event: ev.PromptReceived) -> None:
        if self.turn and self.turn.was_judged:
            self.judged_through = self.seq
            self.unjudged_effects = self.unjudged_marks = 0
        self.told_mode = self.told_mode or event.mode
        self.turn = Turn(event.turn, event.text, self.seq)
        self.snapshotted_step = None
        self.prompts.append(Quote(self.seq, event.text))
        self._append_between(UserMessage(event.text))

    def _count_effect(self) -> None:
        self.unjudged_effects += 1
        if self.turn:
            self.turn.effects += 1

    def _notice(self, event: ev.NoticeGiven) -> None:
        if event.kind == "unfinished" and self.turn:
            self.turn.unfinished_notices += 1
        self.told_mode = event.mode or self.told_mode
        self.told_files |= {file.path: file.sha256 for file in event.files}
        self._append_between(Notice(event.text))

    def _append_between(self, message: UserMessage | Notice, *, is_plan: bool = False) -> None:
        """A tool result must directly follow its call: others wait until no call is open."""
        entry = TailEntry(self.seq, message, is_plan)
        (self._held_notices if self.open_calls else self.tail).append(entry)

    def _append(self, message: Message) -> None:
        self.tail.append(TailEntry(self.seq, message))

    def _plan_made(self, event: ev.PlanMade) -> None:
        self.plan, self.check_failures = event.plan, {}
        self.plan_made = self.seq, event.placement
        if self.turn:
            self.turn.plannings += 1
        if event.placement == "head":
            self.head_text = event.text
        elif event.placement == "tail":
            self._append_between(Notice(event.text), is_plan=True)

    def _plan_refused(self, event: ev.PlanRefused) -> None:
        """No request was sent since the plan was made: what is taken out here nobody has read."""
        seq, placement = self.plan_made
        self.plan = event.kept
        if placement == "head":
            self.head_text = ""
        self.tail = [entry for entry in self.tail if entry.seq != seq]
        self._held_notices = [entry for entry in self._held_notices if entry.seq != seq]

    def _step_marked(self, event: ev.StepMarked) -> None:
        step = self.plan.step(event.step) if self.plan else None
        if self.plan and step:
            changed = replace(step, status=event.status, evidence=event.evidence)
            self.plan = self.plan.with_step(changed)
            self.unjudged_marks += 1

    def _call_replied(self, event: ev.CallReplied) -> None:
        started = self.open_reservations.get(event.call)
        self._charge(event)
        if event.purpose == PLANNING:
            self.planning_cost += event.cost or 0
        if event.role is not Role.EXECUTOR or event.purpose:
            return
        if self.turn:
            self.turn.executor_calls += 1
        self._append(event.message)
        self.open_calls = {call.id: call for call in event.message.calls}
        if event.usage:
            self._measure_context(event.usage)
        elif started:  # a server that does not count: the estimate has to do
            self._measure_context(Usage(fresh=started.input_estimate))

    def _measure_context(self, usage: Usage) -> None:
        self.context_tokens = usage.total
        self.context_sum += usage.input
        self.context_calls += 1
        if not self.context_base:
            self.context_base = usage.input

    def _charge(self, event: ev.CallReplied | ev.CallFailed) -> None:
        self.open_reservations.pop(event.call, None)
        included = isinstance(event, ev.CallReplied) and event.included
        known = event.cost if event.cost is not None else 0
        spend = Spend(
            calls=1,
            usage=event.usage or Usage(),
            cost=0 if included else known,
            included=known if included else 0,
            unknown=1 if event.cost is None else 0,
            estimated=1 if event.estimated and event.cost != 0 else 0,
        )
        self.spend[event.role] = self.spend.get(event.role, Spend()) + spend
        self.spend_by_model[event.model] = self.spend_by_model.get(event.model, Spend()) + spend
        if self.turn:
            self.turn.spend[event.role] = self.turn.spend.get(event.role, Spend()) + spend

    def _tool_finished(self, event: ev.ToolFinished) -> None:
        call = self.open_calls.pop(event.call, None)
        started = self.open_effects.pop(event.call, None)
        watched = event.changes or event.seconds  # stopped by the user: snapshots saw its end
        if started is not None and event.outcome == "interrupted" and not watched:
            self.unseen_effects.append(self.seq)
        asked = started or call
        if asked and event.outcome in {"denied", "interrupted"}:
            self.attempts += attempts_in(self.seq, asked.arguments, event.outcome)
        if call is not None:
            self._append(ToolResult(event.call, event.text, event.outcome != "ok"))
            self._remember_signature(call, event)
        for seen in event.seen:
            self.known_files[seen.path] = seen.sha256
            self.file_events.setdefault(seen.path, []).append(self.seq)
        self._journal_changes(event.tool, event.changes)
        if event.command:
            self._journal_command(event.command)
        if event.outcome == "error":
            first = event.text.strip().splitlines()[0] if event.text.strip() else "failed"
            self.failures.append(Quote(self.seq, f"{event.tool}: {first}"))
        if not self.open_calls and self._held_notices:
            self.tail.extend(self._held_notices)
            self._held_notices = []

    def _worker_finished(self, event: ev.WorkerFinished) -> None:
        """Its changes were found by snapshots; the commands it ran itself are in no journal."""
        if self.unseen_effects:
            self.unseen_effects.pop()
        self.worker_runs.append(self.seq)
        self._journal_changes("worker", event.changes)

    def _remember_signature(self, call: ToolCall, event: ev.ToolFinished) -> None:
        if self.turn:
            self.turn.signatures.append(
                ToolSignature(call.name, call.arguments, event.text, event.outcome)
            )

    def _journal_changes(self, tool: str, changes: tuple[FileChange, ...]) -> None:
        turn = self.turn.number if self.turn else 0
        for change in changes:
            self.changes.append(JournaledChange(self.seq, turn, tool, change))
            self.known_files[change.path] = change.after
            self.file_events.setdefault(change.path, []).append(self.seq)

    def _journal_command(self, outcome: CommandOutcome) -> None:
        turn = self.turn.number if self.turn else 0
        self.commands.append(JournaledCommand(self.seq, turn, outcome, len(self.changes)))

    def _check_finished(self, event: ev.CheckFinished) -> None:
        outcome = event.outcome
        if event.phase == "baseline":
            self.baseline[outcome.command] = outcome
        if event.phase in {"done_when", "finish"} and not (outcome.passed or outcome.refused):
            same = self.edits_at_failure.get(event.step) == len(self.changes)
            if event.phase == "done_when" or not same:  # a second look is no second attempt
                self.check_failures[event.step] = self.check_failures.get(event.step, 0) + 1
            self.edits_at_failure[event.step] = len(self.changes)
        if not (outcome.refused or outcome.looked) and event.phase != "baseline":
            last = outcome.last_lines.strip().splitlines()
            self._journal_command(
                CommandOutcome(outcome.command, outcome.exit_code, last[-1] if last else "")
            )

    def _compacted(self, event: ev.Compacted) -> None:
        self.compactions.append(event)
        self.head_text = event.text
        self.tail = keep_raw(self.tail, event.keep_from)
        self.progress_at_compaction.append(self.progress)
        self.context_sum = self.context_calls = self.context_base = self.context_tokens = 0
