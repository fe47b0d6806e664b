"""SIGTERM, SIGHUP and Ctrl-C while a treatment is played: the first asks for a release, the second leaves at once."""

from __future__ import annotations

import contextlib
import os
import signal
from types import FrameType, TracebackType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
FIRST: Final = "Asked to end: releasing, then closing the files. Once more leaves at once."
SECOND: Final = "Left at once; opentraction recover DIR closes the recording if it is open."


class AskedToEnd:
    """While entered, the first signal only sets `asked`; a signal that was ignored before (nohup) stays ignored."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> AskedToEnd:
        for name in SIGNALS:
            if signal.getsignal(name) is not signal.SIG_IGN:
                self._before[name] = signal.signal(name, self._hear)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name, handler in self._before.items():
            signal.signal(name, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            _say(SECOND)
            os._exit(128 + number)
        self.asked = True
        _say(FIRST)


def _say(sentence: str) -> None:
    """Straight to the terminal, which may be gone: a signal may come in the middle of a print."""
    with contextlib.suppress(OSError):
        os.write(2, f"\r\x1b[K{sentence}\n".encode() if os.isatty(2) else f"{sentence}\n".encode())
