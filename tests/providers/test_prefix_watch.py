from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from burnless.core.events import LayerHash
from burnless.core.messages import (
    AssistantMessage,
    Message,
    ModelRequest,
    Notice,
    Role,
    Text,
    ToolSchema,
    UserMessage,
)
from burnless.providers.prefix_watch import PrefixChange, PrefixWatch
from tests.providers.cases import request

A, B, C = UserMessage("a"), AssistantMessage((Text("b"),)), UserMessage("c")
EXECUTOR = (Role.EXECUTOR, "")


def changes_of(*requests: ModelRequest) -> list[str]:
    changes: list[PrefixChange] = []
    watch = PrefixWatch(changes.append)
    for one in requests:
        watch.observe(one)
    return [change.layer for change in changes]


def test_growing_is_no_change() -> None:
    assert changes_of(request(A), request(A), request(A, B, C)) == []


def test_each_layer_is_named_by_the_first_that_moved() -> None:
    first = request(A, capsule="one")
    other_tools = (ToolSchema("x", "y", "{}"),)
    assert changes_of(first, replace(first, tools=other_tools)) == ["tools"]
    assert changes_of(first, replace(first, system="s")) == ["system"]
    assert changes_of(first, replace(first, project="p")) == ["project"]
    assert changes_of(first, replace(first, capsule="two")) == ["capsule"]
    assert changes_of(first, replace(first, system="s", capsule="two")) == ["system"]


def test_a_tail_that_was_rewritten_or_shortened_is_named() -> None:
    assert changes_of(request(A, B, C), request(A, B, UserMessage("d"))) == ["tail"]
    assert changes_of(request(A, B, C), request(A)) == ["tail"]
    assert changes_of(request(A), request(UserMessage("b"))) == ["tail"]


def test_equal_messages_that_are_other_objects_are_the_same() -> None:
    assert changes_of(request(A, B), request(UserMessage("a"), replace(B), C)) == []


def test_a_change_is_told_once() -> None:
    assert changes_of(request(A), request(C), request(C, B, A)) == ["tail"]


def test_a_side_call_starts_anew_each_time() -> None:
    plan = replace(request(A), role=Role.PLANNER, purpose="planning")
    again = replace(plan, tail=[C], project="moved", capsule="moved")
    assert changes_of(plan, again) == []
    assert changes_of(plan, replace(again, system="other")) == ["system"]


def test_a_side_call_must_extend_itself() -> None:
    plan = replace(request(A, B), role=Role.PLANNER, purpose="planning")
    assert changes_of(plan, replace(plan, tail=[A, C])) == ["tail"]
    assert changes_of(plan, replace(plan, project="moved")) == ["project"]


def test_roles_and_purposes_do_not_mix() -> None:
    plan = replace(request(C), role=Role.PLANNER, purpose="planning")
    consult = replace(request(B), role=Role.PLANNER, purpose="consult")
    assert changes_of(request(A), plan, consult, request(A, B)) == []


def layers_of(asked: ModelRequest) -> tuple[LayerHash, ...]:
    return PrefixWatch(lambda change: None).observe(asked)


def test_after_a_restart_the_log_says_what_was_sent() -> None:
    for now, expected in (
        (request(A, B, C), []),
        (request(A), []),
        (request(C), ["tail"]),
        (replace(request(A), project="moved"), ["project"]),
    ):
        changes: list[PrefixChange] = []
        watch = PrefixWatch(changes.append, {EXECUTOR: layers_of(request(A))})
        watch.observe(now)
        assert [change.layer for change in changes] == expected


def test_the_price_of_a_change_is_all_behind_it() -> None:
    changes: list[PrefixChange] = []
    watch = PrefixWatch(changes.append)
    watch.observe(request(A, capsule="one"))
    now = replace(request(A, capsule="two"), project="p" * 400)
    layers = watch.observe(now)
    behind = sum(layer.tokens for layer in layers[2:])
    assert changes == [PrefixChange(Role.EXECUTOR, "", "project", behind)]


MESSAGES: st.SearchStrategy[list[Message]] = st.lists(
    st.sampled_from([A, B, C, Notice("n"), Notice("a")]), max_size=5
)


@given(MESSAGES, MESSAGES)
def test_only_an_extension_is_no_change(before: list[Message], now: list[Message]) -> None:
    extends = now[: len(before)] == before
    assert (changes_of(request(*before), request(*now)) == []) == extends
    seeded: list[PrefixChange] = []
    watch = PrefixWatch(seeded.append, {EXECUTOR: layers_of(request(*before))})
    watch.observe(request(*now))
    assert (not seeded) == extends
