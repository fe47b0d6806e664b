"""How fast can a session be recorded? Our writer beside pyedflib's, alternately, on the same ten minutes of rows.

What is compared: the same ten signals at 200 Hz with an event every ten seconds. `each second safe` waits for the disk
after every second, which pyedflib cannot be asked to do; its events reach the file only when it closes.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyedflib

from opentraction.session import documents
from opentraction.session import edf_format as fmt
from opentraction.session.recorder import FASTER_THAN_LIFE, REAL_TIME, Pace, Recorder
from opentraction.session.rows import N_COLUMNS, RATE_HZ, Rows

SECONDS = 600
REPEATS = 5
ALL_AT_END = Pace(False, False, 30)


def made_up(seconds: int) -> Rows:
    """Rows [n, 18] that look like a pull: a slow curve with a little noise."""
    chance = np.random.default_rng(1)
    t = np.arange(seconds * RATE_HZ) / RATE_HZ
    table = 300.0 + 20.0 * np.sin(t)[:, None] + chance.normal(0.0, 0.5, (t.size, N_COLUMNS))
    table[:, 0] = t
    table[:, 11] = 6.0
    return table


def ours(folder: Path, table: Rows, pace: Pace) -> None:
    """Documents and waveforms, as in a session."""
    recorder = Recorder(folder, pace)
    recorder.document(
        documents.start(
            uid="benchmark",
            started_utc=datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
            plan={},
            plan_sha256="",
            patient={"pseudonym": "P"},
            table={"kind": "virtual"},
            operator="benchmark",
        )
    )
    for second in range(SECONDS):
        recorder.rows(table[second * RATE_HZ : (second + 1) * RATE_HZ])
        if second % 10 == 0:
            recorder.document(documents.event(float(second), "note", f"note {second}"))
    recorder.close()


def theirs(folder: Path, table: Rows) -> None:
    """The same signals and events through pyedflib, one record a call."""
    folder.mkdir()
    signals = fmt.channels(simulated=True)
    writer = pyedflib.EdfWriter(str(folder / "session.edf"), len(signals), file_type=pyedflib.FILETYPE_EDFPLUS)
    writer.setSignalHeaders(
        [
            {
                "label": signal.label,
                "dimension": signal.unit,
                "sample_frequency": RATE_HZ,
                "physical_min": signal.low,
                "physical_max": signal.high,
                "digital_min": -32768,
                "digital_max": 32767,
                "transducer": "",
                "prefilter": "",
            }
            for signal in signals
        ]
    )
    for second in range(SECONDS):
        block = table[second * RATE_HZ : (second + 1) * RATE_HZ]
        writer.writeSamples([np.ascontiguousarray(block[:, s.column] * s.per_si) for s in signals])
        if second % 10 == 0:
            writer.writeAnnotation(second, -1, f"note: note {second}")
    writer.close()


def timed(write: Callable[[Path], None]) -> float:
    """Seconds for one recording in a fresh folder on this disk."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        begun = time.perf_counter()
        write(Path(folder) / "session")
        return time.perf_counter() - begun


def main() -> None:
    """Print a table: times real time, and each as a ratio to pyedflib in the same round."""
    table = made_up(SECONDS)
    ways: dict[str, Callable[[Path], None]] = {
        "pyedflib, nothing safe until closed": lambda folder: theirs(folder, table),
        "ours, safe when closed": lambda folder: ours(folder, table, ALL_AT_END),
        "ours, each event safe": lambda folder: ours(folder, table, FASTER_THAN_LIFE),
        "ours, each second safe": lambda folder: ours(folder, table, REAL_TIME),
    }
    rounds = [{name: timed(write) for name, write in ways.items()} for _ in range(REPEATS)]
    base = next(iter(ways))
    print(f"{SECONDS} s of session, 10 signals at {RATE_HZ} Hz, {REPEATS} alternating rounds, median (lowest-highest)")
    print(f"{'writer':<38}{'times real time':>28}{'of pyedflib':>14}")
    for name in ways:
        speeds = sorted(SECONDS / one[name] for one in rounds)
        ratio = statistics.median(one[base] / one[name] for one in rounds)
        spread = f"{statistics.median(speeds):,.0f} ({speeds[0]:,.0f}-{speeds[-1]:,.0f})"
        print(f"{name:<38}{spread:>28}{ratio:>14.2f}")


if __name__ == "__main__":
    main()
