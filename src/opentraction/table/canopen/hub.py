"""A bus between processes of one machine: whoever is plugged in hears what all others send, in one order.

Frames go over a Unix socket of packets (SOCK_SEQPACKET): reliable, ordered, and closed to whoever may not open the
socket's folder. As on a wire, a sender does not hear itself, and a node that does not listen loses frames while the bus
goes on: some 270 wait for each, those it loses are counted. There is no priority among frames that wait, as hardly any
do at 200 cycles a second.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
from pathlib import Path
from typing import Final

from opentraction.table.canopen.frame import LAYOUT, unpacked

WAITING: Final = 16
"""Nodes that may be waiting to be plugged in."""
BEFORE_OTHERS: Final = 64
"""Frames of one node that are passed on before the others get their turn."""


class Hub:
    """The bus; `turn` it until it is closed."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the socket cannot be made, BlockingIOError where another hub has it."""
        self.path = path
        self.lost = 0
        """Frames that a node did not take in time."""
        self.passed = 0
        """Frames that were sent."""
        self._nodes: list[socket.socket] = []
        self._selector = selectors.DefaultSelector()
        self._socket = listening(path)
        self._selector.register(self._socket, selectors.EVENT_READ)

    @property
    def plugged_in(self) -> int:
        """How many nodes are on the bus."""
        return len(self._nodes)

    def turn(self, timeout: float | None = None) -> None:
        """Pass on what has come, waiting for it up to `timeout` [s]."""
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._socket:
                self._plug_in()
            else:
                self._hear(key.fileobj)  # type: ignore[arg-type]

    def close(self) -> None:
        """Unplug everybody; a bus that is cut."""
        for node in list(self._nodes):
            self._unplug(node)
        self._selector.close()
        self._socket.close()
        self.path.unlink(missing_ok=True)

    def _plug_in(self) -> None:
        with contextlib.suppress(BlockingIOError):
            node, _ = self._socket.accept()
            node.setblocking(False)
            self._nodes.append(node)
            self._selector.register(node, selectors.EVENT_READ)

    def _hear(self, node: socket.socket) -> None:
        for _ in range(BEFORE_OTHERS):
            try:
                raw = node.recv(LAYOUT.size + 1)
            except BlockingIOError:
                return
            except OSError:
                raw = b""
            if not raw:
                self._unplug(node)
                return
            if unpacked(raw) is not None:
                self._pass_on(raw, node)

    def _pass_on(self, raw: bytes, sender: socket.socket) -> None:
        self.passed += 1
        for node in list(self._nodes):
            if node is sender:
                continue
            try:
                node.send(raw)
            except BlockingIOError:
                self.lost += 1
            except OSError:
                self._unplug(node)

    def _unplug(self, node: socket.socket) -> None:
        if node in self._nodes:
            self._nodes.remove(node)
            self._selector.unregister(node)
            node.close()


def listening(path: Path) -> socket.socket:
    """A socket that waits at `path`; one left behind by a dead hub is taken over, a living one's is not."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        if path.is_socket() and not _somebody_there(path):
            path.unlink()
        made.bind(str(path))
        made.listen(WAITING)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def _somebody_there(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
