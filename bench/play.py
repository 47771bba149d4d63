"""A planner and an executor played by code: they survey a repository, one read a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import calls, facts
from bench.repository import FILES_AT_ONCE, slice_of
from burnless.cli.demo.cache_simulation import BYTES_PER_TOKEN, CacheSimulation
from burnless.cli.demo.script import CapturedRequest, ScriptedReply
from burnless.core.encoding import JsonObject
from burnless.core.messages import Text, ToolCall
from burnless.core.usage import Usage

PLANNER = "bench-planner"
EXECUTOR = "bench-executor"
PLAN_STEPS = 20
PLANNER_LOOKS = (4, 4)
"""Places the planner reads before its first plan, by reply."""
NOTE_EVERY = 20
"""Steps between two decisions the executor writes down."""


@dataclass(frozen=True)
class Billed:
    """One request as the provider would bill it."""

    model: str
    usage: Usage


@dataclass
class Play:
    """Answers every request of one run. `simulation` None: usage is not said by cache rules.

    billed: each request so far
    found:  where each fact was answered from at the end: "request" or "recall"
    """

    steps: int
    with_facts: bool = False
    simulation: CacheSimulation | None = None
    billed: list[Billed] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    _step: int = 0
    _looks: int = 0
    _plannings: int = 0
    _finishing: bool = False
    _asked: bool = False

    def __call__(self, request: CapturedRequest) -> ScriptedReply:
        blocks = self._blocks(request)
        output = sum(_size(block) for block in blocks) // BYTES_PER_TOKEN + 1
        usage = Usage(fresh=len(request.body) // BYTES_PER_TOKEN, output=output)
        if self.simulation is not None:
            usage = self.simulation.bill(request.json, output)
        self.billed.append(Billed(request.model, usage))
        return ScriptedReply(tuple(blocks), usage=usage)

    def _blocks(self, request: CapturedRequest) -> Sequence[Text | ToolCall]:
        if request.model == PLANNER:
            return self._plan()
        if request.model == EXECUTOR:
            return self._next_step() if self._step < self.steps else self._last_steps(request)
        return (Text("Hello."),)

    def _plan(self) -> Sequence[ToolCall]:
        if self.steps and self._looks < len(PLANNER_LOOKS):
            first = sum(PLANNER_LOOKS[: self._looks])
            self._looks += 1
            places = range(first, first + PLANNER_LOOKS[self._looks - 1])
            return tuple(calls.read(f"look_{at}", slice_of(at * FILES_AT_ONCE)) for at in places)
        self._plannings += 1
        arguments = _first_plan(self._plan_steps) if self._plannings == 1 else self._update()
        return (calls.submit_plan(f"plan_{self._plannings}", arguments),)

    @property
    def _plan_steps(self) -> int:
        return max(1, min(PLAN_STEPS, self.steps))

    def _update(self) -> JsonObject:
        """What a planner says in the middle: where the work stands, and what not to try."""
        at = min(self._plan_step(self._step), self._plan_steps - 1)
        return {
            "done": [_step_id(number) for number in range(at)],
            "next": _step_id(at),
            "handoff": (
                f"{self._step} places are read. The parts are alike in shape: limits differ, the "
                "rounding is always at the end. Do not look for a shared base, there is none. "
                "Watch for parts that drop amounts before they sum."
            ),
        }

    def _plan_step(self, step: int) -> int:
        """Which step of the plan a tool step belongs to."""
        return step * self._plan_steps // max(1, self.steps)

    def _next_step(self) -> Sequence[Text | ToolCall]:
        step = self._step
        self._step += 1
        place = slice_of(step)
        wanted = [calls.read(f"call_{step:05d}", place)]
        note = self._note(step)
        if note is not None:
            wanted.append(note)
        said = (
            f"Next is lines {place.first} to {place.last} of the part at hand; what matters there "
            "is how it limits a batch and where it rounds, since both decide whether it can move "
            "on its own later."
        )
        return (Text(said), *wanted)

    def _note(self, step: int) -> ToolCall | None:
        noted = list(facts.notes_at(step)) if self.with_facts else []
        decided: list[str] = []
        if step % NOTE_EVERY == NOTE_EVERY - 1:
            decided.append(
                f"after {step + 1} places: keep {slice_of(step).path} with its neighbours, they "
                "share the order of their entries"
            )
        before, now = self._plan_step(step), self._plan_step(step + 1)
        done = _step_id(before) if before != now else ""
        if not (noted or decided or done):
            return None
        return calls.note(f"note_{step:05d}", facts=noted, decisions=decided, done=done)

    def _last_steps(self, request: CapturedRequest) -> Sequence[Text | ToolCall]:
        """Answer the planted facts from what is in view; recall the others; then finish."""
        if self.with_facts:
            self._look(request)
            missing = [fact for fact in facts.FACTS if fact.key not in self.found]
            if missing and not self._asked:
                self._asked = True
                return tuple(calls.recall(f"ask_{fact.value}", fact.key) for fact in missing)
        summary = "The survey is complete; what was surprising stands in the notes."
        return (calls.finish("finish_1", summary),)

    def _look(self, request: CapturedRequest) -> None:
        text = request.body.decode("utf-8", "replace")
        for fact in facts.FACTS:
            if fact.key not in self.found and fact.value in text:
                self.found[fact.key] = "recall" if self._asked else "request"


def _first_plan(steps: int) -> JsonObject:
    return {
        "goal": "Every part under books/ is read and what is surprising is noted.",
        "constraints": ["change nothing"],
        "steps": [
            {
                "id": _step_id(number),
                "intent": (
                    f"Read share {number + 1} of {steps} of the parts under books/, a few places "
                    "in each, and note limits and rounding that do not fit the others."
                ),
            }
            for number in range(steps)
        ],
        "risks": ["parts that look alike but round at another place"],
        "next": _step_id(0),
    }


def _step_id(number: int) -> str:
    return f"s{number + 1}"


def _size(block: Text | ToolCall) -> int:
    match block:
        case Text(text):
            return len(text.encode())
        case ToolCall(_, name, arguments):
            return len(name) + len(arguments.encode())
