from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from burnless.core.collector import collector_paused


@pytest.fixture(autouse=True)
def collector_as_it_was() -> Iterator[None]:
    was = gc.isenabled()
    yield
    gc.unfreeze()
    (gc.enable if was else gc.disable)()


def test_the_collector_rests_during_a_pause_and_runs_after_it() -> None:
    gc.enable()

    with collector_paused():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_of_two_pauses_that_overlap_the_later_end_counts() -> None:
    gc.enable()
    first, second = collector_paused(), collector_paused()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()

    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_host_that_runs_without_the_collector_stays_without() -> None:
    gc.disable()

    with collector_paused():
        pass

    assert not gc.isenabled()


def test_only_when_asked_for_is_what_exists_kept_for_good() -> None:
    with collector_paused():
        pass
    assert gc.get_freeze_count() == 0

    with collector_paused(keep_for_good=True):
        pass
    assert gc.get_freeze_count() > 0


def test_a_pause_that_fails_ends_too() -> None:
    gc.enable()

    with pytest.raises(RuntimeError), collector_paused():
        raise RuntimeError

    assert gc.isenabled()
