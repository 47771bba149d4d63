import pytest

from burnless.core.evidence import AuditReport, Finding, Verdict, verdict_of
from burnless.policy.verdicts import report_for_model, summary_line

NOTHING, PROVEN, UNPROVEN, CONTRADICTED = Verdict


def report(*verdicts: Verdict) -> AuditReport:
    findings = tuple(Finding(verdict, f"finding {n}") for n, verdict in enumerate(verdicts))
    return AuditReport(findings, verdict_of(findings))


def test_the_model_is_told_what_is_contradicted_by_what_and_to_do_the_work_first() -> None:
    findings = (
        Finding(PROVEN, "a.py was changed"),
        Finding(CONTRADICTED, "report.txt is not there", evidence="e12"),
        Finding(CONTRADICTED, "pytest was not run"),
    )
    assert report_for_model(AuditReport(findings, CONTRADICTED)) == (
        "Your report does not hold against the disk and the log of what ran:\n"
        "- report.txt is not there [e12]\n"
        "- pytest was not run\n"
        "Do what was asked and is missing, mend what fails, correct what is wrong; "
        "then call finish again."
    )


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ((), "nothing claimed"),
        ((PROVEN,), "proven: 1 claim"),
        ((PROVEN, PROVEN), "proven: 2 claims"),
        ((PROVEN, UNPROVEN), "unproven: 1 of 2, the rest proven"),
        ((PROVEN, CONTRADICTED), "contradicted: 1 of 2"),
        ((UNPROVEN, CONTRADICTED, CONTRADICTED), "contradicted: 2 of 3, 1 unproven"),
    ],
)
def test_a_report_is_one_line_for_people(verdicts: tuple[Verdict, ...], line: str) -> None:
    assert summary_line(report(*verdicts)) == line


def test_a_note_is_not_counted_as_a_claim() -> None:
    note = Finding(Verdict.NOTHING, "also changed: b.txt")
    proven = Finding(Verdict.PROVEN, "claimed a.txt: changed")
    assert summary_line(AuditReport((note, proven), Verdict.PROVEN)) == "proven: 1 claim"


def test_what_is_only_unproven_is_told_beside_what_is_contradicted() -> None:
    lie = Finding(Verdict.CONTRADICTED, "claimed report.txt: not found")
    open_claim = Finding(Verdict.UNPROVEN, "claimed the tests ran: no such run in the log")
    told = report_for_model(AuditReport((lie, open_claim), Verdict.CONTRADICTED))
    assert told.index("not found") < told.index("Not shown either:") < told.index("no such run")
