import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.messages import ToolSchema
from burnless.policy.arguments import ArgumentProblem, check_arguments

PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        "paths": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "line": {"type": "integer", "minimum": 1, "maximum": 100},
        "share": {"type": "number"},
        "all": {"type": "boolean"},
        "status": {"type": "string", "enum": ["done", "blocked"]},
        "edits": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"old": {"type": "string"}, "new": {"type": "string"}},
                "required": ["old", "new"],
                "additionalProperties": False,
            },
        },
        "where": {"type": "object"},
        "either": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]},
        "file": {"type": ["string", "null"]},
        "list": {"type": "array"},
        "any": {},
    },
    "required": ["path"],
    "additionalProperties": False,
}
SCHEMA = ToolSchema("edit", "Edit a file.", json.dumps(PARAMETERS))
LOOSE = ToolSchema(
    "find",
    "Find.",
    json.dumps(
        {
            "type": "object",
            "properties": {"pattern": {"type": "string"}, "limit": {"type": "integer"}},
            "required": ["pattern"],
        }
    ),
)
BARE = ToolSchema("plan", "Plan.", '{"type": "object"}')


def check(**arguments: Any) -> Any:
    return check_arguments(SCHEMA, json.dumps({"path": "a", **arguments}))


def refusal(raw: str, schema: ToolSchema = SCHEMA) -> str:
    with pytest.raises(ArgumentProblem) as caught:
        check_arguments(schema, raw)
    return str(caught.value)


def test_arguments_that_fit_pass_as_they_are() -> None:
    arguments = {
        "paths": ["a"],
        "line": 3,
        "share": 0.5,
        "all": True,
        "status": "done",
        "edits": [{"old": "x", "new": "y"}],
        "where": {"free": [1]},
        "either": [1],
        "file": None,
        "list": [{}],
        "any": [None],
    }
    assert check(**arguments) == {"path": "a", **arguments}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"line": "12"}, {"line": 12}),
        ({"line": 12.0}, {"line": 12}),
        ({"line": " 12.0 "}, {"line": 12}),
        ({"share": "-0.5"}, {"share": -0.5}),
        ({"share": "3"}, {"share": 3.0}),
        ({"share": 3}, {"share": 3}),
        ({"all": "true"}, {"all": True}),
        ({"all": "False"}, {"all": False}),
        ({"paths": "a.py"}, {"paths": ["a.py"]}),
        ({"paths": '["a", "b"]'}, {"paths": ["a", "b"]}),
        ({"paths": "[draft].md"}, {"paths": ["[draft].md"]}),
        ({"edits": '[{"old": "x", "new": "y"}]'}, {"edits": [{"old": "x", "new": "y"}]}),
        ({"where": '{"a": 1}'}, {"where": {"a": 1}}),
        ({"line": None}, {}),
        ({"either": 4}, {"either": 4}),
        ({"either": "[4]"}, {"either": [4]}),
        ({"path": "12"}, {"path": "12"}),
    ],
)
def test_what_can_only_mean_one_thing_is_mended(sent: dict[str, Any], read: dict[str, Any]) -> None:
    assert check(**sent) == {"path": "a", **read}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"line": 1.5}, "line is 1.5, not integer"),
        ({"line": "1.5"}, 'line is "1.5", not integer'),
        ({"line": "1e3"}, "not integer"),
        ({"line": "1.x"}, "not integer"),
        ({"line": "9" * 30}, "not integer"),
        ({"line": True}, "line is true, not integer"),
        ({"line": 0}, "line is 0; the least is 1"),
        ({"line": 101}, "line is 101; the most is 100"),
        ({"share": "much"}, 'share is "much", not number'),
        ({"all": "yes"}, "not boolean"),
        ({"all": 1}, "not boolean"),
        ({"paths": []}, "paths has 0 entries; at least 1 are needed"),
        ({"paths": ["a"] * 4}, "paths has 4 entries; at most 3 are allowed"),
        ({"paths": ["a", 1]}, "paths[1] is 1, not string"),
        ({"paths": {"a": 1}}, "not [string, …]"),
        ({"list": "a"}, 'list is "a", not [any, …]'),
        (
            {"status": "don"},
            'is "don", which is none of "done", "blocked" (did you mean \'done\'?)',
        ),
        ({"status": "zzz"}, 'which is none of "done", "blocked"'),
        ({"edits": [{"old": "x"}]}, "edits[0] lacks new"),
        (
            {"edits": [{"old": "x", "new": "y", "newt": "z"}]},
            "edits[0] has an unknown key 'newt'; known are old, new",
        ),
        ({"edits": [{"old": "x", "nwe": "z"}]}, "an unknown key 'nwe' (did you mean 'new'?)"),
        ({"edits": "x"}, "not [{old: string, new: string}, …]"),
        ({"where": "[1]"}, 'where is "[1]", not object'),
        ({"where": "{broken"}, "not object"),
        ({"either": "x"}, "which is neither integer or [integer, …]"),
        ({"file": 3}, "file is 3, not string | null"),
        ({"zone": 1}, "have an unknown key 'zone'"),
        ({"path": None}, "path is null, not string"),
        ({"path": ["x" * 100]}, "…, not string"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(sent: dict[str, Any], said: str) -> None:
    assert said in refusal(json.dumps({"path": "a", **sent}))


EDIT = ToolSchema(
    "edit",
    "Edit.",
    json.dumps(
        {
            "type": "object",
            "properties": {key: PARAMETERS["properties"][key] for key in ("path", "edits", "all")},
            "required": ["path", "edits"],
        }
    ),
)


@pytest.mark.parametrize(
    ("sent", "said", "example"),
    [
        (
            {"path": "a.py", "old": "x = 1", "new": "y" * 100},
            "edit: edits is missing; old, new go inside it. ",
            '{"path": "a.py", "edits": [{"old": "x = 1", "new": "…"}]}',
        ),
        (
            {"all": True},
            "edit: path, edits are missing. ",
            '{"path": "…", "edits": [{"old": "…", "new": "…"}]}',
        ),
    ],
)
def test_what_is_missing_is_shown_in_an_example_with_what_was_sent(
    sent: dict[str, Any], said: str, example: str
) -> None:
    expected = "edit(path: string, edits: [{old: string, new: string}, …], all?: boolean)"
    assert refusal(json.dumps(sent), EDIT) == (
        f"{said}Expected: {expected}. For example: edit({example})"
    )


def test_a_problem_names_the_call_the_fault_and_the_expected_shape() -> None:
    assert refusal('{"patern": "x"}', LOOSE) == (
        "find: the arguments have an unknown key 'patern' (did you mean 'pattern'?). "
        "Expected: find(pattern: string, limit?: integer)"
    )


def test_missing_required_arguments_are_named() -> None:
    assert "find: pattern is missing. Expected: find(" in refusal("{}", LOOSE)
    assert "pattern is missing" in refusal("", LOOSE)


def test_a_loose_schema_lets_other_keys_pass() -> None:
    raw = '{"pattern": "x", "verbose": null}'
    assert check_arguments(LOOSE, raw) == {"pattern": "x", "verbose": None}


def test_a_tool_without_properties_takes_no_arguments_at_all() -> None:
    assert check_arguments(BARE, "") == check_arguments(BARE, " {} ") == {}


def test_arguments_sent_as_a_string_of_json_are_read_and_raw_newlines_too() -> None:
    assert check_arguments(LOOSE, json.dumps('{"pattern": "x"}')) == {"pattern": "x"}
    assert check_arguments(LOOSE, '{"pattern": "a\nb"}') == {"pattern": "a\nb"}


@pytest.mark.parametrize("raw", ["[1]", '"x"', "3", "null"])
def test_anything_but_an_object_is_refused(raw: str) -> None:
    assert f"are {raw}, not a JSON object" in refusal(raw)


@pytest.mark.parametrize("raw", ['{"path": NaN}', '{"path": "a"} trailing', "{'path': 1}"])
def test_what_is_not_json_is_refused(raw: str) -> None:
    text = refusal(raw)
    assert "not valid JSON" in text
    assert "cut off" not in text


@given(st.integers(1, 39))
def test_arguments_that_were_cut_off_are_never_completed(length: int) -> None:
    whole = '{"path": "src/a.py", "line": 12, "x": []}'
    assert "cut off: send it again" in refusal(whole[:length])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(PARAMETERS["properties"])), JSON))
def test_what_passes_is_typed_and_passes_again_unchanged(arguments: dict[str, Any]) -> None:
    try:
        read = check_arguments(SCHEMA, json.dumps(arguments))
    except ArgumentProblem:
        return
    assert check_arguments(SCHEMA, json.dumps(read)) == read
    assert isinstance(read["path"], str)
    assert type(read.get("line", 1)) is int


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(raw: str) -> None:
    try:
        read: object = check_arguments(BARE, raw)
    except ArgumentProblem:
        read = {}
    assert isinstance(read, dict)


@pytest.mark.parametrize("depth", [101, 950, 1_000, 100_000])
def test_arguments_nested_beyond_all_use_are_refused(depth: int) -> None:
    raw = '{"path":"a","any":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
    assert refusal(raw).startswith(
        "edit: the arguments are nested more than 100 levels deep: write them flat. Expected: "
    )
    inner = "[" * depth + "]" * depth
    assert "is " in refusal(json.dumps({"path": "a", "list": inner}))


def test_brackets_in_a_text_are_no_nesting() -> None:
    deep: Any = 1
    for _ in range(99):
        deep = [deep]
    assert check(any=deep) == {"path": "a", "any": deep}
    content = "{[" * 500 + '\\"' + "[" * 500
    assert check(file=content) == {"path": "a", "file": content}
    assert "cut off" in refusal('{"path": "' + "[" * 500)
