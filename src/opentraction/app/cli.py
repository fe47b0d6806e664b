"""The door to the command line. It imports next to nothing, so that a Ctrl-C is heard while the rest is read in."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it ended."""
    try:
        from opentraction.app.command_line import run

        return run(arguments)
    except KeyboardInterrupt:
        print("opentraction: interrupted", file=sys.stderr)
        return 130
