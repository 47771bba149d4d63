"""A session that only reads, a file a step, and the straight line its input tokens lie on."""

from __future__ import annotations

from collections.abc import Sequence

from burnless.cli.demo.loopback import CapturedRequest, ScriptedReply
from tests.support.play import call, calls, finish, tokens_of

WORDS = "a line that a step has read\n" * 140


def read_files(steps: int) -> dict[str, str]:
    """What the steps read, about a thousand tokens each."""
    return {f"f{number}.txt": WORDS for number in range(1, steps + 1)}


class Reader:
    """An executor that reads a file a step and says a sentence; at the end it finishes."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        if self._done == self._steps:
            return finish("Read all.")
        self._done += 1
        wanted = call("read", paths=[{"path": f"f{self._done}.txt"}])
        return calls(wanted, words=f"Step {self._done}: the next file, as planned.")


def input_by_step(requests: Sequence[CapturedRequest], executor: str) -> list[int]:
    """Input tokens of the whole session up to each of the executor's calls."""
    sent = 0
    cumulative = []
    for request in requests:
        sent += tokens_of(request)
        if request.model == executor:
            cumulative.append(sent)
    return cumulative


def fit(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and R² of the straight line through these points."""
    n = len(points)
    mean_x = sum(x for x, _ in points) / n
    mean_y = sum(y for _, y in points) / n
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in points)
    sxx = sum((x - mean_x) ** 2 for x, _ in points)
    syy = sum((y - mean_y) ** 2 for _, y in points)
    return sxy / sxx, sxy**2 / (sxx * syy)
