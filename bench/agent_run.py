"""One task through the Python API, with the CPU time at each model call.

`python -m bench.agent_run '{"workspace": …, "config": …, "task": …}'` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

from bench.memory import peak_memory_bytes
from burnless import BurnlessAgent
from burnless.core import events as ev


def cpu_seconds() -> float:
    """Of all threads, and of the programs that were started and have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> None:
    options = json.loads(sys.argv[1])
    marks: list[tuple[float, float]] = []
    compactions: list[int] = []

    def on_event(recorded: ev.Recorded) -> None:
        match recorded.event:
            case ev.CallStarted():
                marks.append((cpu_seconds(), time.perf_counter()))
            case ev.Compacted():
                compactions.append(len(marks))
            case _:
                pass

    agent = BurnlessAgent(
        config_path=options["config"], workspace=options["workspace"], on_event=on_event
    )
    result = agent.run(task=options["task"])
    marks.append((cpu_seconds(), time.perf_counter()))
    told: dict[str, Any] = {
        "marks": marks,
        "compactions": compactions,
        "status": result.status,
        "exit_code": result.exit_code,
        "reason": result.reason,
        "session_id": result.session_id,
        "cost_usd": {role: str(cost) for role, cost in result.cost_usd.items()},
        "peak_bytes": peak_memory_bytes(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
