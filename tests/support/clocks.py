"""A clock that tests set."""

from __future__ import annotations


class SetClock:
    """Satisfies `Clock`; stands still until it is moved."""

    def __init__(self, seconds: float = 1_763_827_200.0) -> None:
        self.seconds = seconds

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds
