from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.tools.edit_text import Applied, Edit, Problem, Refused, apply_edits


def test_an_exact_and_unique_place_is_replaced() -> None:
    assert apply_edits("a\nb\nc\n", [Edit("b\n", "x\ny\n")]) == Applied("a\nx\ny\nc\n", (), 1)


def test_each_edit_sees_what_the_ones_before_it_made() -> None:
    edits = [Edit("one", "two"), Edit("two", "three")]
    assert apply_edits("one\n", edits) == Applied("three\n", (), 2)


def test_all_replaces_every_place() -> None:
    assert apply_edits("x x\nx", [Edit("x", "yy", all=True)]) == Applied("yy yy\nyy", (), 3)


def test_crlf_outside_and_inside_an_edit_stays_crlf() -> None:
    text = "a\r\nb\r\nc\nd\r\n"
    assert apply_edits(text, [Edit("a\nb\n", "x\ny\nz\n")]) == Applied(
        "x\r\ny\r\nz\r\nc\nd\r\n", (), 1
    )
    assert apply_edits(text, [Edit("c\nd", "C\nD")]) == Applied("a\r\nb\r\nC\r\nD\r\n", (), 1)
    assert apply_edits(text, [Edit("b\r\nc", "q")]) == Applied("a\r\nq\nd\r\n", (), 1)


@pytest.mark.parametrize("listing", ["2\tb\n3\tc", "  2→b\n  3→c", "2 | b\n3 | c", "2: b\n3: c\n"])
def test_line_numbers_of_a_listing_are_taken_off_and_that_is_said(listing: str) -> None:
    end = "\n" if listing.endswith("\n") else ""
    note = "edit 1: line numbers were taken off old (write it without them)"
    assert apply_edits("a\nb\nc\nd\n", [Edit(listing, f"2\tX{end}")]) == Applied(
        "a\nX\nd\n", (note,), 1
    )


_TAKEN_OFF = ("edit 1: line numbers were taken off old (write it without them)",)


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        ("2\tb\n3\tc", "2\tb\nfresh\n3\tc", "a\nb\nfresh\nc\nd\n"),
        ("2\tb", "2\tb\n3\tfresh\n4\tmore", "a\nb\nfresh\nmore\nc\nd\n"),
        ("2\tb\n", "2\tB\n\n\n", "a\nB\n\n\nc\nd\n"),
        ("2 | b", "fresh\n2 | b", "a\nfresh\nb\nc\nd\n"),
    ],
)
def test_numbered_lines_among_fresh_ones_lose_their_numbers(old: str, new: str, after: str) -> None:
    assert apply_edits("a\nb\nc\nd\n", [Edit(old, new)]) == Applied(after, _TAKEN_OFF, 1)


@pytest.mark.parametrize(
    ("old", "new", "numbers"),
    [
        ("2\tb", "2\tb\n77\tfresh", (77,)),
        ("b\n", "b\n3\tc\n4\tfresh\n", (3, 4)),
        (" b\n", "b\n3\tc\n", (3,)),
    ],
)
def test_numbers_that_would_get_into_the_file_are_refused(
    old: str, new: str, numbers: tuple[int, ...]
) -> None:
    text = "a\nb\nc\nd\n"
    assert apply_edits(text, [Edit(old, new)]) == Refused(0, Problem.NUMBERED, numbers, text=text)


def test_a_table_of_numbers_is_edited_as_it_is() -> None:
    text = "1\t10\n2\t20\n"
    edit = Edit("2\t20\n", "2\t20\n3\t30\n")
    assert apply_edits(text, [edit]) == Applied("1\t10\n2\t20\n3\t30\n", (), 1)


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("import os\n", Edit("import os\n", "import os\nimport sys, json\n")),
        ("run(a)\n", Edit("run(a)", "checked(run(a))")),
        ("if x:\n    go()\n", Edit("go()\n", "prepare_all()\n    go()\n")),
        ("  run( a )\n", Edit("run(  a )\n", "run( a )\ncheck_it()\n")),
        ("f(calc)\ncalc\n", Edit("calc", "calc_it", all=True)),
    ],
)
def test_an_edit_made_a_second_time_adds_nothing(text: str, edit: Edit) -> None:
    once = apply_edits(text, [edit])
    assert isinstance(once, Applied)
    twice = apply_edits(once.text, [edit])
    assert isinstance(twice, Refused)
    assert (twice.problem, twice.text) == (Problem.ALREADY_AROUND, once.text)


def test_what_closes_may_be_added_where_it_stands_already() -> None:
    assert apply_edits("if a {\n b();\n}\n", [Edit("b();\n", "b();\n}\n")]) == Applied(
        "if a {\n b();\n}\n}\n", (), 1
    )


def test_all_leaves_the_places_that_are_as_it_would_make_them() -> None:
    note = "edit 1: new stood around old already (line 2): that was left as it is"
    assert apply_edits("calc\ncalc_it\n", [Edit("calc", "calc_it", all=True)]) == Applied(
        "calc_it\ncalc_it\n", (note,), 1
    )


def test_numbers_that_do_not_count_up_are_text() -> None:
    outcome = apply_edits("b\nc\n", [Edit("2\tb\n7\tc", "x")])
    assert outcome == Refused(0, Problem.NOT_FOUND, text="b\nc\n")


@pytest.mark.parametrize(
    ("text", "edit", "after", "line"),
    [
        (
            "def f():\n\treturn  1\n",
            Edit("    return 1", "    return 2"),
            "def f():\n\treturn 2\n",
            2,
        ),
        (
            "class A:\n    def f(self):\n        x = 1\n",
            Edit("def f(self):\n    x = 1", "def f(self):\n    if y:\n        x = 2"),
            "class A:\n    def f(self):\n        if y:\n            x = 2\n",
            2,
        ),
        (
            "if a:\n\tif b:\n\t\tc\n",
            Edit("    if b:\n        c", "    if b:\n        if d:\n            c"),
            "if a:\n\tif b:\n\t\tif d:\n\t\t\tc\n",
            2,
        ),
        ("    a(1)\n    b(2)\n", Edit("  a(1)\n  b(2)", "  a(1)\nc()"), "    a(1)\n  c()\n", 1),
        ("a =  1\n\nb = 2\n", Edit("a = 1\n\nb = 2", "a = 3\n\nb = 4"), "a = 3\n\nb = 4\n", 1),
        ("x  = 1\r\ny = 2\r\n", Edit("x = 1\ny = 2", "x = 5\ny = 6"), "x = 5\r\ny = 6\r\n", 1),
    ],
)
def test_lines_that_differ_in_blanks_only_are_found_and_reindented(
    text: str, edit: Edit, after: str, line: int
) -> None:
    note = (
        "edit 1: old differed from the file in blanks only; the file's indentation was used "
        f"(line {line})"
    )
    assert apply_edits(text, [edit]) == Applied(after, (note,), 1)


def test_an_indentation_that_cannot_be_told_is_not_guessed() -> None:
    text = "if a:\n    b\n"
    outcome = apply_edits(text, [Edit("if  a:\nb", "if a:\nc")])
    assert outcome == Refused(0, Problem.NOT_FOUND, text=text)


@pytest.mark.parametrize(
    ("text", "edit", "refused"),
    [
        ("a\n", Edit("", "x"), Refused(0, Problem.EMPTY, text="a\n")),
        ("a\n", Edit("\n", "x"), Refused(0, Problem.EMPTY, text="a\n")),
        ("a\n", Edit("a", "a"), Refused(0, Problem.NO_CHANGE, text="a\n")),
        ("a\n", Edit("1\ta", "1\ta "), None),
        ("a\n", Edit("1\ta", "a"), Refused(0, Problem.NO_CHANGE, text="a\n")),
        ("a\nb\na\n", Edit("a", "x"), Refused(0, Problem.NOT_UNIQUE, (1, 3), text="a\nb\na\n")),
        (
            "  a b\nx\na  b\n",
            Edit("a   b", "x"),
            Refused(0, Problem.NOT_UNIQUE, (1, 3), blanks=True, text="  a b\nx\na  b\n"),
        ),
        ("a\n", Edit("zz", "y"), Refused(0, Problem.NOT_FOUND, text="a\n")),
        ("a\nnew\n", Edit("zz", "new"), Refused(0, Problem.NOT_FOUND, text="a\nnew\n")),
        (
            "a\nnew = 1 + 1\n",
            Edit("zz", "new = 1 + 1"),
            Refused(0, Problem.ALREADY_THERE, (2,), text="a\nnew = 1 + 1\n"),
        ),
    ],
)
def test_what_is_not_certain_is_refused(text: str, edit: Edit, refused: Refused | None) -> None:
    outcome = apply_edits(text, [edit])
    assert outcome == refused if refused else isinstance(outcome, Applied)


def test_a_later_refusal_names_its_edit_and_shows_the_text_it_met() -> None:
    edits = [Edit("a", "b"), Edit("a", "c")]
    assert apply_edits("a\n", edits) == Refused(1, Problem.NOT_FOUND, text="b\n")


TEXTS = st.text(st.sampled_from(list("ab \t\n\r\u00e4")), max_size=40)
PIECES = st.text(st.sampled_from(list("abc \n\t")), min_size=1, max_size=6)


@given(TEXTS, st.text("xy\n", max_size=8), TEXTS, PIECES)
def test_untouched_characters_stay(before: str, new: str, after: str, old: str) -> None:
    marked = f"<<{old}>>"
    text = f"{before}{marked}{after}"
    outcome = apply_edits(text, [Edit(marked, f"[{new}]")])
    assert isinstance(outcome, Applied)
    assert outcome.text.startswith(before + "[")
    assert outcome.text.endswith("]" + after)


@given(TEXTS, TEXTS, PIECES, PIECES)
def test_an_edit_and_its_reverse_give_the_text_back(
    before: str, after: str, old: str, new: str
) -> None:
    # Of one newline style: in mixed text a new line takes the style of most lines.
    text = f"{before}<{old}>{after}".replace("\r", "")
    there = apply_edits(text, [Edit(f"<{old}>", f"[{new}]")])
    assert isinstance(there, Applied)
    back = apply_edits(there.text, [Edit(f"[{new}]", f"<{old}>")])
    assert back == Applied(text, (), 1)


@given(TEXTS, st.lists(st.builds(Edit, PIECES, PIECES, st.booleans()), max_size=4))
def test_edits_apply_all_or_not_at_all(text: str, edits: list[Edit]) -> None:
    outcome = apply_edits(text, [*edits, Edit("not in any text", "x")])
    assert isinstance(outcome, Refused)
    alone = apply_edits(text, edits)
    if isinstance(alone, Refused):
        assert outcome == alone
    else:
        assert outcome == Refused(len(edits), Problem.NOT_FOUND, text=alone.text)


@given(st.lists(TEXTS, min_size=2, max_size=5), PIECES, st.text("xy\n", max_size=5))
def test_all_replaces_each_place_and_counts_them(pieces: list[str], old: str, new: str) -> None:
    plain = [piece.replace("\r", "") for piece in pieces]
    text = f"<{old}>".join(plain)
    assert apply_edits(text, [Edit(f"<{old}>", f"[{new}]", all=True)]) == Applied(
        f"[{new}]".join(plain), (), len(plain) - 1
    )
