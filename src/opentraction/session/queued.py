"""Records on a thread of its own, so that a slow disk never makes the control loop late."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np

from opentraction.session import documents
from opentraction.session.documents import Document, Listener
from opentraction.session.rows import RATE_HZ, Rows, T


class QueuedRecorder:
    """Passes documents and rows on to another listener from its own thread, in order.

    At most `room` rows wait. Rows beyond that are dropped, and said so: the alarm at once, a `note` document with the
    time and number of what is missing once there is room. Documents are never dropped. `begin` is called first on the
    recorder's thread.
    """

    def __init__(
        self,
        inner: Listener,
        room: int = 60 * RATE_HZ,
        alarm: Callable[[str], None] = lambda _: None,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        self.inner = inner
        self.room = room
        self._alarm = alarm
        self._begin = begin
        self._waiting: deque[Document | Rows] = deque()
        self._rows_waiting = 0
        self._missing: tuple[float, float, int] | None = None
        self._closing = False
        self._busy = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def document(self, doc: Document) -> None:
        """Queue a document."""
        with self._changed:
            self._note_gap()
            self._waiting.append(doc)
            self._changed.notify_all()

    def rows(self, block: Rows) -> None:
        """Queue a copy of a block, or note that there was no room for it."""
        full = False
        with self._changed:
            if self._rows_waiting + len(block) > self.room:
                full = self._missing is None
                self._miss(block)
            else:
                self._note_gap()
                self._waiting.append(np.array(block, dtype=np.float64))
                self._rows_waiting += len(block)
            self._changed.notify_all()
        if full:
            self._alarm("Not recording: the disk is too slow.")

    def flush(self, timeout: float) -> bool:
        """Wait until everything queued so far is passed on; False if that takes longer than `timeout` [s]."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def close(self, timeout: float = 10.0) -> None:
        """Pass everything on, close the inner listener, end the thread."""
        with self._changed:
            self._note_gap()
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._alarm(f"Not recording: the recorder did not finish within {timeout:g} s.")

    def _miss(self, block: Rows) -> None:
        since, _, count = self._missing or (float(block[0, T]), 0.0, 0)
        self._missing = (since, float(block[-1, T]), count + len(block))

    def _note_gap(self) -> None:
        if self._missing is None:
            return
        since, until, count = self._missing
        self._missing = None
        text = f"{count} rows were not recorded from {since:.3f} s to {until:.3f} s"
        data = {"from": since, "to": until, "rows": count}
        self._waiting.append(documents.event(until, "note", text, data))

    def _work(self) -> None:
        self._begin()
        while (item := self._next()) is not None:
            self._pass_on(item)
        try:
            self.inner.close()
        except Exception as error:  # the treatment goes on whatever the recorder does
            self._alarm(f"Not recording: {error}.")

    def _next(self) -> Document | Rows | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: bool(self._waiting) or self._closing)
            if not self._waiting:
                return None
            item = self._waiting.popleft()
            self._busy = True
            if isinstance(item, np.ndarray):
                self._rows_waiting -= len(item)
            return item

    def _pass_on(self, item: Document | Rows) -> None:
        try:
            if isinstance(item, np.ndarray):
                self.inner.rows(item)
            else:
                self.inner.document(item)
        except Exception as error:  # see above
            self._alarm(f"Not recording: {error}.")
