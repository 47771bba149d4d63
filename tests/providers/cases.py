"""Cards and conversations that every wire is tested on. A new provider is one more card."""

from __future__ import annotations

from dataclasses import replace

from burnless.core.messages import (
    AssistantMessage,
    Message,
    ModelRequest,
    Notice,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    ToolSchema,
    UserMessage,
)
from burnless.core.models import ModelCard
from burnless.core.settings import Wire
from burnless.core.usage import Price

PRICE = Price(4_000_000, 400_000, 5_000_000, 8_000_000, 20_000_000, version="test")

ANTHROPIC = ModelCard(
    tier="silver",
    name="claude-sonnet-5-5",
    provider="anthropic",
    wire=Wire.ANTHROPIC,
    family="anthropic",
    first_party=True,
    base_url="https://api.anthropic.com",
    key_env="ANTHROPIC_API_KEY",
    window=1_000_000,
    max_output=32_000,
    min_cacheable=20,
    price=PRICE,
    long_ttl=True,
    reasoning=True,
    breakpoints=True,
)
RESPONSES = replace(
    ANTHROPIC,
    name="gpt-6.1-sol",
    provider="openai",
    wire=Wire.RESPONSES,
    family="openai",
    base_url="https://api.openai.com/v1",
    key_env="OPENAI_API_KEY",
    long_ttl=False,
    effort="high",
)
CHAT = replace(
    ANTHROPIC,
    name="deepseek-v4-pro",
    provider="deepseek",
    wire=Wire.CHAT,
    family="chat:api.deepseek.com",
    base_url="https://api.deepseek.com",
    key_env="DEEPSEEK_API_KEY",
    long_ttl=False,
    breakpoints=False,
)
ROUTED = replace(
    CHAT,
    name="anthropic/claude-sonnet-5.5",
    provider="openrouter",
    family="chat:openrouter.ai/anthropic",
    base_url="https://openrouter.ai/api/v1",
    key_env="OPENROUTER_API_KEY",
    first_party=False,
    breakpoints=True,
)
CARDS = {"anthropic": ANTHROPIC, "responses": RESPONSES, "chat": CHAT, "routed": ROUTED}

TOOLS = (
    ToolSchema(
        "read",
        "Read a file.",
        '{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}',
    ),
    ToolSchema("finish", "End the work.", '{"type":"object","properties":{}}'),
)
SYSTEM = "You work in a repository and prove what you say. " * 4

THOUGHTS = {
    "anthropic": Reasoning(
        "anthropic", '{"type":"thinking","thinking":"look first","signature":"c2ln"}', "look first"
    ),
    "openai": Reasoning(
        "openai",
        '{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"gAAAA"}',
    ),
    "chat": Reasoning("chat:api.deepseek.com", '{"reasoning_content":"look first"}', "look first"),
    "routed": Reasoning(
        "chat:openrouter.ai/anthropic",
        '{"reasoning_details":[{"type":"reasoning.text","index":0,"text":"x","signature":"s"}]}',
        "x",
    ),
}


def request(
    *tail: Message, capsule: str = "", project: str = "AGENTS.md says: test."
) -> ModelRequest:
    return ModelRequest(
        role=Role.EXECUTOR,
        tools=TOOLS,
        system=SYSTEM,
        project=project,
        capsule=capsule,
        tail=list(tail),
        max_output_tokens=32_000,
        cache_key="workspace-1:silver",
    )


def reads(*paths: str) -> tuple[ToolCall, ...]:
    return tuple(ToolCall(f"call_{path}", "read", f'{{"path": "{path}.py"}}') for path in paths)


CONVERSATIONS: dict[str, ModelRequest] = {
    "first_prompt": request(UserMessage("Fix the bug.")),
    "no_head_at_all": replace(request(UserMessage("hi"), project=""), tools=(), system=""),
    "tool_call_and_result": request(
        UserMessage("Fix the bug."),
        AssistantMessage((Text("I read it."), *reads("a"))),
        ToolResult("call_a", "def a(): ..."),
    ),
    "parallel_calls_results_and_notices": request(
        UserMessage("Fix the bug."),
        AssistantMessage(reads("a", "b")),
        ToolResult("call_a", "def a(): ..."),
        ToolResult("call_b", "b.py: no such file", is_error=True),
        Notice("The mode is now plan."),
        UserMessage("And hurry."),
    ),
    "capsule_before_a_prompt": request(
        UserMessage("Go on."), capsule="# What happened\nStep 1 is done. " * 6
    ),
    "capsule_before_a_reply": request(
        AssistantMessage(reads("a")),
        ToolResult("call_a", "text"),
        capsule="# What happened\nStep 1 is done. " * 6,
    ),
    "everyones_reasoning": request(
        UserMessage("Fix the bug."),
        AssistantMessage((*THOUGHTS.values(), Text("I read it."), *reads("a"))),
        ToolResult("call_a", "text"),
    ),
    "only_reasoning": request(
        UserMessage("Fix the bug."),
        AssistantMessage(tuple(THOUGHTS.values())),
        Notice("Your reply was empty."),
    ),
    "empty_reply_and_empty_texts": request(
        UserMessage("  "),
        AssistantMessage(()),
        Notice("Your reply was empty."),
        AssistantMessage((Text(" \n"), *reads("a"))),
        ToolResult("call_a", ""),
    ),
    "two_replies_in_a_row": request(
        UserMessage("Fix the bug."),
        AssistantMessage((Text("First half"),)),
        AssistantMessage((Text("second half"),)),
        UserMessage("Go on."),
    ),
    "ends_in_a_reply": request(UserMessage("Fix."), AssistantMessage((Text("Fixed."),))),
    "arguments_that_are_no_object": request(
        UserMessage("Fix the bug."),
        AssistantMessage(
            (
                ToolCall("c1", "read", '{"path": "a.py"'),
                ToolCall("c2", "read", "[1, 2]"),
                ToolCall("c3", "read", ""),
                ToolCall("c4", "read", '{"n": 1e999}'),
                ToolCall("c5", "read", '{"b": 1, "a": {"deep": "\\ud800"}}'),
            )
        ),
        *(ToolResult(f"c{n}", "no") for n in range(1, 6)),
    ),
    "ids_and_names_no_one_takes": request(
        UserMessage("Fix the bug."),
        AssistantMessage(
            (
                ToolCall("functions.read:0", "functions.read", "{}"),
                ToolCall("x" * 50, "", "{}"),
            )
        ),
        ToolResult("functions.read:0", "text"),
        ToolResult("x" * 50, "text"),
    ),
    "lone_surrogates": request(
        UserMessage("bad \ud83d byte"),
        AssistantMessage((Text("ok \udc00"), *reads("a"))),
        ToolResult("call_a", "out \udfff"),
        Notice("and \ud800"),
    ),
}
