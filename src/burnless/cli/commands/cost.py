"""`agent cost`: the bill of a session, by role and token class."""

from __future__ import annotations

import sys

from burnless.cli.commands.finding import load
from burnless.core.encoding import canonical
from burnless.ui.cost_report import cost_json, cost_table


def show_cost(wanted: str, *, as_json: bool) -> int:
    session, _ = load(wanted)
    if as_json:
        sys.stdout.write(canonical(cost_json(session)) + "\n")
    else:
        sys.stdout.write(f"session {session.id}\n{cost_table(session)}")
    return 0
