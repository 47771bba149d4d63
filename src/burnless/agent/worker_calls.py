"""One call of a `command:` worker, booked like any model call."""

from __future__ import annotations

import uuid

from burnless.agent.kit import Kit
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import BudgetExceeded, Cancelled, ModelProblem
from burnless.core.messages import AssistantMessage, Role, StopReason, Text
from burnless.core.permissions import StartWorker
from burnless.core.protocols import CommandOutput, Worker, WorkerReply
from burnless.policy.tokens import estimate


class WorkerRefused(ModelProblem):
    """Starting the worker was not allowed."""


def run_worker(
    kit: Kit, worker: Worker, prompt: str, cancel: CancelToken, *, role: Role, purpose: str
) -> WorkerReply:
    """Ask for permission, run it to its end, and book what it says it used.

    Raises WorkerRefused, BudgetExceeded (a call limit), Cancelled, ModelProblem.
    """
    permit = kit.gate.permit(StartWorker(worker.command), worker.command)
    if not permit.allowed:
        raise WorkerRefused(
            f"the worker `{worker.command}` was not started: {permit.reason}",
            hint="allow it with --allowedTools, or use another tier",
        )
    limit = kit.settings.budget.max_calls_per_session
    if limit is not None and kit.session.calls_started >= limit:
        raise BudgetExceeded(
            f"the session's limit of {limit} calls is reached",
            hint=f"agent --resume {kit.session.id} --max-calls {limit + limit // 2 + 1}",
        )
    call = f"w{uuid.uuid4().hex[:12]}"
    kit.recorder.record(
        ev.CallStarted(
            call, role, worker.tier, worker.command, None, estimate(prompt), 0, purpose=purpose
        )
    )
    try:
        reply = worker.run(prompt, lambda text: kit.sink.signal(role, CommandOutput(text)), cancel)
    except (Cancelled, ModelProblem) as error:
        kit.recorder.record(
            ev.CallFailed(
                call, role, worker.tier, worker.command, str(error), cost=None, purpose=purpose
            )
        )
        raise
    kit.recorder.record(
        ev.CallReplied(
            call,
            role,
            worker.tier,
            worker.command,
            reply.served_model,
            AssistantMessage((Text(reply.text),), worker.command, "worker"),
            StopReason.END if reply.exit_code == 0 else StopReason.OTHER,
            reply.usage,
            reply.cost,
            seconds=round(reply.seconds, 3),
            purpose=purpose,
            included=reply.included,
        )
    )
    return reply
