"""What this user's sessions cost today and this month, over every known workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from burnless.state.layout import Layout, UserFolders
from burnless.state.log_file import LOG_NAME
from burnless.state.session_summary import local_day, summarize
from burnless.state.sessions import known_workspaces, session_folders

_SECONDS_IN_LONGEST_MONTH = 32 * 86_400


@dataclass(frozen=True, slots=True)
class PeriodSpend:
    """Picodollars owed so far by all sessions the user's machine knows, this one included."""

    today: int = 0
    month: int = 0


def spend_of_period(user: UserFolders, now: float) -> PeriodSpend:
    """Local day and month of `now`. Sessions not written for a month are not even opened."""
    day = local_day(now)
    days = [
        spent
        for workspace in known_workspaces(user)
        for folder in session_folders(Layout(workspace, user))
        if _written_since(folder, now - _SECONDS_IN_LONGEST_MONTH)
        for spent in summarize(folder).days
    ]
    return PeriodSpend(
        today=sum(spent.cost for spent in days if spent.day == day),
        month=sum(spent.cost for spent in days if spent.day[:7] == day[:7]),
    )


def _written_since(folder: Path, moment: float) -> bool:
    return (folder / LOG_NAME).stat().st_mtime >= moment
