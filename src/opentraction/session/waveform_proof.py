"""Are the samples those that were written? EDF+ has no checksum, so the event log carries one.

Each event says how many whole seconds the waveform file had, and the SHA-256 over its header (without the number of
records) and those seconds. The stop document's covers every row. Since the log is chained, so are the waveforms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from opentraction.session import edf_format as fmt
from opentraction.session.documents import Document
from opentraction.session.edf_notes import edf_note

FIELD: Final = "waveforms"
_NONE: Final = b"\x00\x80"


class RunningProof:
    """The hash of what was written so far."""

    def __init__(self, header: bytes) -> None:
        self.seconds = 0
        self._hash = hashlib.sha256(header[: fmt.COUNT_AT] + header[fmt.COUNT_AT + 8 :])

    def second(self, record: bytes) -> None:
        """One more second that will not change again."""
        self._hash.update(record)
        self.seconds += 1

    def so_far(self) -> dict[str, Any]:
        """The whole seconds."""
        return {"seconds": self.seconds, "sha256": self._hash.hexdigest()}

    def all(self, rows: bytes, count: int) -> dict[str, Any]:
        """The whole seconds and the `count` rows after them, a row after the other."""
        whole = self._hash.copy()
        whole.update(rows)
        return {"seconds": self.seconds, "rows": self.seconds * fmt.RECORD_RATE + count, "sha256": whole.hexdigest()}


class Waveforms:
    """The bytes of a waveform file, by second."""

    def __init__(self, raw: bytes, signals: Sequence[fmt.Channel]) -> None:
        self.raw, self.signals = raw, signals
        self.header, self.record = 256 * (len(signals) + 2), fmt.record_bytes(signals)

    @property
    def seconds(self) -> int:
        """Whole ones."""
        return max(len(self.raw) - self.header, 0) // self.record

    @property
    def recorded(self) -> int:
        """Up to the last with a sample in it: a recovery adds seconds without any, for notes."""
        empty = _NONE * (fmt.RECORD_RATE * len(self.signals))
        last = self.seconds
        while last and self.second(last - 1).startswith(empty):
            last -= 1
        return last

    def second(self, number: int) -> bytes:
        """One record."""
        at = self.header + number * self.record
        return self.raw[at : at + self.record]

    def rows(self, number: int, count: int) -> bytes:
        """The first `count` rows of a second, a row after the other."""
        samples = np.frombuffer(self.second(number)[: -fmt.ANNOTATION_BYTES], dtype="<i2")
        return samples.reshape(len(self.signals), fmt.RECORD_RATE).T[:count].tobytes()

    def proof(self, rows: int) -> dict[str, Any]:
        """What a log should say of the first `rows`."""
        running = RunningProof(self.raw[: self.header])
        for number in range(rows // fmt.RECORD_RATE):
            running.second(self.second(number))
        rest = rows % fmt.RECORD_RATE
        return running.all(self.rows(running.seconds, rest) if rest else b"", rest)


def damage(waveforms: Waveforms, docs: Iterable[Document]) -> str:
    """Between which seconds the waveforms are not as they were written; empty where they are, or nothing is known.

    A file that ends before what the log tells of was cut, which is not damage: what is there is as it was written.
    """
    running, good, there = RunningProof(waveforms.raw[: waveforms.header]), 0.0, waveforms.recorded
    for told in (doc[FIELD] for doc in docs if FIELD in doc):
        if told["seconds"] > there:
            return ""
        for number in range(running.seconds, told["seconds"]):
            running.second(waveforms.second(number))
        until = told.get("rows", told["seconds"] * fmt.RECORD_RATE) / fmt.RECORD_RATE
        if _proof_as(told, running, waveforms)["sha256"] != told["sha256"]:
            return f"between {good:g} s and {until:g} s"
        good = until
    return ""


def _proof_as(told: Mapping[str, Any], running: RunningProof, waveforms: Waveforms) -> dict[str, Any]:
    if "rows" not in told:
        return running.so_far()
    rest = told["rows"] - told["seconds"] * fmt.RECORD_RATE
    return running.all(waveforms.rows(running.seconds, rest) if rest else b"", rest)


def damaged_end(waveforms: Waveforms, docs: Sequence[Document]) -> str:
    """What is wrong after the last row of a closed recording: its number of seconds, a sample or a note too many."""
    told = docs[-1].get(FIELD) or {}
    if "rows" not in told:
        return ""
    there = waveforms.recorded
    if told["rows"] > there * fmt.RECORD_RATE:
        return f"after {there} s, where samples are missing"
    counted = waveforms.raw[fmt.COUNT_AT : fmt.COUNT_AT + 8]
    if len(waveforms.raw) != waveforms.header + waveforms.seconds * waveforms.record:
        return "in its last second, which is cut off"
    if counted != b"%-8d" % waveforms.seconds:
        return "in its number of seconds"
    known = {fmt.annotation(*note) for doc in docs if (note := edf_note(doc))}
    known.add(fmt.annotation(told["rows"] / fmt.RECORD_RATE, fmt.ENDS))
    for number in range(told["seconds"], waveforms.seconds):
        area = waveforms.second(number)[-fmt.ANNOTATION_BYTES :]
        used = max(told["rows"] - number * fmt.RECORD_RATE, 0)
        empty = waveforms.rows(number, fmt.RECORD_RATE)[2 * len(waveforms.signals) * used :]
        if empty != _NONE * (len(empty) // 2) or not _are_known(area, number, known):
            return f"in second {number}"
    return ""


def _are_known(area: bytes, number: int, known: set[bytes]) -> bool:
    """Whether the notes of a second are those of the log, and nothing else stands beside them."""
    begin = fmt.timekeeping(number)
    words = area.rstrip(b"\x00") + b"\x00"
    if not words.startswith(begin):
        return False
    said = words[len(begin) :].split(b"\x14\x00")
    return said.pop() == b"" and all(one + b"\x14\x00" in known for one in said)
