"""Read-only tool calls of a side call: run side by side, logged, never in the conversation."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from burnless.agent.kit import Kit
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.messages import ToolCall
from burnless.core.protocols import Tool
from burnless.policy.arguments import ArgumentProblem, check_arguments


def read_side_by_side(
    kit: Kit, tools: Sequence[Tool], calls: Sequence[ToolCall], cancel: CancelToken
) -> list[tuple[ToolCall, str, bool]]:
    """(call, text, is_error) in the order of the calls. Only tools that read are run."""
    by_name = {tool.schema.name: tool for tool in tools if tool.reads_only}
    results: dict[str, tuple[str, bool]] = {}

    def work(call: ToolCall) -> None:
        results[call.id] = _read(kit, by_name, call, cancel)

    threads = [threading.Thread(target=work, args=(call,), daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cancel.check()
    for call in calls:
        text, is_error = results[call.id]
        # `seen` stays empty: what the planner read, the executor has not seen.
        kit.recorder.record(
            ev.ToolFinished(call.id, f"planner.{call.name}", text, "error" if is_error else "ok")
        )
    return [(call, *results[call.id]) for call in calls]


def _read(
    kit: Kit, by_name: dict[str, Tool], call: ToolCall, cancel: CancelToken
) -> tuple[str, bool]:
    tool = by_name.get(call.name)
    if tool is None:
        known = ", ".join(by_name)
        return f"There is no tool {call.name!r} here. You can use: {known}, submit_plan.", True
    context = kit.tool_context(cancel)
    try:
        arguments = check_arguments(tool.schema, call.arguments)
        accesses = tool.accesses(arguments, context)
    except ArgumentProblem as problem:
        return str(problem), True
    for access in accesses:
        permit = kit.gate.permit(access)
        if not permit.allowed:
            return f"Denied: {permit.reason}", True
    outcome = tool.run(arguments, context)
    return outcome.text, outcome.is_error
