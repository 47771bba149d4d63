"""Rounding of cents."""

from __future__ import annotations


def percent_of(cents: int, percent: int) -> int:
    """`percent` of `cents`, half a cent rounded up."""
    return (cents * percent + 50) // 100
