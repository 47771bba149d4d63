"""The seams: parts meet only through these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.capsule import FileSlice
from burnless.core.encoding import JsonObject
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    CommandOutcome,
    FileChange,
    FileSeen,
)
from burnless.core.messages import Delta, ModelRequest, Reply, Role, ToolSchema
from burnless.core.models import ModelCard
from burnless.core.permissions import Access, Answer, ParsedCommand, Permit, Question, Ruling
from burnless.core.plan import Check, Plan, Step
from burnless.core.session import Session
from burnless.core.settings import PermissionMode
from burnless.core.usage import Price, Usage


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float: ...


class Model(Protocol):
    """One model at one endpoint, wrapped or bare."""

    @property
    def card(self) -> ModelCard: ...

    def complete(
        self,
        request: ModelRequest,
        on_delta: Callable[[Delta], None],
        cancel: CancelToken,
    ) -> Reply:
        """Stream one reply to its end. Raises ModelProblem, KeyProblem, BudgetExceeded, Cancelled.

        A stream that was cut is Temporary, never a short reply.
        """


@dataclass(frozen=True, slots=True)
class WorkerReply:
    """What an agent CLI came back with; usage and served model only where its JSON says so."""

    text: str
    exit_code: int | None
    usage: Usage | None = None
    served_model: str | None = None
    cost: int | None = None
    included: bool = False
    seconds: float = 0.0


class Worker(Protocol):
    """Another agent's CLI, used as a planner or as an executor of one step."""

    @property
    def command(self) -> str:
        """As the user wrote it."""

    @property
    def tier(self) -> str: ...

    def run(
        self, prompt: str, on_output: Callable[[str], None], cancel: CancelToken
    ) -> WorkerReply: ...


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know while it runs. `root` is the workspace, `cwd` where commands start."""

    root: Path
    cwd: Path
    session: Session
    cancel: CancelToken
    on_output: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FinishReport:
    """The arguments of `finish`. A file may state its size in bytes."""

    status: Literal["done", "blocked"]
    summary: str
    files: tuple[tuple[str, int | None], ...] = ()
    deleted: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolOutcome:
    """What a tool did. `text` is for the model, `display` (a diff, say) for the user.

    `events` are session facts the tool brought about (StepMarked, NoteTaken, ...): the caller
    records them after the outcome itself. `blob` has the whole output where `text` was cut.
    """

    text: str
    is_error: bool = False
    display: str = ""
    seen: tuple[FileSeen, ...] = ()
    changes: tuple[FileChange, ...] = ()
    command: CommandOutcome | None = None
    events: tuple[ev.Event, ...] = ()
    finish: FinishReport | None = None
    blob: str = ""


class Tool(Protocol):
    """One tool. Its schema is prompt bytes: it never depends on mode, machine or date."""

    @property
    def schema(self) -> ToolSchema: ...

    @property
    def reads_only(self) -> bool:
        """It has no effect: neighbouring calls may run in parallel."""

    @property
    def may_write_anywhere(self) -> bool:
        """Its effects are found by comparing workspace snapshots, not reported by itself."""

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        """What permission has to be given for. Arguments were checked against the schema; raises
        ArgumentProblem where they name what cannot be.
        """

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        """What the user is shown when asked: the command, or the diff. Must not raise."""

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        """Must not raise, but for Cancelled and WrongModelServed, which end the turn: what else
        goes wrong is an outcome the model can act on.
        """


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """A process that ended. `output` is stdout and stderr as they came, capped to head and tail.

    `exit_code` is None where the deadline or a cancel killed it. `full` holds the bytes that were
    kept for the blob (up to the runner's own limit); `total_bytes` counts all that was printed.
    """

    exit_code: int | None
    output: str
    full: bytes
    total_bytes: int
    seconds: float
    timed_out: bool = False
    stdout: str = ""


class Runner(Protocol):
    """The one way processes are started: own group, closed stdin, deadline, no keys."""

    def run(
        self,
        command: str | Sequence[str],
        *,
        cwd: Path,
        deadline_seconds: float,
        cancel: CancelToken,
        on_output: Callable[[str], None] | None = None,
        stdin: str | None = None,
        environment: Mapping[str, str] | None = None,
        keep_keys: bool = False,
    ) -> ProcessResult:
        """A string goes through the shell, a sequence does not. Never raises for a failing
        command; a program that cannot be started is exit code 127 with the reason as output.
        `environment` adds to the clean one; `keep_keys` passes the whole parent environment
        (agent CLIs need their own keys; commands of a model never get it).
        """


class Blobs(Protocol):
    """Content-addressed bytes. The name is the sha256 in hex."""

    def put(self, data: bytes) -> str: ...

    def get(self, name: str) -> bytes:
        """Raises InputProblem where there is no such blob."""


class SessionStore(Protocol):
    """The append-only log of one session, and its folder."""

    @property
    def folder(self) -> Path: ...

    def append(self, event: ev.Event, *, sync: bool) -> ev.Recorded:
        """One write of one line; with `sync` it is on the disk when this returns."""

    def read(self, seq: int) -> ev.Recorded:
        """One event by its number. Raises InputProblem where there is none."""

    def search(self, text: str, limit: int) -> list[ev.Recorded]:
        """Newest events whose text holds `text`, ignoring case."""

    def write_view(self, name: str, text: str) -> None:
        """A file beside the log that is made from it (plan.md, capsules/1.json)."""


class Recorder(Protocol):
    """Record = append + fsync, then fold, then show."""

    @property
    def session(self) -> Session: ...

    def record(self, event: ev.Event) -> ev.Recorded: ...


class Ledger(Protocol):
    """The book. Nothing is sent without a reservation, nothing is paid without an entry."""

    def reserve(self, call: ev.CallStarted, price: Price | None) -> ev.CallStarted:
        """Reserve the worst case of `call`. Raises BudgetExceeded where it would cross a limit.

        The returned call may have a smaller `max_output`, where only that fits.
        """

    def settle(self, outcome: ev.CallReplied | ev.CallFailed) -> None: ...


class PriceBook(Protocol):
    def price_of(self, provider: str, model: str) -> Price | None:
        """None = unknown, which is never $0."""


class Gate(Protocol):
    """The one door effects go through."""

    @property
    def mode(self) -> PermissionMode: ...

    def judge(self, access: Access) -> Ruling:
        """What the rules say, without asking anybody."""

    def permit(self, access: Access, detail: str = "") -> Permit:
        """Decide, and ask the user where that is what the rules say."""


class ShellParser(Protocol):
    def parse(self, command: str) -> ParsedCommand: ...


class Approver(Protocol):
    """The user, as far as the engine knows. Headless ones answer at once."""

    @property
    def interactive(self) -> bool: ...

    def approve(self, question: Question) -> Answer: ...

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        """None = nobody is there to answer."""

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        """The plan to work on, edited or not; None = do not start."""


@dataclass(frozen=True, slots=True)
class CommandOutput:
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something takes a while: what for, and for how long at most (0 = unknown)."""

    reason: str
    seconds: float = 0.0


Signal = Delta | CommandOutput | Waiting


class EventSink(Protocol):
    """A frontend listens. It must not raise; it cannot change what happens."""

    def show(self, recorded: ev.Recorded) -> None:
        """A fact that is in the log by now."""

    def signal(self, role: Role, signal: Signal) -> None:
        """Something passing, never stored: a delta, a line of output, a wait."""


@dataclass(frozen=True, slots=True)
class FileState:
    """Size and mtime decide whether a file is hashed again.

    executable: by its owner; None where nothing keeps that
    """

    size: int
    mtime_ns: int
    sha256: str
    executable: bool | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The workspace at one moment: path (relative, POSIX) to state."""

    files: Mapping[str, FileState]

    def __len__(self) -> int:
        return len(self.files)


class Snapshots(Protocol):
    """Finds what an effect changed, and keeps what is needed to restore it."""

    def take(self, previous: Snapshot | None = None) -> Snapshot:
        """Unchanged size and mtime since `previous`: the hash is taken over."""

    def compare(self, before: Snapshot, after: Snapshot) -> tuple[FileChange, ...]: ...

    def keep(self, path: str) -> tuple[str, bool]:
        """Before a file tool changes `path`: its pre-image's blob ("" = no file), restorable?"""

    def state_hash(self, snapshot: Snapshot) -> str: ...


@dataclass(frozen=True, slots=True)
class ProjectLayer:
    """The project layer's text and the memory files it was made of."""

    text: str
    files: tuple[ev.MemoryFile, ...]


class Surveyor(Protocol):
    """What code can say of the workspace for $0, the same every time for the same tree."""

    def project_layer(self) -> ProjectLayer: ...

    def brief(self, task: str, known: str = "") -> str:
        """Layout, manifests, git state, and the files that name the task's identifiers.

        What `known` holds word for word is left out.
        """

    def slices(self, step: Step) -> tuple[FileSlice, ...]:
        """Current lines of the files and symbols a step names."""


class Prover(Protocol):
    """Runs checks. Each goes through the gate like any command."""

    def run(self, check: Check, cancel: CancelToken) -> CheckOutcome: ...

    def run_configured(self, command: str, cancel: CancelToken) -> CheckOutcome: ...


class Auditor(Protocol):
    """Compares claims, journal and disk. Reads no model output but claims."""

    def audit(
        self,
        session: Session,
        report: FinishReport | None,
        prose: str,
        record: Callable[[ev.Event], object],
        cancel: CancelToken,
    ) -> AuditReport:
        """`record` takes the CheckFinished events of checks that had to run."""


class Advisor(Protocol):
    """The planner, asked one question in the middle of the work."""

    def advise(self, question: str, cancel: CancelToken) -> str: ...
