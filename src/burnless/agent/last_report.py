"""What the executor last reported, read back from the conversation."""

from __future__ import annotations

from burnless.agent.kit import Kit
from burnless.core.cancel import CancelToken
from burnless.core.messages import AssistantMessage, ToolCall
from burnless.core.protocols import FinishReport
from burnless.policy.arguments import ArgumentProblem, check_arguments


def newest_report(kit: Kit, cancel: CancelToken) -> tuple[FinishReport | None, str]:
    """The newest `finish` and its summary, else the newest text; nothing said is (None, "")."""
    messages = [entry.message for entry in reversed(kit.session.tail)]
    replies = [message for message in messages if isinstance(message, AssistantMessage)]
    for reply in replies:
        for call in reply.calls:
            if call.name == "finish" and (report := _read(kit, call, cancel)):
                return report, report.summary
        if reply.text:
            return None, reply.text
    summary = kit.session.turn.over.summary if kit.session.turn and kit.session.turn.over else ""
    return None, summary


def _read(kit: Kit, call: ToolCall, cancel: CancelToken) -> FinishReport | None:
    tool = next((tool for tool in kit.tools if tool.schema.name == call.name), None)
    if tool is None:
        return None
    try:
        arguments = check_arguments(tool.schema, call.arguments)
    except ArgumentProblem:
        return None
    return tool.run(arguments, kit.tool_context(cancel)).finish
