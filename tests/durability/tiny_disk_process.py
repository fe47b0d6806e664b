"""Records on a disk of 300 kB until it is full, makes room, goes on; prints what the alarm said and what is there.

Arguments: the folder the tiny disk is mounted on. The test mounts it in a name space of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from opentraction.session.reader import read_session
from opentraction.session.recorder import REAL_TIME, Recorder
from opentraction.session.room import free_bytes
from tests.synthetic import legs, make_rows, story


def main(disk: Path) -> None:
    """One JSON object on standard output."""
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(150_000))
    alarms: list[tuple[str, int]] = []
    recorder = Recorder(disk / "one", REAL_TIME, lambda text: alarms.append((text, free_bytes(disk))), low=80_000)
    block = make_rows(legs(cycles=1, hold=10.0), noise=0.3)
    for item in story(block, size=50):
        if isinstance(item, np.ndarray):
            recorder.rows(item)
        else:
            recorder.document(item)
        if alarms and alarms[-1][0].startswith("Not recording"):
            ballast.unlink(missing_ok=True)
    recorder.close()
    recording = read_session(disk / "one")
    rows = len(recording.rows["t"])
    print(json.dumps({"alarms": alarms, "rows": rows, "of": len(block), "ending": recording.ending}))


main(Path(sys.argv[1]))
