from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from burnless.core.messages import ModelRequest, Role, UserMessage
from burnless.core.settings import CacheSettings
from burnless.providers.anthropic_wire import request_body
from tests.providers.cases import ANTHROPIC

SYSTEM, PROJECT, CAPSULE = "s" * 400, "p" * 400, "c" * 400
"""Of 100 tokens each."""

SHORT, HOUR = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}


@pytest.mark.parametrize(
    ("min_cacheable", "capsule", "markers"),
    [
        (100, CAPSULE, [HOUR, None, SHORT]),
        (100, "", [HOUR, SHORT, None]),
        (101, CAPSULE, [None, HOUR, SHORT]),
        (101, "", [None, HOUR, None]),
        (201, CAPSULE, [None, None, SHORT]),
        (301, CAPSULE, [None, None, None]),
    ],
)
def test_the_fixed_prefix_has_its_breakpoint_where_it_is_first_long_enough(
    min_cacheable: int, capsule: str, markers: list[Any]
) -> None:
    card = replace(ANTHROPIC, min_cacheable=min_cacheable, long_ttl=True)
    request = ModelRequest(
        role=Role.EXECUTOR,
        tools=(),
        system=SYSTEM,
        project=PROJECT,
        capsule=capsule,
        tail=(UserMessage("first"), UserMessage("second")),
        max_output_tokens=1000,
    )

    body: Any = request_body(request, card, CacheSettings())

    head = body["messages"][0]["content"][0] if capsule else {}
    assert [block.get("cache_control") for block in (*body["system"], head)] == markers
