from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burnless.audit.auditor import REPEATS_MOST, WorkspaceAuditor
from burnless.audit.claims import collect_claims, read_claims
from burnless.audit.disk import WorkspaceDisk
from burnless.audit.prose import (
    STATEMENT_CHARACTERS_MOST,
    TEXT_CHARACTERS_MOST,
    split_statements,
)
from burnless.core import events as ev
from burnless.core.cancel import CancelToken
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    Claim,
    ClaimKind,
    Finding,
    FindingKind,
    Verdict,
)
from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.protocols import FinishReport
from burnless.core.settings import AuditSettings, Settings
from burnless.workspace.snapshots import WorkspaceSnapshots
from tests.audit.reports.case import Ran, Worked, Wrote
from tests.audit.reports.journal import ScriptedProver, Stage
from tests.support.direct_runner import DirectRunner
from tests.support.memory_blobs import MemoryBlobs
from tests.support.repositories import make_repository, write_files


def _stage(root: Path, plan: Plan | None = None) -> Stage:
    root.mkdir(exist_ok=True)
    stage = Stage(root)
    stage.begin()
    if plan is not None:
        stage.record(ev.PlanMade(plan, "start", "planner", ""))
    return stage


def _audit(
    stage: Stage,
    prose: str = "",
    finish: FinishReport | None = None,
    prover: ScriptedProver | None = None,
    settings: Settings | None = None,
) -> AuditReport:
    snapshots = WorkspaceSnapshots(stage.root, DirectRunner(), MemoryBlobs())
    auditor = WorkspaceAuditor(
        stage.root, stage.root, snapshots, prover or ScriptedProver(), settings or Settings()
    )
    return auditor.audit(stage.session, finish, prose, stage.record, CancelToken())


def test_without_claims_nothing_is_claimed(tmp_path: Path) -> None:
    assert _audit(_stage(tmp_path), "It returns early.") == AuditReport((), Verdict.NOTHING)


def test_an_answer_that_tells_of_a_commit_claims_only_what_the_speaker_did(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.begin("What did the last commit change?")
    answer = "- Updated `server.py`\n- All tests passed\n"
    assert _audit(stage, answer).verdict is Verdict.NOTHING
    report = _audit(stage, f"{answer}\nI wrote the details to notes.md.")
    assert [finding.text for finding in report.findings] == ["claimed notes.md: not found"]
    stage.play([Wrote("x.py")])
    assert _audit(stage, answer).verdict is Verdict.CONTRADICTED


def test_prose_is_left_alone_where_the_settings_say_so(tmp_path: Path) -> None:
    quiet = Settings(audit=AuditSettings(prose=False))
    finish = FinishReport("done", "I created a.py.", files=(("b.py", None),))
    report = _audit(_stage(tmp_path), "I created c.py.", finish, settings=quiet)
    assert [finding.text for finding in report.findings] == ["claimed b.py: not found"]


def test_a_refused_repetition_leaves_the_claim_unproven(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.play([Ran("pytest", 0, "1 passed"), Wrote("a.py")])
    prover = ScriptedProver({"pytest": [CheckOutcome("pytest", None, refused="plan mode")]})
    report = _audit(stage, "All tests pass.", prover=prover)
    (finding,) = report.findings
    assert (finding.verdict, finding.kind) == (Verdict.UNPROVEN, FindingKind.STALE_RUN)
    assert finding.text == (
        "claimed the tests pass: files changed after `pytest` ran; "
        "running it again was refused: plan mode"
    )


def test_a_repetition_that_is_as_red_as_before_is_unproven(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.record(ev.CheckFinished(CheckOutcome("pytest", 1, ("old",)), "baseline"))
    stage.play([Ran("pytest", 0, "1 passed"), Wrote("a.py")])
    prover = ScriptedProver({"pytest": [CheckOutcome("pytest", 1, ("old",))]})
    report = _audit(stage, "All tests pass.", prover=prover)
    assert report.verdict is Verdict.UNPROVEN


def test_a_failure_as_before_the_work_is_not_held_against_the_report(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.record(ev.CheckFinished(CheckOutcome("pytest", 1, ("old",)), "baseline"))
    stage.play([Wrote("a.py"), Ran("pytest", 1, "1 failed")])
    assert _audit(stage, "All tests pass.").verdict is Verdict.UNPROVEN


def test_only_so_many_commands_are_run_again_and_none_twice(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    names = [f"tests/test_{number}.py" for number in range(REPEATS_MOST + 2)]
    stage.play([*(Ran(f"pytest {name}", 0, "1 passed") for name in names), Wrote("a.py")])
    prover = ScriptedProver()
    prose = "\n".join(f"- `pytest {name}` passes" for name in [*names, names[0]])
    report = _audit(stage, prose, prover=prover)
    assert len(prover.ran) == REPEATS_MOST == len(set(prover.ran))
    assert [finding.verdict for finding in report.findings] == [
        *[Verdict.PROVEN] * REPEATS_MOST,
        *[Verdict.UNPROVEN] * 2,
    ]


@pytest.mark.parametrize(
    "command", ["pytest -q && git push", "make test; ./deploy.sh", "npm test && npm publish"]
)
def test_a_command_that_does_more_than_check_is_never_repeated(
    tmp_path: Path, command: str
) -> None:
    stage = _stage(tmp_path)
    stage.play([Ran(command, 0, "ok"), Wrote("a.py")])
    prover = ScriptedProver()
    report = _audit(stage, "All tests pass.", prover=prover)
    assert prover.ran == []
    assert report.verdict is Verdict.UNPROVEN


def test_a_configured_check_can_prove_that_tests_pass(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.play([Worked({"a.py": "x\n"})])
    report = _audit(stage, "The tests pass.", settings=Settings(checks=("pytest -q",)))
    assert report == AuditReport(
        (
            Finding(
                Verdict.PROVEN,
                "claimed the tests pass: `pytest -q` passed",
                None,
                Claim(ClaimKind.COMMAND_PASSED, "tests", "prose", quote="The tests pass."),
                "e5 exit 0",
            ),
            Finding(Verdict.PROVEN, "check `pytest -q` passes", evidence="exit 0"),
        ),
        Verdict.PROVEN,
    )


def test_what_was_changed_and_not_named_is_a_note_and_no_verdict(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.play([Wrote("a.py"), Wrote("b.py"), Wrote("gen/c.py")])
    finish = FinishReport("done", "Wrote everything in `gen/`.", files=(("a.py", None),))
    report = _audit(stage, "", finish)
    assert report.verdict is Verdict.PROVEN
    assert report.findings[-1] == Finding(
        Verdict.NOTHING, "changed and not named in the report: b.py", FindingKind.UNDECLARED
    )


def test_touching_what_the_plan_says_not_to_touch_is_shown_and_not_contradicted(
    tmp_path: Path,
) -> None:
    plan = Plan("g", (), do_not_touch=("migrations/", "`*.lock`", "the public API"))
    stage = _stage(tmp_path, plan)
    stage.play([Wrote("migrations/1.sql"), Wrote("uv.lock"), Wrote("the.py")])
    report = _audit(stage, "Done.")
    assert [(finding.verdict, finding.text) for finding in report.findings] == [
        (
            Verdict.UNPROVEN,
            "the plan says not to touch migrations/, but this was changed: migrations/1.sql",
        ),
        (Verdict.UNPROVEN, "the plan says not to touch `*.lock`, but this was changed: uv.lock"),
    ]


def test_steps_that_were_done_show_their_evidence(tmp_path: Path) -> None:
    done = Step("1", "", done_when=Check(command="pytest"), status=StepStatus.DONE)
    plan = Plan(
        "g",
        (
            replace(done, evidence="`pytest` exits 0"),
            replace(done, id="2"),
            replace(done, id="3", done_when=Check(path="x", predicate="exists"), evidence="x"),
            replace(done, id="4", done_when=None, evidence="finish"),
            replace(done, id="5", status=StepStatus.PENDING),
        ),
    )
    stage = _stage(tmp_path, plan)
    assert _audit(stage, "Done.").findings == (), "nothing was done in this turn"
    stage.play([Ran("true")])
    assert [(finding.verdict, finding.text) for finding in _audit(stage, "Done.").findings] == [
        (Verdict.PROVEN, "step 1 done"),
        (Verdict.UNPROVEN, "step 2 is marked done, but `pytest` exits 0 was not shown"),
        (Verdict.UNPROVEN, "step 3 was done, but its check holds no more: x exists"),
    ]


def test_a_missing_file_names_where_its_like_was_written(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.play([Wrote("out/report.txt")])
    finish = FinishReport("done", "", files=(("build/report.txt", None),))
    (finding, _) = _audit(stage, "", finish).findings
    assert finding.text == (
        "claimed build/report.txt: not found; what was written is out/report.txt"
    )


def test_ignored_files_that_are_there_are_unproven(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", {".gitignore": "dist/\n"})
    write_files(root, {"dist/app.js": "x"})
    stage = _stage(root)
    stage.play([Ran("npm run build")])
    report = _audit(stage, "Created `dist/app.js` (1 byte) and removed `dist/app.js.map`.")
    assert [(finding.verdict, finding.text) for finding in report.findings] == [
        (
            Verdict.UNPROVEN,
            "claimed dist/app.js: it is there; changes of ignored files are not watched",
        ),
        (
            Verdict.UNPROVEN,
            "claimed dist/app.js.map deleted: it is not there, and the journal never saw it go",
        ),
    ]


def test_ignored_output_that_came_back_is_not_called_undeleted(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", {".gitignore": "build/\n"})
    write_files(root, {"build/out.js": "x"})
    stage = _stage(root)
    assert _audit(stage, "Deleted `build/`.").verdict is Verdict.CONTRADICTED
    stage.play([Ran("npm run build")])
    assert _audit(stage, "Deleted `build/`.").verdict is Verdict.UNPROVEN


def test_absolute_paths_home_and_the_current_folder_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "repo"
    write_files(root, {"pkg/a.py": "x", "b.py": "y"})
    write_files(tmp_path, {"home/notes.md": "z"})
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "link").symlink_to(root)
    snapshots = WorkspaceSnapshots(root, DirectRunner(), MemoryBlobs())
    disk = WorkspaceDisk(root, root / "pkg", snapshots)
    assert disk.locate("a.py") == "pkg/a.py"
    assert disk.locate("b.py") == "b.py"
    assert disk.locate("../b.py") == "b.py"
    assert disk.locate(f"{root}/pkg/../b.py") == "b.py"
    assert disk.locate(f"{tmp_path}/link/pkg/a.py") == "pkg/a.py"
    assert disk.locate("~/notes.md") == f"{tmp_path}/home/notes.md"
    assert (disk.size("b.py"), disk.size("pkg"), disk.size("no")) == (1, 0, 0)
    assert disk.sha256("no") == ""
    assert disk.find("a.py") == ("pkg/a.py",)


def test_what_is_said_twice_is_one_claim() -> None:
    finish = FinishReport(
        "done",
        "I wrote report.txt (1200 bytes). `pytest -q` passes.",
        files=(("./report.txt", None),),
        commands=("pytest -q", " "),
    )
    claims = collect_claims(finish, finish.summary)
    assert claims.items == (
        Claim(
            ClaimKind.FILE_WRITTEN,
            "report.txt",
            "finish",
            1200,
            "I wrote report.txt (1200 bytes).",
        ),
        Claim(ClaimKind.COMMAND_PASSED, "pytest -q", "finish", quote="`pytest -q` passes."),
    )


def test_a_report_of_any_length_is_read_to_a_limit() -> None:
    long = split_statements("word " * 1_000)
    assert [len(statement.text) for statement in long] == [STATEMENT_CHARACTERS_MOST]
    text = "Created a.py.\n" + "nothing here\n\n" * 9_000 + "Created b.py.\n"
    assert len(text) > TEXT_CHARACTERS_MOST
    assert [claim.subject for claim in read_claims(text)] == ["a.py", "b.py"]


_VOCABULARY = """I we you created wrote updated deleted ran tests pass passed all `a.py` b/c.ts
report.txt (1200 bytes) and then , . : — - * # | not if would was were been the in to from `pytest
-q` ✅ 12 /12 ``` \" > renamed moved 1.2 KB C:\\x\\y.cs ~/z.md"""
_WORDS = st.sampled_from([*_VOCABULARY.split(), "\n", "\n\n"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=60).map(" ".join)))
def test_any_text_is_read_without_an_error_and_claims_quote_it(text: str) -> None:
    for claim in read_claims(text):
        assert claim.source == "prose"
        assert claim.subject.strip() == claim.subject != ""
        assert claim.quote


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, max_size=40).map(" ".join))
def test_nothing_in_a_code_block_is_claimed(text: str) -> None:
    body = text.replace("```", "").replace("\n", " ")
    assert read_claims(f"```\n{body}\n```") == []
