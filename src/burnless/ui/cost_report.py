"""What a session cost, by role and token class: a plain table, made from the fold alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from burnless.core.messages import Role
from burnless.core.outcome import Spend
from burnless.core.session import Session
from burnless.core.usage import dollars_text

PLANNING_SHARE_TO_FLAG = 0.30
"""Planning is meant to stay near 30% of all tokens; above that a pair of models earns less."""

_HEAD = ("", "calls", "fresh", "cache read", "cache write", "output", "reasoning", "cost")


def cost_table(session: Session) -> str:
    """By role, in all, and by model. No calls: one line that says so."""
    if not session.spend:
        return "no model call was made\n"
    total = session.total_spend
    rows: list[tuple[str, ...]] = [_HEAD]
    rows += [_row(role.value, session.spend[role]) for role in Role if role in session.spend]
    rows.append(_row("total", total))
    parts = [_table(rows), _summary(total), _shares(session.spend)]
    if len(session.spend_by_model) > 1:
        models = [(name, str(each.calls), money(each)) for name, each in _dearest(session)]
        parts.append(_table([("model", "calls", "cost"), *models]))
    return "\n".join(part for part in parts if part)


def turn_line(session: Session) -> str:
    """The last turn in one line: "12 calls, 81% of input from cache, $0.0412"."""
    spend = session.turn_spend
    calls = "1 call" if spend.calls == 1 else f"{spend.calls} calls"
    return f"{calls}, {_hit_rate(spend)} of input from cache, {money(spend)}"


def money(spend: Spend) -> str:
    """Known dollars, with "~" where some are an estimate; calls whose price nobody knows are
    said, never counted as $0.
    """
    unknown = f"{spend.unknown} of unknown price" if spend.unknown else ""
    only_unknown = spend.unknown and spend.unknown == spend.calls
    known = "unknown" if only_unknown else _about(spend) + dollars_text(spend.cost)
    text = known if only_unknown or not unknown else f"{known} + {unknown}"
    return f"{text} (included: {dollars_text(spend.included)})" if spend.included else text


def _about(spend: Spend) -> str:
    return "~" if spend.estimated else ""


def cost_json(session: Session) -> dict[str, object]:
    """The same as plain JSON, amounts in picodollars; null = unknown."""
    total = session.total_spend
    return {
        "session_id": session.id,
        "total_cost": None if total.unknown else total.cost,
        "known_cost": total.cost,
        "included_cost": total.included,
        "unknown_calls": total.unknown,
        "estimated": total.estimated > 0,
        "call_count": total.calls,
        "average_cost_per_call": _average(total),
        "cache_hit_rate": _rate(total),
        "roles": {role.value: _spend_json(spend) for role, spend in session.spend.items()},
        "models": {name: _spend_json(spend) for name, spend in session.spend_by_model.items()},
        "unit": "picodollars",
    }


def _dearest(session: Session) -> list[tuple[str, Spend]]:
    return sorted(session.spend_by_model.items(), key=lambda item: -item[1].cost)


def _row(name: str, spend: Spend) -> tuple[str, ...]:
    usage = spend.usage
    counts = (
        spend.calls,
        usage.fresh,
        usage.cache_read,
        usage.cache_write_5m + usage.cache_write_1h,
        usage.output,
        usage.reasoning,
    )
    return (name, *(f"{count:,}" for count in counts), money(spend))


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(_aligned(row, widths) + "\n" for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, figures to the right."""
    first = row[0].ljust(widths[0])
    rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((first, *rest)).rstrip()


def _summary(total: Spend) -> str:
    average = _average(total)
    each = "unknown" if average is None else _about(total) + dollars_text(average)
    words = f"average per call {each} · {_hit_rate(total)} of input from cache"
    if total.estimated:
        calls = "1 call" if total.estimated == 1 else f"{total.estimated} calls"
        words += f" · ~ is an estimate: the provider did not say what {calls} used"
    return f"{words}\n"


def _average(total: Spend) -> int | None:
    if total.unknown or not total.calls:
        return None
    return round(total.cost / total.calls)


def _rate(spend: Spend) -> float | None:
    return spend.usage.cache_read / spend.usage.input if spend.usage.input else None


def _hit_rate(spend: Spend) -> str:
    rate = _rate(spend)
    return "none" if rate is None else f"{rate:.0%}"


def _shares(spend: Mapping[Role, Spend]) -> str:
    planner = spend.get(Role.PLANNER)
    total = sum(spend.values(), Spend())
    if planner is None or not total.usage.total:
        return ""
    tokens = planner.usage.total / total.usage.total
    of_money = f", {planner.cost / total.cost:.0%} of known money" if total.cost else ""
    flag = ""
    if tokens > PLANNING_SHARE_TO_FLAG:
        flag = f" (above {PLANNING_SHARE_TO_FLAG:.0%}: planning takes more than its share)"
    return f"planning: {tokens:.0%} of tokens{of_money}{flag}\n"


def _spend_json(spend: Spend) -> dict[str, object]:
    usage = spend.usage
    return {
        "calls": spend.calls,
        "cost": None if spend.unknown else spend.cost,
        "known_cost": spend.cost,
        "included_cost": spend.included,
        "estimated": spend.estimated > 0,
        "fresh": usage.fresh,
        "cache_read": usage.cache_read,
        "cache_write_5m": usage.cache_write_5m,
        "cache_write_1h": usage.cache_write_1h,
        "output": usage.output,
        "reasoning": usage.reasoning,
    }
