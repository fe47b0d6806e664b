"""A recording gives back what was told: rows within half a step, every event at its time, in three readers."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from opentraction.quantities import BadInput
from opentraction.quantities.plain import plain
from opentraction.session import documents, edf_format, rows
from opentraction.session.log_chain import canonical, seal, verify
from opentraction.session.queued import QueuedRecorder
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF, NO_SYNC, REAL_TIME, Recorder
from opentraction.session.recovery import RecoveryReport, recover
from tests.readers import READERS
from tests.synthetic import legs, make_rows, start, story, tell

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


@pytest.fixture
def block():
    return make_rows(legs(cycles=1, hold=6.0, rest=3.0), noise=0.3)[:-70]


def record(folder, block, events=(), pace=NO_SYNC, size=200):
    tell(Recorder(folder, pace), story(block, events, size=size))
    return read_session(folder)


@pytest.mark.parametrize(("pace", "size"), [(NO_SYNC, 200), (REAL_TIME, 37), (NO_SYNC, 1000)])
def test_rows_come_back_within_half_a_step(tmp_path, block, pace, size):
    recording = record(tmp_path, block, pace=pace, size=size)
    assert recording.duration == len(block) / 200
    for channel in edf_format.channels(simulated=True):
        told = block[:, channel.column]
        np.testing.assert_allclose(recording.rows[channel.name], told, atol=0.5001 * channel.step / channel.per_si)


def test_forces_are_kept_finer_than_a_twentieth_of_a_newton():
    steps = [channel.step for channel in edf_format.channels(simulated=True) if channel.unit == "N"]
    assert len(steps) == 7
    assert max(steps) <= 0.05


def test_what_was_not_known_comes_back_as_not_known(tmp_path, block):
    block[100:300, rows.PRESCRIBED] = np.nan
    block[5, rows.MEASURED] = np.inf
    recording = record(tmp_path, block)
    assert np.isnan(recording.rows["prescribed"][100:300]).all()
    assert np.isfinite(recording.rows["prescribed"][300:]).all()
    assert recording.rows["measured"][5] == pytest.approx(2000.0, abs=0.1)


def test_the_lowest_force_is_not_taken_for_no_value(tmp_path, block):
    block[7, rows.MEASURED] = -5000.0
    assert record(tmp_path, block).rows["measured"][7] == pytest.approx(-1000.0, abs=0.1)


def test_a_real_table_has_no_true_force(tmp_path, block):
    recorder = Recorder(tmp_path, NO_SYNC)
    recorder.document(start(simulated=False))
    recorder.rows(block)
    recorder.close()
    assert np.isnan(read_session(tmp_path).rows["true_force"]).all()


@pytest.mark.parametrize("reader", READERS)
def test_three_readers_find_every_event(tmp_path, block, reader):
    crowd = [documents.event(4.0, "disturbance", f"cough {i} " + "x" * 90) for i in range(20)]
    events = [
        documents.event(2.123456, "note", "Größe 5 N – größer"),
        *crowd,
        documents.event(6.5, "comfort", "comfort 7"),
    ]
    record(tmp_path, block, events)
    seconds, notes = READERS[reader](tmp_path / EDF)
    assert seconds == int(np.ceil(len(block) / 200))
    told = [doc for doc in verify(tmp_path / DOCUMENTS).documents if doc["doc"] == "event"]
    assert {(doc["t"], f"{doc['kind']}: {doc['text']}") for doc in told} <= set(notes)
    assert sum(text.startswith("disturbance: cough") for _, text in notes) == 20
    assert (round(len(block) / 200, 6), "recording ends") in notes


def test_a_long_note_is_cut_between_characters_and_whole_in_the_log(tmp_path, block):
    recording = record(tmp_path, block, [documents.event(1.0, "note", "é" * 4000)])
    cut = next(text for _, text in recording.annotations if text.startswith("note: é"))
    assert set(cut.removeprefix("note: ")) == {"é"}
    assert 200 < len(cut) < 260
    assert recording.events[1]["text"] == "é" * 4000


def test_control_characters_cannot_forge_an_annotation(tmp_path, block):
    recording = record(tmp_path, block, [documents.event(1.0, "note", "a\x14\x00+5\x14patient stop\x14\x00")])
    assert not any(text == "patient stop" for _, text in recording.annotations)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("count", [0, 1, 199, 200, 201])
def test_the_shortest_sessions_open(tmp_path, reader, count):
    recording = record(tmp_path, make_rows(legs())[:count])
    assert len(recording.rows["t"]) == count
    seconds, notes = READERS[reader](tmp_path / EDF)
    assert seconds == max(1, int(np.ceil(count / 200)), int(count / 200) + 1)
    assert (0.0, "recording starts") in notes


def test_the_file_is_whole_after_every_block(tmp_path, block):
    recorder = Recorder(tmp_path, REAL_TIME)
    for k, item in enumerate(story(block)):
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
        told = [doc for doc in verify(tmp_path / DOCUMENTS).documents if doc["doc"] == "event"]
        for reader in READERS.values() if k % 7 == 0 else [READERS["pyedflib"]]:
            _, notes = reader(tmp_path / EDF)
            assert {(doc["t"], f"{doc['kind']}: {doc['text']}") for doc in told} <= set(notes)
    recorder.close()


def test_missing_rows_leave_a_gap_and_keep_the_time(tmp_path, block):
    recorder = Recorder(tmp_path, NO_SYNC)
    recorder.document(start())
    recorder.rows(block[:400])
    recorder.rows(block[1000:])
    recorder.close()
    measured = read_session(tmp_path).rows["measured"]
    assert np.isnan(measured[400:1000]).all()
    np.testing.assert_allclose(measured[1000:], block[1000:, rows.MEASURED], atol=0.03)


@pytest.mark.parametrize("t", [np.inf, -np.inf, np.nan, 1e12, -5.0])
def test_a_mad_clock_does_not_stop_the_recording(tmp_path, block, t):
    recorder = Recorder(tmp_path, NO_SYNC)
    recorder.document(start())
    recorder.rows(block[:100])
    mad = block[100:300].copy()
    mad[:, rows.T] = t
    recorder.rows(mad)
    recorder.document(documents.event(t, "note", "the clock jumped"))
    recorder.close()
    assert recorder.degraded == ""
    assert len(read_session(tmp_path).rows["t"]) >= 300


def test_no_identity_in_the_files(tmp_path, block):
    record(tmp_path, block)
    head = (tmp_path / EDF).read_bytes()[:256]
    assert head[8:88].split() == [b"X", b"X", b"X", b"X"]
    assert head[88:168].startswith(b"Startdate 04-MAR-2026 3f0c6c9e")
    with pytest.raises(ValueError, match="identity"):
        start(patient={"pseudonym": "P", "birth_date": "1970-01-01"})


def test_a_folder_with_a_session_is_refused(tmp_path, block):
    record(tmp_path, block)
    before = (tmp_path / EDF).read_bytes()
    with pytest.raises(BadInput, match="a folder without a session"):
        Recorder(tmp_path)
    assert (tmp_path / EDF).read_bytes() == before


def test_missing_and_damaged_folders_are_named(tmp_path, block):
    with pytest.raises(BadInput, match=DOCUMENTS):
        read_session(tmp_path / "nowhere")
    record(tmp_path, block)
    (tmp_path / EDF).write_bytes(b"not an EDF file")
    with pytest.raises(BadInput, match=r"session\.edf"):
        read_session(tmp_path)


# The event log.


def test_a_log_is_strict_json(tmp_path, block):
    record(
        tmp_path,
        block,
        [documents.event(1.0, "note", "x", {"force": float("nan"), "n": np.float64(2), "a": np.ones(2)})],
    )

    def refuse(name):
        raise AssertionError(name)

    lines = [json.loads(line, parse_constant=refuse) for line in (tmp_path / DOCUMENTS).read_text().splitlines()]
    data = next(doc["data"] for doc in lines if doc["doc"] == "event" and doc["text"] == "x")
    assert data == {"force": None, "n": 2.0, "a": [1.0, 1.0]}
    assert [doc["seq"] for doc in lines] == list(range(len(lines)))


def test_a_swapped_dropped_or_forged_line_is_named(tmp_path, block):
    record(tmp_path, block)
    path = tmp_path / DOCUMENTS
    lines = path.read_bytes().splitlines(keepends=True)
    for changed in (
        [*lines[:2], lines[3], lines[2], *lines[4:]],
        [*lines[:2], *lines[3:]],
        [*lines[:2], lines[1], *lines[2:]],
    ):
        path.write_bytes(b"".join(changed))
        assert verify(path).bad_line == 3
    forged, _ = seal({"doc": "event", "t": 0.0, "kind": "note", "text": "nothing happened", "data": {}}, 2, "0" * 64)
    path.write_bytes(b"".join([*lines[:2], forged, *lines[3:]]))
    assert "does not follow" in verify(path).why


def test_lone_surrogates_and_odd_values_do_not_stop_the_log():
    assert (
        canonical(plain({"a": "\ud800", "b": [float("inf"), np.int64(3), None, True], "c": NOW}))
        == b'{"a":"?","b":[null,3,null,true],"c":"2026-03-04 11:00:00+00:00"}'
    )


# The recorder on its own thread.


def test_the_queue_passes_everything_on_in_order(tmp_path, block):
    tell(QueuedRecorder(Recorder(tmp_path / "queued", NO_SYNC)), story(block))
    record(tmp_path / "direct", block)
    for name in (EDF, DOCUMENTS):
        assert (tmp_path / "queued" / name).read_bytes() == (tmp_path / "direct" / name).read_bytes()


class Slow:
    """A listener that waits to be let on."""

    def __init__(self):
        self.go = threading.Event()
        self.heard = []

    def document(self, doc):
        self.go.wait(10)
        self.heard.append(doc)

    def rows(self, block):
        self.go.wait(10)
        self.heard.append(block)

    def close(self):
        self.heard.append("closed")


def test_a_full_queue_says_what_is_missing(block):
    slow, alarms = Slow(), []
    queue = QueuedRecorder(slow, room=400, alarm=alarms.append)
    queue.document(start())
    for k in range(5):
        queue.rows(block[200 * k : 200 * (k + 1)])
    assert alarms == ["Not recording: the disk is too slow."]
    slow.go.set()
    assert queue.flush(10)
    queue.rows(block[1000:1200])
    queue.document(documents.stop(6.0, "completed", ""))
    queue.close()
    kinds = [
        item if isinstance(item, str) else "rows" if isinstance(item, np.ndarray) else item["doc"]
        for item in slow.heard
    ]
    assert kinds == ["start", "rows", "rows", "event", "rows", "stop", "closed"]
    gap = slow.heard[3]["data"]
    assert gap == {"from": 2.0, "to": pytest.approx(4.995), "rows": 600}


def test_rows_may_be_reused_by_the_caller(block):
    slow = Slow()
    queue = QueuedRecorder(slow)
    mine = block[:200].copy()
    queue.rows(mine)
    mine[:] = 0.0
    slow.go.set()
    queue.close()
    np.testing.assert_array_equal(slow.heard[0], block[:200])


def test_a_broken_listener_alarms_and_does_not_end_the_thread(block):
    alarms = []

    class Broken(Slow):
        def rows(self, block):
            raise RuntimeError("no")

    queue = QueuedRecorder(Broken(), alarm=alarms.append)
    queue.inner.go.set()
    queue.rows(block[:10])
    queue.document(start())
    queue.close()
    assert alarms == ["Not recording: no."]
    assert queue.inner.heard[1:] == ["closed"]


# Recovery.


def interrupted(folder, block, upto=None):
    """A session whose writer vanished."""
    recorder = Recorder(folder, NO_SYNC)
    for item in list(story(block))[:upto][: -1 if upto is None else None]:
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
    recorder._log.file.close()
    recorder._edf.write(False)
    recorder._edf.file.close()


def test_recovery_closes_an_interrupted_session_once(tmp_path, block):
    interrupted(tmp_path, block)
    report = recover(tmp_path, NOW)
    assert not report.already_closed
    recording = read_session(tmp_path)
    assert (recording.ending, recording.stop["cause"]) == (
        "interrupted",
        "the program ended before the session was closed",
    )
    assert recording.stop["summary"]["recovered_utc"] == "2026-03-04T11:00:00+00:00"
    assert any(text.startswith("stop: interrupted") for _, text in recording.annotations)
    files = [(tmp_path / name).read_bytes() for name in (EDF, DOCUMENTS)]
    again = recover(tmp_path, NOW)
    assert again.already_closed
    assert again.changes == []
    assert [(tmp_path / name).read_bytes() for name in (EDF, DOCUMENTS)] == files


def test_recovery_counts_in_good_grammar():
    one = RecoveryReport(Path("s"), seconds=1, events=1, changes=["did it"])
    assert one.sentence() == "s: did it. 1 s of recording and 1 event are there."
    assert RecoveryReport(Path("s"), events=2, changes=["x"]).sentence().endswith("2 events are there.")


def test_recovery_leaves_a_closed_session_alone(tmp_path, block):
    record(tmp_path, block)
    before = (tmp_path / EDF).read_bytes()
    report = recover(tmp_path, NOW)
    assert (report.already_closed, report.changes) == (True, [])
    assert (tmp_path / EDF).read_bytes() == before
    assert "already closed" in report.sentence()


def test_recovery_refuses_a_session_still_being_recorded(tmp_path, block):
    recorder = Recorder(tmp_path, NO_SYNC)
    recorder.document(start())
    with pytest.raises(BadInput, match="no longer being recorded"):
        recover(tmp_path, NOW)
    recorder.close()


def test_recovery_begins_a_lost_waveform_file_anew(tmp_path, block):
    interrupted(tmp_path, block)
    (tmp_path / EDF).unlink()
    recover(tmp_path, NOW)
    recording = read_session(tmp_path)
    assert recording.duration == 0.0
    assert {f"{e['kind']}: {e['text']}" for e in recording.events} <= {text for _, text in recording.annotations}


def test_recovery_refuses_an_altered_log(tmp_path, block):
    interrupted(tmp_path, block)
    path = tmp_path / DOCUMENTS
    path.write_bytes(path.read_bytes().replace(b"P-017", b"P-018"))
    with pytest.raises(BadInput, match="line 1"):
        recover(tmp_path, NOW)
