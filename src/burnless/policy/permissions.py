"""May this happen? Rules, modes and what is known of commands, as one pure decision.

The order: write guards, deny rules, plan mode, bypass, ask rules, allow rules, what the mode lets
pass. The strictest part of a compound command decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from burnless.core.permissions import (
    Access,
    Decision,
    ParsedCommand,
    ReadPath,
    Ruling,
    RunCommand,
    SimpleCommand,
    StartWorker,
    WritePath,
)
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.command_nature import know
from burnless.policy.known_commands import Known, Nature
from burnless.policy.known_programs import cd_target
from burnless.policy.path_permissions import IN_PLAN_MODE, Judged, PathJudge, RuleSet, strictest
from burnless.policy.rules import exactly, matching_command, names_the_program
from burnless.policy.workspace_paths import GUARDED, absolute, is_device

_EDITING_MODES = frozenset({PermissionMode.ACCEPT_EDITS, PermissionMode.AUTO})
_CONFINED = frozenset({Nature.WRITES, Nature.RUNS_PROJECT, Nature.UNKNOWN})
"""What a sandbox keeps inside the workspace."""
_GUARDED_NAME = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, GUARDED))})(?![\w.-])", re.I)
_LEFT_OUT = re.compile(r"(?:exclude|ignore)\S*[= ]\S+")


def rule(
    access: Access,
    parsed: ParsedCommand | None,
    mode: PermissionMode,
    settings: PermissionSettings,
    session_rules: Sequence[str],
    *,
    root: str,
    cwd: str,
    links: Mapping[str, str] | None = None,
    sandboxed: bool = False,
) -> Ruling:
    """Decide over one access.

    `parsed` belongs to RunCommand; None = nobody could take the command apart. `session_rules`
    are allow rules given in this session. `root` and `cwd` are absolute. `links`: those of
    `named_paths` that really are another path. `sandboxed`: the command would run confined to the
    workspace by the operating system. Raises RuleProblem for a rule of `settings` that cannot be
    read.
    """
    rules = RuleSet.of(settings, session_rules)
    paths = PathJudge(rules, mode, absolute(root, "/"))
    match access:
        case ReadPath(path):
            judged = paths.read(absolute(path, root))
        case WritePath(path):
            judged = paths.write(absolute(path, root))
        case RunCommand():
            judge = _CommandJudge(paths, absolute(cwd, root), links or {}, sandboxed)
            judged = judge.command(access, parsed)
        case StartWorker(command):
            judged = _worker(command, rules, mode)
        case _:
            assert_never(access)
    return _settled(judged, mode, sandboxed)


def named_paths(parsed: ParsedCommand, cwd: str) -> tuple[str, ...]:
    """All absolute paths a command line names. Where one of them is a link, `rule` has to know
    where it leads: a command follows it.
    """
    named: list[str] = [absolute(redirection.path, cwd) for redirection in parsed.redirections]
    for _, known, folders in _walked(parsed, cwd):
        named += _placed((*known.reads, *known.writes), folders)
    return tuple(dict.fromkeys(named))


def _walked(
    parsed: ParsedCommand, cwd: str
) -> Iterator[tuple[SimpleCommand, Known, Sequence[str]]]:
    """Each part with the folders it may start in: after a `cd`, the one before or the one after."""
    folders = [cwd]
    for part in parsed.parts:
        yield part, know(part.words), tuple(folders)
        target = cd_target(part.words) if part.words[0] == "cd" else None
        if target is not None:
            folders += [absolute(target, folder) for folder in list(folders)]
            del folders[_MOST_FOLDERS:]


def _settled(judged: Judged, mode: PermissionMode, sandboxed: bool) -> Ruling:
    """What is asked is tried, refused, or asked for good, as the mode says."""
    ruling = judged.ruling
    if ruling.decision is not Decision.ASK:
        return ruling
    if mode is PermissionMode.AUTO and sandboxed and judged.confined:
        return replace(ruling, decision=Decision.ALLOW, reason="tried in the sandbox", pattern="")
    hint = ruling.hint or "Do without it, or say at the end what the user has to do."
    hint = f'{hint} The user can allow it with --allowedTools "{ruling.pattern}".'
    refuses = mode in {PermissionMode.DONT_ASK, PermissionMode.AUTO}
    return replace(ruling, decision=Decision.DENY if refuses else Decision.ASK, hint=hint)


def _worker(command: str, rules: RuleSet, mode: PermissionMode) -> Judged:
    """Another agent may change the workspace: one approval, and none in plan mode."""
    reason = f"`{command}` may change this workspace"
    denied = matching_command(rules.deny, command, "Worker")
    if denied:
        return Judged.deny(f"the rule {denied.text} denies it", "Use another tier.")
    if mode is PermissionMode.PLAN:
        return Judged.deny(f"{reason}, and plan mode only reads", "A model may read in it.")
    if mode is PermissionMode.BYPASS:
        return Judged.allow("nothing is asked in this mode")
    asked = matching_command(rules.ask, command, "Worker")
    if not asked:
        if matching_command(rules.allow, command, "Worker"):
            return Judged.allow("a rule allows it")
        if mode in _EDITING_MODES:
            return Judged.allow("workspace edits are allowed")
    return Judged.ask(reason, f"Worker({exactly(command)})")


@dataclass(frozen=True, slots=True)
class _CommandJudge:
    """Decides over shell commands that start in `cwd`."""

    paths: PathJudge
    cwd: str
    links: Mapping[str, str]
    sandboxed: bool

    @property
    def _rules(self) -> RuleSet:
        return self.paths.rules

    @property
    def _mode(self) -> PermissionMode:
        return self.paths.mode

    def command(self, access: RunCommand, parsed: ParsedCommand | None) -> Judged:
        if parsed is None or not parsed.understood or not parsed.parts:
            return self._opaque(access, parsed.why if parsed else "")
        judged = [*self._parts(access, parsed), *self._redirections(parsed)]
        hardest = strictest(judged)
        reads_only = all(entry.ruling.reads_only for entry in judged)
        if hardest.ruling.decision is Decision.ASK and self._allowed_as_a_whole(access):
            hardest = Judged.allow("a rule allows this very command")
        if hardest.ruling.decision is Decision.ASK:
            hardest = _with_pattern(hardest, judged, access.command)
        return replace(hardest, ruling=replace(hardest.ruling, reads_only=reads_only))

    def _opaque(self, access: RunCommand, why: str) -> Judged:
        """A command nobody took apart: rules are held against its text, wary of what it hides."""
        text = access.command
        reason = f"not fully understood: {why}" if why else "not understood"
        plain = "Split it into plain commands, one call each, without substitutions or variables."
        commands = (entry for entry in self._rules.deny if entry.tool == "Bash")
        denied = next((entry for entry in commands if names_the_program(entry, text)), None)
        if denied:
            return Judged.deny(f"{reason}, and it may fall under {denied.text}", plain)
        if _GUARDED_NAME.search(_LEFT_OUT.sub("", text)):
            return Judged.deny(f"{reason}, and it names a folder that is never written to", plain)
        if self._mode is PermissionMode.PLAN:
            return Judged.deny(f"{reason}, and plan mode only reads", IN_PLAN_MODE)
        if self._mode is PermissionMode.BYPASS:
            return Judged.allow("nothing is asked in this mode")
        every = matching_command(self._rules.ask, text) is None and any(
            entry.tool == "Bash" and not entry.pattern for entry in self._rules.allow
        )
        if access.origin == "check" or every or self._allowed_as_a_whole(access):
            return Judged.allow("the user allowed this very command")
        return Judged.ask(reason, f"Bash({exactly(text)})", hint=plain, confined=True)

    def _allowed_as_a_whole(self, access: RunCommand) -> bool:
        """A rule for these very words, none that only matches them."""
        if matching_command(self._rules.ask, access.command):
            return False
        return any(
            entry.tool == "Bash" and entry.pattern == exactly(access.command)
            for entry in self._rules.allow
        )

    def _parts(self, access: RunCommand, parsed: ParsedCommand) -> list[Judged]:
        return [
            self._part(part.text, known, folders, access.origin)
            for part, known, folders in _walked(parsed, self.cwd)
        ]

    def _part(self, text: str, known: Known, folders: Sequence[str], origin: str) -> Judged:
        reads = self._followed(_placed(known.reads, folders))
        writes = self._followed(_placed(known.writes, folders))
        denied = self._denied(text, reads, writes)
        reads_only = known.nature is Nature.READS
        if denied:
            return denied
        if self._mode is PermissionMode.PLAN and not reads_only:
            return Judged.deny(f"`{text}` {known.in_words}, and plan mode only reads", IN_PLAN_MODE)
        if self._mode is PermissionMode.BYPASS:
            return Judged.allow("nothing is asked in this mode", reads_only=reads_only)
        pattern = f"Bash({known.pattern or exactly(text)})"
        asked = matching_command(self._rules.ask, text)
        if asked:
            return Judged.ask(f"the rule {asked.text} asks", pattern, reads_only=reads_only)
        if origin == "check" or self._allowed(text, known):
            return Judged.allow("the user allowed it", reads_only=reads_only)
        return self._by_mode(text, known, reads, writes, pattern)

    def _denied(self, text: str, reads: list[str], writes: list[str]) -> Judged | None:
        found = matching_command(self._rules.deny, text)
        if found:
            return Judged.deny(f"the rule {found.text} denies `{text}`", "Do it another way.")
        refusals = [self.paths.refused_write(path) for path in writes]
        refusals += [self.paths.refused_read(path) for path in reads]
        return next((refusal for refusal in refusals if refusal), None)

    def _allowed(self, text: str, known: Known) -> bool:
        """What can destroy work is not covered by a broad rule: one has to name the subcommand."""
        found = matching_command(self._rules.allow, text)
        if found is None or known.nature is not Nature.DESTROYS:
            return found is not None
        return any(
            matching_command((entry,), text) and entry.pattern.partition("*")[0].split()[1:]
            for entry in self._rules.allow
        )

    def _by_mode(
        self, text: str, known: Known, reads: list[str], writes: list[str], pattern: str
    ) -> Judged:
        reason = f"`{text}` {known.in_words}"
        if known.nature is Nature.READS:
            return strictest([Judged.allow("it only reads", reads_only=True), *self._read(reads)])
        if self._mode not in _EDITING_MODES or known.nature not in _CONFINED:
            confined = known.nature is not Nature.DESTROYS
            return Judged.ask(reason, pattern, confined=confined)
        touched = [*self._read(reads), *(self.paths.write(path) for path in writes)]
        if known.nature is Nature.WRITES or self.sandboxed:
            return strictest([Judged.allow(f"{reason} inside the workspace"), *touched])
        return Judged.ask(reason, pattern, confined=True)

    def _read(self, paths: list[str]) -> list[Judged]:
        return [self.paths.read(path) for path in paths]

    def _redirections(self, parsed: ParsedCommand) -> list[Judged]:
        """Their paths count from where the command line starts, a `cd` in it included."""
        judged = []
        for redirection in parsed.redirections:
            for path in self._followed([absolute(redirection.path, self.cwd)]):
                if redirection.writes and not is_device(path):
                    judged.append(self.paths.write(path))
                else:
                    judged.append(self.paths.read(path))
        return judged

    def _followed(self, paths: Sequence[str]) -> list[str]:
        """The paths, and where those lead that are links: a rule may be about either."""
        led = [self.links[path] for path in paths if path in self.links and not is_device(path)]
        return [*paths, *led]


_MOST_FOLDERS = 16


def _placed(paths: Sequence[str], folders: Sequence[str]) -> list[str]:
    return [absolute(path, folder) for path in paths for folder in folders]


def _with_pattern(hardest: Judged, judged: Sequence[Judged], command: str) -> Judged:
    """One rule can remember a yes to a whole compound only where all that asks is one pattern."""
    asking = {entry.ruling.pattern for entry in judged if entry.ruling.decision is Decision.ASK}
    if len(asking) == 1:
        return hardest
    whole = f"Bash({exactly(command)})"
    return replace(hardest, ruling=replace(hardest.ruling, pattern=whole))
