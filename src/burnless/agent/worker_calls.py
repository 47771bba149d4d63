"""One call of a `command:` worker, booked like any model call."""

from __future__ import annotations

import uuid

from burnless.agent.kit import Kit
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import BudgetExceeded, Cancelled, ModelProblem, WrongModelServed
from burnless.core.messages import AssistantMessage, Role, StopReason, Text
from burnless.core.permissions import StartWorker
from burnless.core.protocols import CommandOutput, Worker, WorkerReply
from burnless.core.usage import FREE
from burnless.policy.budget import Granted, Refused, decide
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
    _check_budget(kit, worker, prompt)
    call = f"w{uuid.uuid4().hex[:12]}"
    kit.recorder.record(
        ev.CallStarted(
            call, role, worker.tier, worker.command, None, estimate(prompt), 0, purpose=purpose
        )
    )
    try:
        reply = worker.run(prompt, lambda text: kit.sink.signal(role, CommandOutput(text)), cancel)
    except (Cancelled, ModelProblem) as error:
        never_ran = isinstance(error, ModelProblem) and not error.billed
        cost = 0 if never_ran else None
        kit.recorder.record(
            ev.CallFailed(
                call, role, worker.tier, worker.command, str(error), cost=cost, purpose=purpose
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
    _hold_to_one_model(kit, worker.command, reply.served_model)
    return reply


def _hold_to_one_model(kit: Kit, command: str, served: str | None) -> None:
    """The first model a worker names is pinned; another one later stops the turn.

    A dated name of the same model ("claude-sonnet-4-6-20260219") is the same model.
    """
    if served is None:
        return
    pinned = kit.session.pins.get(command)
    if pinned is None:
        kit.recorder.record(ev.ModelPinned(command, served))
    elif not (served.startswith(pinned) or pinned.startswith(served)):
        raise WrongModelServed(
            f"`{command}` worked with {served}, but {pinned} has answered in this session so far;"
            " its report is kept in the log",
            hint="name the model in the command, or start a new session",
            billed=True,
        )


def _check_budget(kit: Kit, worker: Worker, prompt: str) -> None:
    """What a run costs is not known before its end, so under a money limit the user decides;
    what a flat-rate plan paid for so far is taken to stay so. Raises BudgetExceeded.
    """
    session = kit.session
    before = session.spend_by_model.get(worker.command)
    flat_rate = before is not None and not before.unknown and not before.cost
    grant = decide(
        kit.settings.budget,
        turn_spent=session.turn_spend.cost,
        session_spent=session.total_spend.cost,
        calls=session.calls_started,
        open_reserved=0,
        price=FREE if flat_rate else None,
        input_tokens=estimate(prompt),
        max_output=0,
    )
    if isinstance(grant, Granted):
        return
    if isinstance(grant, Refused):
        raise BudgetExceeded(grant.reason, hint=grant.hint)
    reason = grant.reason.replace("this model", f"`{worker.command}`")
    if kit.approver.ask(f"{reason}. Start it all the same?", ("yes", "no")) != "yes":
        raise BudgetExceeded(reason, hint="set budget.unknown_price: allow, or no money limit")
