from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.errors import Temporary
from burnless.providers.sse import EventReader

STREAM = (
    b': keep-alive\n\nevent: a\ndata: {"n":1}\n\n'
    b'data: {"text":"\xc3\xa9\xe2\x82\xac"}\r\n\r\ndata:{"n":\ndata: 3}\n\ndata: [DONE]\n\n'
)
EVENTS = [{"n": 1}, {"text": "é€"}, {"n": 3}, {"object": "[DONE]"}]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_events_are_the_same_wherever_the_network_cuts(cuts: list[int]) -> None:
    reader = EventReader()
    places = [0, *sorted(cuts), len(STREAM)]
    read = [
        event
        for start, end in itertools.pairwise(places)
        for event in reader.feed(STREAM[start:end])
    ]
    assert read + reader.finish() == EVENTS


def test_a_last_event_without_its_blank_line_counts() -> None:
    reader = EventReader()
    assert reader.feed(b'data: {"n":1}') == []
    assert reader.finish() == [{"n": 1}]
    assert reader.finish() == []


@pytest.mark.parametrize("data", [b"data: {oops\n\n", b"data: 3\n\n", b"data: \xff\xfe\n\n"])
def test_data_that_is_no_object_breaks_the_stream(data: bytes) -> None:
    with pytest.raises(Temporary):
        EventReader().feed(data)


def test_an_event_nested_beyond_all_use_breaks_the_stream_and_nothing_else() -> None:
    deep = b'data: {"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}\n\n"
    with pytest.raises(Temporary, match="nested too deep"):
        EventReader().feed(deep)
    wide = b'data: {"a":"' + b"[" * 5_000 + b'"}\n\n'
    assert EventReader().feed(wide) == [{"a": "[" * 5_000}]
