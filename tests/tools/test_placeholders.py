from __future__ import annotations

import pytest

from burnless.tools.placeholders import find_placeholder, refusal


@pytest.mark.parametrize(
    "line",
    [
        "... rest of the code unchanged ...",
        "# ... rest of the file unchanged ...",
        "    // ... existing code ...",
        "// ...existing code...",
        "/* ... remaining methods ... */",
        "<!-- rest of the content stays the same -->",
        "# rest of the function remains unchanged",
        "# The remaining code stays the same.",
        "// (rest of implementation omitted for brevity)",
        "{/* ... other imports ... */}",
        "[rest of the file unchanged]",
        "# … unchanged …",
        "// existing code here",
        "-- ... previous definitions ...",
        "...rest of the class...",
        "    ...  # rest of the implementation",
        "# ... keep existing imports ...",
        "# existing imports unchanged",
        "// Rest of code...",
    ],
)
def test_a_line_that_stands_for_missing_text_is_found(line: str) -> None:
    assert find_placeholder(f"def f():\n{line}\nx = 1\n") == line.strip()


@pytest.mark.parametrize(
    "line",
    [
        "    ...",
        "    ...rest,",
        "  ...other",
        "function f(a, ...rest) {",
        "const { id, ...rest } = props;",
        "# The rest is history",
        "# existing file",
        "# same as above",
        "# same as before",
        "The rest of the code is unchanged by this release.",
        "- The existing code stays as it is.",
        "rest = items[1:]",
        "# remaining budget in dollars",
        'print("... rest of the file unchanged ...")',
        "# see the original implementation in parser.py",
        "    raise ValueError('unchanged')",
        "x = [...]  # other",
    ],
)
def test_real_text_is_let_through(line: str) -> None:
    assert find_placeholder(f"def f():\n{line}\nx = 1\n") == ""


def test_a_line_the_file_has_already_is_real_text() -> None:
    line = "# ... rest of the code unchanged ..."
    assert find_placeholder(line, known=f"a\n{line}\n") == ""


def test_the_refusal_quotes_the_line_and_says_what_to_do() -> None:
    text = refusal("# ... rest ...")
    assert "'# ... rest ...'" in text
    assert "write every line out" in text
    assert "use edit" in text
