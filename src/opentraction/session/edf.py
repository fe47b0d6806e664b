"""Writes a session as EDF+C while it happens: a file that is whole after every second and every event.

Readers see each second as one data record. The last record in the file is the second still open: what it holds so
far, then "no value". It is rewritten in place, so that events are in the file as soon as they are told, and the number
of records in the header is always the number in the file. Order of writing: finished records, to disk, the open record,
the number of records.
"""

from __future__ import annotations

import contextlib
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from opentraction.session import edf_format as fmt
from opentraction.session.durable import DurableFile
from opentraction.session.rows import RATE_HZ, Rows, T
from opentraction.session.waveform_proof import RunningProof

# A row later than this against the samples so far means rows are missing: their place is filled with "no value".
_LATE_S = 0.1
# A clock that jumped further than this is wrong; the samples go on where they are.
_LONGEST_GAP_S = 3600.0
_MOST_OPEN = 120


class EdfWriter:
    """Appends rows and annotations to one EDF+ file.

    Parameters
    ----------
    records_per_write : int
        1 in real time. Faster than life, more records share one write; an annotation writes at once all the same.
    sync : bool
        Whether each write of finished records waits for the disk.
    """

    def __init__(
        self, path: Path, started: datetime, uid: str, simulated: bool, records_per_write: int = 1, sync: bool = True
    ) -> None:
        self.signals = fmt.channels(simulated)
        self.record_bytes = fmt.record_bytes(self.signals)
        self.records_per_write = records_per_write
        self.sync = sync
        self.samples = 0
        self._ready: list[bytes] = []
        self._done = 0
        self._partial = np.zeros((0, len(self.signals)), dtype="<i2")
        self._notes: deque[bytes] = deque()
        self._latest = 0.0
        self.file = DurableFile.create(path, keep=sync)
        head = fmt.header(self.signals, started, uid, 1)
        self.header_bytes = len(head)
        self.proof = RunningProof(head)
        self.file.write_at(head + self._record(self._partial, 0, deque()), 0)
        self.file.size = len(head)
        if sync:
            self.file.sync()

    def annotate(self, t: float, text: str, sync: bool = False) -> None:
        """Put a note at `t` [s] into the file now. Raises OSError; the note is then still waiting."""
        self._notes.append(fmt.annotation(t, text))
        self._latest = max(self._latest, t)
        self.write(sync)

    def rows(self, block: Rows) -> None:
        """Take rows [n, 18], of any number. Raises OSError; the samples then wait in memory."""
        if block.shape[0] == 0:
            return
        self._take(fmt.to_digital(self._with_gap(block), self.signals))
        if len(self._ready) >= self.records_per_write:
            self.write(self.sync)

    def proof_for(self, doc: str) -> dict[str, Any]:
        """What a log says of the samples beside an event, or beside the stop."""
        return self.proof.all(self._partial.tobytes(), len(self._partial)) if doc == "stop" else self.proof.so_far()

    def write(self, sync: bool) -> None:
        """Write finished records, the open one and the number of records. Raises OSError."""
        finished, self._ready = b"".join(self._ready), []
        try:
            if finished:
                self.file.append(finished, sync)
            else:
                self.file.drain()
            still_open = self._open_records()
            self.file.write_at(b"".join(still_open), self.file.size)
            if sync and len(still_open) > 1:
                self.file.sync()  # the header never counts more than one that is not on the disk yet
            self._count(self._done + len(still_open))
            if sync and not finished:
                self.file.sync()
        except OSError:
            self._count_finished()
            raise

    def finish(self) -> None:
        """Close the last second, note the true end, close the file. Raises OSError after closing it."""
        end = self.samples / RATE_HZ
        self._notes.append(fmt.annotation(end, fmt.ENDS))
        try:
            self.write(sync=False)
            self.file.settle()
        finally:
            self.file.close()

    def _with_gap(self, block: Rows) -> Rows:
        """The rows, with room for rows that never came."""
        late = float(block[0, T]) - self.samples / RATE_HZ
        if not late > _LATE_S:
            return block
        missing = np.full((round(min(late, _LONGEST_GAP_S) * RATE_HZ), block.shape[1]), np.nan)
        return np.concatenate((missing, block))

    def _take(self, digital: np.ndarray) -> None:
        self.samples += len(digital)
        waiting = np.concatenate((self._partial, digital)) if len(self._partial) else digital
        whole = len(waiting) // fmt.RECORD_RATE
        for k in range(whole):
            second = waiting[k * fmt.RECORD_RATE : (k + 1) * fmt.RECORD_RATE]
            self._ready.append(self._record(second, self._done, self._notes))
            self.proof.second(self._ready[-1])
            self._done += 1
        self._partial = waiting[whole * fmt.RECORD_RATE :].copy()

    def _open_records(self) -> list[bytes]:
        """The second still open, and more after it when its notes need the room or lie later."""
        notes = deque(self._notes)
        out = [self._record(self._partial, self._done, notes)]
        last = min(int(self._latest), self._done + _MOST_OPEN)
        while notes or self._done + len(out) <= last:
            out.append(self._record(self._partial[:0], self._done + len(out), notes))
        return out

    def _record(self, second: np.ndarray, number: int, notes: deque[bytes]) -> bytes:
        """One data record; takes from `notes` what fits."""
        if len(second) < fmt.RECORD_RATE:
            rest = np.full((fmt.RECORD_RATE - len(second), len(self.signals)), fmt.NONE, dtype="<i2")
            second = np.concatenate((second, rest))
        words = fmt.timekeeping(number)
        while notes and len(words) + len(notes[0]) <= fmt.ANNOTATION_BYTES:
            words += notes.popleft()
        return second.T.tobytes() + words.ljust(fmt.ANNOTATION_BYTES, b"\x00")

    def _count(self, records: int) -> None:
        self.file.write_at(b"%-8d" % records, fmt.COUNT_AT)

    def _count_finished(self) -> None:
        """After a failed write: the header counts the finished records that are really there; the next write counts
        again.
        """
        with contextlib.suppress(OSError):
            self._count((self.file.size - self.header_bytes) // self.record_bytes)
