"""`agent permissions`: the rules in force, where they come from, and taking one back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from burnless.cli.commands.finding import here
from burnless.core.errors import InputProblem
from burnless.state.config import load_settings
from burnless.state.layout import Layout
from burnless.state.project_rules import ProjectRules
from burnless.ui.lines import one_line


def show_permissions() -> int:
    sys.stdout.write(permissions_text(here(), None))
    return 0


def permissions_text(layout: Layout, config_file: Path | None) -> str:
    """Deny beats ask beats allow, so they stand in this order."""
    loaded = load_settings(layout, environ=os.environ, config_file=config_file)
    settings = loaded.settings.permissions
    remembered = set(ProjectRules(layout.user.rules_file).rules_of(layout.workspace))
    rows = [f"mode: {settings.mode.value}"]
    for name, rules in (
        ("deny", settings.deny),
        ("ask", settings.ask),
        ("allow", settings.allow),
    ):
        for rule in rules:
            origin = "  (always in this project)" if rule in remembered else ""
            rows.append(f"{name:<6} {one_line(rule)}{origin}")
    if not (settings.deny or settings.ask or settings.allow):
        rows.append("no rules: the mode alone decides")
    return "\n".join(rows) + "\n"


def forget_rule(rule: str) -> int:
    """Take back an "always in this project". Raises InputProblem where it was not given."""
    layout = here()
    book = ProjectRules(layout.user.rules_file)
    if rule not in book.rules_of(layout.workspace):
        raise InputProblem(
            f"{rule!r} is not a rule you gave for this project",
            hint="`agent permissions list` shows them; others stand in a configuration file",
        )
    book.forget(layout.workspace, rule)
    sys.stdout.write(f"taken back: {rule}\n")
    return 0
