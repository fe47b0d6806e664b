"""`opentraction table`."""

from __future__ import annotations

import argparse

from opentraction.app.table_process import main as serve
from opentraction.quantities import BadInput

FASTEST = 20.0


def main(chosen: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if not 0.1 <= chosen.speed <= FASTEST:
        raise BadInput("--speed", chosen.speed, f"a number from 0.1 to {FASTEST:.0f}")
    if chosen.seed < 0:
        raise BadInput("--seed", chosen.seed, "a whole number of at least 0")
    return serve(chosen.socket, chosen.data, chosen.speed, chosen.seed, chosen.lateness)
