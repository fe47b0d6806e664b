"""Files cut at any length and bytes that flipped: found, named, and the whole part saved."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime

import numpy as np
import pytest

from opentraction.session import documents
from opentraction.session.edf_format import channels, record_bytes
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF, NO_SYNC, Recorder
from opentraction.session.recovery import recover
from tests.readers import READERS
from tests.synthetic import legs, make_rows, story

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
SECONDS = 4


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Four and a bit seconds of a session that was never closed."""
    folder = tmp_path_factory.mktemp("small") / "session"
    block = make_rows(legs(cycles=1))[: SECONDS * 200 + 50]
    recorder = Recorder(folder, NO_SYNC)
    for item in list(story(block, [documents.event(0.7 * k, "note", f"note {k}") for k in range(6)]))[:-1]:
        recorder.rows(item) if isinstance(item, np.ndarray) else recorder.document(item)
    recorder._edf.write(False)
    recorder._edf.file.close()
    recorder._log.file.close()
    return folder


def copy(small, tmp_path):
    folder = tmp_path / "session"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(small, folder)
    return folder


def cut_lengths(size):
    """Every length near a boundary, every thirty-first elsewhere."""
    signals = channels(simulated=True)
    header, record = 256 * (len(signals) + 2), record_bytes(signals)
    edges = [0, 236, 244, 256, header, *range(header, size + 1, record), size]
    near = {edge + k for edge in edges for k in (-2, -1, 0, 1, 2)}
    return sorted(n for n in near | set(range(0, size, 331)) if 0 <= n <= size)


def test_a_waveform_file_cut_at_any_length_recovers(small, tmp_path):
    size = (small / EDF).stat().st_size
    header, record = 256 * 12, record_bytes(channels(simulated=True))
    for length in cut_lengths(size):
        folder = copy(small, tmp_path)
        with (folder / EDF).open("rb+") as file:
            file.truncate(length)
        recover(folder, NOW)
        recording = read_session(folder)
        whole = max((length - header) // record, 0)
        assert recording.duration >= min(whole, SECONDS), length
        wanted = {(round(e["t"], 6), f"{e['kind']}: {e['text']}") for e in recording.events}
        assert len(wanted) == 7
        for reader in READERS.values() if length % 5 == 0 else [READERS["edfio"], READERS["pyedflib"]]:
            assert wanted <= set(reader(folder / EDF)[1]), length


@pytest.mark.slow
def test_a_log_cut_short_recovers(small, tmp_path):
    raw = (small / DOCUMENTS).read_bytes()
    ends = [k + 1 for k, byte in enumerate(raw) if byte == 10]
    folder = copy(small, tmp_path)
    edf = (folder / EDF).read_bytes()
    for length in range(ends[0], len(raw) + 1, 11):
        (folder / DOCUMENTS).write_bytes(raw[:length])
        (folder / EDF).write_bytes(edf)
        recover(folder, NOW)
        log = verify(folder / DOCUMENTS)
        assert log.whole
        assert not log.torn
        assert len(log.documents) == sum(end <= length for end in ends) + 1
        assert log.documents[-1]["ending"] == "interrupted"


@pytest.mark.slow
def test_a_flipped_bit_anywhere_in_the_log_is_found(small, tmp_path):
    raw = (small / DOCUMENTS).read_bytes()
    chance = random.Random(1)
    path = tmp_path / DOCUMENTS
    for k in range(len(raw)):
        path.write_bytes(raw[:k] + bytes([raw[k] ^ (1 << chance.randrange(8))]) + raw[k + 1 :])
        log = verify(path)
        assert log.bad_line is not None or (log.torn and k >= raw[:-1].rfind(b"\n")), k
        if log.bad_line is not None:
            assert log.bad_line == raw[:k].count(b"\n") + 1, k


def test_a_note_half_written_when_the_power_went_is_mended(small, tmp_path):
    folder = copy(small, tmp_path)
    raw = bytearray((folder / EDF).read_bytes())
    end = 256 * 12 + 4 * record_bytes(channels(simulated=True))
    note = raw.rfind(b"note 5", 0, end)
    raw[note + 3 : end] = bytes(end - note - 3)
    del raw[end:]
    (folder / EDF).write_bytes(raw)
    recover(folder, NOW)
    for reader in READERS.values():
        notes = reader(folder / EDF)[1]
        assert (3.5, "note: note 5") in notes
        assert sum(t == 3.5 for t, _ in notes) == 1
