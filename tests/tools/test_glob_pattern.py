from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.tools.glob_pattern import name_filter


@pytest.mark.parametrize(
    ("pattern", "base", "path", "matches"),
    [
        ("*.py", "", "a/b.py", True),
        ("*.py", "", "a/b.pyc", False),
        ("src/*.py", "", "src/a.py", True),
        ("src/*.py", "", "src/lib/a.py", False),
        ("src/**/*.py", "", "src/a.py", True),
        ("src/**/*.py", "", "src/lib/deep/a.py", True),
        ("**/a.py", "", "a.py", True),
        ("src/", "", "src/lib/a.py", True),
        ("src/**", "", "src/lib/a.py", True),
        ("./src/*.py", "", "src/a.py", True),
        ("lib/*.py", "src", "src/lib/a.py", True),
        ("lib/*.py", "src", "other/lib/a.py", False),
        ("*.{ts,tsx}", "", "a.tsx", True),
        ("a?.[ch]", "", "x/ab.c", True),
        ("a.[!ch]", "", "a.c", False),
        ("test_[", "", "test_[", True),
        ("{a", "", "{a", True),
        ("", "", "anything", True),
    ],
)
def test_globs_mean_what_they_mean_elsewhere(
    pattern: str, base: str, path: str, *, matches: bool
) -> None:
    assert name_filter(pattern, base)(path) is matches


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_pattern_raises(pattern: str, path: str) -> None:
    assert name_filter(pattern)(path) in {True, False}
