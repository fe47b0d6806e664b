"""`opentraction report`."""

from __future__ import annotations

import argparse

from opentraction.session.report import write_report


def main(chosen: argparse.Namespace) -> int:
    """Write the PDF and print where it is."""
    out = chosen.out or chosen.folder / "report.pdf"
    write_report(chosen.folder, out, letter=chosen.letter, unit=chosen.unit or "")
    print(out)
    return 0
