"""The door every effect goes through: decide by the rules, ask where they say so."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from burnless.core import events as ev
from burnless.core.permissions import (
    Access,
    Decision,
    ParsedCommand,
    Permit,
    Question,
    Ruling,
    RunCommand,
)
from burnless.core.protocols import Approver, Recorder, ShellParser
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.permissions import named_paths, rule


class PermissionGate:
    """Implements core's Gate. `remember(rule)` keeps a yes for the project."""

    def __init__(
        self,
        settings: PermissionSettings,
        *,
        parser: ShellParser,
        approver: Approver,
        recorder: Recorder,
        root: Path,
        cwd: Path,
        remember: Callable[[str], None],
    ) -> None:
        self.mode = settings.mode
        self._settings = settings
        self._parser = parser
        self._approver = approver
        self._recorder = recorder
        self._root = root
        self._cwd = cwd
        self._remember = remember
        self._project_rules: list[str] = []
        self._lock = threading.Lock()

    def judge(self, access: Access) -> Ruling:
        """What the rules say, without asking anybody."""
        parsed: ParsedCommand | None = None
        links: dict[str, str] = {}
        if isinstance(access, RunCommand):
            parsed = self._parser.parse(access.command)
            links = _links(named_paths(parsed, str(self._cwd)))
        given = (*self._recorder.session.rules_given, *self._project_rules)
        return rule(
            access,
            parsed,
            self.mode,
            self._settings,
            given,
            root=str(self._root),
            cwd=str(self._cwd),
            links=links,
        )

    def permit(self, access: Access, detail: str = "") -> Permit:
        """Decide; where the rules say "ask", one question at a time reaches the user."""
        ruling = self.judge(access)
        match ruling.decision:
            case Decision.ALLOW:
                return Permit(True, ruling.reason, ruling.reads_only)
            case Decision.DENY:
                return Permit(False, _refusal(ruling))
            case Decision.ASK:
                with self._lock:
                    return self._ask(access, ruling, detail)

    def _ask(self, access: Access, ruling: Ruling, detail: str) -> Permit:
        if self.mode in {PermissionMode.DONT_ASK, PermissionMode.AUTO}:
            return Permit(False, _refusal(ruling))
        answer = self._approver.approve(Question(access, ruling.reason, ruling.pattern, detail))
        chosen = answer.pattern or ruling.pattern
        self._recorder.record(
            ev.ApprovalGiven(_subject(access), answer.choice, chosen, answer.instead)
        )
        if answer.choice == "project" and chosen:
            self._project_rules.append(chosen)
            self._remember(chosen)
        if answer.choice in {"yes", "session", "project"}:
            return Permit(True, f"the user said {answer.choice}", ruling.reads_only)
        if not self._approver.interactive:
            return Permit(False, f"nobody is there to allow it: {_refusal(ruling)}")
        if answer.instead:
            return Permit(False, f"the user said no, and: {answer.instead}")
        return Permit(False, f"the user said no. {_refusal(ruling)}")


def _links(paths: Iterable[str]) -> dict[str, str]:
    """Where those paths lead that are links or lie behind one."""
    real = {path: os.path.realpath(path) for path in paths if "\0" not in path}
    return {path: target for path, target in real.items() if path != target}


def _refusal(ruling: Ruling) -> str:
    return f"{ruling.reason}. {ruling.hint}".rstrip(". ") + "." if ruling.hint else ruling.reason


def _subject(access: Access) -> str:
    return access.command if hasattr(access, "command") else access.path
