"""`opentraction guard`."""

from __future__ import annotations

import argparse

from opentraction.app.guard_process import main as watch


def main(chosen: argparse.Namespace) -> int:
    """Watch until told to stop."""
    return watch(chosen.bus, chosen.lateness)
