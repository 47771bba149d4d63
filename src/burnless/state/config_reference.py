"""docs/configuration.md, made from the schema: `python -m burnless.state.config_reference`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import Enum
from typing import Any

from burnless.state import config_schema as schema

_HEAD = """# Configuration

<!-- Made by `python -m burnless.state.config_reference`; a test compares it. -->

One YAML file, read in layers, each over the one before:

1. built-in defaults
2. your own: `config.yaml` in the user's configuration folder (`~/.config/burnless/` on Linux), or
   in `$BURNLESS_HOME`
3. the project's: `.burnless/config.yaml` at the top of the repository, or the file that `--config`
   names instead
4. environment variables (below)
5. flags

An unknown key, a wrong value or broken YAML ends the program (exit 52) with file, line and the
nearest right key. Dollars are decimal numbers and are kept exactly. Nothing (`~`) as a limit means
no limit.

## Trust

A file that comes with a repository must not run code, take keys or spend more than you allowed.
So the keys marked *trust* have no effect in a project file that was merely found, until you trust
exactly its content: interactive sessions ask; headless ones end with exit 52 and name the keys,
unless `--trust` (this run) or `agent trust` (this content) was used. The same holds for a
permission mode wider than your own, a limit above your own, and a wider `unknown_price`. A file
named by `--config`, or written by `agent init`, is trusted by that act.
"""

_PRICE = """## A price

Dollars per million tokens. `input` and `output` are required. Without them `cache_read` costs what
`input` does, `cache_write` 1.25 times it, `cache_write_1h` twice. With `steps`, a call of more than
`above` input tokens costs that step's rates as a whole.

```yaml
price:
  input: 2
  output: 10
  cache_read: 0.1
  cache_write: 2.5
  cache_write_1h: 4
  steps:
    - {above: 272000, input: 4, output: 15, cache_read: 0.2}
```
"""


def render_reference() -> str:
    """The whole page."""
    parts = [_HEAD, *_sections(), _PRICE, _environment()]
    return "\n".join(parts)


def _sections() -> Iterable[str]:
    yield _section("## tiers", schema.TIER.meaning, schema.TIER)
    for section in schema.SECTIONS:
        yield _section(f"## {section.name}", section.meaning, section)
    prices = _row(schema.PRICES, "none")
    yield _section("## Top level", "Keys of their own.", schema.TOP_LEVEL) + prices + "\n"


def _section(heading: str, meaning: str, section: schema.Section) -> str:
    rows = [_row(field, _default(section, field)) for field in section.fields]
    table = ["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([heading, "", meaning, "", *table, ""])


def _row(field: schema.Field, default: str) -> str:
    trust = " (*trust*)" if field.needs_trust else ""
    return f"| `{field.name}` | {field.kind.words} | {default} | {field.meaning}{trust} |"


def _default(section: schema.Section, field: schema.Field) -> str:
    value: Any = getattr(section.default, field.name)
    match value:
        case None | "" | ():
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case Enum():
            return f"`{value.value}`"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case _:
            return f"`{value}`"


def _environment() -> str:
    rows = [f"| `{variable}` | `{key}` |" for variable, key in schema.ENVIRONMENT]
    return "\n".join(
        [
            "## Environment",
            "",
            "| variable | sets |",
            "| --- | --- |",
            *rows,
            "| `BURNLESS_HOME` | the folder of your own configuration, state and cache |",
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(render_reference())
