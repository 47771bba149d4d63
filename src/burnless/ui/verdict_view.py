"""An audit for people: the verdict first, then what it rests on."""

from __future__ import annotations

from burnless.core.evidence import AuditReport, Finding, Verdict
from burnless.ui.lines import Line, Span, Style, line

_WORDS = {
    Verdict.NOTHING: ("nothing claimed", Style.DIM),
    Verdict.PROVEN: ("proven", Style.GOOD),
    Verdict.UNPROVEN: ("unproven", Style.WARNING),
    Verdict.CONTRADICTED: ("contradicted", Style.BAD),
}

MOST_PROVEN = 5
"""Proven findings beyond these are counted, not listed: what is wrong must not scroll away."""


def verdict_lines(report: AuditReport) -> list[Line]:
    """Contradictions first; evidence stands behind each finding."""
    word, style = _WORDS[report.verdict]
    lines = [line(Span("Audit ", Style.STRONG), Span(word, style))]
    for verdict in (Verdict.CONTRADICTED, Verdict.UNPROVEN):
        lines += [_finding(each) for each in report.findings if each.verdict is verdict]
    proven = [each for each in report.findings if each.verdict is Verdict.PROVEN]
    lines += [_finding(each) for each in proven[:MOST_PROVEN]]
    if len(proven) > MOST_PROVEN:
        lines.append(line(Span(f"  … and {len(proven) - MOST_PROVEN} more proven", Style.DIM)))
    return lines


def _finding(finding: Finding) -> Line:
    word, style = _WORDS[finding.verdict]
    evidence = f"  ({finding.evidence})" if finding.evidence else ""
    return line(Span(f"  {word}: ", style), finding.text, Span(evidence, Style.DIM))
