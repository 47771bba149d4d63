"""An audit report in words: for the executor, who must act on it, and in one line for people."""

from __future__ import annotations

from collections import Counter

from burnless.core.evidence import AuditReport, Finding, Verdict


def report_for_model(report: AuditReport) -> str:
    """What is contradicted, each with its evidence, what is unproven, and what to do about it."""
    lines = ["Your report does not hold against the disk and the log of what ran:"]
    lines += [_line(finding) for finding in report.contradicted]
    unproven = [f for f in report.findings if f.verdict is Verdict.UNPROVEN]
    if unproven:
        lines += ["Not shown either:", *(_line(finding) for finding in unproven)]
    lines.append(
        "Do what was asked and is missing, mend what fails, correct what is wrong; "
        "then call finish again."
    )
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    evidence = f" [{finding.evidence}]" if finding.evidence else ""
    return f"- {finding.text}{evidence}"


def summary_line(report: AuditReport) -> str:
    """One line: "proven: 3 claims", "contradicted: 2 of 5 claims, 1 unproven"."""
    counts = Counter(finding.verdict for finding in report.findings)
    total = sum(counts.values()) - counts[Verdict.NOTHING]
    match report.verdict:
        case Verdict.NOTHING:
            return "nothing claimed"
        case Verdict.PROVEN:
            return f"proven: {total} {'claim' if total == 1 else 'claims'}"
        case Verdict.UNPROVEN:
            return f"unproven: {counts[Verdict.UNPROVEN]} of {total}, the rest proven"
        case Verdict.CONTRADICTED:
            unproven = counts[Verdict.UNPROVEN]
            rest = f", {unproven} unproven" if unproven else ""
            return f"contradicted: {counts[Verdict.CONTRADICTED]} of {total}{rest}"
