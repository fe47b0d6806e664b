"""One end's plug in the bus: frames out and in, and plugged in again where the bus went away and came back.

The bus is a hub between processes (`can.Bus(interface="opentraction")`) or a CAN interface of Linux
(`interface="socketcan"`), named as `socketcan:can0`. A frame that cannot be sent now is dropped and not kept: what
waits in a queue of ours would be said seconds later, as if it were meant then.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import can

SOCKETCAN: Final = "socketcan:"
AGAIN: Final = 0.25
"""[s] between two tries to plug in."""
AT_ONCE: Final = 2000
"""Frames taken in one go: a flood must not keep an end from its own work."""
Open = Callable[[], can.BusABC]


def opener(address: str) -> Open:
    """How to plug in at `address`: the path of a hub, or `socketcan:INTERFACE`."""
    if address.startswith(SOCKETCAN):
        return lambda: can.Bus(interface="socketcan", channel=address.removeprefix(SOCKETCAN))
    return lambda: can.Bus(interface="opentraction", channel=address)


def path_of(address: str) -> Path | None:
    """The hub's socket; None for a CAN interface."""
    return None if address.startswith(SOCKETCAN) else Path(address)


class Line:
    """A plug. Raises can.CanError where there is no bus at the start; later it only says `gone`."""

    def __init__(self, plug_in: Open) -> None:
        self._plug_in = plug_in
        self._bus: can.BusABC | None = plug_in()
        self._tried = 0.0
        self.dropped = 0
        """Frames that the bus did not take."""

    @property
    def gone(self) -> bool:
        """Nobody is heard."""
        return self._bus is None

    def fileno(self) -> int:
        """For select; -1 while the bus is gone."""
        return -1 if self._bus is None else self._bus.fileno()

    def send(self, cob: int, data: bytes) -> None:
        """One frame, now or never."""
        if self._bus is None:
            return
        try:
            self._bus.send(can.Message(arbitration_id=cob, data=data, is_extended_id=False, check=False), timeout=0.0)
        except (can.CanError, OSError, ValueError):
            self.dropped += 1

    def heard(self, now: float) -> Iterator[can.Message]:
        """What waits; where the bus is gone, another try to plug in."""
        if self._bus is None and not self._again(now):
            return
        for _ in range(AT_ONCE):
            message = self._receive(0.0)
            if message is None:
                return
            if _plain(message):
                yield message

    def wait(self, seconds: float) -> can.Message | None:
        """The next frame, waited for up to so long [s]; None where none of ours came."""
        message = self._receive(seconds)
        return message if message is not None and _plain(message) else None

    def flush(self) -> None:
        """Let go of what waits to be sent, where the interface can: after a stop nothing old may follow."""
        if self._bus is not None:
            with contextlib.suppress(NotImplementedError, can.CanError, OSError):
                self._bus.flush_tx_buffer()

    def close(self) -> None:
        """Unplug, for good."""
        if self._bus is not None:
            self._bus.shutdown()
            self._bus = None
        self._tried = float("inf")

    def _receive(self, seconds: float) -> can.Message | None:
        if self._bus is None:
            return None
        try:
            return self._bus.recv(timeout=seconds)
        except (can.CanError, OSError, ValueError):
            self._bus.shutdown()
            self._bus = None
            return None

    def _again(self, now: float) -> bool:
        if now - self._tried < AGAIN:
            return False
        self._tried = now
        with contextlib.suppress(can.CanError, OSError):
            self._bus = self._plug_in()
        return self._bus is not None


def _plain(message: can.Message) -> bool:
    """A data frame with a short identifier: all that CANopen sends."""
    return not (message.is_extended_id or message.is_remote_frame or message.is_error_frame)
