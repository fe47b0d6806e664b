"""The simulation's door: who may lay down another modelled patient, let things happen, and hear the true force."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable
from typing import Any, Final

from opentraction.quantities import BadInput
from opentraction.table.canopen.door import BIGGEST, FORCE, MARK
from opentraction.twin.simulated_table import SimulatedTable

MOST: Final = 4
"""Connections at once."""


class SimulationDoor:
    """Serves one simulated table on `listener`, without ever waiting."""

    def __init__(self, listener: socket.socket, table: SimulatedTable) -> None:
        self._listener = listener
        self._table = table
        self._inside: list[socket.socket] = []

    def sockets(self) -> list[socket.socket]:
        """For select."""
        return [self._listener, *self._inside]

    def serve(self) -> None:
        """Take who has come, and what they ask."""
        with contextlib.suppress(BlockingIOError):
            made, _ = self._listener.accept()
            made.setblocking(False)
            self._inside.append(made)
            for one in self._inside[:-MOST]:
                self._leave(one)
        for one in list(self._inside):
            self._hear(one)

    def tell(self) -> None:
        """The true force [N], to everybody inside; who does not listen misses it."""
        packet = FORCE.pack(MARK, self._table.true_force())
        for one in list(self._inside):
            try:
                one.send(packet)
            except BlockingIOError:
                pass
            except OSError:
                self._leave(one)

    def close(self) -> None:
        """Everybody out."""
        for one in list(self._inside):
            self._leave(one)
        self._listener.close()

    def _hear(self, one: socket.socket) -> None:
        try:
            packet = one.recv(BIGGEST)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if not packet:
            self._leave(one)
            return
        with contextlib.suppress(OSError):
            one.send(json.dumps(self._answer(packet), allow_nan=False).encode())

    def _leave(self, one: socket.socket) -> None:
        self._inside.remove(one)
        one.close()

    def _answer(self, packet: bytes) -> dict[str, Any]:
        try:
            request = json.loads(packet)
            told = self._acts()[request.pop("do")](**request)
        except BadInput as refusal:
            return {"ok": False, "where": refusal.where, "value": str(refusal.value), "allowed": refusal.allowed}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {"ok": False, "where": "request", "value": "unreadable", "allowed": "a request of the door's"}
        return {"ok": True, "told": told}

    def _acts(self) -> dict[str, Callable[..., Any]]:
        table = self._table
        return {
            "lie down": table.lie_down,
            "tie to frame": table.tie_to_frame,
            "happen": table.happen,
            "describe": table.describe,
        }
