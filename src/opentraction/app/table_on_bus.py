"""A table on a bus, with the simulation behind it where there is one."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Final

from opentraction.app.bus_process import Asked, check_address, door_path, plugged_in
from opentraction.quantities.clock import Clock
from opentraction.table.canopen.door import Door
from opentraction.table.canopen.table import CanopenTable

PATIENCE: Final = 2.0
"""[s] that simulated nodes are waited for; without them the table counts as steel."""


def table_on_bus(address: str, clock: Clock) -> CanopenTable:
    """Control's end of the bus at `address`. Raises BadInput where there is none."""
    path = door_path(check_address(address))
    line = plugged_in(address, Asked())
    return CanopenTable(line, clock, None if path is None else _door(path), address)


def _door(path: Path) -> Door | None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            return Door(path)
        time.sleep(0.05)
    return None
