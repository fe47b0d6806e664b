"""The hub's process: passes frames on between those that are plugged in, until it is told to end."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from opentraction.app.bus_process import Asked, be_quick, check_address
from opentraction.quantities import BadInput
from opentraction.table.canopen.hub import Hub
from opentraction.table.canopen.line import path_of

LOOK_UP: Final = 0.1
"""[s] after which it looks whether it was asked to end, where nothing is said."""


def main(address: str) -> int:
    """Run until told to end. Raises BadInput."""
    hub = _hub(path_of(check_address(address)), address)
    asked = Asked()
    be_quick()
    try:
        while not asked.to_end:
            hub.turn(LOOK_UP)
    finally:
        hub.close()
    return 0


def _hub(path: Path | None, address: str) -> Hub:
    if path is None:
        raise BadInput("--bus", address, "the path of a socket; a CAN interface needs no hub")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Hub(path)
    except OSError as problem:
        allowed = f"a path that can be written and that no other hub has ({problem.strerror or problem})"
        raise BadInput("--bus", address, allowed) from None
