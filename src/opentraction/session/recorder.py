"""Writes one session to a folder as it happens: `documents.jsonl` and `session.edf`.

A full or failing disk never stops a treatment: nothing here raises once the session runs. The recorder says so
(`degraded` and the alarm), keeps what it could not write, and goes on when there is room again. Once a second it looks
whether both files still stand under their names and are on the disk, and whether the disk still has room. A file that
failed to sync is written anew as another one, and an event says for which time there was a doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session.documents import Document
from opentraction.session.durable import DurableFile, make_folder, sync_folder
from opentraction.session.edf import EdfWriter
from opentraction.session.edf_notes import edf_note
from opentraction.session.log_chain import LogChain
from opentraction.session.room import LOW, FreeBytes, free_bytes, megabytes
from opentraction.session.rows import RATE_HZ, Rows
from opentraction.session.waveform_proof import FIELD

DOCUMENTS = "documents.jsonl"
EDF = "session.edf"
AGAIN = "Recording again; nothing was lost."


class Pace(NamedTuple):
    """What waits for the disk: each second's samples, each document; and how many seconds share a write."""

    sync_samples: bool
    sync_documents: bool
    seconds_per_write: int


REAL_TIME = Pace(True, True, 1)
FASTER_THAN_LIFE = Pace(False, True, 1)
NO_SYNC = Pace(False, False, 30)


def _silent(_: str) -> None:
    """No one listens."""


class Recorder:
    """The listener that keeps the recording.

    Parameters
    ----------
    folder : Path
        Made if missing. Raises BadInput if it already holds a session or cannot be written.
    alarm : callable
        Told one sentence when the recording is no longer safe, and `AGAIN` when it is.
    free, low : callable, int
        Bytes free in a folder, and how few of them are told as an alarm before the disk is full.
    """

    def __init__(
        self,
        folder: Path,
        pace: Pace = REAL_TIME,
        alarm: Callable[[str], None] = _silent,
        *,
        free: FreeBytes = free_bytes,
        low: int = LOW,
    ) -> None:
        self.folder = folder
        self.pace = pace
        self.degraded = ""
        self._alarm = alarm
        self._free = free
        self._low = low
        self._rows = 0
        self._astray: set[str] = set()
        self._doubted: dict[str, float] = {}
        self._stopped = False
        self._log: LogChain | None = None
        self._edf: EdfWriter | None = None
        self._refused: dict[str, str] = {}
        _claim(folder)

    @property
    def bytes_written(self) -> int:
        """Bytes in both files."""
        return (self._log.file.size if self._log else 0) + (self._edf.file.size if self._edf else 0)

    def document(self, doc: Document) -> None:
        """Log the document, then note it in the waveform file. The first must be `start`: it opens both files."""
        if doc["doc"] == "start":
            self._open(doc)
        log, edf = self._opened()
        if doc["doc"] == "stop":
            self._look(at_once=True)  # what there is to say of the files is said before the last document
            self._stopped = True
        kept = {**doc, FIELD: edf.proof_for(doc["doc"])} if doc["doc"] in {"event", "stop"} else doc
        self._try(DOCUMENTS, lambda: log.append(kept, self.pace.sync_documents))
        note = edf_note(doc)
        if note:
            self._try(EDF, lambda: edf.annotate(*note, sync=self.pace.sync_samples))

    def rows(self, block: Rows) -> None:
        """Add rows [n, 18]; look after the files once a second of them."""
        _, edf = self._opened()
        self._try(EDF, lambda: edf.rows(block))
        seconds = self._rows // RATE_HZ
        self._rows += len(block)
        if self._rows // RATE_HZ != seconds:
            self._look()

    def close(self) -> None:
        """Close the last second and both files. Closing twice does nothing."""
        if self._log is None or self._edf is None:
            return
        log, edf = self._log, self._edf
        self._look(at_once=True)
        self._log, self._edf = None, None
        self._try(EDF, edf.finish)
        self._try(DOCUMENTS, log.finish)

    def _open(self, doc: Document) -> None:
        if self._log is not None:
            raise ValueError("a session starts once")
        started = datetime.fromisoformat(doc["started_utc"])
        simulated = doc["table"].get("kind") == "virtual"
        sync, seconds = self.pace.sync_samples, self.pace.seconds_per_write
        try:
            edf = EdfWriter(self.folder / EDF, started, str(doc["uid"]), simulated, seconds, sync)
            file = DurableFile.create(self.folder / DOCUMENTS)
            sync_folder(self.folder)
        except OSError as error:
            raise BadInput("out", str(self.folder), f"a folder that can be written ({error.strerror})") from error
        file.lock()
        self._edf, self._log = edf, LogChain(file)

    def _opened(self) -> tuple[LogChain, EdfWriter]:
        if self._log is None or self._edf is None:
            raise ValueError("the first document of a session is its start; nothing follows its close")
        return self._log, self._edf

    def _try(self, name: str, write: Callable[[], object]) -> None:
        """Write to one file; a disk that refuses is reported, never raised."""
        try:
            write()
        except OSError as error:
            self._refused[name] = f"Not recording: {error.strerror or error}."
        else:
            if not self._is_doubtful(name):
                self._refused.pop(name, None)
        self._say()

    def _is_doubtful(self, name: str) -> bool:
        """Whether a file failed to sync: what needs no sync still succeeds, and makes nothing safe."""
        file = {DOCUMENTS: self._log, EDF: self._edf}[name]
        return file is not None and file.file.doubtful

    def _look(self, at_once: bool = False) -> None:
        """Are both files where they belong and on the disk, and is there room? What is not is written anew at the next
        look, so that the alarm stands a second at least; `at_once` at the end.
        """
        log, edf = self._opened()
        for name, file in ((EDF, edf.file), (DOCUMENTS, log.file)):
            there = file.in_place()
            if there and not file.doubtful:
                self._found(name)
            elif there and (name in self._doubted or at_once):
                self._renew(name, file)
            elif there:
                self._doubted[name] = self._rows / RATE_HZ
            elif name in self._astray or at_once:
                self._bring_back(name, file)
            else:
                self._astray.add(name)
                self._refused[f"place of {name}"] = f"Not recording: {name} was deleted or moved."
        self._measure_room()
        self._say()

    def _renew(self, name: str, file: DurableFile) -> None:
        """Another file for one that failed to sync, and an event for the time in doubt."""
        until = self._rows / RATE_HZ
        since = max(self._doubted.pop(name, until) - 1.0, 0.0)
        try:
            aside = file.renew()
        except OSError:
            self._doubted[name] = since + 1.0
            return
        self._refused.pop(name, None)
        text = f"{name} failed to reach the disk between {since:.1f} s and {until:.1f} s and was written anew"
        data = {"from": since, "to": until, "file": name, "doubtful": aside.name}
        if not self._stopped:
            self.document(documents.event(until, "note", text, data))

    def _bring_back(self, name: str, file: DurableFile) -> None:
        try:
            file.restore()
        except FileExistsError:
            self._refused[f"place of {name}"] = f"Not recording: another file took the place of {name}."
        except OSError as error:
            why = error.strerror or error
            self._refused[f"place of {name}"] = f"Not recording: {name} was deleted or moved ({why})."
        else:
            self._found(name)

    def _found(self, name: str) -> None:
        self._astray.discard(name)
        self._refused.pop(f"place of {name}", None)

    def _measure_room(self) -> None:
        try:
            free = self._free(self.folder)
        except OSError:  # writing will tell
            return
        self._refused.pop("room", None)
        if free < self._low:
            text = f"Recording in danger: {megabytes(free)} are free on the disk, less than {megabytes(self._low)}."
            self._refused["room"] = text

    def _say(self) -> None:
        """Tell about a change, once; a file that is not written comes before little room."""
        worst = sorted(self._refused.items(), key=lambda item: item[0] == "room")
        degraded = worst[0][1] if worst else ""
        if degraded != self.degraded:
            self._alarm(degraded or AGAIN)
        self.degraded = degraded


def _claim(folder: Path) -> None:
    """Make the folder; refuse one that holds a session."""
    try:
        make_folder(folder)
        held = [name for name in (DOCUMENTS, EDF) if (folder / name).exists()]
    except OSError as error:
        raise BadInput("out", str(folder), f"a folder that can be written ({error.strerror})") from error
    if held:
        raise BadInput("out", str(folder), f"a folder without a session in it (this one holds {held[0]})")
