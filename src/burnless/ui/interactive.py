"""The interactive loop: read a prompt, run a turn, show what it came to, until the user leaves."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from functools import partial

from burnless.core.last_reply import last_assistant
from burnless.core.outcome import TurnResult, TurnStatus
from burnless.core.permissions import Answer, Question
from burnless.core.plan import Plan
from burnless.core.settings import PermissionMode
from burnless.ui import slash
from burnless.ui.cost_report import cost_table, turn_line
from burnless.ui.engine import Engine
from burnless.ui.exchange import Exchange
from burnless.ui.lines import Line, Span, Style, block, line, styled
from burnless.ui.prompt_line import PromptLine
from burnless.ui.questions import Questions
from burnless.ui.screen import Screen
from burnless.ui.slash_commands import Reports, SlashCommands, name_of
from burnless.ui.stage import Leave, Stage
from burnless.ui.status import git_branch, status_text

_LEAVE_WITHIN_SECONDS = 2.0


class Interactive:
    """A frontend for one terminal. Its `exchange` goes to the engine, `run` drives that engine."""

    interactive = True

    def __init__(self, *, plain: bool = False, verbose: bool = False) -> None:
        self._screen = Screen(plain=plain)
        self._questions = Questions(self._screen)
        self._stage = Stage(self._screen, self, verbose=verbose)
        self._engine: Engine | None = None
        self._approved = False

    @property
    def exchange(self) -> Exchange:
        """Approver and EventSink for the engine that is going to be driven."""
        return self._stage.exchange

    def approve(self, question: Question) -> Answer:
        self._stage.scene.asked(question.detail)
        return self._questions.approve(question)

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        return self._questions.ask(question, options)

    def pick(self, title: str, options: Sequence[str]) -> int | None:
        """The index of the chosen option; None = none of them."""
        return self._questions.pick(title, options)

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        """An approved plan is worked on next, and that is more than plan mode allows."""
        reviewed = self._questions.review_plan(plan, text)
        self._approved = reviewed is not None
        engine = self._engine
        if reviewed is not None and engine is not None and engine.mode is PermissionMode.PLAN:
            engine.set_mode(PermissionMode.DEFAULT)
        return reviewed

    def run(self, engine: Engine, first_prompt: str, reports: Reports) -> int:
        """Until the user leaves; the value is the exit code."""
        self._engine = engine
        before = {
            number: signal.signal(number, self._stage.on_signal)
            for number in (signal.SIGTERM, signal.SIGHUP)
        }
        try:
            self._stage.show_waiting()
            self._greet(engine)
            with self._stage.keys:
                self._converse(engine, first_prompt, reports)
        except Leave as leave:
            return leave.code
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._part(engine)
        return 0

    def _converse(self, engine: Engine, first_prompt: str, reports: Reports) -> None:
        commands = SlashCommands(engine, self._stage, reports, partial(self._turn, engine))
        prompt_line = PromptLine(
            history_file=reports.history_file,
            commands=slash.NAMES,
            status=None if self._screen.plain else self._status_of(engine, reports),
        )
        text: str | None = first_prompt
        while text is not None:
            written = text.strip()
            command = slash.split_command(written)
            if command is not None:
                commands.do(*command)
            elif written:
                self._prompt(engine, written)
            text = self._next_prompt(prompt_line)

    def _prompt(self, engine: Engine, text: str) -> None:
        self._turn(engine, lambda: engine.run_turn(text))

    def _turn(self, engine: Engine, work: Callable[[], TurnResult]) -> None:
        """A turn that only planned goes on at once where the user approved the plan."""
        self._approved = False
        result = self._stage.work(engine, work)
        if result is not None and result.status is TurnStatus.PLANNED and self._approved:
            result = self._stage.work(engine, engine.resume_turn)
        if result is not None:
            self._screen.show(_ending_lines(result, engine))

    def _status_of(self, engine: Engine, reports: Reports) -> Callable[[], str]:
        branch = git_branch(reports.folder)

        def status() -> str:
            return status_text(engine, branch, self._screen.columns - 1)

        return status

    def _next_prompt(self, prompt_line: PromptLine) -> str | None:
        """A queued prompt, else what the user writes; None = leave."""
        keys = self._stage.keys
        if keys.queued:
            text = keys.queued.pop(0)
            self._screen.show([line(Span("> ", Style.STRONG), text)])
            return text
        if keys.wants_to_leave:
            return None
        pressed_at = -_LEAVE_WITHIN_SECONDS
        while True:
            self._screen.quiet()
            typed, keys.typed = keys.typed, ""
            try:
                return prompt_line.read(typed)
            except EOFError:
                return None
            except KeyboardInterrupt:
                if time.monotonic() - pressed_at < _LEAVE_WITHIN_SECONDS:
                    return None
                pressed_at = time.monotonic()
                self._screen.show([styled(Style.DIM, "Ctrl-C again to leave, or Ctrl-D")])

    def _greet(self, engine: Engine) -> None:
        models = ", ".join(f"{role} {name_of(engine, role)}" for role in engine.cards)
        self._screen.show(
            [
                line(Span("Burnless ", Style.STRONG), Span(engine.session_id, Style.DIM)),
                styled(Style.DIM, f"{models} · {engine.mode.value} · /help"),
            ]
        )

    def _part(self, engine: Engine) -> None:
        self._screen.quiet()
        if engine.session.spend:
            self._screen.say(cost_table(engine.session))
        if engine.session.turn is not None:
            self._screen.say(f"come back with: agent --resume {engine.session_id}")


def _ending_lines(result: TurnResult, engine: Engine) -> list[Line]:
    """The answer where it was not on the screen yet, then one line of what it came to."""
    said = last_assistant(engine.session)
    repeats = said is not None and result.summary.strip() == said.text.strip()
    lines: list[Line] = []
    if result.summary and not repeats and result.status is not TurnStatus.PLANNED:
        lines += block(Style.PLAIN, result.summary)
    style = Style.GOOD if result.exit_code == 0 else Style.WARNING
    parts = [result.status.value.replace("_", " ")]
    if result.changed:
        count = len(result.changed)
        parts.append("1 file changed" if count == 1 else f"{count} files changed")
    if engine.session.turn_spend.calls:
        parts.append(turn_line(engine.session))
    lines.append(styled(style, " · ".join(parts)))
    if result.reason and result.reason != result.status.value:
        why = "; ".join(part for part in (result.reason, result.hint) if part)
        lines.append(styled(style, f"  {why}"))
    return lines
