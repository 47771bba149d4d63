from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from burnless.tools.diffs import capped, counts, unified_diff


def test_equal_texts_have_no_diff_whatever_their_newlines() -> None:
    assert unified_diff("a", "x\ny\n", "x\r\ny\r\n") == ""


def test_changes_far_apart_are_two_hunks() -> None:
    before = "".join(f"{n}\n" for n in range(30))
    after = before.replace("3\n", "three\n", 1).replace("27\n", "")
    assert unified_diff("a", before, after) == (
        "--- a\n+++ a\n@@ -2,5 +2,5 @@\n 1\n 2\n-3\n+three\n 4\n 5\n"
        "@@ -26,5 +26,4 @@\n 25\n 26\n-27\n 28\n 29"
    )


def test_a_huge_change_is_one_block() -> None:
    before = "".join(f"{n}\n" for n in range(3_000))
    diff = unified_diff("a", before, before.replace("\n", "!\n"))
    assert counts(diff) == "+3000 -3000"
    assert diff.count("@@ -") == 1


def test_a_capped_diff_says_how_much_is_missing() -> None:
    diff = unified_diff("a", "", "1\n2\n3\n4\n")
    assert capped(diff, 5, 1_000) == (
        "--- /dev/null\n+++ a\n@@ -0,0 +1,4 @@\n+1\n+2\n[2 more lines of the diff]"
    )
    assert capped(diff, 7, 1_000) == diff


ROWS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12)


@given(ROWS, ROWS)
def test_a_diff_applied_gives_the_other_text(before: list[str], after: list[str]) -> None:
    old, new = "".join(f"{row}\n" for row in before), "".join(f"{row}\n" for row in after)
    diff = unified_diff("f", old, new)
    assert bool(diff) == (before != after)
    if diff and old and new:
        assert applied(old, diff) == new


def applied(old: str, diff: str) -> str:
    """What a unified diff makes of a text, read as its format is defined."""
    rows, result, at = old.split("\n")[:-1], list[str](), 0
    for line in diff.split("\n")[2:]:
        if line.startswith("@@"):
            start, length = line.split()[1][1:].split(",")
            first = int(start) - (1 if int(length) else 0)
            result += rows[at:first]
            at = first
        elif line.startswith("+"):
            result.append(line[1:])
        else:
            assert rows[at] == line[1:]
            if line.startswith(" "):
                result.append(rows[at])
            at += 1
    return "".join(f"{row}\n" for row in [*result, *rows[at:]])
