"""What one run was asked to be: the flags of a command line, or the arguments of the Python API."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from burnless.core.settings import PermissionMode


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Everything the wiring needs to open an engine. "" and None mean: as configured.

    cwd:             where the user stands; the workspace is its git top level, else itself
    config_path:     a configuration file the user named, trusted by that act
    trust:           trust the discovered project configuration as it is now
    session_id:      a new session of exactly this id, or that session resumed where it exists
    resume:          the id, a unique prefix of it, or the name of a session to go on with
    continue_newest: go on with the workspace's newest session; InputProblem where there is none
    fork:            go on in a copy of the resumed session; the old one stays as it is
    name:            a name for the session, for people
    model:           one model or tier for planner and executor
    planner:         a model ("anthropic/claude-opus-5-5") or a tier for planning
    executor:        the same for the work
    tier:            "gold" | "silver" | "bronze": the tier that executes
    no_planner:      never call the planner: one step in the user's own words
    permission_mode: None = as configured, and headless without one = acceptEdits, asks refused
    allowed_tools:   rules like "Bash(npm run test *)" that need no question in this run
    disallowed_tools: rules that are denied in this run
    max_turns:       executor calls in one prompt
    max_budget_usd:  limit of money in picodollars (as in BudgetSettings); with a resumed session
                     the new total of the session
    max_calls:       model calls in the session, in all
    append_system_prompt: text at the end of the executor's system text
    effort:          reasoning effort of the executor
    bare:            no discovery: no memory files, no user or project configuration
    first_prompt:    the prompt a new session is named after
    without_models:  join everything but the models: for looking, not for running
    debug:           write the exact last request of each role into the session folder
    """

    cwd: Path
    config_path: Path | None = None
    trust: bool = False
    session_id: str = ""
    resume: str = ""
    continue_newest: bool = False
    fork: bool = False
    name: str = ""
    model: str = ""
    planner: str = ""
    executor: str = ""
    tier: str = ""
    no_planner: bool = False
    permission_mode: PermissionMode | None = None
    allowed_tools: tuple[str, ...] = ()
    disallowed_tools: tuple[str, ...] = ()
    max_turns: int | None = None
    max_budget_usd: int | None = None
    max_calls: int | None = None
    append_system_prompt: str = ""
    effort: str = ""
    bare: bool = False
    first_prompt: str = ""
    without_models: bool = False
    debug: bool = False
