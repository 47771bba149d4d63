"""From options to settings: configuration files, the flags over them, and the trust question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from burnless.cli.options import RunOptions
from burnless.core.protocols import Approver
from burnless.core.settings import PermissionMode, Settings
from burnless.state.config import LoadedConfig, load_settings, untrusted_problem
from burnless.state.layout import Layout
from burnless.state.trust import TrustBook


def settings_for(
    options: RunOptions, layout: Layout, environ: Mapping[str, str], approver: Approver
) -> Settings:
    """What is in force for this run.

    A project file that sets what can run code or take keys is asked about once for its exact
    content; where nobody can be asked that is a ConfigProblem naming the keys.
    """
    loaded = _load(options, layout, environ, trust=options.trust)
    if loaded.untrusted:
        _ask_for_trust(loaded, layout, approver)
        loaded = _load(options, layout, environ, trust=False)
    return _with_flags(loaded.settings, options, approver)


def _load(
    options: RunOptions, layout: Layout, environ: Mapping[str, str], *, trust: bool
) -> LoadedConfig:
    return load_settings(
        layout,
        environ=environ,
        config_file=options.config_path,
        discover=not options.bare,
        trust_project=trust,
    )


def _ask_for_trust(loaded: LoadedConfig, layout: Layout, approver: Approver) -> None:
    problem = untrusted_problem(loaded.untrusted)
    if not approver.interactive:
        raise problem
    shown = "\n".join(f"  line {key.line}: {key.key} = {key.shown}" for key in loaded.untrusted)
    answer = approver.ask(
        f"{loaded.untrusted[0].file} wants to set what can run code or take keys:\n{shown}\n"
        "Trust this file as it is now?",
        ("yes", "no"),
    )
    if answer != "yes":
        raise problem
    key = loaded.untrusted[0]
    TrustBook(layout.user.trust_file).trust(key.file, key.sha256)


def _with_flags(settings: Settings, options: RunOptions, approver: Approver) -> Settings:
    """Flags beat files. Money and call limits of a flag are totals for the session."""
    permissions = settings.permissions
    mode = options.permission_mode or permissions.mode
    if options.permission_mode is None and not approver.interactive:
        mode = _headless_mode(permissions.mode)
    budget = settings.budget
    return replace(
        settings,
        permissions=replace(
            permissions,
            mode=mode,
            allow=(*permissions.allow, *options.allowed_tools),
            deny=(*permissions.deny, *options.disallowed_tools),
        ),
        budget=replace(
            budget,
            max_cost_per_session=_first(options.max_budget_usd, budget.max_cost_per_session),
            max_calls_per_session=_first(options.max_calls, budget.max_calls_per_session),
        ),
        limits=replace(
            settings.limits, max_turns=_first(options.max_turns, settings.limits.max_turns)
        ),
        append_system_prompt="\n\n".join(
            part for part in (settings.append_system_prompt, options.append_system_prompt) if part
        ),
    )


def _headless_mode(configured: PermissionMode) -> PermissionMode:
    """Without a flag, headless edits happen and what would ask is refused."""
    return PermissionMode.ACCEPT_EDITS if configured is PermissionMode.DEFAULT else configured


def _first(flag: int | None, configured: int | None) -> int | None:
    return configured if flag is None else flag
