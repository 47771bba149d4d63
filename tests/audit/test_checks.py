from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from burnless.audit.auditor import WorkspaceAuditor
from burnless.audit.checks import GatedProver, new_failures, still_failing
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.errors import Cancelled
from burnless.core.evidence import AuditReport, CheckOutcome, FindingKind, Verdict
from burnless.core.permissions import Access, Permit, RunCommand
from burnless.core.plan import Check
from burnless.core.settings import Settings
from burnless.workspace.snapshots import WorkspaceSnapshots
from tests.audit.reports.case import Wrote
from tests.audit.reports.journal import Stage
from tests.support.direct_runner import DirectRunner
from tests.support.memory_blobs import MemoryBlobs
from tests.support.repositories import write_files


@dataclass
class OpenGate:
    """Satisfies `Gate`. Permits all but what holds a refused word."""

    refused: str = "\0"
    asked: list[Access] = field(default_factory=list)

    def permit(self, access: Access, detail: str = "") -> Permit:
        self.asked.append(access)
        command = access.command if isinstance(access, RunCommand) else ""
        return Permit(False, "not today") if self.refused in command else Permit(True)


@dataclass(frozen=True)
class RedRepository:
    """A repository whose check failed before anybody worked on it."""

    check: str
    files: Mapping[str, str]
    red: tuple[str, ...]
    harmless: Wrote
    breaking: Wrote
    broken: str
    mending: Wrote


_UNITTEST = """import unittest
from shop import price, tax

class ShopTest(unittest.TestCase):
    def test_price(self):
        self.assertEqual(price(2), 20)
    def test_tax(self):
        self.assertEqual(tax(100), 19)
"""

PYTHON = RedRepository(
    check=f"{sys.executable} -B -m unittest -q test_shop",
    files={
        "shop.py": "def price(n):\n    return n * 10\n\ndef tax(n):\n    return 0\n",
        "test_shop.py": _UNITTEST,
    },
    red=("test_tax (test_shop.ShopTest.test_tax)",),
    harmless=Wrote("notes.md", "n"),
    breaking=Wrote("shop.py", "def price(n):\n    return n\n\ndef tax(n):\n    return 0\n"),
    broken="test_price (test_shop.ShopTest.test_price)",
    mending=Wrote("shop.py", "def price(n):\n    return n * 10\n\ndef tax(n):\n    return 19\n"),
)

_NODE_LIKE = """
import json, pathlib, sys
cart = json.loads(pathlib.Path("cart.json").read_text())
results = {"adds items": cart["add"], "keeps totals": cart["total"], "old bug": cart["old"]}
print("TAP version 13")
for number, (name, good) in enumerate(results.items(), 1):
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
print(f"# fail {list(results.values()).count(False)}")
sys.exit(0 if all(results.values()) else 1)
"""

NODE = RedRepository(
    check=f"{sys.executable} -B run-tests.js.py",
    files={
        "run-tests.js.py": _NODE_LIKE,
        "cart.json": '{"add": true, "total": true, "old": false}',
    },
    red=("old bug",),
    harmless=Wrote("README.md", "r"),
    breaking=Wrote("cart.json", '{"add": true, "total": false, "old": false}'),
    broken="keeps totals",
    mending=Wrote("cart.json", '{"add": true, "total": true, "old": true}'),
)

SHELL = RedRepository(
    check="sh check.sh",
    files={
        "check.sh": "code=0\nfor t in one two; do\n  if sh $t.sh; then echo ok $t; "
        "else echo FAIL: $t; code=1; fi\ndone\nexit $code\n",
        "one.sh": "exit 1\n",
        "two.sh": "exit 0\n",
    },
    red=("one",),
    harmless=Wrote("other.txt", "o"),
    breaking=Wrote("two.sh", "exit 3\n"),
    broken="two",
    mending=Wrote("one.sh", "exit 0\n"),
)

RED = pytest.mark.parametrize("red", [PYTHON, NODE, SHELL], ids=["python", "node", "shell"])


def _audit(
    root: Path, red: RedRepository, *acts: Wrote, gate: OpenGate | None = None
) -> tuple[AuditReport, Stage, CheckOutcome]:
    """As the engine does it: a baseline before the first effect, then work, then the audit."""
    root.mkdir()
    write_files(root, red.files)
    runner = DirectRunner()
    stage = Stage(root)
    stage.begin()
    prover = GatedProver(root, root, runner, OpenGate(), 30.0)
    baseline = prover.run_configured(red.check, CancelToken())
    stage.record(ev.CheckFinished(baseline, "baseline"))
    stage.play(acts)
    auditor = WorkspaceAuditor(
        root,
        root,
        WorkspaceSnapshots(root, runner, MemoryBlobs()),
        GatedProver(root, root, runner, gate or OpenGate(), 30.0),
        Settings(checks=(red.check,)),
    )
    report = auditor.audit(stage.session, None, "Done.", stage.record, CancelToken())
    return report, stage, baseline


def _phases(stage: Stage) -> list[str]:
    return [event.phase for event in stage.events if isinstance(event, ev.CheckFinished)]


@RED
def test_a_repository_that_was_red_before_is_not_held_against_the_work(
    tmp_path: Path, red: RedRepository
) -> None:
    report, stage, baseline = _audit(tmp_path / "repo", red, red.harmless)
    assert baseline.failures == red.red
    assert report.verdict is Verdict.PROVEN
    (finding,) = report.findings
    assert finding.text.endswith("has no new failures (1 failing test failed before the work too)")
    assert _phases(stage) == ["baseline", "after"]


@RED
def test_a_new_failure_in_a_red_repository_counts_after_a_second_run(
    tmp_path: Path, red: RedRepository
) -> None:
    report, stage, _ = _audit(tmp_path / "repo", red, red.breaking)
    (finding,) = report.findings
    assert (finding.verdict, finding.kind) == (Verdict.CONTRADICTED, FindingKind.CHECK_FAILED)
    assert f"newly fails: {red.broken}" in finding.text
    assert red.red[0] not in finding.text
    assert _phases(stage) == ["baseline", "after", "again"]


@RED
def test_a_red_repository_that_was_mended_passes(tmp_path: Path, red: RedRepository) -> None:
    report, _, _ = _audit(tmp_path / "repo", red, red.mending)
    assert [finding.text for finding in report.findings] == [f"check `{red.check}` passes"]


@RED
def test_a_check_that_is_refused_is_unproven(tmp_path: Path, red: RedRepository) -> None:
    report, _, _ = _audit(tmp_path / "repo", red, red.breaking, gate=OpenGate(refused=red.check))
    (finding,) = report.findings
    assert (finding.verdict, finding.kind) == (Verdict.UNPROVEN, FindingKind.CHECK_REFUSED)
    assert finding.text == f"check `{red.check}` was not run: not today"


def test_checks_do_not_run_when_the_turn_left_every_file_as_it_was(tmp_path: Path) -> None:
    same = Wrote("two.sh", "exit 0\n")
    report, stage, _ = _audit(tmp_path / "repo", SHELL, SHELL.breaking, same)
    assert report.verdict is Verdict.NOTHING
    assert _phases(stage) == ["baseline"]


def test_a_test_that_fails_only_once_is_not_counted(tmp_path: Path) -> None:
    flaky = RedRepository(
        check="sh check.sh",
        files={"check.sh": "exit 0\n"},
        red=(),
        harmless=Wrote("x", ""),
        breaking=Wrote(
            "check.sh",
            "if [ -e once ]; then exit 0; fi\ntouch once\necho FAIL: sometimes\nexit 1\n",
        ),
        broken="",
        mending=Wrote("x", ""),
    )
    report, _, _ = _audit(tmp_path / "repo", flaky, flaky.breaking)
    assert [finding.text for finding in report.findings] == [
        "check `sh check.sh` failed once and not again"
    ]
    assert report.verdict is Verdict.PROVEN


def _outcome(code: int | None, *failures: str, refused: str = "") -> CheckOutcome:
    return CheckOutcome("t", code, failures, refused=refused)


@pytest.mark.parametrize(
    ("baseline", "after", "new"),
    [
        (None, _outcome(0), ()),
        (None, _outcome(1, "a"), ("a",)),
        (None, _outcome(1), ("`t`",)),
        (_outcome(0), _outcome(1, "a", "b"), ("a", "b")),
        (_outcome(0), _outcome(None), ("`t`",)),
        (_outcome(1, "a"), _outcome(1, "a"), ()),
        (_outcome(1, "a"), _outcome(1, "a", "b"), ("b",)),
        (_outcome(1, "a"), _outcome(1), ("`t`",)),
        (_outcome(1), _outcome(1), ()),
        (_outcome(1), _outcome(1, "a"), ()),
        (_outcome(1, "a"), _outcome(0), ()),
        (_outcome(None), _outcome(1, "a"), ("a",)),
        (_outcome(0), _outcome(None, refused="no"), ()),
    ],
)
def test_new_failures_are_those_that_were_not_there_before(
    baseline: CheckOutcome | None, after: CheckOutcome, new: tuple[str, ...]
) -> None:
    assert new_failures(baseline, after) == new


@pytest.mark.parametrize(
    ("first", "again", "still"),
    [
        (("a", "b"), ("b", "c"), ("b",)),
        (("a",), ("b",), ()),
        (("a",), (), ()),
        (("`t`",), ("a",), ("a",)),
        (("a",), ("`t`",), ("`t`",)),
    ],
)
def test_only_what_fails_twice_still_fails(
    first: tuple[str, ...], again: tuple[str, ...], still: tuple[str, ...]
) -> None:
    assert still_failing(first, again) == still


@pytest.mark.parametrize(
    ("check", "code", "reason"),
    [
        (Check(path="a.txt", predicate="exists"), 0, ""),
        (Check(path="b.txt", predicate="exists"), 1, "b.txt does not exist"),
        (Check(path="b.txt", predicate="absent"), 0, ""),
        (Check(path="a.txt", predicate="absent"), 1, "a.txt is still there"),
        (Check(path="a.txt", predicate="contains", text="hel"), 0, ""),
        (Check(path="a.txt", predicate="contains", text="x"), 1, "a.txt does not contain 'x'"),
        (Check(path="a.txt", predicate="lacks", text="x"), 0, ""),
        (Check(path="a.txt", predicate="lacks", text="hel"), 1, "a.txt still contains 'hel'"),
        (
            Check(path="b.txt", predicate="lacks", text="x"),
            1,
            "b.txt cannot be read: No such file or directory",
        ),
        (Check(path="../out", predicate="absent"), 1, "../out is outside the workspace"),
        (
            Check(path="a.txt", predicate="equals"),
            1,
            "there is no predicate 'equals': use exists, absent, contains or lacks",
        ),
    ],
)
def test_a_predicate_is_looked_up_on_the_disk(
    tmp_path: Path, check: Check, code: int, reason: str
) -> None:
    (tmp_path / "a.txt").write_text("hello")
    gate = OpenGate()
    prover = GatedProver(tmp_path, tmp_path, DirectRunner(), gate)
    assert prover.run(check, CancelToken()) == CheckOutcome(
        str(check), code, last_lines=reason, looked=True
    )
    assert gate.asked == []


def test_a_command_says_who_wrote_it_to_the_gate_and_starts_where_the_user_stands(
    tmp_path: Path,
) -> None:
    (tmp_path / "sub").mkdir()
    gate = OpenGate()
    prover = GatedProver(tmp_path, tmp_path / "sub", DirectRunner(), gate)
    outcome = prover.run(Check(command="basename $PWD"), CancelToken())
    prover.run_configured("true", CancelToken())
    assert outcome == CheckOutcome("basename $PWD", 0, last_lines="sub")
    assert gate.asked == [RunCommand("basename $PWD", "plan"), RunCommand("true", "check")]


def test_a_check_past_its_deadline_has_no_exit_code_and_says_so(tmp_path: Path) -> None:
    prover = GatedProver(tmp_path, tmp_path, DirectRunner(), OpenGate(), 0.2)
    outcome = prover.run_configured("sleep 5", CancelToken())
    assert outcome == CheckOutcome("sleep 5", None, last_lines="ended by its deadline of 0.2 s")


def test_a_cancelled_check_is_no_outcome(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    prover = GatedProver(tmp_path, tmp_path, DirectRunner(), OpenGate())
    with pytest.raises(Cancelled):
        prover.run_configured("true", token)


def test_one_of_two_red_tests_that_was_mended_is_not_said_to_fail_still(tmp_path: Path) -> None:
    half = RedRepository(
        check="sh check.sh",
        files={"check.sh": "echo FAIL: one\necho FAIL: two\nexit 1\n"},
        red=("one", "two"),
        harmless=Wrote("x", ""),
        breaking=Wrote("x", ""),
        broken="",
        mending=Wrote("check.sh", "echo FAIL: two\nexit 1\n"),
    )
    report, _, baseline = _audit(tmp_path / "repo", half, half.mending)
    assert baseline.failures == half.red
    (finding,) = report.findings
    assert finding.text == (
        "check `sh check.sh` has no new failures "
        "(1 of the 2 tests that failed before the work still fails)"
    )
