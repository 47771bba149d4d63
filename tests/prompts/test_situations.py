from __future__ import annotations

from pathlib import Path

import pytest

from tests.prompts.playing import Situation
from tests.prompts.render import play
from tests.prompts.situations import SITUATIONS
from tests.support.play import WIRES

ROWS = [
    pytest.param(situation, list(WIRES)[number % len(WIRES)], id=situation.name)
    for number, situation in enumerate(SITUATIONS)
]


@pytest.mark.parametrize(("situation", "wire"), ROWS)
def test_a_request_says_all_that_its_reader_needs(
    situation: Situation, wire: str, tmp_path: Path
) -> None:
    shown = play(situation, tmp_path, wire)
    assert [phrase for phrase in situation.needed if phrase not in shown] == [], shown[-4000:]


def test_there_are_enough_situations_and_each_has_its_own_name() -> None:
    names = {situation.name for situation in SITUATIONS}
    assert len(names) == len(SITUATIONS) >= 34
