"""How long it takes until something happens: to the version, and to the first model request."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.agent_setup import write_config
from bench.children import (
    PROVIDERS,
    ROOT,
    ChildFailed,
    PlayedServer,
    Sdk,
    agent_command,
    environment,
    seconds_of,
)
from bench.figures import Figure, middle
from bench.repository import build

PART = "startup"
HEAVY = ("anthropic", "openai", "pydantic", "genai_prices", "tiktoken")
LIGHT_COMMANDS = (("--version",), ("--help",), ("sessions", "list"), ("cost",))


def measure(scratch: Path, *, rounds: int = 15) -> Iterator[Figure]:
    home, repository = scratch / "home", scratch / "repository"
    home.mkdir(parents=True)
    build(repository, steps=40, plants=())
    yield from _version(home, repository, rounds)
    yield from _imports(home, repository)
    for sdk in PROVIDERS:
        yield from _first_request(sdk, home, repository, rounds)


def _version(home: Path, repository: Path, rounds: int) -> Iterator[Figure]:
    agent = [*agent_command(), "--version"]
    python = [sys.executable, "-c", "pass"]

    def once(command: list[str]) -> Callable[[], float]:
        return lambda: seconds_of(command, home=home, cwd=repository)

    ours, bare = _alternate(once(agent), once(python), rounds)
    yield Figure(PART, "agent --version / python -c pass", ours / bare, most=4)
    yield Figure(PART, "agent --version", ours * 1000, "ms")


def _imports(home: Path, repository: Path) -> Iterator[Figure]:
    for arguments in LIGHT_COMMANDS:
        found = _heavy_imports(list(arguments), home, repository)
        name = f"heavy libraries imported by agent {' '.join(arguments)}"
        yield Figure(PART, name, len(found), "", most=0, note=", ".join(found))


def _heavy_imports(arguments: list[str], home: Path, repository: Path) -> list[str]:
    """Which of the libraries that cost start-up time one command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "burnless", *arguments],
        env=environment(home),
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    if not any("burnless" in line for line in lines):
        raise ChildFailed(f"agent {arguments} imported nothing of its own:\n{done.stderr[-2000:]}")
    roots = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    return [name for name in HEAVY if name in roots]


def _first_request(sdk: Sdk, home: Path, repository: Path, rounds: int) -> Iterator[Figure]:
    with PlayedServer(home, steps=0) as server:
        config = write_config(home / f"{sdk}.yaml", server.url, sdk=sdk, compacts=True)
        agent = [*agent_command(), "-p", "Tidy the parts up", "--config", str(config)]
        bare = [sys.executable, str(ROOT / "bench" / f"bare_{sdk}.py"), server.url]

        def once(command: list[str]) -> Callable[[], float]:
            return lambda: _until_request(command, server, home, repository)

        ours, script = _alternate(once(agent), once(bare), rounds)
    yield Figure(
        PART,
        f"first request of agent -p / of a bare script, {sdk} SDK",
        ours / script,
        most=1.3,
        note=f"{ours * 1000:.0f} ms and {script * 1000:.0f} ms",
    )


def _until_request(command: list[str], server: PlayedServer, home: Path, cwd: Path) -> float:
    """Seconds from starting a program to the arrival of its first request."""
    server.ask("reset")
    variables = environment(home)
    began = time.monotonic()
    done = subprocess.run(
        command, env=variables, cwd=cwd, capture_output=True, text=True, check=False
    )
    arrivals = server.ask("arrivals")
    if done.returncode != 0 or not arrivals:
        raise ChildFailed(f"{command} exited {done.returncode}:\n{done.stderr[-3000:]}")
    return float(arrivals[0][1]) - began


def _alternate(
    ours: Callable[[], float], bare: Callable[[], float], rounds: int
) -> tuple[float, float]:
    """Medians of two things measured in turn, so that a busy minute hits both. One warm-up."""
    ours(), bare()
    pairs = [(ours(), bare()) for _ in range(rounds)]
    return middle([pair[0] for pair in pairs]), middle([pair[1] for pair in pairs])
