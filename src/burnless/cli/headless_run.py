"""One prompt without a terminal: from reading it to an exit code."""

from __future__ import annotations

import sys
import traceback
from dataclasses import replace

from burnless.cli.exits import say_why
from burnless.cli.invocation import Invocation, OutputFormat
from burnless.cli.opener import DrivenEngine, OpenEngine
from burnless.cli.stdin import read_prompt
from burnless.cli.stopping import SIGNALLED, Stopped, Stopping
from burnless.core.errors import (
    BudgetExceeded,
    BurnlessError,
    Cancelled,
    InputProblem,
    Temporary,
)
from burnless.core.outcome import TurnResult, TurnStatus
from burnless.ui.cost_report import cost_table
from burnless.ui.headless import (
    HeadlessApprover,
    HeadlessFrontend,
    JsonFrontend,
    StreamJsonFrontend,
    TextFrontend,
)
from burnless.ui.wire_json import Opening, exit_code_of
from burnless.version import __version__


def run_headless(invocation: Invocation, open_engine: OpenEngine) -> int:
    """Run it, report it, and close what was opened; the value is the exit code."""
    frontend = _frontend(invocation)
    run = _Run(invocation, frontend)
    with Stopping() as stopping:
        try:
            result = run.to_the_end(open_engine, stopping)
        except Stopped as stopped:
            result = run.cut_off(stopped.code)
        signalled = stopping.finish()
        frontend.end(result)
        run.say_cost()
    if signalled:
        return run.stopped(SIGNALLED + signalled)
    code = exit_code_of(result)
    if code:
        say_why(result.reason or result.status.value, result.hint, result.session_id)
    return code


class _Run:
    """`engine` stays readable after it was closed: the bill is made from its session."""

    def __init__(self, invocation: Invocation, frontend: HeadlessFrontend) -> None:
        self._invocation = invocation
        self._frontend = frontend
        self._engine: DrivenEngine | None = None

    @property
    def session_id(self) -> str:
        return self._engine.session_id if self._engine else ""

    def to_the_end(self, open_engine: OpenEngine, stopping: Stopping) -> TurnResult:
        """The turn's result; what kept it from running is a result too. Raises Stopped."""
        try:
            prompt = read_prompt(self._invocation.prompt, sys.stdin)
            self._check(prompt)
            options = replace(self._invocation.options, first_prompt=prompt)
            self._engine = engine = open_engine(options, HeadlessApprover(), self._frontend)
            self._frontend.begin(_opening(engine))
            return stopping.run(lambda: _turn(engine, prompt), engine.interrupt, engine.kill)
        except BurnlessError as error:
            return failed(error, self.session_id)
        except Stopped:
            raise
        except Exception as error:
            return self._broken(error)
        finally:
            if self._engine is not None:
                self._engine.close()

    def say_cost(self) -> None:
        if self._engine is not None and self._engine.session.spend:
            sys.stderr.write(cost_table(self._engine.session))

    def cut_off(self, code: int) -> TurnResult:
        """A signal that came before the turn, or a turn that did not end when it was killed."""
        if self._engine is not None:
            self._engine.kill()
        return TurnResult(
            TurnStatus.INTERRUPTED, "", self.session_id, reason="interrupted", exit_code=code
        )

    def stopped(self, code: int) -> int:
        say_why("stopped by a signal; what was done is kept", "", self.session_id)
        return code

    def _check(self, prompt: str) -> None:
        options = self._invocation.options
        reopens = options.resume or options.continue_newest or options.session_id
        if not prompt.strip() and not (reopens and not prompt):
            raise InputProblem(
                "there is no prompt",
                hint='agent -p "what to do", or agent -c -p to finish an interrupted turn',
            )

    def _broken(self, error: Exception) -> TurnResult:
        if self._invocation.options.debug:
            traceback.print_exc()
        return TurnResult(
            TurnStatus.FAILED,
            "",
            self.session_id,
            reason=f"an error inside Burnless: {type(error).__name__}: {error}",
            hint="--debug shows where; what was done is kept",
            exit_code=1,
        )


def failed(error: BurnlessError, session_id: str) -> TurnResult:
    """What kept a turn from running, as its result."""
    match error:
        case BudgetExceeded():
            status = TurnStatus.BUDGET
        case Temporary():
            status = TurnStatus.UNAVAILABLE
        case Cancelled():
            status = TurnStatus.INTERRUPTED
        case _:
            status = TurnStatus.FAILED
    return TurnResult(
        status,
        "",
        session_id,
        reason=str(error),
        hint=error.hint,
        exit_code=error.exit_code,
    )


def _turn(engine: DrivenEngine, prompt: str) -> TurnResult:
    return engine.run_turn(prompt) if prompt else engine.resume_turn()


def _frontend(invocation: Invocation) -> HeadlessFrontend:
    match invocation.output_format:
        case OutputFormat.TEXT:
            return TextFrontend(sys.stdout, sys.stderr, verbose=invocation.verbose)
        case OutputFormat.JSON:
            return JsonFrontend(sys.stdout, sys.stderr, verbose=invocation.verbose)
        case OutputFormat.STREAM_JSON:
            return StreamJsonFrontend(sys.stdout)


def _opening(engine: DrivenEngine) -> Opening:
    models = {
        role.value: card if isinstance(card, str) else card.id
        for role, card in engine.cards.items()
    }
    return Opening(
        session_id=engine.session_id,
        cwd=engine.session.workspace,
        tools=engine.tool_names,
        models=models,
        mode=engine.mode.value,
        version=__version__,
    )
