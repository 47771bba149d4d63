"""A planner's words as a draft of a plan: the shape is checked here, the meaning in plan_text."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from burnless.core.encoding import Json, JsonObject
from burnless.core.errors import BurnlessError
from burnless.core.plan import Check, Excerpt

PREDICATES = ("exists", "absent", "contains", "lacks")
_TEXT_PREDICATES = ("contains", "lacks")
_PLAN_KEYS = (
    "goal",
    "constraints",
    "steps",
    "do_not_touch",
    "risks",
    "open_questions",
    "excerpts",
    "done",
    "decided",
    "cancelled",
    "next",
    "handoff",
)
_STEP_KEYS = ("id", "intent", "files", "symbols", "done_when")
_CHECK_KEYS = ("command", "path", "predicate", "text")
_EXCERPT_KEYS = ("path", "lines", "text")


class PlanProblem(BurnlessError):
    """A plan that cannot be used. Each problem says where, what, and how to mend it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems), hint="send the whole plan again with this mended")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class StepDraft:
    """`where` names the step in problems; `id` is "" where the planner gave none."""

    where: str
    id: str
    intent: str
    files: tuple[str, ...]
    symbols: tuple[str, ...]
    done_when: Check | None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """None = the planner did not say, which is not the same as an empty list."""

    goal: str
    steps: tuple[StepDraft, ...]
    constraints: tuple[str, ...] | None
    do_not_touch: tuple[str, ...] | None
    risks: tuple[str, ...] | None
    open_questions: tuple[str, ...] | None
    excerpts: tuple[Excerpt, ...]
    done: tuple[str, ...]
    decided: tuple[str, ...]
    cancelled: tuple[str, ...]
    next: str
    handoff: str


def read_draft(value: Json, problems: list[str]) -> PlanDraft:
    """Read the shape; what does not fit is added to `problems` and read as if it were absent."""
    if not isinstance(value, dict):
        problems.append(f"The plan is {_kind(value)}: send one JSON object with goal and steps.")
        value = {}
    reader = _Reader(value, "", problems)
    reader.check_keys(_PLAN_KEYS)
    return PlanDraft(
        goal=reader.text("goal"),
        steps=tuple(
            _read_step(entry, f"steps[{index}]", problems)
            for index, entry in enumerate(reader.objects("steps"))
        ),
        constraints=reader.stated("constraints"),
        do_not_touch=reader.stated("do_not_touch"),
        risks=reader.stated("risks"),
        open_questions=reader.stated("open_questions"),
        excerpts=tuple(
            _read_excerpt(entry, f"excerpts[{index}]", problems)
            for index, entry in enumerate(reader.objects("excerpts"))
        ),
        done=reader.texts("done"),
        decided=reader.texts("decided"),
        cancelled=reader.texts("cancelled"),
        next=reader.text("next"),
        handoff=reader.text("handoff"),
    )


def nearest(name: str, known: Sequence[str]) -> str:
    """The known name that is most like `name`, as a question, or ""."""
    near = difflib.get_close_matches(name, known, 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _read_step(entry: JsonObject, where: str, problems: list[str]) -> StepDraft:
    reader = _Reader(entry, where, problems)
    reader.check_keys(_STEP_KEYS)
    intent = reader.text("intent")
    if not intent:
        problems.append(f"{where}.intent is missing: say in one sentence what the step does.")
    return StepDraft(
        where=where,
        id=reader.text("id"),
        intent=intent,
        files=reader.texts("files"),
        symbols=reader.texts("symbols"),
        done_when=_read_check(entry.get("done_when"), f"{where}.done_when", problems),
    )


def _read_check(value: Json, where: str, problems: list[str]) -> Check | None:
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        problems.append(
            f'{where} is {_kind(value)}: write {{"command": "pytest -q"}} or '
            '{"path": "a.py", "predicate": "exists"}, or leave it out.'
        )
        return None
    reader = _Reader(value, where, problems)
    reader.check_keys(_CHECK_KEYS)
    check = Check(
        command=reader.text("command"),
        path=reader.text("path"),
        predicate=reader.text("predicate"),
        text=reader.exact("text"),
    )
    problem = _check_problem(check)
    if problem:
        problems.append(f"{where} {problem}")
        return None
    if check.command:
        return Check(command=check.command)
    return check if check.predicate in _TEXT_PREDICATES else Check("", check.path, check.predicate)


def _check_problem(check: Check) -> str:
    if check.command and check.path:
        return "has both command and path: keep the one that proves the step."
    if check.command:
        return ""
    if not check.path:
        return "has neither command nor path: give one of them, or leave done_when out."
    if check.predicate not in PREDICATES:
        known = ", ".join(PREDICATES)
        return (
            f"has predicate {check.predicate!r}: use one of {known}."
            f"{nearest(check.predicate, PREDICATES)}"
        )
    if check.predicate in _TEXT_PREDICATES and not check.text:
        return f"has predicate {check.predicate!r} without text: add the text to look for."
    return ""


def _read_excerpt(entry: JsonObject, where: str, problems: list[str]) -> Excerpt:
    reader = _Reader(entry, where, problems)
    reader.check_keys(_EXCERPT_KEYS)
    return Excerpt(reader.text("path"), reader.text("lines"), reader.exact("text"))


class _Reader:
    """Fields of one JSON object; each kind that does not fit becomes a problem with its place."""

    def __init__(self, value: JsonObject, where: str, problems: list[str]) -> None:
        self._value = value
        self._where = where
        self._problems = problems

    def check_keys(self, known: tuple[str, ...]) -> None:
        """A mistyped key would lose what it holds; a key nobody knows is only ignored."""
        for key in self._value.keys() - set(known):
            near = difflib.get_close_matches(key, known, 1, cutoff=0.8)
            if near and near[0] not in self._value:
                self._problems.append(f"{self._at(key)} is not a key: rename it to {near[0]!r}.")

    def exact(self, key: str) -> str:
        value = self._value.get(key)
        if value is None:
            return ""
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        self._problems.append(f"{self._at(key)} is {_kind(value)}: write a string.")
        return ""

    def text(self, key: str) -> str:
        return self.exact(key).strip()

    def stated(self, key: str) -> tuple[str, ...] | None:
        return None if self._value.get(key) is None else self.texts(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; one string alone is a list of one."""
        value = self._value.get(key)
        if value is None:
            return ()
        entries = value if isinstance(value, list) else [value]
        found: list[str] = []
        for entry in entries:
            if not isinstance(entry, str | int) or isinstance(entry, bool):
                self._problems.append(
                    f"{self._at(key)} holds {_kind(entry)}: write a list of strings."
                )
                return ()
            if str(entry).strip():
                found.append(str(entry).strip())
        return tuple(found)

    def objects(self, key: str) -> list[JsonObject]:
        value = self._value.get(key)
        if value is None:
            return []
        entries = value if isinstance(value, list) else [value]
        found = [entry for entry in entries if isinstance(entry, dict)]
        if len(found) != len(entries):
            self._problems.append(f"{self._at(key)} has to be a list of JSON objects.")
        return found

    def _at(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key


def _kind(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
