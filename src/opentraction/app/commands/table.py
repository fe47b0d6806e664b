"""`opentraction table`."""

from __future__ import annotations

import argparse

from opentraction.app.speed import FASTEST_TABLE, times_real_time
from opentraction.app.table_process import main as serve


def main(chosen: argparse.Namespace) -> int:
    """Serve until told to stop."""
    return serve(chosen.socket, chosen.data, times_real_time(chosen.speed, FASTEST_TABLE), chosen.seed, chosen.lateness)
