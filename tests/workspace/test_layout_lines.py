from __future__ import annotations

from burnless.workspace.layout import NAMES_MOST, render_layout


def test_a_small_tree_is_shown_with_every_name() -> None:
    files = ["README.md", *(f"shop/part_{n:02}.py" for n in range(20)), "shop/sub/deep/x.py"]
    assert render_layout(sorted(files)) == (
        f"shop/ (21 files): {', '.join(f'part_{n:02}.py' for n in range(20))}\n"
        "  sub/ (1 file): deep/x.py\n"
        "README.md"
    )


def test_in_a_large_tree_small_folders_have_names_and_large_ones_are_counted() -> None:
    files = [f"big/f{n}.py" for n in range(90)] + ["small/a.py", "small/b.py"]
    assert render_layout(sorted(files)) == "big/ (90 files)\nsmall/ (2 files): a.py, b.py"


def test_names_take_no_more_than_their_room() -> None:
    files = [f"d{n:02}/{name}.py" for n in range(30) for name in "abcdef"]
    shown = render_layout(files)
    assert shown.count(".py") == NAMES_MOST - NAMES_MOST % 6
    assert shown.count("(6 files)") == 30
