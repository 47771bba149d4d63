"""What a provider's refusal means: status, body and headers in, one of our errors out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from burnless.core.encoding import Json, JsonObject
from burnless.core.errors import (
    BurnlessError,
    ContextExceeded,
    KeyProblem,
    ModelProblem,
    SpendLimit,
    Temporary,
)
from burnless.providers.key_cover import cover_key

_CONTEXT = re.compile(
    r"context_length_exceeded|context[ _-]?(?:window|length|size)[^.]{0,60}"
    r"(?:exceed|too|larg|maximum|limit|full|overflow)"
    r"|(?:exceeds?|exceeded|over|beyond|maximum)[^.]{0,60}(?:context|token count)"
    r"|token count[^.]{0,40}exceed|prompt is too long|input is too long|too many (?:input )?tokens"
    r"|model_context_window_exceeded|exceed_context_size",
    re.IGNORECASE,
)
_SPEND = re.compile(
    r"insufficient_quota|exceeded your current quota|billing_error|billing[ _]hard[ _]limit"
    r"|credit balance|insufficient balance|insufficient credits|spend(?:ing)?[ _]limit"
    r"|usage[ _]limit|budget[ _](?:limit|exceeded)",
    re.IGNORECASE,
)
_RATE_TYPES = {"rate_limit_error", "rate_limit_exceeded"}
_RETRY_IN = re.compile(r"(?:retry|try again) in ([\d.]+) ?(ms|s)\b", re.IGNORECASE)
_KEY_TYPES = {"authentication_error", "permission_error", "invalid_api_key"}
_TOO_MANY, _SERVER_ERRORS = 429, 500
_REDIRECTS = range(300, 400)
_WORTH_REPEATING = {408, 409, _TOO_MANY}
_TEMPORARY_TYPES = {
    "overloaded_error",
    "api_error",
    "rate_limit_error",
    "timeout_error",
    "server_error",
    "rate_limit_exceeded",
    "internal_error",
    "internal_server_error",
    "service_unavailable",
    "vector_store_timeout",
    "upstream_error",
    "processing_error",
}
_REFUSED_REASONING = re.compile(
    r"bound to a different conversation|invalid `?signature`?|encrypted content .{0,60}"
    r"(?:could not be|cannot be|verif|decrypt)|invalid_encrypted_content",
    re.IGNORECASE,
)


class ReasoningRefused(ModelProblem):
    """The provider does not take earlier reasoning back: it must be left out, then it works.

    Newer Claude models bind thinking to the conversation before it, which a compaction changes.
    """


@dataclass(frozen=True, slots=True)
class Endpoint:
    """For whom a message speaks: provider and model as people know them, and the key's variable.

    The key itself is here to be left out of every text that comes from the other side.
    """

    provider: str
    model: str
    key_env: str = ""
    key: str = field(default="", repr=False)

    def cover(self, text: str) -> str:
        """The text without the key. To be called before a text is cut."""
        return cover_key(text, self.key)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as the provider gave it. `kind` is its type, `code` its finer code; "" = none."""

    text: str
    kind: str = ""
    code: str = ""

    @property
    def haystack(self) -> str:
        return f"{self.kind} {self.code} {self.text}"


def from_status(
    status: int, body: Json, headers: Mapping[str, str], endpoint: Endpoint, now: datetime
) -> BurnlessError:
    """What an HTTP answer that is no stream means. Header names are lower case."""
    failure = _covered(_failure(body), endpoint)
    said = f"{endpoint.provider} answered {status} for {endpoint.model}: {_short(failure.text)}"
    known = _known(failure, said, endpoint, billed=False)
    too_many = status == _TOO_MANY
    if isinstance(known, SpendLimit | ReasoningRefused):
        return known
    if isinstance(known, ContextExceeded) and not too_many:
        return known
    match status:
        case 401 | 403:
            return _key_problem(said, endpoint)
        case 402:
            return _spend_limit(said)
        case 413:
            return ContextExceeded(said, hint="the request is larger than the provider takes")
        case 404:
            return ModelProblem(
                said, hint=f"check the model name {endpoint.model!r} and the tier's base_url"
            )
        case _ if status in _WORTH_REPEATING or status >= _SERVER_ERRORS:
            wait = retry_after(headers, now)
            asked = wait if wait is not None else _asked_in_words(failure.text)
            return Temporary(said, hint="it will be tried again", retry_after=asked)
        case _ if status in _REDIRECTS:
            return ModelProblem(
                f"{endpoint.provider} redirects to another address ({status}); "
                "a redirect is not followed, since the prompt would go to another host",
                hint="set the tier's base_url to the address that answers itself",
            )
        case _:
            return ModelProblem(said, hint="run with --debug to see the request that was refused")


def from_event(error: Json, endpoint: Endpoint, *, billed: bool) -> BurnlessError:
    """What an error inside a stream means. Unless it is known to be final, it is temporary."""
    failure = _covered(_failure(error), endpoint)
    said = f"{endpoint.provider} broke off the reply of {endpoint.model}: {_short(failure.text)}"
    known = _known(failure, said, endpoint, billed=billed)
    if known is not None:
        return known
    if failure.kind in {"invalid_request_error", "not_found_error", "invalid_prompt"}:
        return ModelProblem(said, hint="run with --debug to see the request", billed=billed)
    return Temporary(said, hint="it will be tried again", billed=billed)


def cut_stream(endpoint: Endpoint, *, billed: bool) -> Temporary:
    """The stream ended before the reply did: never a short reply."""
    return Temporary(
        f"the reply of {endpoint.model} was cut: {endpoint.provider} closed the stream early",
        hint="it will be tried again",
        billed=billed,
    )


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from `retry-after-ms` or `retry-after` (seconds or an HTTP date)."""
    with_unit = headers.get("retry-after-ms", "")
    try:
        return max(float(with_unit) / 1000, 0.0)
    except ValueError:
        pass
    value = headers.get("retry-after", "").strip()
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - now).total_seconds(), 0.0)


def _known(
    failure: Failure, said: str, endpoint: Endpoint, *, billed: bool
) -> BurnlessError | None:
    """What the words of an error settle, whatever its status."""
    if _REFUSED_REASONING.search(failure.haystack):
        return ReasoningRefused(said, hint="earlier reasoning has to be left out", billed=billed)
    # A rate limit's text may name the billing page, and some quotas refill within the minute.
    passes = {failure.kind, failure.code} & _RATE_TYPES or _asked_in_words(failure.text) is not None
    if _SPEND.search(failure.haystack) and not passes:
        return _spend_limit(said)
    if failure.kind in _KEY_TYPES or failure.code in _KEY_TYPES:
        return _key_problem(said, endpoint)
    if failure.kind in _TEMPORARY_TYPES or failure.code in _TEMPORARY_TYPES:
        return Temporary(said, hint="it will be tried again", billed=billed)
    if _CONTEXT.search(failure.haystack):
        return ContextExceeded(said, hint="the conversation has to be compacted", billed=billed)
    return None


def _asked_in_words(text: str) -> float | None:
    """Seconds from "please retry in 32.5s": where there is no header, the text may say it."""
    found = _RETRY_IN.search(text)
    if found is None:
        return None
    try:
        amount = float(found.group(1))
    except ValueError:
        return None
    return amount / 1000 if found.group(2).lower() == "ms" else amount


def _key_problem(said: str, endpoint: Endpoint) -> KeyProblem:
    variable = endpoint.key_env or "the tier's api_key_env"
    return KeyProblem(said, hint=f"check the key in {variable} and what it may use")


def _spend_limit(said: str) -> SpendLimit:
    return SpendLimit(said, hint="raise the limit or add credit with the provider, then resume")


def _covered(failure: Failure, endpoint: Endpoint) -> Failure:
    return replace(failure, text=endpoint.cover(failure.text))


def _failure(body: Json) -> Failure:
    """The error in a body of any wire, nested or not."""
    if isinstance(body, list) and body:  # Gemini wraps its error in a list
        return _failure(body[0])
    inner: Json = body
    if isinstance(body, dict):
        error = body.get("error")
        inner = error if isinstance(error, dict | str) else body
    if not isinstance(inner, dict):
        return Failure(inner if isinstance(inner, str) else "no reason given")
    text = _text(inner, "message") or _text(inner, "detail") or "no reason given"
    metadata = inner.get("metadata")
    if isinstance(metadata, dict):  # OpenRouter puts the upstream's own words there
        text = " - ".join(part for part in (text, _text(metadata, "raw")) if part)
    return Failure(text, _text(inner, "type"), _text(inner, "code"))


def _text(value: JsonObject, key: str) -> str:
    item = value.get(key)
    return item if isinstance(item, str) else ""


def _short(text: str) -> str:
    return " ".join(text.split())[:300]
