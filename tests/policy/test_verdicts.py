import pytest

from burnless.core.evidence import AuditReport, Finding, Verdict, verdict_of
from burnless.policy.verdicts import report_for_model, summary_line

NOTHING, PROVEN, UNPROVEN, CONTRADICTED = Verdict


def report(*verdicts: Verdict) -> AuditReport:
    findings = tuple(Finding(verdict, f"finding {n}") for n, verdict in enumerate(verdicts))
    return AuditReport(findings, verdict_of(findings))


def test_the_model_is_told_only_what_is_contradicted_with_its_evidence() -> None:
    findings = (
        Finding(PROVEN, "a.py was changed"),
        Finding(CONTRADICTED, "report.txt is not there", evidence="e12"),
        Finding(CONTRADICTED, "pytest was not run"),
    )
    assert report_for_model(AuditReport(findings, CONTRADICTED)) == (
        "Your report does not hold against the disk and the log of what ran:\n"
        "- report.txt is not there [e12]\n"
        "- pytest was not run\n"
        "Do what is missing, or take the claim back; then call finish again with what is true."
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
