"""`opentraction bus`."""

from __future__ import annotations

import argparse

from opentraction.app.hub_process import main as serve


def main(chosen: argparse.Namespace) -> int:
    """Pass frames on until told to stop."""
    return serve(chosen.bus)
