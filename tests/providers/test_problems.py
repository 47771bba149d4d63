from __future__ import annotations

from datetime import UTC, datetime

import pytest

from burnless.core.encoding import Json
from burnless.core.errors import (
    BurnlessError,
    ContextExceeded,
    KeyProblem,
    ModelProblem,
    SpendLimit,
    Temporary,
)
from burnless.providers.problems import Endpoint, ReasoningRefused, from_status, retry_after

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
ENDPOINT = Endpoint("anthropic", "claude-x", "ANTHROPIC_API_KEY")


def error(message: str, kind: str = "invalid_request_error", code: str | None = None) -> Json:
    return {"type": "error", "error": {"type": kind, "message": message, "code": code}}


CASES: list[tuple[int, Json, type[BurnlessError]]] = [
    (400, error("prompt is too long: 210000 tokens > 200000 maximum"), ContextExceeded),
    (400, error("input length and `max_tokens` exceed context limit: 1"), ContextExceeded),
    (
        400,
        error("This model's maximum context length is 8192 tokens", code="context_length_exceeded"),
        ContextExceeded,
    ),
    (400, error("Your input exceeds the context window of this model."), ContextExceeded),
    (
        400,
        error("the request exceeds the available context size (8192 tokens)"),
        ContextExceeded,
    ),
    (
        400,
        error("The input token count (2000000) exceeds the maximum number of tokens allowed"),
        ContextExceeded,
    ),
    (500, error("Context size has been exceeded."), ContextExceeded),
    (413, error("Request exceeds the maximum size", "request_too_large"), ContextExceeded),
    (400, error("max_tokens: must be at least 1"), ModelProblem),
    (400, error("temperature is not supported"), ModelProblem),
    (404, error("model: claude-x", "not_found_error"), ModelProblem),
    (422, {"detail": "bad"}, ModelProblem),
    (307, None, ModelProblem),
    (401, error("invalid x-api-key", "authentication_error"), KeyProblem),
    (403, error("not allowed", "permission_error"), KeyProblem),
    (402, error("pay first"), SpendLimit),
    (429, error("You exceeded your current quota", code="insufficient_quota"), SpendLimit),
    (400, error("Your credit balance is too low to access the API"), SpendLimit),
    (403, error("Key limit exceeded: monthly spend limit"), SpendLimit),
    (429, error("slow down", "rate_limit_error"), Temporary),
    (
        429,
        error("This request would exceed 40,000 input tokens per minute", "rate_limit_error"),
        Temporary,
    ),
    (
        429,
        error("Rate limit reached. See https://x/account/billing", "tokens", "rate_limit_exceeded"),
        Temporary,
    ),
    (
        429,
        [{"error": {"code": 429, "message": "You exceeded your current quota. Retry in 3.5s."}}],
        Temporary,
    ),
    (429, error("the maximum context is exceeded for your plan this minute"), Temporary),
    (500, error("oops", "api_error"), Temporary),
    (503, b"".decode(), Temporary),
    (529, error("Overloaded", "overloaded_error"), Temporary),
    (408, None, Temporary),
    (
        400,
        error("messages.5.content.0: Invalid `signature` in `thinking` block"),
        ReasoningRefused,
    ),
    (
        400,
        error(
            "The encrypted content gAAA could not be verified.", code="invalid_encrypted_content"
        ),
        ReasoningRefused,
    ),
]


@pytest.mark.parametrize(("status", "body", "kind"), CASES)
def test_each_refusal_is_what_it_means(status: int, body: Json, kind: type[BurnlessError]) -> None:
    problem = from_status(status, body, {}, ENDPOINT, NOW)
    assert type(problem) is kind
    assert problem.hint


def test_the_text_says_who_what_and_why() -> None:
    problem = from_status(429, error("slow\n down", "rate_limit_error"), {}, ENDPOINT, NOW)
    assert str(problem) == "anthropic answered 429 for claude-x: slow down"


def test_a_key_problem_names_the_variable_and_never_the_key() -> None:
    problem = from_status(401, error("invalid", "authentication_error"), {}, ENDPOINT, NOW)
    assert "ANTHROPIC_API_KEY" in problem.hint


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_a_wait_that_stands_only_in_the_text_is_found() -> None:
    problem = from_status(429, error("Please retry in 3.5s."), {}, ENDPOINT, NOW)
    assert isinstance(problem, Temporary)
    assert problem.retry_after == 3.5
