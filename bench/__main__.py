"""`python -m bench [startup] [steps] [bill] [--json FILE]`: every figure, or the parts named."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import bill, startup, steps
from bench.figures import Figure, as_json, table
from bench.machine import machine_facts

PARTS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    startup.PART: startup.measure,
    steps.PART: steps.measure,
    bill.PART: bill.measure,
}


def main() -> int:
    """0 when every target is met, 1 when one is missed."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="where the figures go as JSON")
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part is called {unknown[0]!r}; there are {', '.join(PARTS)}")
    facts = machine_facts()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="burnless-bench-") as scratch:
        for part in options.parts or PARTS:
            for figure in PARTS[part](Path(scratch) / part):
                figures.append(figure)
                print(f"{part}: {figure.name}", file=sys.stderr, flush=True)
    print("\n".join(f"{name}: {value}" for name, value in facts.items()))
    print(f"\n{table(figures)}")
    path = options.json or Path(tempfile.gettempdir()) / "burnless-bench.json"
    path.write_text(json.dumps({"machine": facts, "figures": as_json(figures)}, indent=2) + "\n")
    print(f"\nAs JSON: {path}")
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
