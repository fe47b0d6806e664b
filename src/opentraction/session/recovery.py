"""Closes a session that was interrupted: whole records, every logged event, a stop document that says "interrupted"."""

from __future__ import annotations

import fcntl
import os
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from opentraction.quantities import BadInput, State
from opentraction.session import documents, torn_tail, waveform_proof
from opentraction.session import edf_format as fmt
from opentraction.session.documents import Document
from opentraction.session.durable import DurableFile, sync_folder
from opentraction.session.edf import EdfWriter
from opentraction.session.edf_notes import edf_note
from opentraction.session.log_chain import LogChain, LogReport
from opentraction.session.reader import read_log, read_waveforms
from opentraction.session.recorder import DOCUMENTS, EDF
from opentraction.session.waveform_proof import Waveforms

_TAIL = 1 << 16
INTERRUPTED = "the program ended before the session was closed"


@dataclass
class RecoveryReport:
    """What was done to a folder."""

    folder: Path
    already_closed: bool = False
    seconds: int = 0
    events: int = 0
    changes: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        """For people."""
        if self.already_closed and not self.changes:
            return f"{self.folder}: already closed, nothing changed."
        did = "; ".join(self.changes)
        return f"{self.folder}: {did}. {self.seconds} s of recording and {_many(self.events, 'event')} are there."


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def is_closed(folder: Path) -> bool:
    """Whether the log ends with a stop document; a quick look at its end, without following the chain."""
    with (folder / DOCUMENTS).open("rb") as log:
        log.seek(0, 2)
        log.seek(max(0, log.tell() - _TAIL))
        lines = log.read().split(b"\n")
    return lines[-1] == b"" and len(lines) > 1 and b'"doc":"stop"' in lines[-2]


def recover(folder: Path, now: datetime) -> RecoveryReport:
    """Close the session in `folder`; a closed one is left alone, so running it twice is harmless.

    `now` is civil time and is written into the stop document. Raises BadInput for a folder without a session, with a
    log that was altered, or that is still being written.
    """
    report = RecoveryReport(folder)
    log = read_log(folder)
    with (folder / DOCUMENTS).open("rb+") as held:
        _lock(held.fileno(), folder)
        _refuse_damage(folder / EDF, log)
        if log.torn:
            report.changes.append("cut a torn last line off the event log")
        log_file = DurableFile.reopen(folder / DOCUMENTS, log.good_bytes)
        try:
            _mend_records(folder / EDF, log, report)
            stop = _stop_for(log, report, now)
            _mend_notes(folder / EDF, [*log.documents, *stop], report)
            _close_log(log_file, log, stop, report)
        finally:
            log_file.close()
    sync_folder(folder)
    report.seconds = round(len(read_waveforms(folder / EDF)[0]["t"]) / fmt.RECORD_RATE)
    report.events = sum(doc["doc"] == "event" for doc in log.documents)
    return report


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise BadInput("folder", str(folder), "a session that is no longer being recorded") from error


def _refuse_damage(path: Path, log: LogReport) -> None:
    """A cut file is mended, a damaged one is not guessed at: refused before anything is changed."""
    header, record = _sizes(_signals(log.documents))
    if not path.exists() or path.stat().st_size < header + record:
        return
    raw = path.read_bytes()
    allowed = "what was recorded; nothing was changed, keep a copy of the folder"
    counted = _counted(raw)
    if raw[:8] != b"0       " or raw[184:192].strip() != b"%d" % header or counted < 1:
        raise BadInput("header", State("damaged"), allowed, str(path))
    # The last that is counted may be torn, and all that follow: they are mended.
    for k in range(min(counted, (len(raw) - header) // record) - 1):
        area = raw[header + (k + 1) * record - fmt.ANNOTATION_BYTES : header + (k + 1) * record]
        if not _is_whole(area, k):
            raise BadInput(f"second {k}", State("damaged"), allowed, str(path))
    events = [doc for doc in log.documents if doc["doc"] == "event"]  # what a stop says of its last second may be torn
    where = waveform_proof.damage(Waveforms(raw, _signals(log.documents)), events)
    if where:
        raise BadInput(f"seconds {where}", State("damaged"), allowed, str(path))


def _counted(raw: bytes) -> int:
    """The seconds that the header counts; 0 where it is not a number."""
    words = raw[fmt.COUNT_AT : fmt.COUNT_AT + 8].strip()
    return int(words) if words.isdigit() else 0


def _is_whole(area: bytes, number: int) -> bool:
    """Whether the notes of one second are as they were written."""
    words = area.rstrip(b"\x00") + b"\x00"
    try:
        words.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return words.startswith(fmt.timekeeping(number)) and words.endswith(b"\x14\x00")


def _stop_for(log: LogReport, report: RecoveryReport, now: datetime) -> list[Document]:
    """The stop document that is missing; none where there is one."""
    if log.documents[-1]["doc"] == "stop":
        report.already_closed = True
        return []
    waveforms, _ = read_waveforms(report.folder / EDF)
    rows = len(waveforms["t"])
    summary = {"recovered_utc": now.astimezone(UTC).isoformat()}
    stop = documents.stop(rows / fmt.RECORD_RATE, "interrupted", INTERRUPTED, summary)
    there = Waveforms((report.folder / EDF).read_bytes(), _signals(log.documents))
    return [{**stop, waveform_proof.FIELD: there.proof(rows)}]


def _close_log(file: DurableFile, log: LogReport, stop: list[Document], report: RecoveryReport) -> None:
    """Last of all: a recording that says it is closed is mended, whatever ended this program."""
    for doc in stop:
        LogChain(file, len(log.documents), log.last).append(doc)
        report.changes.append('added a stop document, ending "interrupted"')


def _mend_records(path: Path, log: LogReport, report: RecoveryReport) -> None:
    """Whole records, as far as they were written, and their number in the header."""
    signals = _signals(log.documents)
    header, record = _sizes(signals)
    if not path.exists() or path.stat().st_size < header + record:
        _rebuild(path, log, report)
    _mend_tail(path, signals, report)
    _whole_records(path, header, record, report)


def _mend_tail(path: Path, signals: tuple[fmt.Channel, ...], report: RecoveryReport) -> None:
    header, record = _sizes(signals)
    with path.open("rb+") as file:
        head = file.read(header)
        whole = (file.seek(0, os.SEEK_END) - header) // record
        torn = 0
        for number in range(min(_counted(head), whole) - 1, whole):
            at = header + number * record
            file.seek(at)
            second = file.read(record)
            mended = torn_tail.mended(second, number, at, signals)
            if mended != second:
                file.seek(at)
                file.write(mended)
                torn += 1
        file.flush()
        os.fsync(file.fileno())
    if torn:
        report.changes.append(f"mended {_many(torn, 'second')} that had not wholly reached the disk")


def _mend_notes(path: Path, docs: Sequence[Document], report: RecoveryReport) -> None:
    """Every logged event among the annotations."""
    signals = _signals(docs)
    header, record = _sizes(signals)
    missing = _missing_notes(path, header, record, docs)
    if missing:
        latest = max(note[0] for doc in docs if (note := edf_note(doc)))
        _append_notes(path, signals, missing, latest)
        report.changes.append(f"wrote {_many(len(missing), 'logged event')} into the waveform file")


def _signals(docs: Sequence[Document]) -> tuple[fmt.Channel, ...]:
    return fmt.channels(simulated=docs[0]["table"].get("kind") == "virtual")


def _sizes(signals: tuple[fmt.Channel, ...]) -> tuple[int, int]:
    """Bytes of the header and of a record."""
    return 256 * (len(signals) + 2), fmt.record_bytes(signals)


def _rebuild(path: Path, log: LogReport, report: RecoveryReport) -> None:
    """A waveform file that lost even its header or first second is begun anew."""
    start = log.documents[0]
    path.unlink(missing_ok=True)
    simulated = start["table"].get("kind") == "virtual"
    EdfWriter(path, datetime.fromisoformat(start["started_utc"]), str(start["uid"]), simulated).file.close()
    report.changes.append("began the waveform file anew, no second of it was whole")


def _whole_records(path: Path, header: int, record: int, report: RecoveryReport) -> None:
    size = path.stat().st_size
    count = (size - header) // record
    with path.open("rb+") as file:
        file.seek(fmt.COUNT_AT)
        counted = file.read(8)
        if size == header + count * record and counted.strip() == b"%d" % count:
            return
        file.truncate(header + count * record)
        file.seek(fmt.COUNT_AT)
        file.write(b"%-8d" % count)
        file.flush()
        os.fsync(file.fileno())
    report.changes.append(f"cut the waveform file to {_many(count, 'whole second')}")


def _missing_notes(path: Path, header: int, record: int, docs: Sequence[Document]) -> list[bytes]:
    """The notes of logged documents that no record holds; one told twice must be there twice."""
    body = path.read_bytes()[header:]
    areas = [body[k + record - fmt.ANNOTATION_BYTES : k + record] for k in range(0, len(body), record)]
    held = [tal + b"\x14\x00" for area in areas for tal in area.split(b"\x14\x00")]
    wanted = [fmt.annotation(*note) for doc in docs if (note := edf_note(doc))]
    missing = []
    for tal in wanted:
        if tal in held:
            held.remove(tal)
        else:
            missing.append(tal)
    return missing


def _append_notes(path: Path, signals: tuple[fmt.Channel, ...], missing: list[bytes], latest: float) -> None:
    """Add the notes in seconds without signal, as many as reach the latest: readers drop a note beyond the end."""
    header, record = _sizes(signals)
    count = (path.stat().st_size - header) // record
    waiting = deque(missing)
    silence = b"\x00\x80" * (fmt.RECORD_RATE * len(signals))
    added: list[bytes] = []
    while waiting or count + len(added) <= int(latest):
        words = fmt.timekeeping(count + len(added))
        while waiting and len(words) + len(waiting[0]) <= fmt.ANNOTATION_BYTES:
            words += waiting.popleft()
        added.append(silence + words.ljust(fmt.ANNOTATION_BYTES, b"\x00"))
    with path.open("rb+") as file:
        file.seek(0, os.SEEK_END)
        file.write(b"".join(added))
        file.flush()
        os.fsync(file.fileno())
        file.seek(fmt.COUNT_AT)
        file.write(b"%-8d" % (count + len(added)))
        file.flush()
        os.fsync(file.fileno())
