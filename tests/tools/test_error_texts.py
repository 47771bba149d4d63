from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from burnless.core import events as ev
from burnless.core.evidence import CheckOutcome
from burnless.core.plan import Check, Plan, Step
from tests.support.tool_desk import Desk

PARSER = """def parse(text):
    rows = text.split()
    return rows


def join(rows):
    return rows
"""


@dataclass(frozen=True)
class Situation:
    """A call that goes wrong, and what its text has to hold for a model that knows no more."""

    name: str
    tool: str
    arguments: dict[str, object]
    wrong: str
    truth: str
    next_action: str
    before: Callable[[Desk], object] = lambda desk: None


def stale(desk: Desk) -> None:
    desk.put_and_read("src/parser.py", "old\n")
    desk.put("src/parser.py", PARSER)


def planned(desk: Desk) -> None:
    steps = (Step("s1", "x", done_when=Check(command="make test")),)
    desk.record(ev.PlanMade(Plan("g", steps), "start", "planner", ""))
    desk.prover.outcomes = [CheckOutcome("make test", 2, (), "2 failed: test_join")]


def used_up(desk: Desk) -> None:
    for _ in range(2):
        desk.call("consult", question="?")


SITUATIONS = [
    Situation(
        "a mistyped path",
        "read",
        {"paths": [{"path": "src/parsr.py"}]},
        "src/parsr.py: no such file",
        "src/parser.py",
        "search (glob)",
    ),
    Situation(
        "the right name in the wrong folder",
        "read",
        {"paths": [{"path": "parser.py"}]},
        "no such file",
        "src/parser.py",
        "search (glob)",
    ),
    Situation(
        "lines past the end",
        "read",
        {"paths": [{"path": "src/parser.py", "lines": "90-99"}]},
        "no line 90",
        "only 7 lines",
        "",
    ),
    Situation(
        "an unknown symbol",
        "read",
        {"paths": [{"path": "src/parser.py", "symbol": "prase"}]},
        "no symbol 'prase'",
        "parse",
        "Read it by lines, or search",
    ),
    Situation(
        "an edit quoted from memory",
        "edit",
        {"path": "src/parser.py", "edits": [{"old": "rows = text.splitlines()", "new": "x"}]},
        "old is not in the file",
        "2\t    rows = text.split()",
        "send the edit again",
    ),
    Situation(
        "an edit that is not unique",
        "edit",
        {"path": "src/parser.py", "edits": [{"old": "return rows", "new": "x"}]},
        "several places",
        "3\t    return rows\n7\t    return rows",
        "the lines around it",
    ),
    Situation(
        "an edit that was made before",
        "edit",
        {
            "path": "src/parser.py",
            "edits": [{"old": "rows = text.split(',')", "new": "rows = text.split()"}],
        },
        "old is not there",
        "new already is (line 2)",
        "go on",
    ),
    Situation(
        "an insertion that was made before",
        "edit",
        {
            "path": "src/parser.py",
            "edits": [
                {"old": "rows = text.split()", "new": "rows = text.split()\n    return rows"}
            ],
        },
        "old stands inside new already (line 2)",
        "made already, so go on",
        "take it into old too",
    ),
    Situation(
        "an edit with a listing's line numbers in new",
        "edit",
        {
            "path": "src/parser.py",
            "edits": [
                {"old": "rows = text.split()", "new": "rows = []\n3\t    return rows\n4\tpass"}
            ],
        },
        "new has line numbers of a listing in it (3, 4)",
        "would get into the file",
        "without them, and send the edit again",
    ),
    Situation(
        "an edit of a stale file",
        "edit",
        {"path": "src/parser.py", "edits": [{"old": "def join(rows):", "new": "x"}]},
        "changed since you read it",
        "6\tdef join(rows):",
        "Read src/parser.py again",
        stale,
    ),
    Situation(
        "an insertion with an empty old",
        "edit",
        {"path": "src/parser.py", "edits": [{"old": "", "new": "x"}]},
        "old is empty",
        "line beside the place",
        "use write",
    ),
    Situation(
        "an edit of a file that is not there",
        "edit",
        {"path": "src/lexer.py", "edits": [{"old": "a", "new": "b"}]},
        "no such file",
        "Paths count from the workspace root",
        "For a new file use write",
    ),
    Situation(
        "a write over an unread file",
        "write",
        {"path": "src/parser.py", "content": "x"},
        "you have not read it",
        "exists (7 lines)",
        "Read it, then edit",
    ),
    Situation(
        "a write over a stale file",
        "write",
        {"path": "src/parser.py", "content": "x"},
        "changed since you read it",
        "outside this session's tools",
        "Read it again",
        stale,
    ),
    Situation(
        "a lazy write",
        "write",
        {"path": "new.py", "content": "x = 1\n# ... existing code ..."},
        "Not written",
        "'# ... existing code ...'",
        "write every line out",
    ),
    Situation(
        "a write to a folder",
        "write",
        {"path": "src", "content": "x"},
        "Not written",
        "is a folder",
        "read lists it",
    ),
    Situation(
        "a search in a folder that is not there",
        "search",
        {"pattern": "x", "path": "scr"},
        "scr: no such file",
        "Paths count from the workspace root",
        "search (glob)",
    ),
    Situation(
        "a search with nothing found",
        "search",
        {"pattern": "Tokenizer"},
        "No match for 'Tokenizer'",
        "in 1 files of the workspace",
        "Try a shorter pattern",
    ),
    Situation(
        "a name nothing has",
        "search",
        {"glob": "parser.js"},
        "No file matches 'parser.js'",
        "parser.py",
        "matches file names anywhere",
    ),
    Situation(
        "a command that does not end",
        "run_command",
        {"command": "echo serving; sleep 60", "timeout_seconds": 0.3},
        "timed out after 0.3 s and was killed",
        "serving",
        "a form of it that ends",
    ),
    Situation(
        "a program that is not installed",
        "run_command",
        {"command": "pytset -q"},
        "exit 127",
        "command not found",
        "check the name",
    ),
    Situation(
        "a red check",
        "plan_notes",
        {"steps": [{"id": "s1", "status": "done"}]},
        "s1 is NOT done",
        "2 failed: test_join",
        "Mend the cause, then mark s1 done again",
        planned,
    ),
    Situation(
        "an unknown step",
        "plan_notes",
        {"steps": [{"id": "1", "status": "done"}]},
        "no step '1'",
        "s1 (pending)",
        "",
        planned,
    ),
    Situation(
        "an event that is not there",
        "recall",
        {"id": "e77"},
        "no event e77",
        "e1 to e",
        "use search",
    ),
    Situation(
        "a blob id with a mistake",
        "recall",
        {"id": "abcdef0123456789"},
        "no blob abcdef0123456789",
        "Copy the id",
        "recall with search",
    ),
    Situation(
        "nobody to ask",
        "ask",
        {"question": "Delete the table?"},
        "nobody to ask",
        "safest and easiest to undo",
        "note the decision with plan_notes",
    ),
    Situation(
        "no consultation left",
        "consult",
        {"question": "And now?"},
        "Not asked",
        "the 2 consultations of this session are used up",
        "finish as blocked",
        used_up,
    ),
    Situation(
        "a report without words",
        "finish",
        {"status": "done", "summary": ""},
        "Not finished",
        "summary is empty",
        "Say what changed",
    ),
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_a_model_is_told_what_was_wrong_the_nearest_truth_and_what_to_do_next(
    desk: Desk, situation: Situation
) -> None:
    desk.put("src/parser.py", PARSER)
    situation.before(desk)
    text = desk.call(situation.tool, **situation.arguments).text
    for needed in (situation.wrong, situation.truth, situation.next_action):
        assert needed in text
    assert len(text) < 900
