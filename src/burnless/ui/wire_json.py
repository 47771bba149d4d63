"""Events and results as the JSON objects that scripts read. Shapes are a contract: see the golden
files of the tests before changing one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from burnless.core import events as ev
from burnless.core.evidence import AuditReport
from burnless.core.messages import AssistantMessage, Block, Reasoning, Text, ToolCall
from burnless.core.outcome import Spend, TurnResult, TurnStatus
from burnless.core.plan import Plan
from burnless.core.protocols import Waiting
from burnless.core.usage import Usage, as_dollars

JsonLine = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first line says. `models`: role to model id, or to a worker's command."""

    session_id: str
    cwd: str
    tools: tuple[str, ...]
    models: dict[str, str]
    mode: str
    version: str


def init_line(opening: Opening) -> JsonLine:
    return {
        "type": "system",
        "subtype": "init",
        "session_id": opening.session_id,
        "cwd": opening.cwd,
        "tools": list(opening.tools),
        "models": opening.models,
        "permissionMode": opening.mode,
        "version": opening.version,
    }


def event_line(event: ev.Event, session_id: str) -> JsonLine | None:
    """The line of one event; None for what scripts are not told."""
    match event:
        case ev.CallReplied():
            return _assistant(event, session_id)
        case ev.ToolFinished():
            return _tool_result(event, session_id)
        case ev.PlanMade():
            planned = plan_object(event.plan)
            why = {"reason": event.reason, "source": event.source}
            return _system("plan", session_id, {**why, "plan": planned})
        case ev.Compacted():
            body = {
                "reason": event.reason,
                "capsule": event.capsule.number,
                "through": event.capsule.through,
                "context_tokens": event.context_tokens,
            }
            return _system("compact_boundary", session_id, body)
        case ev.CallStarted():
            return _system("route", session_id, _route(event))
        case ev.Audited():
            return _system("audit", session_id, audit_object(event.report))
        case _:
            return None


def waiting_line(waiting: Waiting, session_id: str) -> JsonLine:
    body = {"error": waiting.reason, "retry_delay_ms": round(waiting.seconds * 1000)}
    return _system("api_retry", session_id, body)


def result_line(
    result: TurnResult,
    *,
    by_model: dict[str, Spend],
    num_turns: int,
    duration_ms: int,
) -> JsonLine:
    """The last line. Costs are of this run; null where a price is unknown, never 0."""
    total = sum(by_model.values(), Spend())
    failed = exit_code_of(result) != 0
    line: JsonLine = {
        "type": "result",
        "subtype": _subtype(result),
        "is_error": failed,
        "result": result.summary or result.reason,
        "session_id": result.session_id,
        "num_turns": num_turns,
        "duration_ms": duration_ms,
        "total_cost_usd": _total_usd(total),
        "usage": usage_object(total.usage),
        "modelUsage": {name: _model_usage(spend) for name, spend in by_model.items()},
        **_estimated(total),
        "audit": audit_object(result.audit) if result.audit else None,
        "status": result.status.value,
        "files": list(result.changed),
    }
    if failed:
        line["error"] = {"message": result.reason, "hint": result.hint}
    return line


def exit_code_of(result: TurnResult) -> int:
    """An error's own exit code beats the status's."""
    return result.exit_code or result.status.exit_code


def plan_object(plan: Plan) -> JsonLine:
    """Every field, also those at their defaults; what proves a step in words."""
    return {
        "goal": plan.goal,
        "revision": plan.revision,
        "next": plan.next,
        "steps": [
            {
                "id": step.id,
                "intent": step.intent,
                "status": step.status.value,
                "files": list(step.files),
                "done_when": str(step.done_when) if step.done_when else None,
                "evidence": step.evidence,
            }
            for step in plan.steps
        ],
        "constraints": list(plan.constraints),
        "do_not_touch": list(plan.do_not_touch),
        "risks": list(plan.risks),
        "open_questions": list(plan.open_questions),
    }


def audit_object(report: AuditReport) -> JsonLine:
    return {
        "verdict": report.verdict.value,
        "findings": [
            {
                "verdict": finding.verdict.value,
                "kind": finding.kind.value if finding.kind else None,
                "text": finding.text,
                "evidence": finding.evidence,
            }
            for finding in report.findings
        ],
    }


def usage_object(usage: Usage) -> JsonLine:
    """Disjoint token classes, in the names scripts know."""
    return {
        "input_tokens": usage.fresh,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation_input_tokens": usage.cache_write_5m + usage.cache_write_1h,
        "output_tokens": usage.output,
        "reasoning_output_tokens": usage.reasoning,
    }


def usd(amount: int | None) -> float | None:
    """Picodollars as a JSON number of dollars; below $1,000 its digits are exact."""
    return None if amount is None else float(as_dollars(amount))


def _total_usd(spend: Spend) -> float | None:
    return None if spend.unknown else usd(spend.cost)


def _estimated(spend: Spend) -> JsonLine:
    """Said only where it is so: some of the usage was counted here."""
    return {"estimated": True} if spend.estimated else {}


def _model_usage(spend: Spend) -> JsonLine:
    usage = spend.usage
    return {
        "inputTokens": usage.fresh,
        "outputTokens": usage.output,
        "cacheReadInputTokens": usage.cache_read,
        "cacheCreationInputTokens": usage.cache_write_5m + usage.cache_write_1h,
        "costUSD": _total_usd(spend),
        "includedUSD": usd(spend.included),
        **_estimated(spend),
        "calls": spend.calls,
    }


def _system(subtype: str, session_id: str, body: JsonLine) -> JsonLine:
    return {"type": "system", "subtype": subtype, "session_id": session_id, **body}


def _route(event: ev.CallStarted) -> JsonLine:
    return {
        "call": event.call,
        "role": event.role.value,
        "tier": event.tier,
        "model": event.model,
        "purpose": event.purpose,
        "reserved_usd": usd(event.reserved),
    }


def _assistant(event: ev.CallReplied, session_id: str) -> JsonLine:
    return {
        "type": "assistant",
        "session_id": session_id,
        "role": event.role.value,
        "message": {
            "role": "assistant",
            "model": event.served or event.model,
            "content": _content(event.message),
            "stop_reason": event.stop.value,
            "usage": usage_object(event.usage) if event.usage else None,
        },
        "served_model": event.served,
        "cost_usd": usd(event.cost),
    }


def _content(message: AssistantMessage) -> list[JsonLine]:
    return [_block(each) for each in message.blocks]


def _block(each: Block) -> JsonLine:
    match each:
        case Text():
            return {"type": "text", "text": each.text}
        case Reasoning():
            return {"type": "thinking", "thinking": each.text}
        case ToolCall():
            return {
                "type": "tool_use",
                "id": each.id,
                "name": each.name,
                "input": _arguments(each.arguments),
            }


def _arguments(text: str) -> Any:
    """As an object where it is one; a model may write anything."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _tool_result(event: ev.ToolFinished, session_id: str) -> JsonLine:
    content = {
        "type": "tool_result",
        "tool_use_id": event.call,
        "content": event.text,
        "is_error": event.outcome != "ok",
    }
    return {
        "type": "user",
        "session_id": session_id,
        "message": {"role": "user", "content": [content]},
    }


def _subtype(result: TurnResult) -> str:
    if exit_code_of(result) == 0:
        return "success"
    match result.status:
        case TurnStatus.CONTRADICTED | TurnStatus.CHECK_FAILED:
            return "error_audit"
        case TurnStatus.TURN_LIMIT:
            return "error_max_turns"
        case TurnStatus.BUDGET:
            return "error_max_budget_usd"
        case _:
            return "error_during_execution"
