"""`agent permissions`: the rules in force, where they come from, and taking one back."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from burnless.cli.commands.finding import here
from burnless.core.errors import InputProblem
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.state.config import load_settings
from burnless.state.layout import Layout
from burnless.state.project_rules import ProjectRules
from burnless.ui.lines import one_line

_NO_RULES = "no rules: the mode alone decides"


def show_permissions() -> int:
    layout = here()
    permissions = load_settings(layout, environ=os.environ).settings.permissions
    sys.stdout.write(permissions_text(layout, permissions, permissions.mode))
    return 0


def permissions_text(
    layout: Layout,
    permissions: PermissionSettings,
    mode: PermissionMode,
    given: Sequence[str] = (),
) -> str:
    """Deny beats ask beats allow, so they stand in this order; `given` hold for this session."""
    always = ProjectRules(layout.user.rules_file).rules_of(layout.workspace)
    rows = [("deny", rule, "") for rule in permissions.deny]
    rows += [("ask", rule, "") for rule in permissions.ask]
    rows += [("allow", rule, "") for rule in permissions.allow if rule not in always]
    rows += [("allow", rule, "  (always in this project)") for rule in always]
    rows += [("allow", rule, "  (in this session)") for rule in dict.fromkeys(given)]
    lines = [f"{name:<6} {one_line(rule)}{origin}" for name, rule, origin in rows]
    return "\n".join([f"mode   {mode.value}", *(lines or [_NO_RULES])]) + "\n"


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
