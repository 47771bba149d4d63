"""The only place that orders a prompt. A request extends the one before it, or says why not."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence

from burnless.agent import prompts
from burnless.agent.kit import Kit
from burnless.core import events as ev
from burnless.core.encoding import canonical
from burnless.core.messages import Message, ModelRequest, Role, ToolSchema
from burnless.core.models import ModelCard
from burnless.core.protocols import Tool
from burnless.core.usage import dollars_text
from burnless.version import __version__


def fix_prefix(kit: Kit, role: Role, tools: Sequence[Tool], system: str) -> ev.PrefixFixed:
    """The head of a role's prompt for this session: as it was first sent, if it was.

    A version whose tools or system text differ starts a new prefix, and the log says so.
    """
    schemas = schemas_as_sent(kit, role, tools)
    tools_text = canonical([[s.name, s.description, s.parameters] for s in schemas])
    digest = hashlib.sha256(f"{tools_text}\n{system}".encode()).hexdigest()
    sent = kit.session.prefixes.get(role)
    if sent is not None and sent.sha256 == digest:
        return sent
    reason = _new_prefix(kit, sent, tools_text, system) if sent else ""
    fixed = ev.PrefixFixed(role, tools_text, system, digest, reason)
    kit.recorder.record(fixed)
    return fixed


def schemas_as_sent(kit: Kit, role: Role, tools: Sequence[Tool]) -> tuple[ToolSchema, ...]:
    """In the order this session sent them first, however they are registered by now."""
    schemas = tuple(tool.schema for tool in tools)
    sent = kit.session.prefixes.get(role)
    if sent is None:
        return schemas
    places = _places(sent.tools)
    return tuple(sorted(schemas, key=lambda schema: places.get(schema.name, len(places))))


@functools.lru_cache(maxsize=8)
def _places(tools_text: str) -> dict[str, int]:
    return {name: place for place, (name, *_) in enumerate(json.loads(tools_text))}


def _new_prefix(kit: Kit, sent: ev.PrefixFixed, tools_text: str, system: str) -> str:
    """Why the prompt starts anew, and what the next call pays for it."""
    is_executor = sent.role is Role.EXECUTOR
    model = kit.crew.executor if is_executor else kit.crew.planner
    price = model.card.price if model else None
    tokens = kit.session.context_tokens if is_executor else 0
    cost = None if price is None else tokens * max(price.cache_write_5m, price.fresh)
    paid = (
        f"; about {tokens:,} tokens are new to the cache ({dollars_text(cost)})" if tokens else ""
    )
    own = prompts.load("executor.md")
    if is_executor and sent.tools == tools_text and sent.system.startswith(own):
        was, now = sent.system[len(own) :].strip(), system[len(own) :].strip()
        what = "other than before" if was and now else "new" if now else "no longer there"
        return f"the appended system prompt is {what}{paid}"
    return f"Burnless {__version__} has other tools or instructions{paid}"


def executor_system(kit: Kit) -> str:
    """The executor's instructions, and what the user appended to them."""
    appended = kit.settings.append_system_prompt
    return prompts.load("executor.md") + (f"\n\n{appended}" if appended else "")


def fix_project(kit: Kit, reason: str = "") -> ev.ProjectFixed:
    """The project layer as it is sent from now on; without a reason, as it was first sent."""
    if kit.session.project is not None and not reason:
        return kit.session.project
    layer = kit.surveyor.project_layer()
    fixed = ev.ProjectFixed(layer.text, layer.files, reason)
    if kit.session.project is None or kit.session.project.text != layer.text:
        kit.recorder.record(fixed)
    return kit.session.project or fixed


LEAST_OUTPUT = 1_024
"""Tokens of output that are asked for even when the window is nearly full."""


def executor_request(
    kit: Kit, card: ModelCard, cache_key: str, estimate_unsent: int
) -> ModelRequest:
    """The next request of the executor: prefix, project, capsule or plan, tail.

    The output allowance shrinks to what the window leaves.
    """
    left = card.window - kit.session.context_tokens - estimate_unsent
    prefix = fix_prefix(kit, Role.EXECUTOR, kit.tools, executor_system(kit))
    project = fix_project(kit)
    return ModelRequest(
        role=Role.EXECUTOR,
        tools=schemas_as_sent(kit, Role.EXECUTOR, kit.tools),
        system=prefix.system,
        project=project.text,
        capsule=kit.session.head_text,
        tail=kit.session.messages,
        max_output_tokens=min(card.max_output, max(left, LEAST_OUTPUT)),
        cache_key=cache_key,
        effort=card.effort,
    )


def side_request(
    card: ModelCard,
    *,
    purpose: str,
    tools: tuple[ToolSchema, ...],
    system: str,
    project: str,
    tail: Sequence[Message],
    cache_key: str,
) -> ModelRequest:
    """A planner's call beside the conversation: its own prefix, nobody else's cache."""
    return ModelRequest(
        role=Role.PLANNER,
        tools=tools,
        system=system,
        project=project,
        capsule="",
        tail=tail,
        max_output_tokens=card.max_output,
        cache_key=cache_key,
        effort=card.effort,
        purpose=purpose,
    )
