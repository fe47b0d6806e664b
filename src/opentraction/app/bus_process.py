"""What the processes on a bus share: being told to end, keeping time, a plug that may have to be waited for."""

from __future__ import annotations

import gc
import signal
import sys
import time
from pathlib import Path
from typing import Final

import can

from opentraction.app.in_memory import stay_in_memory
from opentraction.app.lifeline import end_with_parent
from opentraction.app.prompt import REAL_TIME_PRIORITY, real_time
from opentraction.app.table_socket import LONGEST_PATH
from opentraction.quantities import BadInput, State
from opentraction.table.canopen.door import door_of
from opentraction.table.canopen.line import SOCKETCAN, Line, opener, path_of

PATIENCE: Final = 5.0
"""[s] that a bus is waited for at the start: the hub may be starting, too."""


class Asked:
    """Whether somebody asked this process to end."""

    def __init__(self) -> None:
        self.to_end = False
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self._hear)
        end_with_parent()

    def _hear(self, *_: object) -> None:
        self.to_end = True


def check_address(address: str) -> str:
    """A path short enough for a Unix socket, or `socketcan:INTERFACE`. Raises BadInput."""
    path = path_of(address)
    if path is None and not address.removeprefix(SOCKETCAN):
        raise BadInput("--bus", address, "socketcan: and the name of an interface, such as socketcan:can0")
    if path is not None and len(str(door_of(path))) > LONGEST_PATH:
        raise BadInput("--bus", address, f"a path of at most {LONGEST_PATH - 11} characters")
    return address


def plugged_in(address: str, asked: Asked) -> Line:
    """A plug in the bus. Raises BadInput where there is none after a while."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return Line(opener(check_address(address)))
        except (can.CanError, OSError) as problem:
            if time.monotonic() > end or asked.to_end:
                why = str(problem).strip().rstrip(".") or "it cannot be opened"
                how = "start one with: opentraction bus --bus PATH" if path_of(address) else "an interface that is up"
                allowed = f"a bus that is there; {how} ({why})"
                raise BadInput("--bus", State("not there"), allowed) from None
            time.sleep(0.05)


def be_quick() -> None:
    """Ask for what keeps a loop punctual; go on without where it is not granted."""
    gc.collect()
    gc.freeze()
    stay_in_memory()
    sys.setswitchinterval(0.0005)
    real_time(REAL_TIME_PRIORITY)


def door_path(address: str) -> Path | None:
    """Where the simulation behind a bus is found; nowhere for steel."""
    path = path_of(address)
    return None if path is None else door_of(path)
