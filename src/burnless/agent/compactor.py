"""Compaction: history becomes a capsule, and the planner looks at where the work stands."""

from __future__ import annotations

from burnless.agent.context import fix_project
from burnless.agent.kit import Kit
from burnless.agent.planner import make_plan
from burnless.agent.unfinished import newest_first
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.capsule import Capsule
from burnless.core.encoding import canonical, to_json
from burnless.core.messages import Role
from burnless.core.models import ModelCard
from burnless.core.usage import FREE, Price
from burnless.policy.capsule import build_capsule, keep_from, render_capsule
from burnless.policy.compaction import compaction_due
from burnless.policy.planning import PlanningReason


def due_reason(kit: Kit, card: ModelCard, estimate_next: int) -> str:
    """Why a compaction is due at this safe point, or ""."""
    due = compaction_due(
        kit.session,
        card,
        kit.settings.compaction,
        kit.settings.cache,
        planner_price=_planner_price(kit),
        estimate_next=estimate_next,
    )
    return due.reason if due else ""


def compact(kit: Kit, card: ModelCard, reason: str, cancel: CancelToken) -> None:
    """Build the capsule, let the planner update the plan from it, and drop the history.

    A plan that the executor has not worked with yet is up to date. The planner may fail: the old
    plan then stays in force and the work goes on.
    """
    session = kit.session
    context_tokens = session.context_tokens
    first = keep_from(session, kit.settings.compaction.tail_tokens, card.window)
    if kit.crew.has_planner and kit.settings.planner.when != "never" and not _is_new(kit):
        draft = render_capsule(_capsule(kit, card, first), can_recall=False)
        make_plan(kit, PlanningReason.COMPACTION, cancel, capsule=draft)
    capsule = _capsule(kit, card, first)
    kit.recorder.record(
        ev.Compacted(capsule, render_capsule(capsule), first, reason, context_tokens)
    )
    fix_project(kit, reason="compaction")
    kit.store.write_view(f"capsules/{capsule.number}.json", canonical(to_json(capsule)) + "\n")


def _is_new(kit: Kit) -> bool:
    """Whether nobody has replied, and the user has said nothing, since a planner made the plan."""
    for event in newest_first(kit):
        match event:
            case ev.PlanMade(source=source):
                return source != "fallback"
            case ev.CallReplied(role=Role.EXECUTOR) | ev.Compacted() | ev.NoticeGiven(kind="focus"):
                return False
            case ev.PlanRefused():
                return False
            case _:
                pass
    return False


def _capsule(kit: Kit, card: ModelCard, first: int) -> Capsule:
    session = kit.session
    step = session.plan.next_step if session.plan else None
    return build_capsule(
        session,
        number=len(session.compactions) + 1,
        slices=kit.surveyor.slices(step) if step else (),
        keep_from=first,
        settings=kit.settings.compaction,
        window=card.window,
    )


def _planner_price(kit: Kit) -> Price | None:
    """None = unknown: what another agent's CLI costs is not known beforehand."""
    if not kit.crew.has_planner:
        return FREE
    return kit.crew.planner.card.price if kit.crew.planner else None
