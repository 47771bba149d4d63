"""The prompts, as files: text that models read is product, not code."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from burnless.core.encoding import canonical
from burnless.core.messages import ToolSchema

_FOLDER = Path(__file__).parent


@cache
def load(name: str) -> str:
    """The text of one prompt file, without the newline at its end."""
    return (_FOLDER / name).read_text(encoding="utf-8").rstrip("\n")


@cache
def load_schema(name: str) -> ToolSchema:
    """A tool schema file: name, description, parameters."""
    raw = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return ToolSchema(raw["name"], raw["description"], canonical(raw["parameters"]))
