"""`opentraction nodes`."""

from __future__ import annotations

import argparse

from opentraction.app.nodes_process import main as serve


def main(chosen: argparse.Namespace) -> int:
    """Simulate the nodes until told to stop."""
    return serve(chosen.bus, chosen.seed, turns_back=chosen.gear == "turns-back")
