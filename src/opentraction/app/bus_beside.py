"""Hub, simulated nodes and guard beside a table on a bus, as `opentraction run --table bus` starts them.

They live as long as the table does: whoever ends first, the table still needs all three to let its patient go.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from opentraction.app.bus_process import check_address
from opentraction.app.table_socket import LONGEST_PATH
from opentraction.quantities import BadInput
from opentraction.table.canopen.door import door_of
from opentraction.table.canopen.line import SOCKETCAN

VIRTUAL, BUS = "virtual", "bus"
NAMES: Final = {"hub": "hub of the bus", "nodes": "simulated nodes", "guard": "guard"}
"""In the order in which they are started, and what they are called."""


def address_of(table: str, socket: Path) -> str | None:
    """Where the bus is; None for a table in the table's own process. Raises BadInput."""
    if table == VIRTUAL:
        return None
    if table == BUS:
        return check_address(str(socket.with_name("bus")))
    if table.startswith(SOCKETCAN):
        return check_address(table)
    raise BadInput("--table", table, f"{VIRTUAL}, {BUS} or {SOCKETCAN}INTERFACE")


def commands(address: str | None, seed: int) -> dict[str, list[str]]:
    """What to start beside the table, by name; on a bus of steel its guard alone."""
    if address is None:
        return {}
    program = [sys.executable, "-m", "opentraction"]
    guard = {"guard": [*program, "guard", "--bus", address]}
    if address.startswith(SOCKETCAN):
        return guard
    hub = [*program, "bus", "--bus", address]
    return {"hub": hub, "nodes": [*program, "nodes", "--bus", address, "--seed", str(seed)], **guard}


def short_enough(path: Path) -> bool:
    """Whether a Unix socket may be here, and the bus and the simulation's door beside it."""
    return max(len(str(path)), len(str(door_of(path.with_name("bus"))))) <= LONGEST_PATH
