"""What each slash command does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from burnless.core.errors import BurnlessError
from burnless.core.messages import Role
from burnless.core.outcome import TurnResult
from burnless.core.settings import PermissionMode
from burnless.ui import slash
from burnless.ui.cost_report import cost_table, turn_line
from burnless.ui.diffs import diff_lines
from burnless.ui.engine import Engine
from burnless.ui.lines import Span, Style, line, styled
from burnless.ui.plan_view import checklist
from burnless.ui.stage import Leave, Stage
from burnless.ui.verdict_view import verdict_lines

_DIFFS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reports:
    """What the loop shows but other parts know: each makes its text when it is asked for.

    folder: where the user stands, for the git branch of the status line
    """

    by_command: Mapping[str, Callable[[], str]]
    history_file: Path | None = None
    folder: Path = Path()


class SlashCommands:
    """`turn` runs a prompt's work and shows what it came to."""

    def __init__(
        self,
        engine: Engine,
        stage: Stage,
        reports: Reports,
        turn: Callable[[Callable[[], TurnResult]], None],
    ) -> None:
        self._engine = engine
        self._stage = stage
        self._screen = stage.screen
        self._turn = turn
        own: dict[str, Callable[[str], None]] = {
            "/help": self._help,
            "/plan": self._plan,
            "/cost": self._cost,
            "/audit": self._audit,
            "/compact": self._compact,
            "/diff": self._diff,
            "/status": self._status,
            "/exit": self._exit,
        }
        told = {name: self._reporter(make) for name, make in reports.by_command.items()}
        self._by_name = {**told, **own, "/permissions": self._permissions}
        self._list_permissions = told.get("/permissions", self._status)

    def do(self, name: str, rest: str) -> None:
        """Raises Leave for /exit."""
        command = self._by_name.get(name)
        if command is None:
            self._screen.show([styled(Style.WARNING, slash.unknown_text(name))])
        else:
            command(rest)

    def _help(self, _rest: str) -> None:
        self._screen.say(slash.help_text())

    def _plan(self, rest: str) -> None:
        plan = self._engine.session.plan
        if rest:
            self._turn(lambda: self._engine.plan_only(rest))
        elif plan:
            self._screen.show(checklist(plan))
        else:
            self._screen.show([styled(Style.DIM, "no plan yet; /plan TASK makes one")])

    def _cost(self, _rest: str) -> None:
        self._screen.say(cost_table(self._engine.session))

    def _audit(self, _rest: str) -> None:
        """Its verdict is an event, so it is shown like every other."""
        before = self._engine.session.seq
        report = self._stage.work(self._engine, self._engine.audit)
        if report is not None and self._engine.session.seq == before:
            self._screen.show(verdict_lines(report))

    def _compact(self, rest: str) -> None:
        before = len(self._engine.session.compactions)
        self._stage.work(self._engine, lambda: self._engine.compact(rest))
        if len(self._engine.session.compactions) == before:
            self._screen.show([styled(Style.DIM, "nothing was compacted")])

    def _diff(self, _rest: str) -> None:
        diffs = self._stage.scene.diffs
        if not diffs:
            self._screen.show([styled(Style.DIM, "no edits yet")])
        for diff in diffs[-_DIFFS_SHOWN:]:
            self._screen.show(diff_lines(diff, fold_at=0))

    def _status(self, _rest: str) -> None:
        self._screen.say(_status_report(self._engine))

    def _permissions(self, rest: str) -> None:
        """Without an argument the rules; with one, the mode from now on."""
        if not rest:
            self._list_permissions("")
            return
        modes = {mode.value.lower(): mode for mode in PermissionMode}
        mode = modes.get(rest.lower())
        if mode is None:
            names = ", ".join(each.value for each in PermissionMode)
            self._screen.show([styled(Style.WARNING, f"no mode {rest}; there are {names}")])
            return
        self._engine.set_mode(mode)
        self._screen.show([line("mode ", Span(mode.value, Style.ACCENT))])

    def _exit(self, _rest: str) -> None:
        raise Leave(0)

    def _reporter(self, make: Callable[[], str]) -> Callable[[str], None]:
        def report(_rest: str) -> None:
            try:
                self._screen.say(make())
            except BurnlessError as error:
                self._stage.complain(error)

        return report


def name_of(engine: Engine, role: Role) -> str:
    """The model's id, or the worker's command."""
    card = engine.cards[role]
    return card if isinstance(card, str) else card.id


def _status_report(engine: Engine) -> str:
    session = engine.session
    rows = [("session", engine.session_id), ("mode", engine.mode.value)]
    for role in engine.cards:
        name = name_of(engine, role)
        served = session.pins.get(name, "")
        rows.append((role.value, f"{name} (served by {served})" if served else name))
    rows.append(("context", f"{session.context_tokens:,} tokens in the last call"))
    rows.append(("this turn", turn_line(session)))
    return "\n".join(f"{name:<10} {value}" for name, value in rows)
