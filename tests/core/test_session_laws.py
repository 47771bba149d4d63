import json

from hypothesis import given
from hypothesis import strategies as st

from burnless.core import events as ev
from burnless.core.encoding import canonical, from_json, to_json
from burnless.core.messages import (
    AssistantMessage,
    Message,
    ToolResult,
)
from burnless.core.outcome import Spend
from burnless.core.session import Session
from burnless.core.tail import TailEntry
from tests.core.folding import fold
from tests.core.legal import ACTIONS, Engine
from tests.core.strategies import events

ORDERS = st.lists(st.sampled_from(ACTIONS), max_size=40).map(lambda actions: Engine().run(actions))


def assert_results_follow_their_calls(messages: list[Message]) -> None:
    """As every provider demands: right after the reply, one result a call, nothing between."""
    open_calls: set[str] = set()
    for message in messages:
        if isinstance(message, ToolResult):
            assert message.call_id in open_calls
            open_calls.discard(message.call_id)
        else:
            assert not open_calls
        if isinstance(message, AssistantMessage):
            open_calls = {call.id for call in message.calls}


@given(ORDERS)
def test_no_legal_order_leaves_a_result_without_its_call(log: list[ev.Event]) -> None:
    session = Session()
    for seq, event in enumerate(log, 1):
        session.apply(ev.Recorded(seq, 0.0, event))
        assert_results_follow_their_calls(session.messages)
        pending = {
            message.call_id for message in session.messages if isinstance(message, ToolResult)
        }
        assert not pending & session.open_calls.keys()


@given(ORDERS)
def test_a_log_read_back_from_its_bytes_gives_the_same_session(log: list[ev.Event]) -> None:
    again = [from_json(type(event), json.loads(canonical(to_json(event)))) for event in log]
    assert fold(again) == fold(log)


@given(ORDERS, st.data())
def test_a_session_resumed_at_any_event_goes_on_as_if_it_had_never_stopped(
    log: list[ev.Event], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(log)))
    session = fold(log[:cut])
    for seq, event in enumerate(log[cut:], cut + 1):
        session.apply(ev.Recorded(seq, 0.0, event))
    assert session == fold(log)


@given(ORDERS)
def test_the_tail_only_grows_but_for_compactions(log: list[ev.Event]) -> None:
    session, before = Session(), list[TailEntry]()
    for seq, event in enumerate(log, 1):
        session.apply(ev.Recorded(seq, 0.0, event))
        if not isinstance(event, ev.Compacted):
            assert session.tail[: len(before)] == before
        before = list(session.tail)


@given(ORDERS)
def test_every_call_is_charged_once_and_every_reservation_is_closed(log: list[ev.Event]) -> None:
    session = fold(log)
    ended = [event for event in log if isinstance(event, ev.CallReplied | ev.CallFailed)]
    assert session.total_spend.calls == len(ended)
    assert session.total_spend.cost == sum(event.cost or 0 for event in ended)
    assert sum(session.spend_by_model.values(), Spend()) == session.total_spend
    assert session.open_reservations == {}
    assert session.calls_started == len(ended)


@given(st.lists(events(), max_size=12))
def test_no_order_of_events_breaks_the_fold(log: list[ev.Event]) -> None:
    session = fold(log)
    assert session.seq == len(log)
    assert session.progress >= 0
