"""What an agent CLI printed, read: its answer, and usage and served model where its JSON has them.

Pure functions over text. Each CLI's own counting is normalised here, once, to the disjoint classes
of `core.usage`; a figure that is missing or makes no sense is None ("unknown"), never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from burnless.core.encoding import Json, JsonObject
from burnless.core.usage import Usage, picodollars
from burnless.processes import loose_json as lj


@dataclass(frozen=True, slots=True)
class WorkerOutput:
    """One run of a CLI.

    cost:      picodollars as the CLI counts them; None where it does not say
    flat_rate: it is logged in with a plan, so that `cost` is owed to nobody
    error:     why the CLI itself calls the run a failure; "" where it does not
    """

    text: str
    usage: Usage | None = None
    served_model: str | None = None
    cost: int | None = None
    flat_rate: bool = False
    error: str = ""


def parse_output(shape: str, printed: str) -> WorkerOutput:
    """Read stdout of a CLI whose JSON has this shape (see `worker_clis.json`).

    What is not the JSON that was expected (plain text, or JSON broken off) becomes the text as it
    stands, with everything else unknown.
    """
    objects = lj.objects_in(printed)
    if not objects:
        return WorkerOutput(printed.strip())
    match shape:
        case "claude":
            return _parse_claude(objects, printed)
        case "result":
            return _parse_result(objects, printed)
        case "codex":
            return _parse_codex(objects, printed)
        case "gemini":
            return _parse_gemini(objects, printed)
        case "opencode":
            return _parse_opencode(objects, printed)
        case _:
            return WorkerOutput(printed.strip())


def readable_line(line: str) -> str:
    """A line of output for people: what an event says or which tool it calls; "" for the rest."""
    objects = lj.objects_in(line)
    if not objects:
        return line
    parsed = objects[0]
    said = _assistant_text(parsed) or lj.text(lj.child(parsed, "part"), "text")
    item = lj.child(parsed, "item")
    if item and parsed.get("type") == "item.completed":
        said = said or lj.text(item, "text") or lj.text(item, "command")
    return said or ", ".join(_tools_called(parsed))


def _parse_claude(objects: list[JsonObject], printed: str) -> WorkerOutput:
    """Claude Code: `--output-format json` (one object, or a list of them) or `stream-json`.

    The result's `modelUsage` counts every model the run called, and the cache where it says so;
    `usage` splits cache writes by their time to live. `apiKeySource` "none" means it is logged in
    with a subscription.
    """
    result = _last(objects, "result")
    said = [text for text in map(_assistant_text, objects) if text]
    start = _last(objects, "system", "init")
    if result is None:
        return WorkerOutput(said[-1] if said else printed.strip(), served_model=_served(objects))
    usage = _claude_usage(result)
    return WorkerOutput(
        lj.text(result, "result") or (said[-1] if said else ""),
        usage,
        _served(objects) or _busiest_model(lj.child(result, "modelUsage"), "outputTokens"),
        _cost(result.get("total_cost_usd"), usage),
        flat_rate=lj.text(start, "apiKeySource") == "none",
        error=_failure(result),
    )


def _claude_usage(result: JsonObject) -> Usage | None:
    whole = lj.child(result, "usage")
    models = [
        lj.child(lj.child(result, "modelUsage"), name) for name in lj.child(result, "modelUsage")
    ]
    if models:
        fresh = sum(lj.count(model, "inputTokens") for model in models)
        written = _of_models(models, "cacheCreationInputTokens", whole)
        read = _of_models(models, "cacheReadInputTokens", whole)
        output = sum(lj.count(model, "outputTokens") for model in models)
    elif whole:
        written = lj.count(whole, "cache_creation_input_tokens")
        fresh = lj.count(whole, "input_tokens")
        read = lj.count(whole, "cache_read_input_tokens")
        output = lj.count(whole, "output_tokens")
    else:
        return None
    one_hour = min(
        lj.count(lj.child(whole, "cache_creation"), "ephemeral_1h_input_tokens"), written
    )
    thought = min(lj.count(lj.child(whole, "output_tokens_details"), "thinking_tokens"), output)
    return _known(Usage(fresh, read, written - one_hour, one_hour, output, thought))


def _of_models(models: Sequence[JsonObject], name: str, whole: JsonObject) -> int:
    """What the models count together; where none has the field, what stands beside them."""
    if any(name in model for model in models):
        return sum(lj.count(model, name) for model in models)
    return lj.count(whole, _BESIDE[name])


_BESIDE = {
    "cacheCreationInputTokens": "cache_creation_input_tokens",
    "cacheReadInputTokens": "cache_read_input_tokens",
}


def _parse_result(objects: list[JsonObject], printed: str) -> WorkerOutput:
    """CLIs that end with a `result` object as Claude Code does, but count tokens their own way."""
    result = _last(objects, "result")
    if result is None:
        said = [text for text in map(_assistant_text, objects) if text]
        return WorkerOutput(said[-1] if said else printed.strip())
    return WorkerOutput(lj.text(result, "result"), error=_failure(result))


def _parse_codex(objects: list[JsonObject], printed: str) -> WorkerOutput:
    """Codex `exec --json`: `input_tokens` is the total with cached and written tokens inside.

    It names no served model and no price.
    """
    items = [lj.child(event, "item") for event in objects if event.get("type") == "item.completed"]
    said = [lj.text(item, "text") for item in items if item.get("type") == "agent_message"]
    failed = _last(objects, "turn.failed")
    error = _last(objects, "error") if _last(objects, "turn.completed") is None else None
    if not said and failed is None and error is None:
        return WorkerOutput(printed.strip())
    reason = lj.text(lj.child(failed, "error"), "message") or lj.text(error, "message")
    usage = None
    completed = _last(objects, "turn.completed")
    if completed is not None:
        counted = lj.child(completed, "usage")
        read = lj.count(counted, "cached_input_tokens")
        written = lj.count(counted, "cache_write_input_tokens")
        output = lj.count(counted, "output_tokens")
        usage = _known(
            Usage(
                fresh=max(lj.count(counted, "input_tokens") - read - written, 0),
                cache_read=read,
                cache_write_5m=written,
                output=output,
                reasoning=min(lj.count(counted, "reasoning_output_tokens"), output),
            )
        )
    return WorkerOutput(said[-1] if said else reason, usage, error=reason)


def _parse_gemini(objects: list[JsonObject], printed: str) -> WorkerOutput:
    """Gemini CLI `--output-format json`: tokens a model; `prompt` holds the cached ones.

    `candidates` and `thoughts` are apart; `tool` is input that tools brought in.
    """
    answer = objects[-1]
    if "response" not in answer and "error" not in answer:
        return WorkerOutput(printed.strip())
    models = lj.child(lj.child(answer, "stats"), "models")
    usage = Usage()
    for name in models:
        tokens = lj.child(lj.child(models, name), "tokens")
        read = lj.count(tokens, "cached")
        thought = lj.count(tokens, "thoughts")
        usage += Usage(
            fresh=max(lj.count(tokens, "prompt") - read, 0) + lj.count(tokens, "tool"),
            cache_read=read,
            output=lj.count(tokens, "candidates") + thought,
            reasoning=thought,
        )
    error = lj.text(lj.child(answer, "error"), "message")
    served = next(iter(models), None) if len(models) == 1 else _busiest_gemini(models)
    return WorkerOutput(lj.text(answer, "response") or error, _known(usage), served, error=error)


def _busiest_gemini(models: JsonObject) -> str | None:
    tokens: JsonObject = {name: lj.child(lj.child(models, name), "tokens") for name in models}
    return _busiest_model(tokens, "candidates")


def _parse_opencode(objects: list[JsonObject], printed: str) -> WorkerOutput:
    """OpenCode `run --format json`: one `step_finish` a model call, its classes already disjoint.

    Reasoning is counted beside `output` there and within it here. No served model is named.
    """
    spoken = [lj.child(event, "part") for event in objects if event.get("type") == "text"]
    steps = [lj.child(event, "part") for event in objects if event.get("type") == "step_finish"]
    failed = _last(objects, "error")
    if not spoken and not steps and failed is None:
        return WorkerOutput(printed.strip())
    last = spoken[-1].get("messageID") if spoken else None
    text = "\n\n".join(lj.text(part, "text") for part in spoken if part.get("messageID") == last)
    usage = Usage()
    dollars = 0.0
    for step in steps:
        tokens = lj.child(step, "tokens")
        thought = lj.count(tokens, "reasoning")
        usage += Usage(
            fresh=lj.count(tokens, "input"),
            cache_read=lj.count(lj.child(tokens, "cache"), "read"),
            cache_write_5m=lj.count(lj.child(tokens, "cache"), "write"),
            output=lj.count(tokens, "output") + thought,
            reasoning=thought,
        )
        dollars += lj.number(step.get("cost"))
    problem = lj.child(failed, "error")
    reason = lj.text(lj.child(problem, "data"), "message") or lj.text(problem, "name")
    known = _known(usage)
    return WorkerOutput(text or reason, known, cost=_cost(dollars, known), error=reason)


def _last(objects: list[JsonObject], kind: str, subtype: str = "") -> JsonObject | None:
    for item in reversed(objects):
        if item.get("type") == kind and subtype in {"", item.get("subtype")}:
            return item
    return None


def _blocks(event: JsonObject) -> Iterator[JsonObject]:
    content = lj.child(event, "message").get("content")
    if event.get("type") == "assistant" and isinstance(content, list):
        yield from (block for block in content if isinstance(block, dict))


def _assistant_text(event: JsonObject) -> str:
    return "\n".join(
        lj.text(block, "text") for block in _blocks(event) if block.get("type") == "text"
    )


def _tools_called(event: JsonObject) -> list[str]:
    return [lj.text(block, "name") for block in _blocks(event) if block.get("type") == "tool_use"]


def _served(objects: list[JsonObject]) -> str | None:
    """The model of the newest reply of the main conversation, as the provider named it."""
    for event in reversed(objects):
        if event.get("type") != "assistant" or event.get("parent_tool_use_id"):
            continue
        model = lj.text(lj.child(event, "message"), "model")
        if model and not model.startswith("<"):
            return model
    return None


def _busiest_model(models: JsonObject, key: str) -> str | None:
    return max(models, key=lambda name: lj.count(lj.child(models, name), key), default=None)


def _failure(result: JsonObject) -> str:
    if result.get("is_error") is not True and result.get("subtype") in {"success", None}:
        return ""
    subtype = lj.text(result, "subtype")
    return subtype if subtype.startswith("error") else lj.text(result, "result") or "error"


def _cost(dollars: Json, usage: Usage | None) -> int | None:
    """Picodollars; None for no figure, and for zero where tokens were used: nobody priced them."""
    amount = lj.number(dollars)
    return picodollars(amount) if amount > 0 or (usage is None and dollars == 0) else None


def _known(usage: Usage) -> Usage | None:
    return usage if usage.total else None
