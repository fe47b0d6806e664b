"""The table's log of alarms: what was raised with which limits, who acknowledged it, and when the sound was paused.

One line a happening, chained by hash like a recording and on the disk before it counts. Writing happens on a thread of
its own, so neither a full nor a dead disk is ever waited for; what could not be written waits and is tried each second.
A last line without its end is what a power loss leaves: it goes. A chain that is broken is put aside, and said so.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from opentraction.session.durable import DurableFile, sync_folder
from opentraction.session.log_chain import GENESIS, LogChain, LogReport, verify

Line = dict[str, Any]
SEALS: Final = ("seq", "prev", "sha256")
AGAIN_S: Final = 1.0
"""Between two tries at a disk that refused [s]."""
MOST_WAITING: Final = 10_000
"""Lines; beyond that the newest are counted and not kept."""
LARGEST: Final = 4_000_000
"""Bytes of a log that is gone on with; a larger one is kept beside it at the next start."""


@dataclass(frozen=True)
class Left:
    """What an earlier process left: raises that nobody has seen, in order, and how that process ended."""

    unseen: list[Line] = field(default_factory=list)
    numbers: int = 0
    """The highest number of a raise."""
    ended: bool = True
    """False: it was cut off, by a power loss or a crash."""
    broken: str = ""
    """Why the log cannot be believed; empty while it can."""


class AlarmLog:
    """Keeps lines in order. Without a path it keeps nothing (the twin, unit tests)."""

    def __init__(self, path: Path | None = None, begin: Callable[[], None] = lambda: None) -> None:
        """`begin` is called first on the writing thread."""
        self.path = path
        self.trouble = ""
        """Why the log is not safe now; empty while it is."""
        self.left = Left()
        self._begin = begin
        self._report = LogReport()
        self._chain: LogChain | None = None
        self._waiting: deque[Line] = deque()
        self._missed = 0
        self._closing = False
        self._idle = True
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def open(self, now: datetime) -> Left:
        """Read what an earlier process left, then begin to write. Never raises."""
        if self.path is None:
            return self.left
        try:
            self.left = self._read(self.path, f"{now:%Y%m%dT%H%M%S}")
        except OSError as error:
            self.left = Left(broken=f"it cannot be read ({error.strerror or error})")
            with contextlib.suppress(OSError):
                self.path.rename(self.path.with_name(f"{self.path.name}.{now:%Y%m%dT%H%M%S}"))
        self._thread = threading.Thread(target=self._work, name="alarms", daemon=True)
        self._thread.start()
        if self._report.last == GENESIS:  # a new file begins with what stood in the one before
            for line in self.left.unseen:
                self.write({key: value for key, value in line.items() if key not in SEALS} | {"carried": True})
        return self.left

    def write(self, line: Mapping[str, Any]) -> None:
        """Queue one line; never waits."""
        if self._thread is None:
            return
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._missed += 1
                return
            self._waiting.append(dict(line))
            self._changed.notify_all()

    def flush(self, timeout: float) -> bool:
        """Wait until all is on the disk; False if that takes longer than `timeout` [s]."""
        with self._changed:
            return self._changed.wait_for(lambda: self._idle and not self._waiting, timeout)

    def close(self, timeout: float = 2.0) -> None:
        """Write what can be written and end the thread; no disk is waited for longer than `timeout` [s]."""
        if self._thread is None:
            return
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        self._thread = None

    def _read(self, path: Path, stamp: str) -> Left:
        if not (path.exists() and path.stat().st_size):
            return Left()
        report = verify(path)
        left = left_by(report.documents)
        if not report.whole:
            path.rename(path.with_name(f"{path.name}.{stamp}"))
            return Left(left.unseen, left.numbers, ended=False, broken=f"line {report.bad_line}: {report.why}")
        if report.good_bytes > LARGEST:
            path.rename(path.with_name(f"{path.stem}.until-{stamp}{path.suffix}"))
            return left
        self._report = report
        return left

    # --- on the thread ---

    def _work(self) -> None:
        self._begin()
        while (line := self._next()) is not None:
            while not self._written(line):
                if self._rest():
                    return
        if self._chain is not None:
            self._chain.file.close()

    def _next(self) -> Line | None:
        with self._changed:
            self._idle = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: bool(self._waiting) or self._closing)
            if not self._waiting:
                return None
            self._idle = False
            if self._missed and len(self._waiting) < MOST_WAITING:
                self._waiting.append({"doc": "missed", "lines": self._missed})
                self._missed = 0
            return self._waiting.popleft()

    def _rest(self) -> bool:
        """Wait a moment; True when there is no next one."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closing, AGAIN_S)

    def _written(self, line: Line) -> bool:
        """Whether this line is in the file; one that waits in there already is not added twice."""
        try:
            if self._chain is None:
                self._chain = _chain_at(self.path, self._report)
            if not self._chain.file.waiting:
                self._chain.append(line)
            else:
                self._chain.file.drain()
                self._chain.file.sync()
        except OSError as error:
            self.trouble = f"Not recording: alarms cannot be written ({error.strerror or error})."
            return self._chain is not None and not self._chain.file.waiting
        self.trouble = ""
        return True


def left_by(lines: list[Line]) -> Left:
    """What stood unseen at the end of a log: raised, and neither acknowledged nor gone."""
    unseen: dict[int, Line] = {}
    numbers, ended = 0, True
    for line in lines:
        doc, number = line.get("doc"), line.get("number")
        if doc in {"started", "ended"}:
            ended = doc == "ended"
        if not isinstance(number, int):
            continue
        numbers = max(numbers, number)
        if doc == "raised":
            unseen = {n: one for n, one in unseen.items() if one.get("id") != line.get("id")} | {number: line}
        elif doc in {"acknowledged", "left"}:
            unseen.pop(number, None)
    return Left(list(unseen.values()), numbers, ended)


def _chain_at(path: Path | None, report: LogReport) -> LogChain:
    """The file, ready for the next line. Raises OSError."""
    assert path is not None
    if report.last != GENESIS:
        return LogChain(DurableFile.reopen(path, report.good_bytes), len(report.documents), report.last)
    if path.exists():  # nothing but half a line
        return LogChain(DurableFile.reopen(path, 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    file = DurableFile.create(path)
    sync_folder(path.parent)
    return LogChain(file)
