"""What the table has checked, and whether it may be used: its power-on test, and the trials of its stops.

Each result is a line of a hash-chained log. A book that cannot be believed counts as empty and long due: both stops
have to be tried anew. A new table counts from its first day; where people were treated without a book, both are due.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from opentraction.session.chained_file import append_line
from opentraction.session.checks.finding import Finding, sentence
from opentraction.session.checks.stop_trial import STOPS
from opentraction.session.durable import make_folder
from opentraction.session.log_chain import verify

DUE: Final = timedelta(hours=24)
"""After which a stop is to be tried again."""
GRACE: Final = timedelta(hours=24)
"""For so long it may wait; then nobody is bound any more."""
BEGUN, POWER_ON, TRIAL = "begun", "power-on test", "stop trial"
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class CheckBook:
    """Without a path it is forgotten with the process, and nothing is asked for (the twin, unit tests)."""

    def __init__(self, path: Path | None = None, now: datetime | None = None, *, treated: bool = False) -> None:
        """`treated`: somebody was treated on this table, so there has to be a book."""
        self.path = path
        self.power_on: list[Finding] | None = None
        """What the power-on test of this process found; None before."""
        self.tried: dict[str, dict[str, Any]] = {}
        """The newest trial of each stop, as it stands in the book."""
        self.trouble = ""
        """Why the last result is not on the disk."""
        self._asked = path is not None
        self._since: dict[str, datetime] = {}
        self._newest = NEVER
        self._writing: threading.Thread | None = None
        if path is not None and now is not None:
            self._open(path, now, treated)

    def why_not(self, now: datetime) -> str:
        """Why nobody may be bound, in a sentence or two; empty where nothing speaks against it."""
        return self.untested() or self.stops_not_tried(now)

    def untested(self) -> str:
        """Why the table is not known to be well; empty where its power-on test was passed."""
        if not self._asked:
            return ""
        if self.power_on is None:
            return "The power-on test is not through yet."
        if failed := sentence(self.power_on):
            return f"The power-on test failed: {failed}. Look into it, then test again."
        return ""

    def stops_not_tried(self, now: datetime) -> str:
        """Which stop has to be tried before anybody is treated; empty where none has."""
        if not self._asked:
            return ""
        for stop in STOPS:
            newest = self.tried.get(stop)
            if newest is not None and not newest["passed"]:
                return f"The trial of the {stop} failed: {newest['why']}. Look into it, then try it again."
            if self._since.get(stop, NEVER) + DUE + GRACE < now:
                return f"The {stop} was not tried for more than {(DUE + GRACE).days} days. Try it with a cord first."
        return ""

    def due(self, now: datetime) -> bool:
        """Whether a stop is to be tried today."""
        return self._asked and any(self._since.get(stop, NEVER) + DUE < now for stop in STOPS)

    def due_since(self, stop: str) -> datetime | None:
        """When the next trial of a stop was or is due; None where nobody knows when it was tried."""
        since = self._since.get(stop, NEVER)
        return None if since == NEVER else since + DUE

    def tested(self, findings: Sequence[Finding], now: datetime) -> None:
        """The power-on test has ended."""
        self.power_on = [*findings, *self._civil_clock(now)]
        self._write(POWER_ON, self.power_on, now, {})

    def trial(self, stop: str, findings: Sequence[Finding], by: str, session: str, now: datetime) -> None:
        """A stop was tried. Written on a thread of its own: the loop waits for no disk."""
        more = {"stop": stop, "by": by, "session": session}
        self._writing = threading.Thread(target=self._write, args=(TRIAL, findings, now, more), name="checks")
        self._writing.start()

    def flush(self) -> None:
        """Wait until what was found is on the disk."""
        if self._writing is not None:
            self._writing.join(10.0)

    def _civil_clock(self, now: datetime) -> list[Finding]:
        """A clock that was set back makes everything that is due look fresh."""
        if self.path is None:
            return []
        newest = self._newest
        early = now + timedelta(minutes=5) < newest
        saw = f"{_plain(now)}, {_plain(newest)} written before" if early else _plain(now)
        return [Finding("civil clock", not early, saw, "not before what is written in the book of checks")]

    def _write(self, kind: str, findings: Sequence[Finding], now: datetime, more: dict[str, Any]) -> None:
        told = [one.document() for one in findings]
        doc = {"doc": kind, "utc": _utc(now), "passed": all(one.passed for one in findings)}
        doc |= {"why": sentence(list(findings)), "findings": told, **more}
        self.trouble = ""
        try:
            if self.path is not None:
                make_folder(self.path.parent)
                append_line(self.path, doc)
        except OSError as error:
            self.trouble = f"The result cannot be written down: {error.strerror or error}."
            if kind == TRIAL and doc["passed"]:
                return  # what is not on the disk permits nothing
        self._hear(doc)

    def _open(self, path: Path, now: datetime, treated: bool) -> None:
        if not path.exists() or not path.stat().st_size:
            self._begin(path, now, now - DUE if treated else now)
            return
        log = verify(path)
        if not log.whole or not log.documents:
            path.rename(path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S}"))
            self._begin(path, now, None)
            return
        for doc in log.documents:  # a last line that was being written when the power went makes room for the next
            self._hear(doc)

    def _begin(self, path: Path, now: datetime, since: datetime | None) -> None:
        """A new book, in which both stops count as tried `since`; None is never."""
        doc = {"doc": BEGUN, "utc": _utc(now), "since_utc": None if since is None else _utc(since)}
        try:
            make_folder(path.parent)
            append_line(path, doc)
        except OSError as error:
            self.trouble = f"The book of checks cannot be written: {error.strerror or error}."
        self._hear(doc)

    def _hear(self, doc: dict[str, Any]) -> None:
        when = datetime.fromisoformat(str(doc["utc"]))
        if doc["doc"] == BEGUN:
            self._since = dict.fromkeys(STOPS, datetime.fromisoformat(doc["since_utc"]) if doc["since_utc"] else NEVER)
        elif doc["doc"] == TRIAL and doc["stop"] in STOPS:
            self.tried[doc["stop"]] = doc
            if doc["passed"]:
                self._since[doc["stop"]] = when
        self._newest = max(self._newest, when)


def _utc(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


def _plain(now: datetime) -> str:
    return f"{now:%Y-%m-%d %H:%M} UTC"
