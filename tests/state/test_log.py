from __future__ import annotations

import typing
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burnless.core import events as ev
from burnless.core.errors import SessionProblem
from burnless.state.log_file import Repair, load_log, raw_lines, repair_log
from burnless.state.log_lines import decode_line, encode_line, split_line
from tests.state.samples import EVENTS

GOLDEN = Path(__file__).parent.parent / "golden_logs" / "v1" / "log.jsonl"
RECORDED = tuple(
    ev.Recorded(number, 1_763_827_200.0 + number / 8, event)
    for number, event in enumerate(EVENTS, start=1)
)
LOG = b"".join(encode_line(recorded) for recorded in RECORDED)


def log_of(folder: Path, data: bytes) -> Path:
    path = folder / "session-x" / "log.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def line(seq: int, kind: str, data: str) -> bytes:
    raw = data.encode()
    head = f'{{"seq":{seq},"type":"{kind}","at":1.5,"len":{len(raw)},'
    return f'{head}"crc":"{zlib.crc32(raw):08x}","data":{data}}}\n'.encode()


def test_the_samples_hold_every_event_type() -> None:
    assert {type(event) for event in EVENTS} == set(typing.get_args(ev.Event))


def test_a_line_is_readable_json_with_length_and_checksum() -> None:
    assert encode_line(ev.Recorded(12, 1763827200.125, ev.NoteTaken("fact", "a\nb"))) == (
        b'{"seq":12,"type":"NoteTaken","at":1763827200.125,"len":29,"crc":"985c3974",'
        b'"data":{"kind":"fact","text":"a\\nb"}}\n'
    )


def test_every_event_comes_back_as_it_went_in(tmp_path: Path) -> None:
    loaded = load_log(log_of(tmp_path, LOG))
    assert (loaded.events, loaded.size, loaded.dropped_tail_bytes) == (RECORDED, len(LOG), 0)


def test_the_log_of_version_1_still_loads(tmp_path: Path) -> None:
    assert load_log(log_of(tmp_path, GOLDEN.read_bytes())).events == RECORDED


def test_events_are_still_written_as_version_1_wrote_them() -> None:
    assert LOG.splitlines() == GOLDEN.read_bytes().splitlines()


@settings(max_examples=300)
@given(text=st.text(), at=st.floats(0, 1e11), seq=st.integers(1, 10**9))
def test_any_text_comes_back_but_for_lone_surrogates(text: str, at: float, seq: int) -> None:
    recorded = ev.Recorded(seq, at, ev.NoticeGiven(text, "x"))
    encoded = encode_line(recorded)
    assert (encoded.count(b"\n"), encoded[-1:]) == (1, b"\n")
    assert decode_line(split_line(encoded)) == recorded


def test_every_prefix_of_a_log_loads(tmp_path: Path) -> None:
    ends = [0]
    for recorded in RECORDED[:6]:
        ends.append(ends[-1] + len(encode_line(recorded)))
    for length in range(ends[-1] + 1):
        whole = sum(end <= length for end in ends) - 1
        loaded = load_log(log_of(tmp_path, LOG[:length]))
        found = (loaded.events, loaded.size, loaded.dropped_tail_bytes)
        assert found == (RECORDED[:whole], ends[whole], length - ends[whole])


@settings(max_examples=100)
@given(length=st.integers(0, len(LOG)))
def test_a_prefix_of_any_length_holds_the_events_that_fit(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    loaded = load_log(log_of(tmp_path_factory.mktemp("log"), LOG[:length]))
    assert loaded.events == RECORDED[: LOG[:length].count(b"\n")]
    assert loaded.size + loaded.dropped_tail_bytes == length


@settings(max_examples=200)
@given(data=st.data())
def test_a_changed_byte_of_the_data_never_goes_unseen(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    start = LOG.index(b'"data":') + 7
    place = data.draw(st.integers(start, LOG.index(b"\n") - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != LOG[place]))
    changed = LOG[:place] + bytes([byte]) + LOG[place + 1 :]
    with pytest.raises(SessionProblem):
        load_log(log_of(tmp_path_factory.mktemp("log"), changed))


def test_a_bad_line_inside_is_named_and_never_skipped(tmp_path: Path) -> None:
    lines = LOG.splitlines(keepends=True)
    lines[4] = lines[4].replace(b"start", b"stort")
    with pytest.raises(SessionProblem) as raised:
        load_log(log_of(tmp_path, b"".join(lines)))
    assert (str(raised.value), raised.value.hint) == (
        "line 5 of session session-x is damaged: its checksum does not match",
        "`agent sessions repair session-x` keeps what stands before it, and a backup",
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"\n", "it does not have the shape of a log line"),
        (b"\0\0\0\n", "it does not have the shape of a log line"),
        (line(7, "PlanningStarted", '{"reason":"x"}'), "it says it is event 7"),
        (
            line(2, "PlanningStarted", '{"reason":"x"}').replace(b'"x"', b'"xy"'),
            "it holds 15 bytes of data instead of 14",
        ),
        (
            line(2, "PlanningStarted", '{"reason":"x"}').replace(b"1.5", b"1.5.5"),
            "its time is not a number: 1.5.5",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tmp_path: Path, bad: bytes, reason: str) -> None:
    first = encode_line(RECORDED[0])
    with pytest.raises(SessionProblem) as raised:
        load_log(log_of(tmp_path, first + bad + first))
    assert str(raised.value) == f"line 2 of session session-x is damaged: {reason}"


@pytest.mark.parametrize(
    ("foreign", "reason"),
    [
        (
            line(1, "MoonPhased", "{}"),
            "it is a MoonPhased event, which Burnless does not know here",
        ),
        (
            line(1, "NoteTaken", '{"kind":"fact","text":"a","mood":"b"}'),
            (
                "its NoteTaken event cannot be read: not a NoteTaken:"
                " unknown fields ['mood'] for NoteTaken"
            ),
        ),
        (
            line(1, "SessionStarted", '{"session_id":"a","odd":1,"log_version":2}'),
            "the log has version 2; this Burnless reads version 1",
        ),
    ],
)
def test_a_log_of_a_newer_burnless_asks_for_an_upgrade(
    tmp_path: Path, foreign: bytes, reason: str
) -> None:
    path = log_of(tmp_path, foreign)
    for act in (load_log, repair_log):
        with pytest.raises(SessionProblem) as raised:
            act(path)
        assert (str(raised.value), raised.value.hint) == (
            f"line 1 of session session-x was written by another Burnless: {reason}",
            "upgrade Burnless to the version that wrote it; nothing was changed",
        )
    assert path.read_bytes() == foreign


def test_a_missing_log_points_to_the_list(tmp_path: Path) -> None:
    with pytest.raises(SessionProblem, match="session gone has no log that can be read"):
        load_log(tmp_path / "gone" / "log.jsonl")


def test_repair_cuts_at_the_damage_and_keeps_a_backup(tmp_path: Path) -> None:
    lines = LOG.splitlines(keepends=True)
    damaged = b"".join([*lines[:3], b"garbage\n", *lines[4:6], b"torn"])
    path = log_of(tmp_path, damaged)
    first = path.with_name("log.jsonl.damaged-1")
    assert repair_log(path) == Repair(kept=3, cut_lines=4, backup=first)
    assert (first.read_bytes(), load_log(path).events) == (damaged, RECORDED[:3])
    path.write_bytes(damaged)
    assert repair_log(path).backup == path.with_name("log.jsonl.damaged-2")


def test_repair_leaves_a_whole_log_alone(tmp_path: Path) -> None:
    path = log_of(tmp_path, LOG)
    assert repair_log(path) == Repair(kept=len(RECORDED), cut_lines=0, backup=None)
    assert [entry.name for entry in path.parent.iterdir()] == ["log.jsonl"]


def test_raw_lines_go_on_from_an_offset(tmp_path: Path) -> None:
    path = log_of(tmp_path, LOG + b"torn")
    ends = load_log(path).ends
    rest = [(raw.seq, raw.type, end) for raw, end in raw_lines(path, offset=ends[1], first=3)]
    assert rest == [
        (recorded.seq, type(recorded.event).__name__, end)
        for recorded, end in zip(RECORDED[2:], ends[2:], strict=True)
    ]


def test_the_format_page_names_every_event_and_shows_a_real_line() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "session-format.md").read_text("utf-8")
    named = {
        line.split("`")[1] for line in page.partition("## Events")[2].splitlines() if "| `" in line
    }
    assert named == {kind.__name__ for kind in typing.get_args(ev.Event)}
    note = ev.Recorded(12, 1763827200.125, ev.NoteTaken("fact", "a\nb"))
    assert encode_line(note).decode() in page
