"""The book of one session: a fold of its log, asked before each call and told after it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from burnless.core import events as ev
from burnless.core.errors import BudgetExceeded
from burnless.core.protocols import Recorder
from burnless.core.session import Session
from burnless.core.settings import BudgetSettings
from burnless.core.usage import Price, dollars_text
from burnless.policy.budget import Refused, decide
from burnless.state.period_spend import PeriodSpend

LEAST_OUTPUT = 4_096
"""Tokens below which a smaller output allowance would only cut the work off."""


class SessionLedger:
    """The Ledger. Safe for threads: no two reservations are decided at once.

    limits: the configured ones, with what flags set in their place
    spent:  what the day and the month had cost when this process began. What other processes
            spend meanwhile is not seen, and this process counts on past midnight: daily and
            monthly limits are close, the others exact.
    """

    def __init__(
        self, recorder: Recorder, limits: BudgetSettings, spent: PeriodSpend | None = None
    ) -> None:
        self._recorder = recorder
        self._guard = threading.Lock()
        spent = spent or PeriodSpend()
        before = recorder.session.total_spend.cost
        ends = [
            _End("max_cost_per_session", limits.max_cost_per_session),
            _End("daily_usd", _left(limits.daily_usd, spent.today, before)),
            _End("monthly_usd", _left(limits.monthly_usd, spent.month, before)),
        ]
        self._configured = limits
        self._end = min(
            (end for end in ends if end.total is not None),
            key=lambda end: end.total or 0,
            default=_End("", None),
        )
        self._limits = replace(limits, max_cost_per_session=self._end.total)

    def reserve(self, call: ev.CallStarted, price: Price | None) -> ev.CallStarted:
        """Record the call with its worst case. Raises BudgetExceeded; then nothing is recorded."""
        with self._guard:
            session = self._recorder.session
            decision = decide(
                self._limits,
                turn_spent=session.turn_spend.cost,
                session_spent=session.total_spend.cost,
                calls=session.calls_started,
                open_reserved=_open_reserved(session),
                price=price,
                input_tokens=call.input_estimate,
                max_output=call.max_output,
                least_output=min(LEAST_OUTPUT, call.max_output),
            )
            if isinstance(decision, Refused):
                raise self._refusal(decision)
            granted = replace(call, reserved=decision.reserved, max_output=decision.max_output)
            self._recorder.record(granted)
            return granted

    def settle(self, outcome: ev.CallReplied | ev.CallFailed) -> None:
        with self._guard:
            self._recorder.record(outcome)

    def _refusal(self, refused: Refused) -> BudgetExceeded:
        """What is left of a day or month was handed down as the session's limit: say its name."""
        if refused.limit != "max_cost_per_session" or self._end.name in {"", refused.limit}:
            return BudgetExceeded(refused.reason, hint=refused.hint)
        limit = getattr(self._configured, self._end.name)
        period = "today" if self._end.name == "daily_usd" else "this month"
        return BudgetExceeded(
            f"the next call could cross {self._end.name} ({dollars_text(limit)} {period},"
            " over all sessions)",
            hint=f"raise budget.{self._end.name}, or resume when the period is over",
        )


def settle_dangling(recorder: Recorder) -> int:
    """Close the calls that a killed process left open, at their whole reservation.

    The provider may have billed them and nobody knows what. Returns how many there were.
    """
    open_calls = list(recorder.session.open_reservations.values())
    for call in open_calls:
        recorder.record(
            ev.CallFailed(
                call=call.call,
                role=call.role,
                tier=call.tier,
                model=call.model,
                error="the process ended before the reply was on disk",
                cost=call.reserved,
                estimated=True,
                purpose=call.purpose,
            )
        )
    return len(open_calls)


@dataclass(frozen=True, slots=True)
class _End:
    """A session total in picodollars at which a limit is reached."""

    name: str
    total: int | None


def _left(limit: int | None, spent: int, before: int) -> int | None:
    """What is left of a period's limit, as a total of this session that had `before` on it."""
    return None if limit is None else before + max(limit - spent, 0)


def _open_reserved(session: Session) -> int:
    return sum(call.reserved or 0 for call in session.open_reservations.values())
