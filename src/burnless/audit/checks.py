"""Checks: run through the gate, and judged against what failed before the work."""

from __future__ import annotations

from pathlib import Path

from burnless.audit.failures import find_failures
from burnless.core.cancel import CancelToken
from burnless.core.evidence import CheckOutcome
from burnless.core.permissions import RunCommand
from burnless.core.plan import Check
from burnless.core.protocols import Gate, Runner

CHECK_SECONDS_MOST = 600.0
_LAST_LINES = 20
_LINE_CHARACTERS_MOST = 300


class GatedProver:
    """Implements `Prover`. A file predicate is looked up; a command goes through the gate first.

    root:    the workspace; predicates name files below it
    cwd:     where commands start
    seconds: a check's deadline
    """

    def __init__(
        self,
        root: Path,
        cwd: Path,
        runner: Runner,
        gate: Gate,
        seconds: float = CHECK_SECONDS_MOST,
    ) -> None:
        self._root = root
        self._cwd = cwd
        self._runner = runner
        self._gate = gate
        self._seconds = seconds

    def run(self, check: Check, cancel: CancelToken) -> CheckOutcome:
        """A check written into a plan: by a model, so the gate is told that."""
        if check.command:
            return self._run_command(check.command, "plan", cancel)
        return self._look(check)

    def run_configured(self, command: str, cancel: CancelToken) -> CheckOutcome:
        return self._run_command(command, "check", cancel)

    def _run_command(self, command: str, origin: str, cancel: CancelToken) -> CheckOutcome:
        permit = self._gate.permit(RunCommand(command, origin), f"check: {command}")
        if not permit.allowed:
            return CheckOutcome(command, None, refused=permit.reason or "not permitted")
        result = self._runner.run(
            command, cwd=self._cwd, deadline_seconds=self._seconds, cancel=cancel
        )
        cancel.check()
        output = result.full.decode("utf-8", "replace") or result.output
        last = _last_lines(result.output)
        if result.timed_out:
            last = f"{last}\nended by its deadline of {self._seconds:g} s".lstrip()
        failures = () if result.exit_code == 0 else find_failures(output)
        return CheckOutcome(command, result.exit_code, failures, last)

    def _look(self, check: Check) -> CheckOutcome:
        """exists, absent, contains, lacks: exit code 0 where it holds, else 1 and the reason."""
        held, reason = _holds(self._root, check)
        return CheckOutcome(str(check), 0 if held else 1, last_lines=reason, looked=True)


def new_failures(baseline: CheckOutcome | None, after: CheckOutcome) -> tuple[str, ...]:
    """What fails now and did not before. A failing check whose tests have no names is one name:
    the command itself.

    Without a baseline, or with one that did not come to an end, every failure is new.
    """
    if after.passed or after.refused:
        return ()
    whole = (f"`{after.command}`",)
    if baseline is None or baseline.passed or baseline.exit_code is None:
        return after.failures or whole
    if not after.failures:
        # It named its failures before and names none now: it broke in another way.
        return whole if baseline.failures else ()
    if not baseline.failures:
        return ()
    known = set(baseline.failures)
    return tuple(name for name in after.failures if name not in known)


def still_failing(first: tuple[str, ...], again: tuple[str, ...]) -> tuple[str, ...]:
    """The new failures that a second run has too: what fails once only is not counted."""
    second = set(again)
    whole = [name for name in again if name.startswith("`")]
    both = tuple(name for name in first if name in second)
    if both:
        return both
    # One of the runs gave no names: it is the same check that fails.
    return again if whole or any(name.startswith("`") for name in first) else ()


def _holds(root: Path, check: Check) -> tuple[bool, str]:
    target = root / check.path
    if not target.resolve().is_relative_to(root.resolve()):
        return False, f"{check.path} is outside the workspace"
    exists = target.exists()
    match check.predicate:
        case "exists":
            return exists, "" if exists else f"{check.path} does not exist"
        case "absent":
            return not exists, f"{check.path} is still there" if exists else ""
        case "contains" | "lacks":
            return _holds_text(target, check)
        case other:
            return False, f"there is no predicate {other!r}: use exists, absent, contains or lacks"


def _holds_text(target: Path, check: Check) -> tuple[bool, str]:
    try:
        found = check.text in target.read_text("utf-8", "replace")
    except OSError as error:
        return False, f"{check.path} cannot be read: {error.strerror or error}"
    held = found is (check.predicate == "contains")
    if held:
        return True, ""
    return False, f"{check.path} {'still contains' if found else 'does not contain'} {check.text!r}"


def _last_lines(output: str) -> str:
    lines = [line[:_LINE_CHARACTERS_MOST] for line in output.rstrip().splitlines()]
    return "\n".join(lines[-_LAST_LINES:])
