"""The executor's tools, in the order that is part of the prompt."""

from __future__ import annotations

from collections.abc import Callable

from burnless.core.protocols import (
    Advisor,
    Approver,
    Blobs,
    Prover,
    Runner,
    SessionStore,
    Snapshots,
    Tool,
)
from burnless.core.settings import Limits, Settings
from burnless.tools.ask import AskTool
from burnless.tools.consult import ConsultTool
from burnless.tools.edit import EditTool
from burnless.tools.file_changer import FileChanger
from burnless.tools.finish import FinishTool
from burnless.tools.never_raising import NeverRaising
from burnless.tools.output_cap import OutputCap
from burnless.tools.plan_notes import PlanNotesTool
from burnless.tools.read import ReadTool
from burnless.tools.recall import RecallTool
from burnless.tools.run_command import RunCommandTool
from burnless.tools.search import SearchEngine, SearchTool
from burnless.tools.search_plain import PlainSearch
from burnless.tools.search_ripgrep import RipgrepSearch, find_ripgrep
from burnless.tools.syntax_check import SyntaxChecks
from burnless.tools.write import WriteTool


def standard_tools(
    *,
    runner: Runner,
    snapshots: Snapshots,
    blobs: Blobs,
    store: SessionStore,
    prover: Prover,
    approver: Approver,
    advisor: Advisor,
    settings: Settings,
    check_yaml: Callable[[str], str],
    may_read: Callable[[str], bool],
) -> tuple[Tool, ...]:
    """In this order: read write edit search run_command plan_notes recall ask consult finish.

    check_yaml: a text to what is wrong with it as YAML ("line 3: ..."), "" where it parses
    may_read:   whether the rules let the model see a path; `search` leaves the others out
    """
    cap = _cap(settings.limits)
    changer = FileChanger(snapshots.keep, blobs)
    checks = SyntaxChecks(check_yaml)
    read, search = reading_tools(runner=runner, limits=settings.limits, may_read=may_read)
    return (
        read,
        NeverRaising(WriteTool(changer, checks)),
        NeverRaising(EditTool(changer, checks)),
        search,
        NeverRaising(RunCommandTool(runner, blobs, settings.limits)),
        NeverRaising(PlanNotesTool(prover)),
        NeverRaising(RecallTool(store, blobs, cap)),
        NeverRaising(AskTool(approver)),
        NeverRaising(ConsultTool(advisor, settings.planner.consults)),
        NeverRaising(FinishTool()),
    )


def reading_tools(
    *, runner: Runner, limits: Limits, may_read: Callable[[str], bool]
) -> tuple[Tool, Tool]:
    """The tools read and search: all that a planner explores with."""
    return (
        NeverRaising(ReadTool(_cap(limits))),
        NeverRaising(SearchTool(_engine(runner), may_read)),
    )


def _cap(limits: Limits) -> OutputCap:
    return OutputCap(limits.result_lines, limits.result_bytes)


def _engine(runner: Runner) -> SearchEngine:
    program = find_ripgrep()
    return RipgrepSearch(runner, program) if program else PlainSearch(runner)
