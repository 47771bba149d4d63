"""What a tool step costs the machine, beyond what the SDK alone costs for the same requests."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

from bench.agent_setup import write_config
from bench.children import ChildFailed, PlayedServer, Sdk, run_child
from bench.facts import task
from bench.figures import Figure, columns_least, columns_middle, middle, tenth
from bench.repository import build

PART = "steps"
MINIMUM_TOKENS = 4096
MANY_FILES = 50_000


@dataclass(frozen=True)
class Case:
    """compacts: False = the conversation is never compacted and grows to its full length."""

    name: str
    sdk: Sdk
    compacts: bool
    files: int = 0


@dataclass(frozen=True)
class Costs:
    """Seconds at each request, in order; the agent's include its tools.

    The first request is left out on both sides: it brings the import of the SDK and the connection,
    which the start-up part measures. So is the last: it is no tool step, the audit follows it.

    agent, script: CPU seconds, the least of all runs at each position, since a neighbour can only
                   add to them; *_wall: seconds on the clock, medians; *_peak: bytes, medians
    """

    agent: Sequence[float]
    script: Sequence[float]
    agent_wall: Sequence[float]
    script_wall: Sequence[float]
    agent_peak: float
    script_peak: float

    @property
    def beyond(self) -> list[float]:
        """CPU seconds of each step that the SDK did not cause."""
        return [ours - bare for ours, bare in zip(self.agent, self.script, strict=True)]

    @property
    def beyond_ratio(self) -> float:
        return mean(self.beyond) / mean(self.script)


SMALL = Case("replay, anthropic SDK", "anthropic", compacts=False)
MANY = Case(f"replay, anthropic SDK, {MANY_FILES:,} files", "anthropic", False, MANY_FILES)
OTHERS = (
    Case("capsules, anthropic SDK", "anthropic", compacts=True),
    Case("replay, openai SDK", "openai", compacts=False),
)


def measure(
    scratch: Path, *, steps: int = 200, rounds: int = 5, many_files: int = MANY_FILES
) -> Iterator[Figure]:
    small_repository, many_repository = scratch / "small", scratch / "many"
    build(small_repository, steps=steps, plants=())
    small = _measure_case(SMALL, scratch / "a", small_repository, steps, rounds)
    yield from _figures(SMALL, small, steps)
    for number, case in enumerate(OTHERS):
        costs = _measure_case(case, scratch / f"b{number}", small_repository, steps, rounds)
        yield from _figures(case, costs, steps)
    build(many_repository, steps=steps, plants=(), files=many_files)
    many = _measure_case(MANY, scratch / "c", many_repository, steps, rounds)
    yield from _figures(MANY, many, steps)
    name = f"CPU beyond the script's, {many_files:,} files / few files"
    yield Figure(PART, name, mean(many.beyond) / mean(small.beyond), most=2)


def _figures(case: Case, costs: Costs, steps: int) -> Iterator[Figure]:
    def figure(name: str, value: float, unit: str = "x", most: float | None = None) -> Figure:
        return Figure(PART, f"{name} ({case.name})", value, unit, most)

    yield figure("CPU a step beyond the script's / the script's", costs.beyond_ratio, most=4)
    if steps >= 20:
        yield _growth(case, costs)
    yield figure("peak memory / the script's", costs.agent_peak / costs.script_peak, most=1.5)
    wall = mean(costs.agent_wall) - mean(costs.script_wall)
    yield figure("wall time of the harness a step", wall * 1000, "ms")
    yield figure("CPU a step of the script", mean(costs.script) * 1000, "ms")


def _growth(case: Case, costs: Costs) -> Figure:
    """How the remainder grows with the conversation. Below zero the SDK alone costs more."""
    second, last = tenth(costs.beyond, 2), tenth(costs.beyond, 10)
    return Figure(
        PART,
        f"that remainder, last tenth / second tenth ({case.name})",
        last / second if second > 0 else 1.0 if last <= 0 else math.inf,
        most=1.3,
        note=f"{second * 1000:.1f} and {last * 1000:.1f} ms",
    )


def _measure_case(case: Case, scratch: Path, repository: Path, steps: int, rounds: int) -> Costs:
    """Agent and script in turn. The first agent's requests are what the script sends."""
    home, bodies = scratch / "home", scratch / "bodies"
    home.mkdir(parents=True)
    bodies.mkdir()
    agents, scripts = [], []
    for number in range(rounds):
        agents.append(_agent(case, home, repository, steps, bodies if number == 0 else None))
        scripts.append(_script(case, home, steps, bodies))
    shutil.rmtree(bodies)
    return Costs(
        agent=columns_least([_between(run["marks"][1:-1], 0) for run in agents]),
        script=columns_least([[cpu for cpu, _ in run["steps"][1:-1]] for run in scripts]),
        agent_wall=columns_middle([_between(run["marks"][1:-1], 1) for run in agents]),
        script_wall=columns_middle([[wall for _, wall in run["steps"][1:-1]] for run in scripts]),
        agent_peak=middle([run["peak_bytes"] for run in agents]),
        script_peak=middle([run["peak_bytes"] for run in scripts]),
    )


def _agent(
    case: Case, home: Path, repository: Path, steps: int, keep: Path | None
) -> dict[str, Any]:
    kept = {"keep": str(keep)} if keep else {}
    with PlayedServer(home, steps=steps, minimum=MINIMUM_TOKENS, **kept) as server:
        config = write_config(home / "c.yaml", server.url, sdk=case.sdk, compacts=case.compacts)
        options = {"workspace": str(repository), "config": str(config), "task": task()}
        run = run_child("bench.agent_run", options, home=home, cwd=repository)
        server.report()
    if run["exit_code"] != 0:
        raise ChildFailed(f"the agent ended as {run['status']}: {run['reason']}")
    return run


def _script(case: Case, home: Path, steps: int, bodies: Path) -> dict[str, Any]:
    with PlayedServer(home, steps=steps, minimum=MINIMUM_TOKENS) as server:
        options = {"sdk": case.sdk, "url": server.url, "bodies": str(bodies)}
        return run_child("bench.script_run", options, home=home, cwd=home)


def _between(marks: Sequence[Sequence[float]], which: int) -> list[float]:
    return [later[which] - earlier[which] for earlier, later in pairwise(marks)]
