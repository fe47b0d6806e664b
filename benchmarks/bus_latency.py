"""How long after the SYNC is each word of its cycle on the bus, and what do the four processes cost?

A treatment in real processes; one more plug in the hub hears every frame and takes the time. The words of the last
sensor, of the guard and of control are those of the same cycle, by their counters.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from opentraction.app.prompt import REAL_TIME_PRIORITY, real_time
from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import READERS
from opentraction.table.canopen.line import Line, opener
from opentraction.table.canopen.pacing import SENSED
from tests.bus_processes import BusProcesses

WORDS = {"last sensor": SENSED, "the guard's word": (w.PERMITTED,), "control's word": (w.ASKED,)}
READ = {**READERS, w.ASKED: w.read_asked}


def cpu(ground: BusProcesses) -> dict[str, float]:
    """Seconds of processor time so far."""
    spent = {}
    for name, process in ground.processes.items():
        fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        spent[name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def listened(line: Line, seconds: float) -> dict[str, list[float]]:
    """Milliseconds after the SYNC of the same cycle."""
    synced = 0.0
    of_cycle: dict[int, float] = {}
    after: dict[str, dict[int, float]] = defaultdict(dict)
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        message = line.wait(end - now)
        if message is None:
            continue
        now, cob = time.monotonic(), message.arbitration_id
        if cob == w.SYNC:
            synced = now
        word = READ[cob](bytes(message.data)) if cob in READ else None
        if word is None:
            continue
        if cob == w.MOVED:
            of_cycle[word.cycle] = synced
        for name, cobs in WORDS.items():
            if cob in cobs and word.cycle in of_cycle:
                after[name][word.cycle] = 1e3 * (now - of_cycle[word.cycle])
    return {name: list(times.values()) for name, times in after.items()}


def main() -> None:
    """Treat, listen, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        ground = BusProcesses(Path(name))
        ground.pull()
        line = Line(opener(str(ground.bus)))
        real_time(REAL_TIME_PRIORITY)
        before, began = cpu(ground), time.monotonic()
        after = listened(line, min(seconds, 12.0))  # the console's lease is renewed by nobody meanwhile
        for _ in range(round(seconds / 12.0) - 1):
            ground.client.ask("lease")
            for key, times in listened(line, 12.0).items():
                after[key] += times
        spent, elapsed = cpu(ground), time.monotonic() - began
        line.close()
        ground.close()
    for key, times in after.items():
        p50, p99, p999 = np.percentile(times, [50, 99, 99.9])
        print(f"{key:18} p50 {p50:.2f} ms, p99 {p99:.2f} ms, p99.9 {p999:.2f} ms, of {len(times)}")
    print(", ".join(f"{key} {100.0 * (spent[key] - before[key]) / elapsed:.1f} %" for key in spent), "of one core")


if __name__ == "__main__":
    main()
