from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.usage import Usage
from burnless.processes.worker_output import WorkerOutput, parse_output, readable_line


def lines(*events: dict[str, Any]) -> str:
    return "\n".join(json.dumps(event) for event in events) + "\n"


CLAUDE_INIT = {
    "type": "system",
    "subtype": "init",
    "model": "claude-haiku-4-5",
    "permissionMode": "acceptEdits",
    "apiKeySource": "none",
}
CLAUDE_SAID = {
    "type": "assistant",
    "message": {
        "model": "claude-haiku-4-5-20251001",
        "content": [{"type": "text", "text": "Renamed it."}],
        "usage": {"input_tokens": 3, "output_tokens": 9},
    },
    "parent_tool_use_id": None,
}
CLAUDE_SUBAGENT = {
    "type": "assistant",
    "message": {"model": "claude-opus-4-8", "content": [{"type": "text", "text": "Looking."}]},
    "parent_tool_use_id": "toolu_1",
}
CLAUDE_USAGE = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 4000,
    "output_tokens": 50,
    "output_tokens_details": {"thinking_tokens": 20},
    "cache_creation": {"ephemeral_1h_input_tokens": 100, "ephemeral_5m_input_tokens": 200},
    "iterations": [],
}
CLAUDE_RESULT = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "num_turns": 2,
    "result": "Renamed it.",
    "total_cost_usd": 0.0123,
    "usage": CLAUDE_USAGE,
    "modelUsage": {
        "claude-haiku-4-5-20251001": {
            "inputTokens": 12,
            "outputTokens": 50,
            "cacheReadInputTokens": 4000,
            "cacheCreationInputTokens": 300,
            "costUSD": 0.0113,
        },
        "claude-sonnet-5-5": {"inputTokens": 700, "outputTokens": 5, "costUSD": 0.001},
    },
}


def test_claude_stream_json_gives_text_usage_of_all_models_served_model_and_cost() -> None:
    printed = lines(CLAUDE_INIT, CLAUDE_SAID, CLAUDE_SUBAGENT, CLAUDE_RESULT)
    assert parse_output("claude", printed) == WorkerOutput(
        text="Renamed it.",
        usage=Usage(
            fresh=712,
            cache_read=4000,
            cache_write_5m=200,
            cache_write_1h=100,
            output=55,
            reasoning=20,
        ),
        served_model="claude-haiku-4-5-20251001",
        cost=12_300_000_000,
        flat_rate=True,
    )


@pytest.mark.parametrize("indent", [None, 2])
def test_claude_json_is_one_object_and_its_busiest_model_is_the_served_one(
    indent: int | None,
) -> None:
    output = parse_output("claude", json.dumps(CLAUDE_RESULT, indent=indent))
    assert (output.text, output.served_model, output.flat_rate) == (
        "Renamed it.",
        "claude-haiku-4-5-20251001",
        False,
    )


def test_claude_json_with_verbose_is_a_list_of_the_same_events() -> None:
    events: list[dict[str, Any]] = [CLAUDE_INIT, CLAUDE_SAID, CLAUDE_RESULT]
    assert parse_output("claude", json.dumps(events)) == parse_output("claude", lines(*events))


def test_an_api_key_of_the_users_own_is_not_a_flat_rate() -> None:
    start = {**CLAUDE_INIT, "apiKeySource": "ANTHROPIC_API_KEY"}
    assert not parse_output("claude", lines(start, CLAUDE_RESULT)).flat_rate


def test_claude_usage_without_model_usage_is_read_from_the_wire_fields() -> None:
    result = {**CLAUDE_RESULT, "modelUsage": {}}
    assert parse_output("claude", lines(result)).usage == Usage(12, 4000, 200, 100, 50, 20)


def test_claude_models_that_say_nothing_of_the_cache_leave_that_to_the_wire_fields() -> None:
    result = {**CLAUDE_RESULT, "modelUsage": {"m": {"inputTokens": 12, "outputTokens": 50}}}
    assert parse_output("claude", lines(result)).usage == Usage(12, 4000, 200, 100, 50, 20)


def test_claude_at_its_turn_limit_is_a_failure_with_the_last_words_it_said() -> None:
    result = {key: CLAUDE_RESULT[key] for key in ("type", "usage", "total_cost_usd")}
    result |= {"subtype": "error_max_turns", "is_error": True}
    output = parse_output("claude", lines(CLAUDE_INIT, CLAUDE_SAID, result))
    assert (output.text, output.error) == ("Renamed it.", "error_max_turns")


def test_claude_that_is_not_logged_in_says_so_as_its_error() -> None:
    said = "Invalid API key. Please run /login"
    result = {"type": "result", "subtype": "success", "is_error": True, "result": said}
    assert parse_output("claude", lines(result)) == WorkerOutput(said, error=said)


def test_json_broken_in_the_middle_of_the_result_falls_back_to_what_was_said() -> None:
    printed = lines(CLAUDE_INIT, CLAUDE_SAID) + json.dumps(CLAUDE_RESULT)[:80]
    assert parse_output("claude", printed) == WorkerOutput(
        "Renamed it.", served_model="claude-haiku-4-5-20251001"
    )


def test_a_synthetic_message_is_no_served_model() -> None:
    said = {**CLAUDE_SAID, "message": {"model": "<synthetic>", "content": []}}
    result = {"type": "result", "subtype": "success", "result": "x"}
    assert parse_output("claude", lines(said, result)).served_model is None


def test_codex_counts_cached_and_written_tokens_inside_the_input() -> None:
    printed = lines(
        {"type": "thread.started", "thread_id": "t"},
        {"type": "item.completed", "item": {"id": "1", "type": "reasoning", "text": "Hm."}},
        {"type": "item.completed", "item": {"id": "2", "type": "agent_message", "text": "First."}},
        {"type": "item.completed", "item": {"id": "3", "type": "agent_message", "text": "Done."}},
        {
            "type": "turn.completed",
            "usage": {
                "input_tokens": 23445,
                "cached_input_tokens": 11392,
                "cache_write_input_tokens": 53,
                "output_tokens": 54,
                "reasoning_output_tokens": 10,
            },
        },
    )
    assert parse_output("codex", printed) == WorkerOutput(
        "Done.",
        Usage(fresh=12_000, cache_read=11_392, cache_write_5m=53, output=54, reasoning=10),
    )


def test_a_failed_codex_turn_says_why() -> None:
    printed = lines(
        {"type": "turn.started"},
        {"type": "error", "message": "stream disconnected"},
        {"type": "turn.failed", "error": {"message": "usage limit reached"}},
    )
    assert parse_output("codex", printed) == WorkerOutput(
        "usage limit reached", error="usage limit reached"
    )


def test_a_codex_error_that_was_got_over_is_no_failure() -> None:
    printed = lines(
        {"type": "error", "message": "reconnecting 1/5"},
        {"type": "item.completed", "item": {"type": "agent_message", "text": "Done."}},
        {"type": "turn.completed", "usage": {"input_tokens": 5, "output_tokens": 1}},
    )
    assert parse_output("codex", printed) == WorkerOutput("Done.", Usage(fresh=5, output=1))


GEMINI = {
    "response": "Done.",
    "stats": {
        "models": {
            "gemini-2.5-flash-lite": {"tokens": {"prompt": 100, "candidates": 3, "total": 103}},
            "gemini-2.5-pro": {
                "api": {"totalRequests": 2},
                "tokens": {
                    "prompt": 24939,
                    "candidates": 20,
                    "total": 25120,
                    "cached": 21263,
                    "thoughts": 154,
                    "tool": 7,
                },
            },
        }
    },
}


def test_gemini_counts_the_cached_part_inside_the_prompt_and_thoughts_beside_the_answer() -> None:
    assert parse_output("gemini", "Loaded credentials.\n" + json.dumps(GEMINI, indent=2)) == (
        WorkerOutput(
            "Done.",
            Usage(fresh=3783, cache_read=21_263, output=177, reasoning=154),
            "gemini-2.5-pro",
        )
    )


def test_a_gemini_error_is_a_failure() -> None:
    printed = json.dumps({"error": {"type": "ApiError", "message": "quota", "code": 429}}, indent=2)
    assert parse_output("gemini", printed) == WorkerOutput("quota", error="quota")


def test_opencode_adds_its_steps_up_and_speaks_with_its_last_message() -> None:
    def step(message: str, cost: float, **tokens: object) -> dict[str, Any]:
        part = {"type": "step-finish", "messageID": message, "cost": cost, "tokens": tokens}
        return {"type": "step_finish", "part": part}

    def said(message: str, text: str) -> dict[str, Any]:
        return {"type": "text", "part": {"messageID": message, "type": "text", "text": text}}

    cache = {"read": 200, "write": 40}
    printed = lines(
        said("m1", "I will look."),
        step("m1", 0.25, input=100, output=10, reasoning=5, cache={"read": 0, "write": 240}),
        said("m2", "Renamed."),
        said("m2", "Tests pass."),
        step("m2", 0.5, input=50, output=20, reasoning=0, cache=cache),
    )
    assert parse_output("opencode", printed) == WorkerOutput(
        "Renamed.\n\nTests pass.",
        Usage(fresh=150, cache_read=200, cache_write_5m=280, output=35, reasoning=5),
        cost=750_000_000_000,
    )


def test_a_cost_of_zero_beside_used_tokens_is_unknown() -> None:
    part = {"cost": 0, "tokens": {"input": 5, "output": 1}}
    output = parse_output("opencode", lines({"type": "step_finish", "part": part}))
    assert (output.usage, output.cost) == (Usage(fresh=5, output=1), None)


def test_a_cli_that_counts_in_its_own_way_is_read_for_its_result_alone() -> None:
    result = {"type": "result", "subtype": "success", "is_error": False, "result": "Done."}
    printed = json.dumps([CLAUDE_SAID, {**result, "usage": {"input_tokens": 5}}])
    assert parse_output("result", printed) == WorkerOutput("Done.")


SHAPES = ["claude", "codex", "gemini", "opencode", "result", "text"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "printed",
    [
        "plain words\n",
        'A plan:\n```json\n{"goal": "x", "steps": []}\n```',
        '{"type": "system", "subty',
        "[1, 2]",
        "",
    ],
)
def test_what_is_not_the_expected_json_is_the_text(shape: str, printed: str) -> None:
    assert parse_output(shape, printed) == WorkerOutput(printed.strip())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "result", "usage", "modelUsage", "message", "content", "item", "part",
             "tokens", "stats", "models", "error", "cost", "response", "total_cost_usd"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(SHAPES), st.lists(json_values, max_size=4))
def test_no_json_whatever_makes_the_reader_fail_or_count_below_zero(
    shape: str, values: list[Any]
) -> None:
    output = parse_output(shape, "\n".join(json.dumps(value) for value in values))
    used = output.usage or Usage()
    assert min(used.fresh, used.cache_read, used.output, output.cost or 0) >= 0
    assert used.reasoning <= used.output


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (json.dumps(CLAUDE_INIT), ""),
        (json.dumps(CLAUDE_SAID), "Renamed it."),
        (
            json.dumps(
                {
                    "type": "assistant",
                    "message": {"content": [{"type": "tool_use", "name": "Edit"}]},
                }
            ),
            "Edit",
        ),
        (json.dumps({"type": "item.completed", "item": {"command": "pytest -q"}}), "pytest -q"),
        (json.dumps({"type": "text", "part": {"text": "Hello."}}), "Hello."),
        ("warning: old version", "warning: old version"),
        ('{"type": "assis', '{"type": "assis'),
    ],
)
def test_a_line_of_events_is_shown_as_what_was_said_or_done(line: str, shown: str) -> None:
    assert readable_line(line) == shown
