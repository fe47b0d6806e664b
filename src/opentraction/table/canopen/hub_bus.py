"""The hub as an interface of python-can: `can.Bus(interface="opentraction", channel=PATH)`."""

from __future__ import annotations

import select
import socket
import time
from typing import Any

import can

from opentraction.table.canopen.frame import ERROR, EXTENDED, LAYOUT, REMOTE, Frame, packed, unpacked


class HubBus(can.BusABC):
    """One node's plug in the hub at `channel`, a path."""

    def __init__(self, channel: str, can_filters: Any = None, **kwargs: Any) -> None:
        """Raises can.CanInitializationError where no hub is there."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(str(channel))
        except OSError as problem:
            self._socket.close()
            raise can.CanInitializationError(f"no bus at {channel}: {problem.strerror}") from None
        self._socket.setblocking(False)
        self.channel_info = f"hub at {channel}"
        super().__init__(channel=channel, can_filters=can_filters, **kwargs)

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        """Send one frame. Raises can.CanOperationError where the bus is gone or full."""
        raw = packed(_frame(msg))
        try:
            self._socket.send(raw)
        except BlockingIOError:
            if not select.select([], [self._socket], [], timeout or 0.0)[1]:
                raise can.CanOperationError("the bus takes nothing") from None
            self.send(msg, 0.0)
        except OSError as problem:
            raise can.CanOperationError(f"the bus is gone: {problem.strerror}") from None

    def _recv_internal(self, timeout: float | None) -> tuple[can.Message | None, bool]:
        if timeout != 0.0 and not select.select([self._socket], [], [], timeout)[0]:
            return None, False
        try:
            raw = self._socket.recv(LAYOUT.size + 1)
        except BlockingIOError:
            return None, False
        except OSError as problem:
            raise can.CanOperationError(f"the bus is gone: {problem.strerror}") from None
        if not raw:
            raise can.CanOperationError("the bus is gone")
        frame = unpacked(raw)
        return (None if frame is None else _message(frame, str(self.channel_info))), False

    def fileno(self) -> int:
        """For select and python-can's notifier."""
        return self._socket.fileno()

    def shutdown(self) -> None:
        """Unplug."""
        super().shutdown()
        self._socket.close()


def _frame(msg: can.Message) -> Frame:
    flags = (EXTENDED if msg.is_extended_id else 0) | (REMOTE if msg.is_remote_frame else 0)
    flags |= ERROR if msg.is_error_frame else 0
    return Frame(msg.arbitration_id | flags, bytes(msg.data))


def _message(frame: Frame, channel: str) -> can.Message:
    return can.Message(
        timestamp=time.time(),  # the door: python-can stamps frames with the civil clock; nothing of ours reads it
        arbitration_id=frame.cob,
        is_extended_id=bool(frame.id & EXTENDED),
        is_remote_frame=bool(frame.id & REMOTE),
        is_error_frame=bool(frame.id & ERROR),
        dlc=len(frame.data),
        data=frame.data,
        channel=channel,
    )
