"""`opentraction table`."""

from __future__ import annotations

import argparse

from opentraction.app.speed import FASTEST_TABLE, times_real_time
from opentraction.app.table_process import main as serve
from opentraction.quantities import BadInput


def main(chosen: argparse.Namespace) -> int:
    """Serve until told to stop."""
    speed = times_real_time(chosen.speed, FASTEST_TABLE)
    if chosen.bus is not None and speed != 1.0:
        raise BadInput("--speed", chosen.speed, "1, as a bus has its own time")
    return serve(chosen.socket, chosen.data, speed, chosen.seed, chosen.lateness, chosen.sound, chosen.bus)
