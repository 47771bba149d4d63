"""What a planning is given: why, the user's words, the state of the work, what went wrong."""

from __future__ import annotations

from burnless.agent.context import fix_project
from burnless.agent.kit import Kit
from burnless.agent.last_report import newest_report
from burnless.agent.plan_checks import may_be_refused
from burnless.agent.unfinished import newest_first
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.messages import AssistantMessage, ToolCall
from burnless.core.session import Session
from burnless.policy.plan_checks import commands_that_may_run
from burnless.policy.plan_text import render_plan
from burnless.policy.planning import PlanningReason
from burnless.policy.tokens import cut_to_tokens

LAST_PROMPTS = 3
LAST_WORDS_TOKENS = 300
CALLS_TOKENS = 300
OUTPUT_LINES = 20
OUTPUT_TOKENS = 500
MOST_TROUBLES = 6

_WHY = {
    PlanningReason.SESSION_START: "The session starts. Make the plan.",
    PlanningReason.FIRST_EFFECT: "The executor is about to make its first change; it waits for "
    "your plan. Make the plan.",
    PlanningReason.COMPACTION: "Old history is being compacted. Update the plan from the capsule.",
    PlanningReason.STUCK: "The executor repeats itself without progress. Find another way.",
    PlanningReason.CHECK_FAILED: "A step's check failed twice. Find out why and change the plan.",
    PlanningReason.ASKED: "The user asks for a plan. Make it, or update it.",
    PlanningReason.BEFORE_DONE: "The executor believes the work is done. Look for what is missing.",
}
_IN_TROUBLE = {PlanningReason.STUCK, PlanningReason.CHECK_FAILED}


def planning_request(kit: Kit, reason: PlanningReason, capsule: str, cancel: CancelToken) -> str:
    """The one message a planning starts with. What stands in the capsule is not said twice."""
    session = kit.session
    parts = [("why", _WHY[reason])]
    if capsule:
        parts.append(("capsule", capsule))
    else:
        parts.append(("last_answer", _last_answer(session)))
        prompts = session.prompts[-LAST_PROMPTS:]
        parts.append(("user", "\n\n".join(quote.text for quote in prompts)))
        parts.append(("plan", render_plan(session.plan) if session.plan else ""))
    parts.append(("about_to_run", _calls(list(session.open_calls.values()))))
    if reason in _IN_TROUBLE:
        parts.append(("trouble", _trouble(kit, reason, cancel)))
    if may_be_refused(kit):
        parts.append(("checks", f"May run as done_when: {commands_that_may_run(kit.settings)}."))
    task = session.turn.prompt if session.turn else ""
    parts.append(("brief", kit.surveyor.brief(task, fix_project(kit).text)))
    return "\n\n".join(f"<{name}>\n{text}\n</{name}>" for name, text in parts if text)


def _last_answer(session: Session) -> str:
    """What was said before this prompt: "do that" means nothing without it."""
    start = session.turn.first_seq if session.turn else 0
    for entry in reversed(session.tail):
        if entry.seq < start and isinstance(entry.message, AssistantMessage):
            return cut_to_tokens(entry.message.text, LAST_WORDS_TOKENS, "[cut]")
    return ""


def _calls(calls: list[ToolCall]) -> str:
    each = CALLS_TOKENS // max(len(calls), 1)
    return "\n".join(_call(call.name, call.arguments, each) for call in calls)


def _call(name: str, arguments: str, most_tokens: int) -> str:
    return f"{name} {cut_to_tokens(arguments, most_tokens, '[cut]')}"


def _trouble(kit: Kit, reason: PlanningReason, cancel: CancelToken) -> str:
    """What went wrong under the present plan, oldest first; the newest outputs with their ends."""
    session = kit.session
    told: list[str] = []
    checked: set[str] = set()
    for event in newest_first(kit):
        match event:
            case ev.PlanMade():
                break
            case ev.CheckFinished(outcome, "done_when", step) if not (
                outcome.passed or outcome.refused or step in checked
            ):
                checked.add(step)
                times = session.check_failures.get(step, 1)
                failing = f"\nfailing: {', '.join(outcome.failures)}" if outcome.failures else ""
                told.append(
                    f"The check of {step} failed {times} times, at last: {outcome.command}"
                    f"{failing}\n{_end_of(outcome.last_lines)}"
                )
            case ev.ToolFinished(tool=tool, outcome="error", text=text) if (
                tool != "plan_notes" and not tool.startswith("planner.")
            ):
                told.append(f"{tool} failed: {_start_of(text, len(told))}")
            case ev.ToolFinished(command=command, text=text) if command and command.exit_code:
                end = _end_of(text) if not told else command.last_line
                told.append(f"`{command.command}` exited {command.exit_code}: {end}")
            case _:
                pass
        if len(told) == MOST_TROUBLES:
            break
    told.reverse()
    if reason is PlanningReason.STUCK and session.turn and session.turn.signatures:
        again = session.turn.signatures[-1]
        call = _call(again.tool, again.arguments, CALLS_TOKENS)
        told.append(f"It repeats: {call}\nwhich gives: {_start_of(again.result)}")
    words = newest_report(kit, cancel)[1]
    if words:
        told.append(f"What it last said: {cut_to_tokens(words, LAST_WORDS_TOKENS, '[cut]')}")
    return "\n\n".join(told)


def _start_of(text: str, newer: int = 0) -> str:
    """The first lines; of all but the newest only one."""
    lines = text.strip().splitlines()[: 1 if newer else OUTPUT_LINES]
    return cut_to_tokens("\n".join(lines), OUTPUT_TOKENS, "[cut]")


def _end_of(text: str) -> str:
    lines = text.strip().splitlines()
    shown = "\n".join(lines[-OUTPUT_LINES:])
    return f"[…]\n{shown}" if len(lines) > OUTPUT_LINES else shown
