"""The book of one session: a fold of its log, asked before each call and told after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from burnless.core import events as ev
from burnless.core.errors import BudgetExceeded
from burnless.core.protocols import Recorder
from burnless.core.session import Session
from burnless.core.settings import BudgetSettings
from burnless.core.usage import Price, dollars_text
from burnless.policy.budget import Grant, Granted, NeedsAsking, Refused, decide
from burnless.state.period_spend import PeriodSpend

_PERIODS = {"daily_usd": "day", "monthly_usd": "month"}
_UNKNOWN_PRICE_HINT = "set the model's price under prices:, or budget.unknown_price: allow"


class SessionLedger:
    """The Ledger. Safe for threads: no two reservations are decided at once.

    limits:      the configured ones, with what flags set in their place
    spent:       what the day and the month had cost when this process began. What other processes
                 spend meanwhile is not seen, and this process counts on past midnight: daily and
                 monthly limits are close, the others exact.
    ask_unknown: asks the user whether a call of unknown price may be sent; a yes holds for this
                 process. Without anybody to ask the answer is no.
    on_alert:    told once for each limit of a task or the session when `alert_at` of it is first
                 taken, by what was paid and what calls under way may cost. A limit that is that
                 far already when the book is opened was told before, and is not told again.
    """

    def __init__(
        self,
        recorder: Recorder,
        limits: BudgetSettings,
        spent: PeriodSpend | None = None,
        ask_unknown: Callable[[str], bool] | None = None,
        on_alert: Callable[[str], None] | None = None,
    ) -> None:
        self._recorder = recorder
        self._guard = threading.Lock()
        self._ask_unknown = ask_unknown or (lambda _reason: False)
        self._on_alert = on_alert or (lambda _text: None)
        self._configured = limits
        self._end = _nearest_end(limits, spent or PeriodSpend(), recorder.session.total_spend.cost)
        self._limits = replace(limits, max_cost_per_session=self._end.total)
        self._alerted = {alert.limit for alert in _alerts(limits, recorder.session)}

    def reserve(self, call: ev.CallStarted, price: Price | None) -> ev.CallStarted:
        """Record the call with its worst case. Raises BudgetExceeded; then nothing is recorded."""
        with self._guard:
            decision = self._decide(call, price)
            if isinstance(decision, NeedsAsking) and self._ask_unknown(decision.reason):
                # Asking again before every call would only teach the user to say yes.
                self._limits = replace(self._limits, unknown_price="allow")
                decision = self._decide(call, price)
            if not isinstance(decision, Granted):
                hint = decision.hint if isinstance(decision, Refused) else _UNKNOWN_PRICE_HINT
                raise BudgetExceeded(decision.reason, hint=hint)
            granted = replace(call, reserved=decision.reserved, max_output=decision.max_output)
            self._recorder.record(granted)
            alerts = self._new_alerts()
        # Outside the guard: whoever is told may ask for the next call.
        for alert in alerts:
            self._on_alert(alert.text)
        return granted

    def settle(self, outcome: ev.CallReplied | ev.CallFailed) -> None:
        with self._guard:
            self._recorder.record(outcome)

    def _new_alerts(self) -> list[_Alert]:
        alerts = _alerts(self._configured, self._recorder.session)
        new = [alert for alert in alerts if alert.limit not in self._alerted]
        self._alerted.update(alert.limit for alert in new)
        return new

    def _decide(self, call: ev.CallStarted, price: Price | None) -> Grant:
        session = self._recorder.session
        grant = decide(
            self._limits,
            turn_spent=session.turn_spend.cost,
            session_spent=session.total_spend.cost,
            calls=session.calls_started,
            open_reserved=_open_reserved(session),
            price=price,
            input_tokens=call.input_estimate,
            max_output=call.max_output,
        )
        if isinstance(grant, Granted) or grant.limit != "max_cost_per_session":
            return grant
        return self._in_its_own_name(grant, price)

    def _in_its_own_name(
        self, grant: Refused | NeedsAsking, price: Price | None
    ) -> Refused | NeedsAsking:
        """What is left of a day or month was handed down as the session's limit."""
        if self._end.name == grant.limit:
            return grant
        session = self._recorder.session
        left = (self._end.total or 0) - session.total_spend.cost - _open_reserved(session)
        name, limit = self._end.name, dollars_text(getattr(self._configured, self._end.name))
        if isinstance(grant, NeedsAsking) or (price is None and left > 0):
            reason = f"the price of this model is unknown, and {name} is {limit}"
            return replace(grant, reason=reason, limit=name)
        return Refused(
            f"the next call does not fit: {name} is {limit} over all sessions, and leaves"
            f" {dollars_text(max(left, 0))}",
            name,
            f"raise budget.{name}, or resume when the {_PERIODS[name]} is over",
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
    """A session total in picodollars at which the limit `name` is reached."""

    name: str
    total: int | None


def _nearest_end(limits: BudgetSettings, spent: PeriodSpend, before: int) -> _End:
    """The one of the limits over more than a task that ends first. `before`: already paid."""
    ends = [
        _End("max_cost_per_session", limits.max_cost_per_session),
        _End("daily_usd", _left(limits.daily_usd, spent.today, before)),
        _End("monthly_usd", _left(limits.monthly_usd, spent.month, before)),
    ]
    set_ends = [end for end in ends if end.total is not None]
    return min(set_ends, key=lambda end: end.total or 0, default=ends[0])


def _left(limit: int | None, spent: int, before: int) -> int | None:
    return None if limit is None else before + max(limit - spent, 0)


def _open_reserved(session: Session) -> int:
    return sum(call.reserved or 0 for call in session.open_reservations.values())


@dataclass(frozen=True, slots=True)
class _Alert:
    """`alert_at` of the setting `limit` is taken; `text` says so."""

    limit: str
    text: str


def _alerts(limits: BudgetSettings, session: Session) -> list[_Alert]:
    reserved = _open_reserved(session)
    money = (
        ("max_cost_per_task", limits.max_cost_per_task, session.turn_spend.cost),
        ("max_cost_per_session", limits.max_cost_per_session, session.total_spend.cost),
    )
    alerts = [
        _Alert(
            name,
            f"{dollars_text(spent + reserved)} of {name} {dollars_text(most)} is taken,"
            " with what calls under way may cost",
        )
        for name, most, spent in money
        if most is not None and spent + reserved >= most * limits.alert_at
    ]
    most_calls, calls = limits.max_calls_per_session, session.calls_started
    if most_calls is not None and calls >= most_calls * limits.alert_at:
        name = "max_calls_per_session"
        alerts.append(_Alert(name, f"{calls} of {name} {most_calls} calls are made"))
    return alerts
