from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.cli.demo.cache_simulation import CacheSimulation, RefusedMarkers
from burnless.core.encoding import Json, JsonObject
from burnless.core.usage import Usage

SHORT: JsonObject = {"type": "ephemeral"}
LONG: JsonObject = {"type": "ephemeral", "ttl": "1h"}


def block(name: str, tokens: int = 100, marker: JsonObject | None = None) -> JsonObject:
    """A text block whose JSON, without its marker, is exactly `tokens` times four bytes."""
    empty = len('{"type":"text","text":""}')
    text = name + "." * (tokens * 4 - empty - len(name))
    made: JsonObject = {"type": "text", "text": text}
    if marker is not None:
        made["cache_control"] = marker
    return made


def body(
    *blocks: JsonObject, system: tuple[JsonObject, ...] = (), model: str = "mid"
) -> JsonObject:
    content: list[Json] = list(blocks)
    prefix: list[Json] = list(system)
    return {
        "model": model,
        "system": prefix,
        "messages": [{"role": "user", "content": content}],
    }


def test_what_stands_behind_no_breakpoint_is_fresh_each_time() -> None:
    cache = CacheSimulation(minimum=0)
    plain = body(block("a"), block("b"))

    assert cache.bill(plain, 7) == Usage(fresh=200, output=7)
    assert cache.bill(plain, 7) == Usage(fresh=200, output=7)


def test_a_breakpoint_is_written_once_and_read_from_then_on() -> None:
    cache = CacheSimulation(minimum=0)
    marked = body(block("a", marker=SHORT), block("b", 30))

    assert cache.bill(marked, 5) == Usage(fresh=30, cache_write_5m=100, output=5)
    assert cache.bill(marked, 5) == Usage(fresh=30, cache_read=100, output=5)


def test_a_grown_conversation_reads_the_old_part_and_writes_only_the_new() -> None:
    cache = CacheSimulation(minimum=0)
    cache.bill(body(block("a"), block("b", marker=SHORT)), 0)

    grown = body(block("a"), block("b"), block("c", 40), block("d", 60, SHORT))

    assert cache.bill(grown, 0) == Usage(cache_read=200, cache_write_5m=100)


def test_the_moved_marker_of_an_old_block_does_not_change_its_bytes() -> None:
    cache = CacheSimulation(minimum=0)
    cache.bill(body(block("a", marker=SHORT)), 0)

    assert cache.bill(body(block("a"), block("b", marker=SHORT)), 0) == Usage(
        cache_read=100, cache_write_5m=100
    )


def test_one_changed_byte_makes_everything_after_it_new() -> None:
    cache = CacheSimulation(minimum=0)
    cache.bill(body(block("a"), block("b", marker=SHORT), system=(block("s", marker=LONG),)), 0)

    changed = body(block("A"), block("b", marker=SHORT), system=(block("s", marker=LONG),))

    assert cache.bill(changed, 0) == Usage(cache_read=100, cache_write_5m=200)


def test_tools_come_before_system_and_messages_in_whatever_order_the_body_has_them() -> None:
    tool: JsonObject = {"name": "read", "input_schema": {}}
    prompt = body(block("a", marker=SHORT), system=(block("s"),))
    cache = CacheSimulation(minimum=0)
    cache.bill({**prompt, "tools": [tool]}, 0)

    other: JsonObject = {"name": "edit", "input_schema": {}}
    usage = cache.bill({"tools": [other], **prompt}, 0)

    assert usage.cache_read == 0


def test_an_hour_long_entry_is_counted_apart_from_a_short_one() -> None:
    cache = CacheSimulation(minimum=0)
    prompt = body(block("a", 50, SHORT), block("b", 10), system=(block("s", 200, LONG),))

    assert cache.bill(prompt, 0) == Usage(fresh=10, cache_write_5m=50, cache_write_1h=200)
    assert cache.bill(prompt, 0) == Usage(fresh=10, cache_read=250)


def test_an_entry_twenty_positions_back_is_found_no_longer() -> None:
    near, far = (CacheSimulation(minimum=0) for _ in range(2))
    for cache in (near, far):
        cache.bill(body(block("first", marker=SHORT)), 0)
    between = [block(f"b{number}") for number in range(19)]

    within = body(block("first"), *between[:18], block("last", marker=SHORT))
    beyond = body(block("first"), *between, block("last", marker=SHORT))

    assert near.bill(within, 0) == Usage(cache_read=100, cache_write_5m=1900)
    assert far.bill(beyond, 0) == Usage(cache_write_5m=2100)


def test_a_second_breakpoint_bridges_what_one_lookback_does_not_reach() -> None:
    cache = CacheSimulation(minimum=0)
    cache.bill(body(block("first", marker=SHORT)), 0)
    between = [block(f"b{number}") for number in range(30)]

    bridged = body(block("first", marker=SHORT), *between, block("last", marker=SHORT))

    assert cache.bill(bridged, 0) == Usage(cache_read=100, cache_write_5m=3100)


def test_below_the_minimum_nothing_is_cached() -> None:
    cache = CacheSimulation(minimum=101)
    prompt = body(block("a", 100, SHORT))

    assert [cache.bill(prompt, 0) for _ in range(2)] == [Usage(fresh=100)] * 2


def test_each_model_has_its_own_cache() -> None:
    cache = CacheSimulation(minimum=0)
    cache.bill(body(block("a", marker=SHORT), model="mid"), 0)

    assert cache.bill(body(block("a", marker=SHORT), model="big"), 0) == Usage(cache_write_5m=100)


def test_the_same_text_from_another_speaker_is_not_the_same_prefix() -> None:
    cache = CacheSimulation(minimum=0)
    said = [block("a", marker=SHORT)]
    cache.bill({"messages": [{"role": "user", "content": list(said)}]}, 0)

    usage = cache.bill({"messages": [{"role": "assistant", "content": list(said)}]}, 0)

    assert usage == Usage(cache_write_5m=100)


def test_five_breakpoints_are_refused_as_the_provider_refuses_them() -> None:
    marked = [block(name, marker=SHORT) for name in "abcde"]

    with pytest.raises(RefusedMarkers, match="maximum of 4"):
        CacheSimulation().bill(body(*marked), 0)


def test_a_long_entry_after_a_short_one_is_refused() -> None:
    with pytest.raises(RefusedMarkers, match="must not come after"):
        CacheSimulation().bill(body(block("a", marker=SHORT), block("b", marker=LONG)), 0)


def test_without_breakpoints_the_longest_common_prefix_is_read_and_nothing_is_written() -> None:
    cache = CacheSimulation(minimum=150, explicit=False)
    cache.bill(body(block("a"), block("b"), block("c")), 0)

    assert cache.bill(body(block("a"), block("b"), block("x", 40)), 3) == Usage(
        fresh=40, cache_read=200, output=3
    )
    assert cache.bill(body(block("a"), block("y")), 0) == Usage(fresh=200)


def test_a_chat_message_is_counted_with_its_tool_calls() -> None:
    call: JsonObject = {"id": "1", "function": {"name": "read", "arguments": "{}" * 200}}
    without: JsonObject = {"messages": [{"role": "assistant", "content": [block("a")]}]}
    with_call: JsonObject = {
        "messages": [{"role": "assistant", "content": [block("a")], "tool_calls": [call]}]
    }

    plain = CacheSimulation(explicit=False).bill(without, 0)
    called = CacheSimulation(explicit=False).bill(with_call, 0)

    assert plain == Usage(fresh=100)
    assert called.fresh > 200


def test_the_items_and_instructions_of_the_responses_wire_are_counted() -> None:
    item: JsonObject = {"type": "function_call_output", "call_id": "1", "output": "x" * 400}
    cache = CacheSimulation(minimum=0, explicit=False)
    prompt: JsonObject = {"instructions": "i" * 389, "input": [item]}

    first, second = cache.bill(prompt, 0), cache.bill(prompt, 0)

    assert first == Usage(fresh=first.input)
    assert second == Usage(cache_read=first.input)
    assert first.input > 200


def test_an_empty_request_costs_nothing() -> None:
    assert CacheSimulation().bill({}, 0) == Usage()


@given(st.lists(st.tuples(st.integers(10, 60), st.booleans()), min_size=1, max_size=30))
def test_every_token_is_in_exactly_one_class(growth: list[tuple[int, bool]]) -> None:
    cache = CacheSimulation(minimum=100)
    blocks: list[JsonObject] = []
    for at, (tokens, is_marked) in enumerate(growth):
        blocks.append(block(f"b{at}", tokens))
        newest = block(f"b{at}", tokens, SHORT) if is_marked else blocks[-1]

        usage = cache.bill(body(*blocks[:-1], newest), 1)

        assert usage.input == sum(size for size, _ in growth[: at + 1])
