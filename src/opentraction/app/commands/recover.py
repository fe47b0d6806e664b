"""`opentraction recover`."""

from __future__ import annotations

import argparse

from opentraction.quantities.clock import MonotonicClock
from opentraction.session.recovery import recover


def main(chosen: argparse.Namespace) -> int:
    """Close the recording and say what was done."""
    print(recover(chosen.folder, MonotonicClock().civil()).sentence())
    return 0
