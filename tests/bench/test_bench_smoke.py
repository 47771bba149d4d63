from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import bill, startup, steps
from bench.facts import FACTS, file_plants, task
from bench.figures import Figure, as_json, table
from bench.repository import SLICES_PER_FILE, build, slice_of

MET = Figure("bill", "bill / replay", 0.5, most=0.65)
MISSED = Figure("bill", "facts", 19, "of 20", least=20, note="one is lost")
TOLD = Figure("steps", "wall", 3.14159, "ms")


def test_a_table_says_which_targets_were_missed() -> None:
    lines = table([MET, MISSED, TOLD]).splitlines()

    assert [line.split() for line in lines] == [
        ["figure", "value", "target", "note"],
        ["bill", "bill", "/", "replay", "0.5x", "<=", "0.65", "ok"],
        ["facts", "19", "of", "20", ">=", "20", "MISSED", "one", "is", "lost"],
        ["steps", "wall", "3.14", "ms"],
    ]
    assert [entry["met"] for entry in as_json([MET, MISSED, TOLD])] == [True, False, None]
    assert json.loads(json.dumps(as_json([MET]))) == as_json([MET])


def test_every_slice_is_another_place_of_a_file_that_is_long_enough(tmp_path: Path) -> None:
    count = 5 * SLICES_PER_FILE
    build(tmp_path, steps=count, plants=file_plants(), files=30)

    places = [slice_of(step) for step in range(count)]

    assert len(set(places)) == count
    for place in places:
        lines = (tmp_path / place.path).read_text("utf-8").splitlines()
        assert 1 <= place.first < place.last <= len(lines)
    assert len(list(tmp_path.rglob("part_*.py"))) == 30


def test_each_planted_fact_stands_in_one_place_only(tmp_path: Path) -> None:
    build(tmp_path, steps=70, plants=file_plants())
    code = "\n".join(path.read_text("utf-8") for path in tmp_path.rglob("*.py"))

    values = [fact.value for fact in FACTS]

    assert len(FACTS) == len(set(values)) == 20
    assert [fact.place for fact in FACTS if fact.value in code] == ["file"] * 7
    assert [fact.place for fact in FACTS if fact.value in task()] == ["user"] * 7


def test_a_line_through_points_on_a_line_fits_exactly() -> None:
    assert bill.line_through([1, 2, 3, 4], [5, 7, 9, 11]) == (2, 1)
    slope, r_squared = bill.line_through([0, 1, 2, 3], [0, 1, 4, 9])
    assert (slope, round(r_squared, 3)) == (3, 0.918)


@pytest.mark.timeout(180)
def test_a_short_start_up_run_gives_every_figure(tmp_path: Path) -> None:
    figures = list(startup.measure(tmp_path, rounds=1))

    imports = [figure for figure in figures if "heavy libraries" in figure.name]
    assert [(figure.value, figure.note) for figure in imports] == [(0, "")] * len(imports)
    assert [figure.most for figure in figures if figure.unit == "x"] == [4, 1.3, 1.3]


@pytest.mark.timeout(180)
def test_a_short_step_run_gives_every_figure(tmp_path: Path) -> None:
    figures = list(steps.measure(tmp_path, steps=4, rounds=1, many_files=40))

    assert [figure.most for figure in figures if figure.unit == "x"] == [*(4, 1.5) * 4, 2]


@pytest.mark.timeout(180)
def test_a_short_bill_run_keeps_all_facts(tmp_path: Path) -> None:
    figures = list(bill.measure(tmp_path, lengths=(12,), long=0))

    facts = [figure for figure in figures if figure.name.startswith("planted facts")]
    assert [(figure.value, figure.met) for figure in facts] == [(20, True)]
