"""A bit flips in a recording, or its end is cut off: always told, and what is still right is still read.

A plain run flips some of the bytes and cuts at some of the lengths; OPENTRACTION_KILLS=1000 all.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session import edf_format as fmt
from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recorder import DOCUMENTS, EDF, REAL_TIME, Recorder
from opentraction.session.recovery import recover
from tests.durability.figures import FULL, tell_figure
from tests.synthetic import legs, make_rows, story, tell

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
BLOCK = make_rows(legs(cycles=1), noise=0.3)[:690]
Whole = tuple[bytes, bytes]


@pytest.fixture(scope="module", params=["closed", "interrupted"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Waveforms and log of three and a half seconds, closed by the session or by a recovery."""
    folder = tmp_path_factory.mktemp("whole") / "one"
    items = story(BLOCK, [documents.event(0.7 * k, "note", f"note {k} of café") for k in range(5)], size=50)
    open_end = request.param == "interrupted"
    kept = (item for item in items if not (open_end and isinstance(item, dict) and item["doc"] == "stop"))
    tell(Recorder(folder, REAL_TIME), kept)
    recover(folder, NOW)
    assert read_session(folder).remarks == []
    return (folder / EDF).read_bytes(), (folder / DOCUMENTS).read_bytes()


def put(folder: Path, edf: bytes, log: bytes) -> Path:
    (folder / EDF).write_bytes(edf)
    (folder / DOCUMENTS).write_bytes(log)
    return folder


def flips(raw: bytes, one_in: int) -> Iterator[tuple[int, bytes]]:
    """Each byte, with one of its bits the other way round."""
    chance = random.Random(1)
    for at in range(chance.randrange(one_in), len(raw), one_in):
        yield at, raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]


def test_a_flipped_bit_in_the_waveforms_is_told(whole: Whole, tmp_path: Path) -> None:
    edf, log = whole
    missed, refused, told = list[int](), 0, 0
    for at, flipped in flips(edf, 1 if FULL else 101):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                recording = read_session(put(tmp_path, flipped, log))
        except BadInput:
            refused += 1
            continue
        told += bool(recording.remarks)
        missed += [] if recording.remarks else [at]
        assert len(recording.documents) == log.count(b"\n")
    assert missed == []
    tell_figure("D3 flip in waveforms", flips=refused + told, told=told, refused=refused, missed=len(missed))


def test_a_flipped_sample_says_between_which_seconds(whole: Whole, tmp_path: Path) -> None:
    edf, log = whole
    raw = bytearray(edf)
    raw[256 * 12 + fmt.record_bytes(fmt.channels(simulated=True)) + 1000] ^= 4
    recording = read_session(put(tmp_path, bytes(raw), log))
    assert recording.remarks == ["The waveforms are not as they were written between 1 s and 2 s."]
    np.testing.assert_allclose(recording.rows["measured"][:200], BLOCK[:200, 2], atol=0.03)
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir())
    with pytest.raises(BadInput, match="between 1 s and 2 s"):
        recover(tmp_path, NOW)
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == before


def test_a_flipped_bit_in_the_log_is_told_and_all_before_it_is_read(whole: Whole, tmp_path: Path) -> None:
    _, log = whole
    ends = [k + 1 for k, byte in enumerate(log) if byte == 10]
    path, count = tmp_path / DOCUMENTS, 0
    for at, flipped in flips(log, 1 if FULL else 17):
        path.write_bytes(flipped)
        report = verify(path)
        assert report.bad_line is not None or report.torn, at
        assert len(report.documents) == sum(end <= at for end in ends)
        count += 1
    tell_figure("D3 flip in log", flips=count, missed=0)


def test_a_cut_at_each_length_leaves_the_whole_part(whole: Whole, tmp_path: Path) -> None:
    """Of a recording that was closed: the cut is told; of both files the part before it is read."""
    edf, log = whole
    signals = fmt.channels(simulated=True)
    header, record = 256 * (len(signals) + 2), fmt.record_bytes(signals)
    count = 0
    for length in range(0, len(edf), 1 if FULL else 797):
        folder = put(tmp_path, edf[:length], log)
        recover(folder, NOW)
        recording = read_session(folder)
        seconds = max(length - header, 0) // record
        assert recording.duration >= min(seconds, len(BLOCK) / 200)
        assert recording.remarks or length >= len(edf) - record, length
        kept = recording.rows["measured"]
        np.testing.assert_allclose(kept, BLOCK[: len(kept), 2], atol=0.03)
        count += 1
    for length in range(log.index(b"\n") + 1, len(log), 1 if FULL else 41):
        folder = put(tmp_path, edf, log[:length])
        recover(folder, NOW)
        again = verify(folder / DOCUMENTS)
        assert again.whole
        assert not again.torn
        assert len(again.documents) == log[:length].count(b"\n") + 1
        count += 1
    tell_figure("D3 cut at each length", cuts=count)
