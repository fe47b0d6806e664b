"""`opentraction spine`."""

from __future__ import annotations

import argparse

from opentraction.app.spine_process import main as serve


def main(chosen: argparse.Namespace) -> int:
    """Follow until told to stop."""
    return serve(chosen.socket, chosen.own or chosen.socket.with_name("spine.socket"), chosen.data)
