"""Standard input, output and error always lead somewhere, if only to nothing.

A program started with one of them closed (`2>&-`) would get that number for the next file it opens, and a message
would be written into a recording.
"""

from __future__ import annotations

import os
import sys


def open_standard_streams() -> None:
    """Lead each closed one to the null device."""
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one, for those below are open by now
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", closefd=False))  # noqa: SIM115
