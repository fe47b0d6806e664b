"""Records a made-up session and says what is safe; the test kills it. Arguments: folder, pace, file limit."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import numpy as np

from opentraction.session import documents
from opentraction.session.recorder import NO_SYNC, REAL_TIME, Recorder
from tests.synthetic import legs, make_rows, story


def main(folder: str, pace: str, limit: int) -> None:
    """Every line of output is a promise: `second 7`, `event 2.5 text`, `alarm ...`."""

    def say(line: str) -> None:
        print(line, flush=True)

    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    block = make_rows(legs(cycles=6), noise=0.3)
    notes = [documents.event(0.25 * k + 0.105, "note", f"note {k} of café") for k in range(900)]
    recorder = Recorder(Path(folder), REAL_TIME if pace == "real" else NO_SYNC, lambda text: say(f"alarm {text}"))
    told = 0
    for item in story(block, notes, size=50):
        if isinstance(item, np.ndarray):
            recorder.rows(item)
            told += len(item)
            if told % 200 == 0 and pace == "real":
                say(f"second {told // 200}")
        else:
            recorder.document(item)
            if item["doc"] == "event":
                say(f"event {item['t']} {item['kind']}: {item['text']}")
    recorder.close()
    say("closed")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
