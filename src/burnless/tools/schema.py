"""The tool schemas, as files: names, descriptions and key order are prompt bytes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from burnless.core.encoding import canonical
from burnless.core.messages import ToolSchema

_FOLDER = Path(__file__).parent / "schemas"


@cache
def load_schema(name: str) -> ToolSchema:
    """The schema file of one tool, its parameters as one line of JSON."""
    raw = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return ToolSchema(raw["name"], raw["description"], canonical(raw["parameters"]))
