"""Permission rules the user gave "always in this project": the user's file, never the project's."""

from __future__ import annotations

from pathlib import Path

from burnless.state.user_book import UserBook


class ProjectRules:
    """Rules by workspace, in the order they were given."""

    def __init__(self, path: Path) -> None:
        self._book = UserBook(path, "remembered permission rules")

    def rules_of(self, workspace: Path) -> tuple[str, ...]:
        return self._book.read().get(str(workspace), ())

    def remember(self, workspace: Path, rule: str) -> None:
        self._book.change(str(workspace), lambda rules: rules if rule in rules else (*rules, rule))

    def forget(self, workspace: Path, rule: str) -> None:
        self._book.change(
            str(workspace), lambda rules: tuple(known for known in rules if known != rule)
        )
