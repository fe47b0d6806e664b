"""kill -9 of `treat` and of the table process at random moments: the recording opens everywhere, nothing whole is lost.

OPENTRACTION_KILLS sets how many of each are killed (default 4; the figures in docs/benchmarks.md come from 50).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opentraction.session.log_chain import verify
from opentraction.session.reader import read_session
from opentraction.session.recovery import recover
from tests.readers import READERS
from tests.table_client import ROOT, TableClient, start_table

KILLS = int(os.environ.get("OPENTRACTION_KILLS", "4"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATIENT = ROOT / "examples" / "patient.toml"
PROTOCOL = "vax-d-1997"


def treat(out: Path, speed: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "opentraction", "treat", PROTOCOL, "--patient", str(PATIENT), "--out", str(out)]
    command += ["--speed", speed, "--seed", "5", "--event", "20s:cough", "--no-report"]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL)


def opened(folder: Path) -> tuple[int, set[tuple[float, str]]]:
    """Seconds and events, the same in all three readers."""
    found = [reader(folder / "session.edf") for reader in READERS.values()]
    seconds, notes = found[0]
    assert all(other == seconds for other, _ in found)
    assert all(set(other) == set(notes) for _, other in found)
    return seconds, set(notes)


def events_of(folder: Path, until: float) -> set[str]:
    """The logged events before a second, in the words the EDF file uses."""
    recording = verify(folder / "documents.jsonl")
    return {said(d) for d in recording.documents if d["doc"] == "event" and d["t"] < until}


def said(document: dict[str, Any]) -> str:
    """An event as the EDF file tells it."""
    return f"{document['kind']}: {document['text']}"


def check(folder: Path, at_least: int) -> None:
    seconds, notes = opened(folder)
    assert seconds >= at_least
    assert {text[:40] for text in events_of(folder, seconds)} <= {text[:40] for _, text in notes}
    recover(folder, NOW)
    assert read_session(folder).documents[-1]["ending"] == "interrupted"
    assert opened(folder)[0] >= seconds


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same treatment, not killed."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert treat(out, "max").wait(120) == 0
    return out


def samples(folder: Path, seconds: int) -> bytes:
    """Digital samples of the first seconds, without the header and the annotations."""
    import edfio

    edf = edfio.read_edf(folder / "session.edf")
    return b"".join(signal.digital[: seconds * 200].tobytes() for signal in edf.signals)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_treatment_keeps_every_whole_second(number: int, tmp_path: Path, whole: Path) -> None:
    chance = random.Random(number)
    out = tmp_path / "out"
    process = treat(out, "60")
    edf = out / "session.edf"
    while not edf.exists() or edf.stat().st_size < 20_000:
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 3.0))
    process.kill()
    process.wait()
    seconds, _ = opened(out)
    # The last record may be the second that was still running; all before it is whole.
    assert samples(out, seconds - 1) == samples(whole, seconds - 1), "what was kept is what happened"
    check(out, 1)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_table_keeps_every_whole_second(number: int, tmp_path: Path) -> None:
    chance = random.Random(1000 + number)
    line = tmp_path / "s"
    process = start_table(line, tmp_path, "--seed", str(number))
    client = TableClient(line)
    client.prepare(PROTOCOL, PATIENT, f"kill-{number:04d}")
    assert client.ask("start", operator="test")["ok"]
    client.until("pretension")
    end = time.monotonic() + chance.uniform(0.5, 4.0)
    while time.monotonic() < end:
        client.hear()
    seen = client.telemetry["t"]
    told = {said(d) for d in client.documents if d["doc"] == "event" and d["t"] < seen - 0.25}
    process.kill()
    process.wait()
    client.close()
    folder = tmp_path / "recordings" / f"kill-{number:04d}"
    # The second that had just ended may still have been on its way to the disk.
    check(folder, int(seen - 0.25))
    assert told <= events_of(folder, 1.0e9)
