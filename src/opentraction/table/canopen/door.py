"""The way to the simulation behind simulated nodes: a Unix socket beside the bus, `PATH.simulation`.

No part of the bus, and nothing on it depends on it: another modelled patient, something that happens, and the true
force that only a simulation knows. The true force comes unasked each cycle, so that nobody waits for it.
"""

from __future__ import annotations

import contextlib
import json
import math
import select
import socket
import struct
from pathlib import Path
from typing import Any, Final

from opentraction.quantities.refusal import BadInput, State

FORCE: Final = struct.Struct("<cd")
MARK: Final = b"F"
BIGGEST: Final = 1 << 16
PATIENCE: Final = 2.0
"""[s] for an answer; nobody is treated while one is waited for."""


def door_of(bus: Path) -> Path:
    """Where the simulation behind a bus is found."""
    return bus.with_name(bus.name + ".simulation")


class Door:
    """The simulation, as `table.port.Simulation`. Raises OSError where there is none."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._socket.setblocking(False)
        self._force = math.nan

    def lie_down(self, mass: float, pseudonym: str, *, split: bool, angle: float) -> None:
        """Another patient."""
        self._ask(do="lie down", mass=mass, pseudonym=pseudonym, split=split, angle=angle)

    def tie_to_frame(self) -> None:
        """Nobody, and a cord to the frame."""
        self._ask(do="tie to frame")

    def happen(self, what: str, strength: float | None = None, duration: float | None = None) -> None:
        """Let something happen. Raises BadInput."""
        self._ask(do="happen", what=what, strength=strength, duration=duration)

    def describe(self) -> dict[str, Any]:
        """Who lies there, and all parameters."""
        told = self._ask(do="describe")["told"]
        return told if isinstance(told, dict) else {}

    def true_force(self) -> float:
        """The newest [N]; NaN where the simulation is gone."""
        while (packet := self._packet()) is not None:
            self._note(packet)
        return self._force

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _packet(self) -> bytes | None:
        try:
            packet = self._socket.recv(BIGGEST)
        except BlockingIOError:
            return None
        except OSError:
            packet = b""
        if not packet:
            self._force = math.nan
        return packet or None

    def _note(self, packet: bytes) -> None:
        if len(packet) == FORCE.size:
            self._force = FORCE.unpack(packet)[1]

    def _ask(self, **request: Any) -> dict[str, Any]:
        self.true_force()
        with contextlib.suppress(OSError):
            self._socket.send(json.dumps(request, allow_nan=False).encode())
            while select.select([self._socket], [], [], PATIENCE)[0]:
                packet = self._packet()
                if packet is None:
                    break
                if packet[:1] == b"{":
                    return _answer(json.loads(packet))
                self._note(packet)
        raise BadInput("simulation", State("gone"), "nodes that answer")


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("ok"):
        return answer
    raise BadInput(str(answer.get("where")), answer.get("value"), str(answer.get("allowed")))
