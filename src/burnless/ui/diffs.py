"""Unified diffs as coloured lines, folded where they are long."""

from __future__ import annotations

from burnless.ui.lines import Line, Style, line, safe, styled

FOLD_AT = 40
"""Lines of a diff that are shown before the rest is folded."""


def is_diff(text: str) -> bool:
    lines = text.splitlines()
    return any(each.startswith("@@") for each in lines)


def diff_lines(text: str, fold_at: int = FOLD_AT) -> list[Line]:
    """`fold_at` 0 = all of it. A fold says how much it hides and how to see it."""
    raw = safe(text).rstrip("\n").split("\n")
    shown = raw if not fold_at or len(raw) <= fold_at + 1 else raw[:fold_at]
    lines = [styled(_style_of(each), f"  {each}") for each in shown]
    if len(shown) < len(raw):
        hidden = len(raw) - len(shown)
        lines.append(line(f"  … {hidden} more lines (/diff shows all)"))
    return lines


def _style_of(raw: str) -> Style:
    if raw.startswith(("+++", "---")):
        return Style.STRONG
    if raw.startswith("@@"):
        return Style.HUNK
    if raw.startswith("+"):
        return Style.ADDED
    return Style.REMOVED if raw.startswith("-") else Style.DIM
