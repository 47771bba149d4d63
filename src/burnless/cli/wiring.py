"""The one place where parts are joined: options in, an engine out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from burnless.agent.advisor import PlannerAdvisor
from burnless.agent.gate import PermissionGate
from burnless.agent.kit import Crew, Kit
from burnless.agent.recorder import SessionRecorder
from burnless.agent.resume import mend, tell_what_changed
from burnless.audit.checks import GatedProver
from burnless.cli.clock import SystemClock
from burnless.cli.crew import Casting, ModelMaker, cards_of, cast_roles
from burnless.cli.engine import SessionEngine
from burnless.cli.late_auditor import LateAuditor
from burnless.cli.opening import Opened, open_for
from burnless.cli.options import RunOptions
from burnless.cli.patience import PatientRunner
from burnless.cli.settings import settings_for
from burnless.core import events as ev
from burnless.core.messages import Role
from burnless.core.permissions import Decision, ReadPath
from burnless.core.protocols import Advisor, Approver, EventSink, Recorder, Runner, Waiting
from burnless.core.settings import Settings
from burnless.processes.runner import ProcessRunner
from burnless.processes.shell_parser import PlainShellParser
from burnless.providers.prefix_watch import PrefixChange, PrefixWatch
from burnless.providers.stack import Surroundings
from burnless.state.layout import Layout, layout_of
from burnless.state.period_spend import spend_of_period
from burnless.state.price_book import LayeredPriceBook
from burnless.state.project_rules import ProjectRules
from burnless.state.session_ledger import SessionLedger, settle_dangling
from burnless.state.sessions import remove_session
from burnless.tools.standard import reading_tools, standard_tools
from burnless.version import __version__
from burnless.workspace.snapshots import WorkspaceSnapshots
from burnless.workspace.survey import WorkspaceSurveyor


def open_engine(options: RunOptions, approver: Approver, sink: EventSink) -> SessionEngine:
    """Read the configuration, open the session, join the parts.

    Raises ConfigProblem, KeyProblem, InputProblem, SessionProblem. Nothing is sent yet.
    """
    environ = os.environ
    layout = layout_of(options.cwd, environ)
    settings = settings_for(options, layout, environ, approver)
    casting = None
    if not options.without_models:
        settings, casting = cast_roles(settings, options, environ)
    opened = open_for(options, layout, SystemClock())
    is_new = opened.is_new
    try:
        return _join(
            options,
            layout,
            settings,
            casting,
            opened,
            approver=approver,
            sink=sink,
            environ=environ,
        )
    except BaseException:
        opened.store.close()
        if is_new:
            remove_session(opened.store.folder)  # nothing happened in it
        raise


@dataclass(frozen=True, slots=True)
class _Base:
    """What most parts need."""

    options: RunOptions
    layout: Layout
    settings: Settings
    opened: Opened
    recorder: Recorder
    approver: Approver
    sink: EventSink
    environ: Mapping[str, str]


def _join(
    options: RunOptions,
    layout: Layout,
    settings: Settings,
    casting: Casting | None,
    opened: Opened,
    *,
    approver: Approver,
    sink: EventSink,
    environ: Mapping[str, str],
) -> SessionEngine:
    is_new = opened.is_new
    recorder = SessionRecorder(opened.store, opened.session, sink)
    base = _Base(options, layout, settings, opened, recorder, approver, sink, environ)
    if is_new:
        recorder.record(
            ev.SessionStarted(
                opened.store.folder.name, str(layout.workspace), __version__, options.name
            )
        )
    runner = ProcessRunner(environ)
    patient = PatientRunner(runner)
    maker = _model_maker(base, runner)
    crew = maker.crew(casting) if casting else Crew()
    gate = _gate(base)
    kit = _kit(base, crew, gate, runner, patient)
    if not is_new:
        settle_dangling(recorder)
        mend(kit)
        tell_what_changed(kit)

    def close() -> None:
        maker.close()
        opened.store.close()

    return SessionEngine(kit, gate, cards_of(crew), close=close, warm=maker.warm, processes=patient)


def _model_maker(base: _Base, runner: ProcessRunner) -> ModelMaker:
    clock = SystemClock()
    session = base.recorder.session
    budget = base.settings.budget
    limited = budget.daily_usd is not None or budget.monthly_usd is not None
    spent = spend_of_period(base.layout.user, clock.now()) if limited else None

    def on_wait(reason: str, seconds: float) -> None:
        base.sink.signal(Role.EXECUTOR, Waiting(reason, seconds))

    surroundings = Surroundings(
        ledger=SessionLedger(
            base.recorder,
            budget,
            spent,
            _price_question(base.approver),
            lambda text: base.sink.signal(Role.EXECUTOR, Waiting(text)),
        ),
        watch=PrefixWatch(_prefix_reporter(base.sink), session.last_layers),
        limits=base.settings.limits,
        pin_of=session.pins.get,
        record=base.recorder.record,
        on_wait=on_wait,
    )
    return ModelMaker(
        base.environ,
        base.settings,
        LayeredPriceBook(base.settings.prices, clock),
        clock,
        surroundings,
        runner,
        base.options.cwd,
        _body_writer(base) if base.options.debug else None,
    )


def _price_question(approver: Approver) -> Callable[[str], bool]:
    """Asks once whether a call of unknown price may be sent; nobody there is a no."""

    def ask(reason: str) -> bool:
        return approver.ask(f"{reason}. Send it all the same?", ("yes", "no")) == "yes"

    return ask


def _prefix_reporter(sink: EventSink) -> Callable[[PrefixChange], None]:
    """A layer that moved is said, with what it makes new to the cache.

    A new capsule is not news: the compaction that made it was shown.
    """

    def report(change: PrefixChange) -> None:
        if change.layer != "capsule":
            sink.signal(
                change.role,
                Waiting(
                    f"the {change.layer} layer changed: {change.tokens} tokens are new to the cache"
                ),
            )

    return report


def _body_writer(base: _Base) -> Callable[[Role, bytes], None]:
    """`--debug`: the exact last request of each role, in the session's folder."""

    def write(role: Role, body: bytes) -> None:
        base.opened.store.write_view(
            f"last-request-{role.value}.json", body.decode("utf-8", "replace")
        )

    return write


def _gate(base: _Base) -> PermissionGate:
    rules = ProjectRules(base.layout.user.rules_file)
    permissions = base.settings.permissions
    # Whoever configured a check said yes to that command, whoever runs it.
    checks = tuple(f"Bash({command})" for command in base.settings.checks)
    return PermissionGate(
        replace(permissions, allow=(*permissions.allow, *checks)),
        parser=PlainShellParser(),
        approver=base.approver,
        recorder=base.recorder,
        root=base.layout.workspace,
        cwd=base.options.cwd,
        remember=lambda rule: rules.remember(base.layout.workspace, rule),
    )


def _kit(
    base: _Base, crew: Crew, gate: PermissionGate, runner: ProcessRunner, patient: Runner
) -> Kit:
    root, cwd = base.layout.workspace, base.options.cwd
    user_folder = None if base.options.bare else base.layout.user.config
    store = base.opened.store
    snapshots = WorkspaceSnapshots(root, patient, store.blobs)
    prover = GatedProver(root, cwd, runner, gate)
    advisor = _advisor(base, crew)

    def may_read(path: str) -> bool:
        return gate.judge(ReadPath(path)).decision is Decision.ALLOW

    tools = standard_tools(
        runner=runner,
        snapshots=snapshots,
        blobs=store.blobs,
        store=store,
        prover=prover,
        approver=base.approver,
        advisor=advisor,
        settings=base.settings,
        check_yaml=_yaml_problem,
        may_read=may_read,
    )
    explorers = reading_tools(runner=runner, limits=base.settings.limits, may_read=may_read)
    return Kit(
        settings=base.settings,
        crew=crew,
        recorder=base.recorder,
        store=store,
        advisor=advisor,
        tools=tools,
        planner_tools=explorers,
        gate=gate,
        approver=base.approver,
        sink=base.sink,
        snapshots=snapshots,
        surveyor=WorkspaceSurveyor(root, cwd, patient, user_folder),
        prover=prover,
        auditor=LateAuditor(root, cwd, snapshots, prover, base.settings),
        clock=SystemClock(),
        root=root,
        cwd=cwd,
    )


def _yaml_problem(text: str) -> str:
    from burnless.state.yaml_reader import yaml_problem  # noqa: PLC0415 - start-up budget

    return yaml_problem(text)


def _advisor(base: _Base, crew: Crew) -> Advisor:
    model = crew.planner or crew.executor
    if model is None:
        return NobodyToConsult()
    return PlannerAdvisor(model, base.recorder, base.sink)


class NobodyToConsult:
    """An Advisor where no model is at hand: every role is another agent's CLI."""

    def advise(self, question: str, cancel: object) -> str:
        del question, cancel
        return "Nobody can be consulted in this session: decide, and note the decision."
