"""May this path be read or written? And how judgements of several paths become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from burnless.core.permissions import Decision, Ruling
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.rules import Rule, matching_path, parse_rule, readable_rules
from burnless.policy.workspace_paths import (
    guarded_folder,
    inside,
    is_device,
    is_free_to_read,
    is_secret,
    relative,
)

_GUARD_HINTS = {
    ".git": "Use git commands; never edit its folder.",
    ".burnless": "It is this program's own state: leave it alone.",
}


IN_PLAN_MODE = (
    "Do not try it another way: read what you still need, then finish as blocked, with the "
    "changes you would make as the summary; the user leaves plan mode to have them made"
)
"""What an executor does that is denied a change in plan mode."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A ruling before the mode had its last word.

    confined: where it is asked, trying it in a sandbox instead can do no harm outside of it
    """

    ruling: Ruling
    confined: bool = False

    @staticmethod
    def allow(reason: str, *, reads_only: bool = False) -> Judged:
        return Judged(Ruling(Decision.ALLOW, reason, reads_only=reads_only))

    @staticmethod
    def deny(reason: str, hint: str, *, reads_only: bool = False) -> Judged:
        return Judged(Ruling(Decision.DENY, reason, hint=hint, reads_only=reads_only))

    @staticmethod
    def ask(
        reason: str,
        pattern: str,
        *,
        hint: str = "",
        reads_only: bool = False,
        confined: bool = False,
    ) -> Judged:
        ruling = Ruling(Decision.ASK, reason, pattern, hint, reads_only)
        return Judged(ruling, confined)


_STRICTNESS = (Decision.ALLOW, Decision.ASK, Decision.DENY)


def strictest(judged: Sequence[Judged]) -> Judged:
    """The first of the hardest; among what is asked, what no sandbox makes harmless."""
    return max(
        judged, key=lambda entry: (_STRICTNESS.index(entry.ruling.decision), not entry.confined)
    )


@dataclass(frozen=True, slots=True)
class RuleSet:
    deny: tuple[Rule, ...]
    ask: tuple[Rule, ...]
    allow: tuple[Rule, ...]

    @staticmethod
    def of(settings: PermissionSettings, session_rules: Sequence[str]) -> RuleSet:
        """Configured rules must be readable; a session's rule that is not allows nothing."""
        return RuleSet(
            deny=tuple(map(parse_rule, settings.deny)),
            ask=tuple(map(parse_rule, settings.ask)),
            allow=(*map(parse_rule, settings.allow), *readable_rules(session_rules)),
        )


@dataclass(frozen=True, slots=True)
class PathJudge:
    """Decides over absolute paths of a workspace."""

    rules: RuleSet
    mode: PermissionMode
    root: str

    def refused_read(self, path: str) -> Judged | None:
        """What no mode and no allow rule lets pass."""
        denied = matching_path(self.rules.deny, "Read", path, self.root)
        if denied is None:
            return None
        return Judged.deny(
            f"the rule {denied.text} denies reading {self._name(path)}",
            "Work without it.",
            reads_only=True,
        )

    def refused_write(self, path: str) -> Judged | None:
        """The write guards and the deny rules: they hold in every mode."""
        guarded = guarded_folder(path)
        if guarded:
            return Judged.deny(f"{guarded}/ is never written to", _GUARD_HINTS[guarded])
        denied = matching_path(self.rules.deny, "Edit", path, self.root)
        if denied is None:
            return None
        return Judged.deny(
            f"the rule {denied.text} denies changing {self._name(path)}",
            "Reach the goal without changing it, or finish as blocked and say why.",
        )

    def read(self, path: str) -> Judged:
        return self.refused_read(path) or self._permitted_read(path)

    def _permitted_read(self, path: str) -> Judged:
        if self.mode is PermissionMode.BYPASS:
            return Judged.allow("nothing is asked in this mode", reads_only=True)
        name = self._name(path)
        asked = matching_path(self.rules.ask, "Read", path, self.root)
        if asked:
            return Judged.ask(f"the rule {asked.text} asks", f"Read({name})", reads_only=True)
        if matching_path(self.rules.allow, "Read", path, self.root):
            return Judged.allow("a rule allows it", reads_only=True)
        if is_secret(path) and not is_device(path):
            return Judged.ask(
                f"{name} may hold secrets, and what is read is sent to the model's provider",
                f"Read({name})",
                hint="Look at an example file, or ask the user for the one value you need.",
                reads_only=True,
            )
        if inside(path, self.root) or is_free_to_read(path):
            return Judged.allow("it only reads", reads_only=True)
        return Judged.ask(
            f"{name} is outside the workspace",
            f"Read({_folder_of(path)}/**)",
            hint=f"Stay inside {self.root}.",
            reads_only=True,
        )

    def write(self, path: str) -> Judged:
        return self.refused_write(path) or self._permitted_write(path)

    def _permitted_write(self, path: str) -> Judged:
        name = self._name(path)
        if self.mode is PermissionMode.PLAN:
            return Judged.deny(
                f"plan mode only reads, and {name} would change",
                IN_PLAN_MODE,
            )
        if self.mode is PermissionMode.BYPASS or is_device(path):
            return Judged.allow("nothing is asked about it")
        pattern = f"Edit({self._pattern(path)})"
        asked = matching_path(self.rules.ask, "Edit", path, self.root)
        if asked:
            return Judged.ask(f"the rule {asked.text} asks", pattern)
        if matching_path(self.rules.allow, "Edit", path, self.root):
            return Judged.allow("a rule allows it")
        if not inside(path, self.root):
            return Judged.ask(
                f"{name} is outside the workspace", pattern, hint=f"Write inside {self.root}."
            )
        if path == self.root:
            return Judged.ask("this is the whole workspace", pattern)
        if self.mode in {PermissionMode.ACCEPT_EDITS, PermissionMode.AUTO}:
            return Judged.allow("workspace edits are allowed")
        return Judged.ask(f"{name} would change", pattern, confined=True)

    def _name(self, path: str) -> str:
        return relative(path, self.root)

    def _pattern(self, path: str) -> str:
        """The folder the file is in; a file in the workspace's root stands for itself."""
        name = self._name(path)
        folder = _folder_of(name)
        return f"{folder}/**" if folder else name


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]
