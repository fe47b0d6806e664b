"""The table's lockout: neither another patient nor a restart forgets it, only a clinician's recorded reset ends it.

Two faults of the machine without a completed session between them lock the table (hazard analysis §3, read as: the
machine has to prove itself once between two faults), and so does a fault while nothing is bound. Each fault, lockout
and reset is a line of a hash-chained log; its last line says how the table stands. A log that cannot be believed, or
that is gone from a table that has treated, means locked: the most restrictive reading. Who may write to the disk can
still cut whole lines off its end; the table's folder belongs to its own user alone.
"""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import (
    ANOTHER_PLAN,
    CABLE_LOOSE,
    CAUSE_TEXTS,
    CLOCK_GAP,
    CONTROL_SILENT,
    DRIVE_FAULT,
    FORCE_TOO_HIGH,
    GUARD_SILENT,
    ILLEGAL_EVENT,
    NO_PERMISSION,
    NO_RELEASE,
    NO_SETPOINT,
    NOT_RELEASED,
    SENSOR_FROZEN,
    SENSOR_INVALID,
    SENSORS_DISAGREE,
    TRAVEL_LIMIT,
)
from opentraction.session.chained_file import append_line
from opentraction.session.durable import make_folder
from opentraction.session.log_chain import verify

MACHINE_FAULTS: Final = frozenset(
    {
        FORCE_TOO_HIGH,
        SENSOR_INVALID,
        SENSORS_DISAGREE,
        SENSOR_FROZEN,
        CABLE_LOOSE,
        DRIVE_FAULT,
        TRAVEL_LIMIT,
        CLOCK_GAP,
        NOT_RELEASED,
        ILLEGAL_EVENT,
        NO_SETPOINT,
        CONTROL_SILENT,
        NO_RELEASE,
        ANOTHER_PLAN,
        GUARD_SILENT,
        NO_PERMISSION,
    }
)
"""Causes that lie in the machine; a patient who moves or a plug that is pulled is no reason to lock a table."""
SHORTEST_REASON = 10
LONGEST_REASON = 400
UNREADABLE = "the record of lockouts cannot be believed"
MISSING = "the record of lockouts is gone"
ALARMS_UNREADABLE = "the log of alarms cannot be believed"
IN_DOUBT: Final = frozenset({UNREADABLE, MISSING, ALARMS_UNREADABLE})
"""Locked because of what the table wrote down itself: alarm A17."""


class Lockout:
    """How the table stands. Without a path it is forgotten with the process (the twin, unit tests)."""

    def __init__(self, path: Path | None = None, *, treated: bool = False, now: datetime | None = None) -> None:
        """`treated`: this table has recordings, so it must have a record of lockouts too; `now` begins a new one."""
        self.path = path
        self.why = ""
        """Why the table is locked; empty while it is not."""
        self.since: str | None = None
        """When it was locked, UTC."""
        self._faults: list[str] = []
        self._broken = False
        self._writing = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._unwritten: list[dict[str, Any]] = []
        if path is not None and path.exists() and path.stat().st_size:
            self._read(path)
        elif path is not None and treated:
            self._distrust(MISSING)
        elif path is not None and now is not None:
            self._append_quietly({"doc": "begun", "utc": _utc(now)})

    @property
    def locked(self) -> bool:
        """Whether no session may begin."""
        return bool(self.why)

    def fault(self, cause: int, session: str, now: datetime) -> None:
        """A fault of the machine; the second locks the table at once. The disk follows without being waited for."""
        self._faults.append(CAUSE_TEXTS[cause])
        if len(self._faults) > 1:
            self.lock(f"two faults in a row: {self._faults[-2]}, then {self._faults[-1]}", session, now)
        else:
            self._later({"doc": "fault", "utc": _utc(now), "cause": CAUSE_TEXTS[cause], "session": session})

    def lock(self, why: str, session: str, now: datetime) -> None:
        """No session begins any more."""
        if not self.locked:
            self.why, self.since = why, _utc(now)
            self._later({"doc": "lockout", "utc": self.since, "why": why, "session": session})

    def completed(self, session: str, now: datetime) -> None:
        """A whole session went well: an earlier fault no longer counts. A lockout stays."""
        if self._faults and not self.locked:
            self._faults = []
            self._later({"doc": "proved", "utc": _utc(now), "session": session})

    def reset(self, by: str, reason: str, now: datetime) -> None:
        """End the lockout; on the disk before it counts. Raises BadInput without an author, a reason or a lockout."""
        if not self.locked:
            raise BadInput("reset", "no lockout", "a table that is locked")
        if not by.strip():
            raise BadInput("operator", by, "the clinician who resets the table")
        if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
            allowed = f"what was found and done, in {SHORTEST_REASON} to {LONGEST_REASON} characters"
            raise BadInput("reason", reason, allowed)
        self.flush()
        doc = {"doc": "reset", "utc": _utc(now), "by": by, "reason": reason.strip(), "of": self.why}
        try:
            self._append(doc, aside=_stamp(now))
        except OSError as error:
            allowed = f"a disk on which the reset can be recorded ({error.strerror or error})"
            raise BadInput("reset", "not recorded", allowed) from error
        self.why, self.since, self._faults = "", None, []

    def flush(self) -> None:
        """Wait until everything is on the disk, and try once more what was not."""
        for thread in self._threads:
            thread.join(10.0)
        self._threads = []
        unwritten, self._unwritten = self._unwritten, []
        for doc in unwritten:
            self._append_quietly(doc)

    def _later(self, doc: dict[str, Any]) -> None:
        """Write on a thread of its own: a release never waits for a disk."""
        if self.path is None:
            return
        thread = threading.Thread(target=self._append_quietly, args=(doc,), name="lockout")
        self._threads.append(thread)
        thread.start()

    def _append_quietly(self, doc: dict[str, Any]) -> None:
        try:
            self._append(doc)
        except OSError:  # kept for the next try; the recording's own alarm tells of the disk
            self._unwritten.append(doc)

    def _append(self, doc: dict[str, Any], aside: str = "") -> None:
        """One line more. A log that cannot be believed is put aside (named `aside`) or, without a name, left alone."""
        if self.path is None:
            return
        with self._writing:
            make_folder(self.path.parent)
            if self._broken and aside and self.path.exists():
                self.path.rename(self.path.with_name(f"{self.path.name}.{aside}"))
                self._broken = False
            if not self._broken:
                append_line(self.path, doc)

    def _read(self, path: Path) -> None:
        try:
            log = verify(path)
        except OSError:
            self._distrust()
            return
        if log.torn or not log.whole:
            self._distrust()
            return
        for doc in log.documents:
            self._hear(doc)

    def _hear(self, doc: dict[str, Any]) -> None:
        kind = doc.get("doc")
        if kind == "fault":
            self._faults.append(str(doc.get("cause")))
        elif kind == "lockout":
            self.why, self.since = str(doc.get("why") or "a fault"), doc.get("utc")
        elif kind == "reset" or (kind == "proved" and not self.locked):
            self.why, self.since, self._faults = "", None, []

    def _distrust(self, why: str = UNREADABLE) -> None:
        self.why, self.since, self._broken = why, None, why == UNREADABLE


def _utc(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S}"
