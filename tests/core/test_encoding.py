import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core import events as ev
from burnless.core.encoding import EncodingError, canonical, from_json, to_json
from burnless.core.messages import AssistantMessage, Reasoning, Role, StopReason, Text, ToolCall
from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.settings import Settings
from tests.core.strategies import EVENT_TYPES, values


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.__name__)
@given(st.data())
def test_every_event_comes_back_from_its_bytes_as_it_was(
    kind: type[Any], data: st.DataObject
) -> None:
    event = data.draw(values(kind))
    text = canonical(to_json(event))
    assert from_json(kind, json.loads(text)) == event
    assert canonical(to_json(from_json(kind, json.loads(text)))) == text


@given(values(Settings))
def test_settings_come_back_from_json_as_they_were(settings: Settings) -> None:
    assert from_json(Settings, json.loads(canonical(to_json(settings)))) == settings


def test_defaults_are_left_out_and_union_members_are_tagged() -> None:
    message = AssistantMessage((Text("hi"), ToolCall("1", "read", "{}"), Reasoning("f", "{}")))
    assert to_json(message) == {
        "blocks": [
            {"type": "Text", "text": "hi"},
            {"type": "ToolCall", "id": "1", "name": "read", "arguments": "{}"},
            {"type": "Reasoning", "family": "f", "payload": "{}"},
        ]
    }
    plan = Plan("g", (Step("1", "i", done_when=Check("c"), status=StepStatus.DONE),))
    assert to_json(plan) == {
        "goal": "g",
        "steps": [{"id": "1", "intent": "i", "done_when": {"command": "c"}, "status": "done"}],
    }


def test_none_that_is_not_the_default_is_written() -> None:
    failed = ev.CallFailed("c", Role.EXECUTOR, "silver", "m", "cut", cost=None)
    assert to_json(failed)["cost"] is None


def test_canonical_json_is_compact_keeps_key_order_and_replaces_lone_surrogates() -> None:
    assert canonical({"b": [1, "é"], "a": None}) == '{"b":[1,"é"],"a":null}'
    assert canonical(["\ud800x\udfff"]) == '["\ufffdx\ufffd"]'


@dataclass(frozen=True, slots=True)
class Inner:
    TAGGED: ClassVar[bool] = True
    x: int


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Every:
    number: int | str = 0
    ratio: float = 0.0
    pair: tuple[int, str] = (0, "")
    mapping: dict[str, Inner] = field(default_factory=dict)
    colour: Colour = Colour.RED
    mode: Literal["a", "b"] = "a"
    anything: object = None
    inner: Inner | None = None


def test_every_kind_of_field_is_read() -> None:
    value = {
        "number": "7",
        "ratio": 1,
        "pair": [1, "x"],
        "mapping": {"k": {"x": 2}},
        "colour": "red",
        "mode": "b",
        "anything": [{}],
        "inner": {"type": "Inner", "x": 3},
    }
    every = Every("7", 1.0, (1, "x"), {"k": Inner(2)}, Colour.RED, "b", [{}], Inner(3))
    assert from_json(Every, value) == every
    assert isinstance(from_json(Every, value).ratio, float)


@pytest.mark.parametrize(
    "value",
    [
        {"number": None},
        {"number": True},
        {"number": [1]},
        {"ratio": "1"},
        {"pair": [1]},
        {"pair": 5},
        {"mapping": []},
        {"colour": "blue"},
        {"mode": "c"},
        {"inner": {"type": "Other"}},
        {"unknown": 1},
        [],
        "text",
    ],
)
def test_another_shape_is_an_encoding_error(value: Any) -> None:
    with pytest.raises(EncodingError, match="not a Every"):
        from_json(Every, value)


def test_an_event_without_a_required_field_is_an_encoding_error() -> None:
    with pytest.raises(EncodingError):
        from_json(ev.PromptReceived, {"turn": 1})
    with pytest.raises(EncodingError):
        from_json(ev.ToolStarted, {"call": "c", "tool": "t", "arguments": 5})


def test_stop_reasons_are_read_by_their_value() -> None:
    assert from_json(StopReason, "max_tokens") is StopReason.MAX_TOKENS
