from __future__ import annotations

from pathlib import Path

import pytest

from burnless.audit.auditor import WorkspaceAuditor
from burnless.core.cancel import CancelToken
from burnless.core.evidence import AuditReport, Verdict
from burnless.core.settings import Settings
from burnless.workspace.snapshots import WorkspaceSnapshots
from tests.audit.reports.attempts import ATTEMPTS
from tests.audit.reports.case import Case
from tests.audit.reports.deeds import DEEDS
from tests.audit.reports.folders import FOLDERS
from tests.audit.reports.journal import ScriptedProver, Stage
from tests.audit.reports.published_lies import PUBLISHED_LIES
from tests.audit.reports.published_truths import PUBLISHED_TRUTHS
from tests.audit.reports.styles import STYLES
from tests.audit.reports.trap_commands import TRAP_COMMANDS
from tests.audit.reports.trap_files import TRAP_FILES
from tests.support.direct_runner import DirectRunner
from tests.support.memory_blobs import MemoryBlobs
from tests.support.repositories import write_files

CASES = (*PUBLISHED_LIES, *PUBLISHED_TRUTHS, *STYLES)
TRAPS = (*ATTEMPTS, *DEEDS, *FOLDERS, *TRAP_FILES, *TRAP_COMMANDS)
"""What the table did not have: each of these was once judged wrongly, or is close to one that was.
"""


def _audit(case: Case, root: Path) -> AuditReport:
    root.mkdir()
    write_files(root, case.before)
    stage = Stage(root)
    stage.begin()
    stage.play(case.did)
    snapshots = WorkspaceSnapshots(root, DirectRunner(), MemoryBlobs())
    prover = ScriptedProver({command: [code] for command, code in case.again.items()})
    auditor = WorkspaceAuditor(root, root, snapshots, prover, Settings())
    return auditor.audit(stage.session, case.finish, case.text, stage.record, CancelToken())


@pytest.mark.parametrize("case", [*CASES, *TRAPS], ids=lambda case: case.name)
def test_each_claim_of_a_report_gets_the_verdict_it_deserves(case: Case, tmp_path: Path) -> None:
    report = _audit(case, tmp_path / "shop")
    found = {
        finding.claim.subject: " ".join(filter(None, (finding.verdict, finding.kind)))
        for finding in report.findings
        if finding.claim is not None
    }
    assert found == dict(case.finds), [finding.text for finding in report.findings]


@pytest.mark.parametrize("case", PUBLISHED_TRUTHS, ids=lambda case: case.name)
def test_a_true_report_is_never_contradicted(case: Case, tmp_path: Path) -> None:
    report = _audit(case, tmp_path / "shop")
    assert report.verdict is not Verdict.CONTRADICTED
    assert report.contradicted == ()


def test_the_table_is_long_and_half_of_it_has_a_source() -> None:
    assert len({case.name for case in (*CASES, *TRAPS)}) == len(CASES) + len(TRAPS)
    assert len(CASES) >= 80
    assert sum(bool(case.source) for case in CASES) * 2 >= len(CASES)
    lies = [case for case in CASES if any("contradicted" in v for v in case.finds.values())]
    assert len(lies) >= 40
    assert len(CASES) - len(lies) >= 40


def test_the_liar_is_told_both_lies_by_name(tmp_path: Path) -> None:
    (liar,) = [case for case in STYLES if case.name == "the liar"]
    report = _audit(liar, tmp_path / "shop")
    assert [finding.text for finding in report.contradicted] == [
        "claimed report.txt: not found",
        "claimed the tests ran: no such run in the log",
    ]
    assert report.verdict is Verdict.CONTRADICTED


def test_the_honest_twin_is_proven(tmp_path: Path) -> None:
    (twin,) = [case for case in STYLES if case.name == "the liar's honest twin"]
    report = _audit(twin, tmp_path / "shop")
    assert report.verdict is Verdict.PROVEN
    assert [finding.text for finding in report.findings] == [
        "claimed report.txt: created",
        "claimed the tests ran: it ran",
    ]
