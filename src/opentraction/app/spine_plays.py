"""Recordings played through the modelled spine one after the other, and what is told while they wait.

What comes out is kept beside the recording (`spine.json`), and goes when that goes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from opentraction.app.spine_file import closed, keep, kept
from opentraction.quantities import BadInput

FORGOTTEN_S = 60.0
"""What went wrong is told for so long, and tried again after."""
log = logging.getLogger(__name__)


class Ended(Exception):
    """The process ends; what was being played is given up."""


class Plays:
    """A queue of recordings, one played at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shares: dict[str, float] = {}
        self._wrong: dict[str, tuple[float, str]] = {}
        self._worker = ThreadPoolExecutor(1, "plays")
        self._end = threading.Event()

    def asked(self, uid: str, folder: Path) -> dict[str, Any]:
        """`ready`, the `share` that has been played, or `why` there is nothing."""
        if uid in self._shares:
            return {"share": round(self._shares[uid], 3)}
        since, why = self._wrong.get(uid, (0.0, ""))
        if why and self._clock() - since < FORGOTTEN_S:
            return {"why": why}
        if not folder.is_dir():
            return {"why": "There is no recording of this session."}
        if not closed(folder):
            return {"why": "This session is still on the table, or its recording was never closed."}
        if kept(folder) is not None:
            return {"ready": True}
        self.begin(uid, folder)
        return {"share": 0.0}

    def begin(self, uid: str, folder: Path, patience: float = 0.0) -> None:
        """Put a recording in the queue; it is left alone for `patience` [s] first."""
        if uid not in self._shares and not self._end.is_set():
            self._shares[uid] = 0.0
            self._worker.submit(self._play, uid, folder, patience)

    def end(self) -> None:
        """Give up what is played and what waits."""
        self._end.set()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def settled(self) -> None:
        """Wait until nothing is left in the queue."""
        self._worker.submit(lambda: None).result()

    def _play(self, uid: str, folder: Path, patience: float) -> None:
        def heard(share: float) -> None:
            self._shares[uid] = share
            if self._end.is_set():
                raise Ended

        self._wrong.pop(uid, None)
        try:
            self._end.wait(patience)
            heard(0.0)
            keep(folder, heard)
        except Ended:
            pass
        except Exception as trouble:  # told on the page; the next session is played all the same
            log.warning("the session %s was not played: %r", uid, trouble)
            self._wrong[uid] = (self._clock(), said(trouble))
        finally:
            self._shares.pop(uid, None)


def said(trouble: Exception) -> str:
    """In one sentence without paths."""
    if isinstance(trouble, OSError):
        return f"What was worked out could not be read or kept: {trouble.strerror or 'the disk refused'}."
    if isinstance(trouble, ArithmeticError):
        return f"The model found no answer: {trouble}."
    if isinstance(trouble, BadInput):
        return f"This recording cannot be played: {trouble}"
    return "The model failed; its log says how."
