"""The process of the simulated nodes: drive, cells and switches on the bus, the physics behind them, a door to it."""

from __future__ import annotations

import select
import time
from typing import Any

from opentraction.app.bus_process import Asked, be_quick, check_address, door_path, plugged_in
from opentraction.app.table_socket import listen
from opentraction.quantities import BadInput
from opentraction.quantities.clock import MonotonicClock
from opentraction.quantities.streams import Streams
from opentraction.table.canopen.line import Line
from opentraction.twin.nodes.door import SimulationDoor
from opentraction.twin.nodes.nodes import SimulatedNodes
from opentraction.twin.simulated_table import SimulatedTable

SHORTEST = 0.0002
"""[s] that select is not called for any more."""


def main(address: str, seed: int, *, turns_back: bool) -> int:
    """Run until told to end. Raises BadInput."""
    path = door_path(check_address(address))
    if path is None:
        raise BadInput("--bus", address, "the path of a hub; nothing simulated is put on a real bus")
    asked, clock = Asked(), MonotonicClock()
    line = plugged_in(address, asked)
    table = SimulatedTable(clock, Streams(seed), turns_back=turns_back)
    door = SimulationDoor(listen(path, "--bus"), table)
    nodes = SimulatedNodes(line, table, clock)
    be_quick()
    try:
        while not asked.to_end:
            _until(nodes, line, door)
            nodes.turn()
            door.tell()
    finally:
        door.close()
        path.unlink(missing_ok=True)
        line.close()
    return 0


def _until(nodes: SimulatedNodes, line: Line, door: SimulationDoor) -> None:
    """Answer what comes, until the next cycle is due."""
    while (left := nodes.due - time.monotonic()) > SHORTEST:
        ears: list[Any] = [line] if not line.gone else []
        ready = select.select([*ears, *door.sockets()], [], [], left)[0]
        if line in ready:
            nodes.hear()
        if any(one is not line for one in ready):
            door.serve()
    if left > 0.0:
        time.sleep(left)
